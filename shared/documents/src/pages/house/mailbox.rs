//! The mailbox: every letter the house has sent, to whomever.

use chrono::{DateTime, Utc};
use domain::Handbook;
use maud::{Markup, html};

use super::frame::{MAILBOX, frame};
use crate::pages::{desk::choice, words::linked};

/// One letter in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLine {
    /// Its name in the mailbox.
    pub id: String,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
}

/// One letter, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailPage {
    /// Its name in the mailbox.
    pub id: String,
    /// The headers worth reading, in order.
    pub headers: Vec<(String, String)>,
    /// The part for readers of plain text.
    pub text: String,
    /// Whether there is an HTML part.
    pub has_html: bool,
    /// What is attached: the file's name, its address, its size in bytes.
    pub attachments: Vec<(String, String, usize)>,
    /// The address of the whole message.
    pub eml: String,
}

/// Every letter, as the caller sorts them: the newest first.
pub fn mailbox(mails: &[MailLine], handbook: &Handbook) -> Markup {
    let zone = handbook.practice.zone;
    let main = html! {
        header class="head" {
            h1 { "Mailbox" }
            p class="hint" { "Every letter the house has written, to whomever. None has left this machine." }
        }
        @if mails.is_empty() {
            p class="empty" {
                "No letter yet. Ask for a session on "
                a href=(crate::Addresses::of(&handbook.practice.id).opt_in()) { "the opt-in page" }
                ", and come back."
            }
        } @else {
            ul class="files mails" role="list" {
                @for mail in mails {
                    li {
                        a class="who" href={ (MAILBOX) "/" (mail.id) } { (mail.subject) }
                        span { "to " (mail.to) }
                        span class="hint" { (choice(mail.at, zone)) }
                    }
                }
            }
        }
    };
    frame(handbook, "Mailbox", MAILBOX, &main)
}

/// One letter, opened. Its HTML may open links in a window of their own, and nothing else.
pub fn mail(page: &MailPage, handbook: &Handbook) -> Markup {
    let subject = page
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("subject"))
        .map_or("A letter", |(_, value)| value);
    let main = html! {
        header class="head" {
            p class="hint" { a href=(MAILBOX) { "Mailbox" } }
            h1 { (subject) }
        }
        dl class="headers" {
            @for (name, value) in &page.headers { dt { (name) } dd { (value) } }
            @if !page.attachments.is_empty() {
                dt { "Attached" }
                dd {
                    @for (name, href, bytes) in &page.attachments {
                        a href=(href) { (name) } " (" (size(*bytes)) ") "
                    }
                }
            }
            dt { "Source" }
            dd { a href=(page.eml) { "The whole message" } }
        }
        @if page.has_html {
            h2 { "As most people see it" }
            iframe class="letter" title="The letter as HTML" src={ (MAILBOX) "/" (page.id) "/html" }
                sandbox="allow-popups allow-popups-to-escape-sandbox" {}
        }
        h2 { "As plain text" }
        pre class="letter" tabindex="0" { (linked(&page.text)) }
    };
    frame(handbook, "Letter", MAILBOX, &main)
}

fn size(bytes: usize) -> String {
    if bytes < 1_000 { format!("{bytes} bytes") } else { format!("{} kB", bytes.div_ceil(1_000)) }
}
