//! One request and its answer, over a connection that is checked and safe already.

use std::pin::pin;

use bytes::Bytes;
use domain::FeedAddress;
use http::{
    HeaderMap, HeaderValue, Request, StatusCode,
    header::{
        ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HOST,
        IF_NONE_MATCH, TRANSFER_ENCODING, USER_AGENT,
    },
};
use http_body_util::{BodyExt as _, Empty};
use hyper::{
    body::Incoming,
    client::conn::http1::{Builder, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio_rustls::client::TlsStream;

use super::{BODY_MAX, ETag, Fetched, WhyNot, network::Stream};

/// What calendars are sent as (RFC 5545, section 8.1). Nothing else is taken: `text/plain` and
/// `application/octet-stream` are what any server says of any file.
const CALENDAR: &str = "text/calendar";

/// In bytes: the most that the head of an answer may have, and that is read at once.
const BUFFER_MAX: usize = 64 * 1024;

/// Asks for the feed and reads the answer.
pub(super) async fn ask(
    stream: TlsStream<Stream>,
    address: &FeedAddress,
    known: Option<&ETag>,
) -> Result<Fetched, WhyNot> {
    let (sender, connection) = Builder::new()
        .max_buf_size(BUFFER_MAX)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(WhyNot::Broken)?;
    // Both run here and not as a task, so that nothing of them is left when time is up.
    let mut exchange = pin!(exchange(sender, request(address, known), known));
    tokio::select! {
        outcome = &mut exchange => outcome,
        // What went wrong with the connection, if anything, the exchange is told too.
        _ = connection => exchange.await,
    }
}

fn request(address: &FeedAddress, known: Option<&ETag>) -> Request<Empty<Bytes>> {
    let mut request = Request::get(address.path())
        .header(HOST, address.host())
        .header(USER_AGENT, "Anteroom")
        .header(ACCEPT, CALENDAR)
        .header(ACCEPT_ENCODING, "identity")
        .header(CONNECTION, "close");
    if let Some(known) = known {
        request = request.header(IF_NONE_MATCH, known.as_str());
    }
    request
        .body(Empty::new())
        .unwrap_or_else(|_| unreachable!("addresses and tags have only letters that HTTP has"))
}

async fn exchange(
    mut sender: SendRequest<Empty<Bytes>>,
    request: Request<Empty<Bytes>>,
    known: Option<&ETag>,
) -> Result<Fetched, WhyNot> {
    let (head, body) = sender.send_request(request).await.map_err(WhyNot::Broken)?.into_parts();
    match head.status {
        StatusCode::OK => {}
        StatusCode::NOT_MODIFIED if known.is_some() => return Ok(Fetched::Unchanged),
        status => return Err(not_sent(status)),
    }
    if !is_plain(&head.headers) {
        return Err(WhyNot::Compressed);
    }
    if !is_calendar(&head.headers) {
        return Err(WhyNot::NotCalendar);
    }
    let etag = head.headers.get(ETAG).and_then(|tag| ETag::parse(tag.to_str().ok()?));
    Ok(Fetched::New { body: read(body).await?, etag })
}

fn not_sent(status: StatusCode) -> WhyNot {
    if status.is_redirection() {
        WhyNot::Moved
    } else if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        WhyNot::Failing(status)
    } else {
        WhyNot::Withheld(status)
    }
}

/// Whether the body is the calendar itself, in pieces at most.
fn is_plain(headers: &HeaderMap) -> bool {
    let all_are = |name, plain: &str| {
        let is_so = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(plain.as_bytes());
        headers.get_all(name).iter().all(is_so)
    };
    all_are(CONTENT_ENCODING, "identity") && all_are(TRANSFER_ENCODING, "chunked")
}

fn is_calendar(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(CALENDAR))
}

/// The body, if it is not too large: what comes is counted, and what is announced is not believed.
async fn read(mut body: Incoming) -> Result<Vec<u8>, WhyNot> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(WhyNot::Broken)?.into_data() else { continue };
        if BODY_MAX < bytes.len() + data.len() {
            return Err(WhyNot::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}
