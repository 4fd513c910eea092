//! Every letter of a practice, taken by an SES that is not ours: run by `tests/peers/mail/run`.
//!
//! The post sends through the SDK, as a deployed function does. What the peer read out of each
//! message is compared with what we meant: two readers of mail, one in Rust and one in JavaScript,
//! must see the same.

use std::sync::Arc;

use anteroom::{Mailbox, StoredMail};
use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_types::body::SdkBody;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use http::Request;
use http_body_util::BodyExt as _;
use mail_parser::{Address, MessageParser, MimeHeaders as _};
use serde_json::Value;
use shell::{
    Mail, PostError, PostOffice, Sending,
    aws::{Connection, Endpoints, Identity},
    cloud::SesPost,
};
use tests::{TestTables, World};

/// Sends each message, and keeps a copy of what was taken.
struct Copying {
    service: SesPost,
    copies: Arc<Mailbox>,
}

impl PostOffice for Copying {
    fn send(&self, mail: Mail) -> Sending<'_> {
        Box::pin(async move {
            let copy = mail.clone();
            let id = self.service.send(mail).await?;
            let kept = self.copies.keep(copy.to.as_str(), copy.message);
            kept.map_err(|error| PostError::Later(Box::new(error)))?;
            Ok(id)
        })
    }
}

/// What a reader of mail sees in a message.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    from: String,
    to: Vec<String>,
    reply_to: Vec<String>,
    subject: String,
    text: String,
    html: String,
    /// Name, kind and content of each attachment.
    attachments: Vec<(String, String, Vec<u8>)>,
}

impl Seen {
    fn by_us(mail: &StoredMail) -> Self {
        let message = MessageParser::default().parse(&mail.message).expect("a message");
        let attachments = message.attachments().map(|part| {
            let kind = part.content_type().expect("a kind");
            let kind = format!("{}/{}", kind.c_type, kind.c_subtype.as_deref().unwrap_or_default());
            let name = part.attachment_name().unwrap_or_default().to_owned();
            (name, kind, part.contents().to_vec())
        });
        Self {
            from: addresses(message.from()).remove(0),
            to: addresses(message.to()),
            reply_to: addresses(message.reply_to()),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: plain(&message.body_text(0).unwrap_or_default()),
            html: plain(&message.body_html(0).unwrap_or_default()),
            attachments: attachments.collect(),
        }
    }

    fn by_the_peer(email: &Value) -> Self {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let attachments = list(&email["attachments"]).into_iter().map(|part| {
            let content = BASE64_STANDARD.decode(word(&part["content"])).expect("base64");
            (word(&part["filename"]), word(&part["contentType"]), content)
        });
        Self {
            from: word(&email["from"]),
            to: list(&email["destination"]["to"]).iter().map(word).collect(),
            reply_to: list(&email["replyTo"]).iter().map(word).collect(),
            subject: word(&email["subject"]),
            text: plain(&word(&email["body"]["text"])),
            html: plain(&word(&email["body"]["html"])),
            attachments: attachments.collect(),
        }
    }
}

/// Names and addresses as the peer writes them: `"Name" <address>`.
fn addresses(list: Option<&Address<'_>>) -> Vec<String> {
    let one = |entry: &mail_parser::Addr<'_>| {
        let address = entry.address.as_deref().expect("an address");
        match &entry.name {
            Some(name) => format!("\"{}\" <{address}>", name.replace('"', "\\\"")),
            None => address.to_owned(),
        }
    };
    list.map(|list| list.iter().map(one).collect()).unwrap_or_default()
}

/// A text whose lines end as this machine's do, and whose last one may end or not.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}

/// Where the peer is.
fn peer() -> String {
    #[expect(clippy::disallowed_methods, reason = "the one setting of this test")]
    std::env::var("ANTEROOM_TEST_MAIL").expect("run this by tests/peers/mail/run")
}

/// The messages that the peer has taken, as it read them.
async fn what_it_kept(endpoint: &str) -> Vec<Value> {
    let request = Request::get(format!("{endpoint}/store")).body(SdkBody::empty());
    let request = request.expect("a request").try_into().expect("a request");
    let connector = SharedHttpConnector::new(Connector::builder().build_http());
    let answer = connector.call(request).await.expect("an answer");
    let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
    let store: Value = serde_json::from_slice(&bytes).expect("JSON");
    store["emails"].as_array().expect("a list").clone()
}

fn service(connection: &Connection, endpoint: &str) -> SesPost {
    let identity = Identity { key: "local".to_owned(), secret: "local".to_owned(), token: None };
    let endpoints = Endpoints {
        region: "eu-central-1".to_owned(),
        mail: Some(endpoint.to_owned()),
        ..Endpoints::default()
    };
    SesPost::new(connection, &endpoints, &identity, Some("letters".to_owned()))
}

/// The nine steps; two appointments that are not kept as they were; somebody who signs in.
async fn live(world: &World) {
    let visitor = |name, address: &str| {
        let mut visitor = world.visitor(name);
        address.clone_into(&mut visitor.email);
        visitor
    };
    let mut owner = world.owner();
    owner.signs_in().await;
    let mut ana = visitor("Ana Müller-Ōkubo", "ana@example.org");
    owner.books(&mut ana).await;
    let appointment = ana.appointment().await;
    let mut ben = visitor("Ben \"Bo\" O'Neil", "ben@example.org");
    ben.asks_for_times(3).await;
    owner.declines(&ben, "I am away then — sorry.").await.expect(200);
    let mut carla = visitor("Carla Łuczak", "carla@example.org");
    owner.books(&mut carla).await;
    carla.cancels("I have a fever.").await.expect(200);
    world.until(appointment.slot.end + TimeDelta::minutes(1)).await;
    owner.records(&ana, "held").await.expect(200);
}

#[tokio::test]
async fn somebody_elses_ses_takes_every_letter_and_reads_it_as_it_was_meant() {
    let endpoint = peer();
    let connection = Connection::new(None).unwrap();
    let copies = Arc::new(Mailbox::in_memory());
    let office = Copying { service: service(&connection, &endpoint), copies: Arc::clone(&copies) };
    let tables = TestTables::new();
    let client = tables.client_by(tables.connector());
    let world = World::over(client, Arc::new(office), Arc::clone(&copies), |_| {}).await;
    Box::pin(live(&world)).await;

    let sent: Vec<Seen> = copies.mails().iter().map(Seen::by_us).collect();
    let kept = what_it_kept(&endpoint).await;
    assert_eq!(kept.len(), sent.len());
    for (kept, sent) in kept.iter().zip(&sent) {
        assert_eq!(&Seen::by_the_peer(kept), sent);
    }
    let with = |file: &str| {
        let has = |seen: &&Seen| seen.attachments.iter().any(|(name, ..)| name == file);
        sent.iter().filter(has).count()
    };
    assert!(sent.len() > 12, "{}", sent.len());
    assert!(with("invitation.ics") >= 3, "confirmed twice, cancelled once");
}
