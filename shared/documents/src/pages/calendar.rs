//! The calendar: choosing times. What follows, their order and the wait, is in [`ranked`].

mod days;
mod ranked;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{Appointment, Handbook, Invitation, Proposal, Slot};
use maud::{Markup, html};

use super::{
    layout::{Room, Sheet, reach, sheet},
    words::{lead, moment, times},
};
use crate::{Addresses, date_time, place_of_zone};

pub use ranked::{AskedPage, ReviewPage, asked, review};

/// The script of the calendar: counts, remembers the order, finds the reader's zone.
pub const CALENDAR_SCRIPT: &str = include_str!("script/calendar.js");

/// Some days of open times.
pub struct CalendarPage<'a> {
    /// The token of the page's link.
    pub link: &'a str,
    /// The reader's zone.
    pub zone: Tz,
    /// The zones to choose from.
    pub zones: &'a [Tz],
    /// The open times on this page, in order.
    pub slots: &'a [Slot],
    /// The first day on this page.
    pub from: NaiveDate,
    /// The first day of the page before.
    pub earlier: Option<NaiveDate>,
    /// The first day of the page after.
    pub later: Option<NaiveDate>,
    /// The times chosen so far, best first; some may stand on other pages.
    pub chosen: &'a [DateTime<Utc>],
    /// Why times are being chosen.
    pub purpose: CalendarPurpose<'a>,
    /// What was wrong with the last attempt.
    pub trouble: Option<&'a Trouble>,
}

/// Why the calendar is shown once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// These of the chosen times are gone meanwhile.
    Lost(Vec<DateTime<Utc>>),
    /// What else is wrong, as a sentence.
    Choice(String),
}

impl CalendarPage<'_> {
    fn is_lost(&self, at: DateTime<Utc>) -> bool {
        matches!(self.trouble, Some(Trouble::Lost(lost)) if lost.contains(&at))
    }
}

/// Why times are being chosen.
#[derive(Debug, Clone, Copy)]
pub enum CalendarPurpose<'a> {
    /// For the first time.
    First,
    /// Once more, for this reason.
    Again(Invitation),
    /// In place of the times asked for before.
    Replace(&'a Proposal),
    /// In place of the booked time.
    Move(&'a Appointment),
}

impl CalendarPurpose<'_> {
    /// Whether something stands until this is through, so that the page must be asked for by name.
    fn is_change(self) -> bool {
        match self {
            Self::First | Self::Again(_) => false,
            Self::Replace(_) | Self::Move(_) => true,
        }
    }
}

/// The calendar. Sending its form changes nothing: every press shows another page.
pub fn calendar(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    let addresses = Addresses::of(&handbook.practice.id);
    let most = handbook.session.proposals_max;
    let review = addresses.calendar_review(page.link);
    let is_empty = page.slots.is_empty();
    let main = html! {
        (opening(handbook, page))
        (trouble(page))
        form.calendar action=(addresses.calendar(page.link)) data-max=(most) {
            // Enter continues, wherever it is pressed: the first button is the default one.
            button hidden formaction=(review) {}
            @if page.purpose.is_change() { input type="hidden" name="change" value="yes"; }
            input type="hidden" name="order" value=(minutes_of(page.chosen));
            (zone_switch(handbook, page))
            (days::elsewhere(page))
            (turning(page, "Pages of the calendar"))
            @if is_empty {
                (nothing_open(handbook, page))
            } @else {
                (days::days(page, handbook.practice.zone))
                (turning(page, "Pages of the calendar, again"))
            }
            @if !is_empty || !page.chosen.is_empty() {
                div.bar-below {
                    p role="status" {
                        "Choose " @if 1 < most { "up to " } (times(most)) "."
                    }
                    button formaction=(review) { "Continue" }
                }
            }
        }
    };
    let script = Some(addresses.calendar_script());
    let title = "Choose your times";
    sheet(handbook, Sheet { title, room: Room::Wide, script, is_public: false }, &main)
}

