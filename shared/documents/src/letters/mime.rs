//! A letter as one mail message.
//!
//! An invitation goes twice, as an alternative for programs that show it and as a file for
//! those that do not. Every part is encoded, so no line is long and no boundary can be forged.

use std::{fmt::Write as _, time::SystemTime};

use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};

use super::{Envelope, Invitation, LetterError, Method, Rendered};

/// The message as bytes.
pub(super) fn message(
    rendered: &Rendered,
    envelope: &Envelope<'_>,
) -> Result<Vec<u8>, LetterError> {
    let to_name = envelope.to_name.map(domain::PersonName::as_str);
    let mut message = Message::builder()
        .from(mailbox(Some(envelope.from_name), envelope.from)?)
        .to(mailbox(to_name, envelope.to)?)
        .subject(visible(&rendered.subject))
        .message_id(Some(message_id(&envelope.message_id)?))
        .date(SystemTime::from(envelope.date))
        .raw_header(header("Auto-Submitted", "auto-generated"));
    if let Some(stop) = &rendered.stop {
        if !is_header_word(stop) {
            return Err(LetterError::NoHeader("stop address"));
        }
        message = message
            .raw_header(header("List-Unsubscribe", &format!("<{stop}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    let message = message.multipart(parts(rendered, envelope.key)).map_err(LetterError::Message)?;
    Ok(message.formatted())
}

fn parts(rendered: &Rendered, key: &str) -> MultiPart {
    let alternative = MultiPart::alternative()
        .boundary(boundary(key, "alternative"))
        .singlepart(words(ContentType::TEXT_PLAIN, &rendered.text))
        .singlepart(words(ContentType::TEXT_HTML, &rendered.html));
    let Some(invitation) = &rendered.invitation else { return alternative };
    MultiPart::mixed()
        .boundary(boundary(key, "mixed"))
        .multipart(alternative.singlepart(shown(invitation)))
        .singlepart(attached(invitation))
}

fn words(kind: ContentType, text: &str) -> SinglePart {
    SinglePart::builder()
        .header(kind)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(text.to_owned())
}

fn shown(invitation: &Invitation) -> SinglePart {
    let method = match invitation.method {
        Method::Request => "REQUEST",
        Method::Cancel => "CANCEL",
    };
    SinglePart::builder()
        .header(content_type(&format!("text/calendar; charset=utf-8; method={method}")))
        .header(ContentTransferEncoding::Base64)
        .body(invitation.ics.clone())
}

fn attached(invitation: &Invitation) -> SinglePart {
    Attachment::new("invitation.ics".to_owned()).body(
        invitation.ics.clone().into_bytes(),
        content_type("application/ics; name=\"invitation.ics\""),
    )
}

fn content_type(text: &str) -> ContentType {
    ContentType::parse(text).expect("the types above are well formed")
}

/// `=_` occurs in no encoded body. The rest comes from the key (FNV-1a), for the same bytes
/// each time.
fn boundary(key: &str, part: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in key.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut boundary = String::from("=_");
    write!(boundary, "{part}_{hash:016x}").expect("a String takes everything");
    boundary
}

fn mailbox(name: Option<&str>, address: &domain::EmailAddress) -> Result<Mailbox, LetterError> {
    let address: Address = address.as_str().parse().map_err(LetterError::Address)?;
    let name = name.map(visible).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address))
}

fn message_id(id: &str) -> Result<String, LetterError> {
    if !is_header_word(id) || id.matches('@').count() != 1 {
        return Err(LetterError::NoHeader("message id"));
    }
    Ok(format!("<{id}>"))
}

/// Whether a text can stand between angle brackets in a header.
fn is_header_word(text: &str) -> bool {
    const LENGTH_MAX: usize = 900;
    (1..=LENGTH_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte))
}

/// Written as it is: the callers have looked at it.
fn header(name: &'static str, value: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned())
}

fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
