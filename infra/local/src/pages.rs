//! The house's own pages: home, mailbox, clock. No practice ever shows them.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse as _, Redirect, Response},
    routing::get,
};
use chrono::{DateTime, TimeDelta, Utc};
use documents::{
    Addresses,
    pages::house::{self as own, HousePage, MailLine, MailPage},
};
use domain::{Handbook, PracticeId};
use mail_parser::{Message, MessageParser, MimeHeaders as _};
use shell::{FormText, Page, Problem, guarded_patiently};

use crate::{DataFolder, House, Mailbox, StoredMail, Time};

/// What the house's own pages need besides the house.
#[derive(Clone)]
pub struct OwnPages {
    /// The practice whose house it is.
    pub practice: PracticeId,
    /// Where the clock is kept, if it is kept.
    pub data: Option<DataFolder>,
}

#[derive(Clone)]
struct Own {
    house: House,
    mailbox: Arc<Mailbox>,
    settings: OwnPages,
}

/// The routes of the house's own pages.
pub(crate) fn router(house: House, mailbox: Arc<Mailbox>, own: OwnPages) -> Router {
    let state = Own { house, mailbox, settings: own };
    guarded_patiently(
        "house",
        Router::new()
            .route("/", get(|| async { Redirect::to("/house") }))
            .route("/house", get(home))
            .route("/house/mailbox", get(mailbox_page))
            .route("/house/mailbox/{number}", get(mail))
            .route("/house/mailbox/{number}/html", get(mail_html))
            .route("/house/mailbox/{number}/message.eml", get(mail_file))
            .route("/house/mailbox/{number}/attachment/{part}", get(attachment))
            .route("/house/clock", get(clock).post(move_clock))
            .with_state(state),
    )
    .reset_fallback()
}

impl Own {
    async fn handbook(&self) -> Result<Arc<Handbook>, Problem> {
        self.house.shell.handbook(&self.settings.practice).await
    }

    /// The handbooks of the other practices that live here.
    async fn others(&self) -> Result<Vec<Arc<Handbook>>, Problem> {
        let shell = &self.house.shell;
        let mut others = Vec::new();
        for (id, _) in shell.store.practices().await? {
            if id != self.settings.practice {
                others.push(shell.handbook(&id).await?);
            }
        }
        Ok(others)
    }

    fn mail(&self, number: usize) -> Result<StoredMail, Problem> {
        self.mailbox.mail(number).ok_or(Problem::NotFound)
    }
}

async fn home(State(own): State<Own>) -> Result<Page, Problem> {
    let handbook = own.handbook().await?;
    let addresses = Addresses::of(&handbook.practice.id);
    let clock = match own.house.time {
        Time::System => None,
        Time::Manual(_) => Some(own.house.shell.now()),
    };
    let page = HousePage {
        handbook: &handbook,
        others: &own.others().await?,
        opt_in: &addresses.opt_in(),
        desk: &addresses.desk(),
        mailbox: "/house/mailbox",
        clock,
    };
    Ok(Page(own::home(&page).into_string()))
}

async fn mailbox_page(State(own): State<Own>) -> Result<Page, Problem> {
    let handbook = own.handbook().await?;
    let lines: Vec<MailLine> =
        own.mailbox.mails().iter().rev().take(200).filter_map(line).collect();
    Ok(Page(own::mailbox(&lines, &handbook).into_string()))
}

fn line(mail: &StoredMail) -> Option<MailLine> {
    let message = MessageParser::default().parse_headers(&mail.message)?;
    Some(MailLine {
        id: mail.number.to_string(),
        at: written_at(&message),
        to: mail.to.clone(),
        subject: message.subject().unwrap_or("(no subject)").to_owned(),
    })
}