/// The heading, why the reader is here, and how the calendar is used.
fn opening(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    let lead = &handbook.voice.calendar_lead;
    html! {
        @match page.purpose {
            CalendarPurpose::First => {
                p.step { "Step 3 of 4" }
                h1 { "Choose your times" }
            }
            CalendarPurpose::Again(reason) => {
                h1 { "Choose your times" }
                @if let Some(words) = why_again(reason) { p.note { (words) } }
            }
            CalendarPurpose::Replace(proposal) => {
                h1 { "Choose other times" }
                div.note {
                    p { "These are the times you asked for. They stay held until you send others." }
                    ol { @for slot in &proposal.times { li { (date_time(slot.start, page.zone)) } } }
                }
            }
            CalendarPurpose::Move(appointment) => {
                h1 { "Move your appointment" }
                div.note {
                    p { "This is the time you have. It stays yours until we confirm another." }
                    p { (moment(appointment.slot, page.zone, handbook.practice.zone)) }
                }
            }
        }
        p.lead { (lead) }
    }
}

fn why_again(reason: Invitation) -> Option<&'static str> {
    match reason {
        Invitation::First | Invitation::Again => None,
        Invitation::Declined => {
            Some("The times you asked for did not fit, and we are sorry. Here are others.")
        }
        Invitation::Expired => Some(
            "We did not answer in time, and we are sorry. \
             Your times are free again: please choose once more.",
        ),
        Invitation::CancelledByClient => {
            Some("Your appointment is cancelled. Here is a new one, whenever you like.")
        }
        Invitation::CancelledByPractice => {
            Some("We had to cancel your appointment, and we are sorry. Please choose again.")
        }
        Invitation::Missed => {
            Some("We missed you at the last appointment. Here is another, if you like.")
        }
    }
}

/// What was wrong with the last attempt.
fn trouble(page: &CalendarPage<'_>) -> Markup {
    html! {
        @if let Some(trouble) = page.trouble {
            div.summary role="alert" tabindex="-1" autofocus {
                @match trouble {
                    Trouble::Choice(words) => p { strong { (words) } },
                    Trouble::Lost(lost) => {
                        p { strong { "Somebody was faster. No longer free:" } }
                        ul { @for at in lost { li { s { (date_time(*at, page.zone)) } } } }
                        p { "Please choose in their place. Your other choices are kept." }
                    }
                }
            }
        }
    }
}

fn zone_switch(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    let practice = handbook.practice.zone;
    let first = page.slots.first().map(|slot| slot.start);
    let difference = first.and_then(|at| lead(at, page.zone, practice));
    html! {
        div.zone {
            p {
                "All times are in " strong { (place_of_zone(page.zone)) }
                @if let Some(difference) = difference {
                    ", " (difference) " " (place_of_zone(practice)) ", where we are"
                }
                "."
            }
            p {
                label for="zone" { "Your zone" }
                select #zone name="zone" {
                    @if !page.zones.contains(&page.zone) { (option(page.zone, page.zone)) }
                    @for zone in page.zones { (option(*zone, page.zone)) }
                }
                button.quiet name="from" value=(page.from) { "Show in this zone" }
            }
        }
    }
}

fn option(zone: Tz, current: Tz) -> Markup {
    html! { option selected[zone == current] { (zone.name()) } }
}

fn turning(page: &CalendarPage<'_>, label: &str) -> Markup {
    html! {
        @if page.earlier.is_some() || page.later.is_some() {
            nav.turning aria-label=(label) {
                p { (days::range(page)) }
                @if let Some(earlier) = page.earlier {
                    button.quiet name="from" value=(earlier) { "Earlier days" }
                }
                @if let Some(later) = page.later {
                    button.quiet name="from" value=(later) { "Later days" }
                }
            }
        }
    }
}

fn nothing_open(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    html! {
        div.panel {
            h2 { "Nothing is open in these days" }
            p {
                @if page.later.is_some() { "Later days may have room. " }
                "Or write or call, and we find a time together: " (reach(handbook)) "."
            }
        }
    }
}

/// An instant as forms carry it: whole minutes since the epoch.
fn minutes(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

fn minutes_of(instants: &[DateTime<Utc>]) -> String {
    instants.iter().map(|at| minutes(*at).to_string()).collect::<Vec<_>>().join(",")
}
