//! Calendars that somebody else keeps, and how it stands with them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::StaffId;
use maud::{Markup, html};

use super::{
    Desk,
    deeds::tokens,
    frame::{Tab, frame},
    whose::whose,
    words::moment,
};
use crate::Addresses;

/// A calendar that is read again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherLine {
    /// Its name for the form, sent as `end`.
    pub id: String,
    /// What staff call it.
    pub name: String,
    /// Whose time it tells of, where there are several providers.
    pub of: Option<String>,
    /// The host it is read from; the rest of the address is a secret.
    pub host: String,
    /// When it was last read.
    pub read_at: DateTime<Utc>,
    /// For how long what was read counts.
    pub grace: TimeDelta,
    /// Whether it has been silent for longer.
    pub is_silent: bool,
    /// What is wrong with it, in sentences.
    pub troubles: Vec<String>,
}

/// The calendars, each with a button that ends it, and a form for another one of `chosen`.
pub fn others(desk: &Desk<'_>, lines: &[OtherLine], chosen: &StaffId) -> Markup {
    let addresses = Addresses::of(&desk.handbook.practice.id);
    let action = addresses.desk_others();
    let typed = desk.typed("read-calendar");
    let main = html! {
        header class="head" {
            h1 { "Other calendars" }
            p class="lead" {
                "When you are busy in another calendar of yours, nothing is offered here. "
                "It is read every quarter of an hour."
            }
            nav class="links" aria-label="Where from" { a href=(addresses.desk_calendar()) { "Back to the calendar" } }
        }
        @if lines.is_empty() { p class="empty" { "No other calendar is read." } }
        section { @for line in lines { div class="card" { (one(desk, line, &action)) } } }
        section {
            h2 { "Read another calendar" }
            form class="card" method="post" action=(action) {
                (tokens(desk))
                (whose(desk, chosen))
                label {
                    "What you call it"
                    input name="name" maxlength="60" value=[typed.text("name")] required;
                }
                label {
                    "Its private address in iCal format (Google, Outlook, Apple and Nextcloud each give one)"
                    input name="address" type="url" maxlength="2000" autocomplete="off"
                        value=[typed.text("address")] required;
                }
                label {
                    "If it does not answer, nothing is offered after so many hours"
                    input name="grace" type="number" min="1" max="168" required
                        value=(typed.text("grace").unwrap_or("24"));
                }
                button { "Read this calendar" }
            }
        }
    };
    frame(desk, "Other calendars", Tab::Calendar, &main)
}

fn one(desk: &Desk<'_>, line: &OtherLine, action: &str) -> Markup {
    let read_at = moment(line.read_at, desk.now, desk.handbook.practice.zone);
    html! {
        p {
            strong { (line.name) } " "
            @if let Some(of) = &line.of { (of) " " }
            span class="hint" { (line.host) ", last read " (read_at) }
        }
        @if line.is_silent {
            p { strong { "It has not answered for " (line.grace.num_hours()) " hours, so nothing is offered." } }
        }
        @for trouble in &line.troubles { p { (trouble) } }
        form method="post" action=(action) {
            (tokens(desk))
            button class="quiet" name="end" value=(line.id) { "Stop reading it" }
        }
    }
}

/// What the first page says when nothing is offered because calendars are silent.
pub fn silence(desk: &Desk<'_>, names: &[String]) -> Markup {
    let others = Addresses::of(&desk.handbook.practice.id).desk_others();
    html! {
        @if !names.is_empty() {
            p class="note" role="alert" {
                "Nothing is offered to clients: " (names.join(", ")) " has not answered for too long. "
                a href=(others) { "See what is wrong" } "."
            }
        }
    }
}