fn written_at(message: &Message<'_>) -> DateTime<Utc> {
    let seconds = message.date().map_or(0, mail_parser::DateTime::to_timestamp);
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

async fn mail(State(own): State<Own>, Path(number): Path<usize>) -> Result<Page, Problem> {
    let handbook = own.handbook().await?;
    let mail = own.mail(number)?;
    let message = parsed(&mail)?;
    let headers = message
        .headers_raw()
        .map(|(name, value)| (name.to_owned(), readable(&message, name, value)))
        .collect();
    // A part without a name is another form of the letter itself: an invitation stands in a
    // letter once for calendar programs, and once as a file.
    let attachments = message.attachments().enumerate().filter_map(|(part, attachment)| {
        let name = attachment.attachment_name()?.to_owned();
        Some((name, format!("/house/mailbox/{number}/attachment/{part}"), attachment.len()))
    });
    let page = MailPage {
        id: number.to_string(),
        headers,
        text: message.body_text(0).unwrap_or_default().into_owned(),
        has_html: message.body_html(0).is_some(),
        attachments: attachments.collect(),
        eml: format!("/house/mailbox/{number}/message.eml"),
    };
    Ok(Page(own::mail(&page, &handbook).into_string()))
}

/// A header as a mail program shows it; the ones nobody shows stay as they are.
fn readable(message: &Message<'_>, name: &str, raw: &str) -> String {
    let shown = match name.to_ascii_lowercase().as_str() {
        "subject" => message.subject().map(ToOwned::to_owned),
        "from" => message.from().map(people),
        "to" => message.to().map(people),
        _ => None,
    };
    shown.unwrap_or_else(|| raw.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Names and addresses, as they were written before they were encoded.
fn people(list: &mail_parser::Address<'_>) -> String {
    let people = list.iter().map(|one| {
        let address = one.address().unwrap_or_default();
        one.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
    });
    people.collect::<Vec<_>>().join(", ")
}

fn parsed(mail: &StoredMail) -> Result<Message<'_>, Problem> {
    MessageParser::default().parse(&mail.message).ok_or(Problem::NotFound)
}

/// The HTML of a letter alone, which may bring its own styles and nothing else.
async fn mail_html(State(own): State<Own>, Path(number): Path<usize>) -> Result<Response, Problem> {
    let mail = own.mail(number)?;
    let message = parsed(&mail)?;
    // Links open beside the mailbox: inside the frame no other page may be shown.
    let html = message.body_html(0).ok_or(Problem::NotFound)?;
    let html = html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    let mut response = Html(html).into_response();
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; \
                  sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    Ok(response)
}

type File = ([(HeaderName, String); 2], Vec<u8>);

async fn mail_file(State(own): State<Own>, Path(number): Path<usize>) -> Result<File, Problem> {
    let mail = own.mail(number)?;
    Ok(file("message/rfc822", &format!("{number}.eml"), mail.message))
}

async fn attachment(
    State(own): State<Own>,
    Path((number, part)): Path<(usize, usize)>,
) -> Result<File, Problem> {
    let mail = own.mail(number)?;
    let message = parsed(&mail)?;
    let attachment =
        message.attachment(u32::try_from(part).unwrap_or(u32::MAX)).ok_or(Problem::NotFound)?;
    let kind = attachment.content_type().map_or_else(
        || "application/octet-stream".to_owned(),
        |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")),
    );
    let name = attachment.attachment_name().unwrap_or("attachment");
    Ok(file(&kind, name, attachment.contents().to_vec()))
}

fn file(kind: &str, name: &str, bytes: Vec<u8>) -> File {
    let safe: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    let disposition = format!("attachment; filename=\"{safe}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
}

async fn clock(State(own): State<Own>) -> Result<Page, Problem> {
    let handbook = own.handbook().await?;
    let is_manual = matches!(own.house.time, Time::Manual(_));
    Ok(Page(own::clock(&handbook, own.house.shell.now(), is_manual).into_string()))
}

/// Where the clock stands when it was moved, for who does not look at pages.
pub(crate) const CLOCK_HEADER: &str = "x-house-clock";

/// Jumps forward, living through everything on the way.
async fn move_clock(State(own): State<Own>, form: FormText) -> Result<Response, Problem> {
    let Time::Manual(clock) = &own.house.time else {
        return Err(Problem::Form(
            "This house goes by the machine's clock; start it with --clock manual.".into(),
        ));
    };
    let now = own.house.shell.now();
    let target = match form.text("forward") {
        "until-next" => {
            own.house.settle().await?;
            own.house.shell.store.next_due().await?.unwrap_or(now).max(now)
        }
        words => now + span(words).ok_or_else(|| Problem::Form(SPAN_WORDS.to_owned()))?,
    };
    own.house.live_until(clock, target).await?;
    if let Some(data) = &own.settings.data {
        data.keep_clock(own.house.shell.now()).map_err(Problem::broken)?;
    }
    let stands = own.house.shell.now().format("%Y-%m-%d %H:%M UTC").to_string();
    Ok(([(CLOCK_HEADER, stands)], Redirect::to("/house/clock")).into_response())
}

const SPAN_WORDS: &str = "Please give a span such as 10m, 6h or 3d, at most 400 days.";

/// Reads `10m`, `6h` or `3d`.
fn span(words: &str) -> Option<TimeDelta> {
    let words = words.trim();
    let (number, unit) = words.split_at_checked(words.len().checked_sub(1)?)?;
    let number: i64 = number.parse().ok().filter(|number| (1..=600_000).contains(number))?;
    let span = match unit {
        "m" => TimeDelta::minutes(number),
        "h" => TimeDelta::hours(number),
        "d" => TimeDelta::days(number),
        _ => return None,
    };
    (span <= TimeDelta::days(400)).then_some(span)
}
