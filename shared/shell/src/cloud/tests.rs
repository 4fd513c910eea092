//! The way out, tried against a server of this machine.

use std::sync::{Arc, Mutex};

use aws_smithy_types::body::SdkBody;
use http::Request;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{SesPost, parameter};
use crate::{
    Mail, PostError, PostOffice as _,
    aws::{Connection, Endpoints, Identity},
};

/// A server that answers everything alike, and keeps what it was asked.
#[derive(Clone, Default)]
struct Peer {
    asked: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
}

impl Peer {
    async fn start(&self, status: &'static str, body: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let peer = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *peer.connections.lock().unwrap() += 1;
                tokio::spawn(peer.clone().answer(stream, status, body));
            }
        });
        format!("http://{address}")
    }

    /// Answers one connection until it is closed. Every request here comes in one piece.
    async fn answer(self, mut stream: TcpStream, status: &'static str, body: &'static str) {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut bytes).await {
            let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
            self.asked.lock().unwrap().push(text);
            let length = body.len();
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }
}

fn endpoints(parameters: String) -> Endpoints {
    let region = "eu-central-1".to_owned();
    Endpoints { region, parameters: Some(parameters), ..Endpoints::default() }
}

fn identity() -> Identity {
    let [key, secret, token] = ["AKIDEXAMPLE", "secret", "session"].map(str::to_owned);
    Identity { key, secret, token: Some(token) }
}

#[tokio::test]
async fn a_secret_is_asked_for_by_name_and_signed() {
    let peer = Peer::default();
    let endpoint = peer.start("200 OK", r#"{"Parameter":{"Value":"the secret"}}"#).await;
    let endpoints = endpoints(endpoint.clone());
    let connection = Connection::new(None).unwrap();
    let value = parameter::read(&connection, &endpoints, &identity(), "/a/link-keys").await;
    assert_eq!(value.unwrap(), "the secret");
    let asked = peer.asked.lock().unwrap().join("");
    assert!(asked.starts_with("POST / HTTP/1.1\r\n"), "{asked}");
    for part in [
        "x-amz-target: AmazonSSM.GetParameter\r\n",
        "x-amz-security-token: session\r\n",
        "authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/",
        "/eu-central-1/ssm/aws4_request, ",
        "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, ",
        "{\"Name\":\"/a/link-keys\",\"WithDecryption\":true}",
    ] {
        assert!(asked.contains(part), "{part:?} in {asked}");
    }
    let host = format!("host: {}\r\n", endpoint.trim_start_matches("http://"));
    assert!(asked.contains(&host), "{asked}");
}

#[tokio::test]
async fn a_secret_that_does_not_come_ends_in_a_sentence_without_it() {
    for (status, body, tries) in [
        ("400 Bad Request", r#"{"__type":"AccessDeniedException","message":"the secret"}"#, 1),
        ("200 OK", "the secret", 1),
        ("200 OK", r#"{"Parameter":{"Name":"the secret"}}"#, 1),
        // What goes by is asked for again.
        ("400 Bad Request", r#"{"__type":"ThrottlingException","message":"the secret"}"#, 3),
        ("503 Service Unavailable", "the secret", 3),
    ] {
        let peer = Peer::default();
        let endpoint = peer.start(status, body).await;
        let endpoints = endpoints(endpoint);
        let connection = Connection::new(None).unwrap();
        let error = parameter::read(&connection, &endpoints, &identity(), "/a/link-keys").await;
        let words = error.unwrap_err().to_string();
        assert!(words.starts_with("the parameter /a/link-keys cannot be read"), "{words}");
        assert!(!words.contains("the secret"), "{words}");
        let asked = peer.asked.lock().unwrap().join("").matches("POST / ").count();
        assert_eq!(asked, tries, "{status} {body}");
    }
}

#[tokio::test]
async fn what_was_opened_at_the_start_is_what_the_first_request_uses() {
    let peer = Peer::default();
    let endpoint = peer.start("404 Not Found", "nothing").await;
    let connection = Connection::new(None).unwrap();
    connection.open(&endpoint).await;
    let request = Request::get(format!("{endpoint}/later")).body(SdkBody::empty()).unwrap();
    assert_eq!(connection.send(request).await.unwrap().status().as_u16(), 404);
    assert_eq!(peer.asked.lock().unwrap().len(), 2);
    assert_eq!(*peer.connections.lock().unwrap(), 1);
}

fn mail() -> Mail {
    let address = |text| domain::EmailAddress::parse(text).unwrap();
    Mail {
        from: address("hello@harbour.example"),
        to: address("ana@example.org"),
        message: b"From: hello@harbour.example\r\n\r\nHello\r\n".to_vec(),
        tag: "harbour#c1/welcome".to_owned(),
    }
}

/// What became of a letter whose SES is there.
async fn sent_to(endpoint: String) -> Result<String, PostError> {
    let endpoints = Endpoints { mail: Some(endpoint), ..endpoints(String::new()) };
    let connection = Connection::new(None).unwrap();
    let post = SesPost::new(&connection, &endpoints, &identity(), Some("letters".to_owned()));
    post.send(mail()).await
}

#[tokio::test]
async fn a_letter_is_sent_once_under_its_set_and_tag() {
    let peer = Peer::default();
    let endpoint = peer.start("200 OK", r#"{"MessageId":"m-1"}"#).await;
    assert_eq!(sent_to(endpoint).await.unwrap(), "m-1");
    let asked = peer.asked.lock().unwrap().join("");
    assert!(asked.starts_with("POST /v2/email/outbound-emails HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("/eu-central-1/ses/aws4_request, "), "{asked}");
    let (_, body) = asked.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "FromEmailAddress": "hello@harbour.example",
            "Destination": { "ToAddresses": ["ana@example.org"] },
            "Content": { "Raw": {
                "Data": "RnJvbTogaGVsbG9AaGFyYm91ci5leGFtcGxlDQoNCkhlbGxvDQo="
            } },
            "EmailTags": [{ "Name": "letter", "Value": "harbour@23c1@2fwelcome" }],
            "ConfigurationSetName": "letters",
        })
    );
}

#[tokio::test]
async fn only_what_ses_says_of_the_message_is_final_and_nothing_is_sent_twice() {
    for (status, body, is_final) in [
        ("400 Bad Request", r#"{"__type":"MessageRejected","message":"m"}"#, true),
        (
            "400 Bad Request",
            r#"{"__type":"MessageRejected","message":"Email address is not verified. The ..."}"#,
            false,
        ),
        ("400 Bad Request", r#"{"__type":"BadRequestException","message":"m"}"#, true),
        ("400 Bad Request", r#"{"__type":"SendingPausedException","message":"m"}"#, false),
        ("403 Forbidden", r#"{"__type":"AccessDeniedException","message":"m"}"#, false),
        ("429 Too Many Requests", r#"{"__type":"TooManyRequestsException","message":"m"}"#, false),
        ("500 Internal Server Error", r#"{"message":"m"}"#, false),
        ("502 Bad Gateway", "<html>", false),
    ] {
        let peer = Peer::default();
        let endpoint = peer.start(status, body).await;
        let problem = sent_to(endpoint).await.unwrap_err();
        assert_eq!(matches!(problem, PostError::Refused(_)), is_final, "{status} {body}");
        let heads = peer.asked.lock().unwrap().join("").matches("POST ").count();
        assert_eq!(heads, 1, "{status} {body}");
    }
}

#[tokio::test]
async fn a_letter_waits_for_an_ses_that_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let problem = sent_to(endpoint).await.unwrap_err();
    assert!(matches!(problem, PostError::Later(_)), "{problem:?}");
}
