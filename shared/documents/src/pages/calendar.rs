//! The calendar: choosing times. What follows, their order and the wait, is in [`ranked`].

mod zone;
mod month;
mod day;
mod trouble;
mod ranked;
mod waiting;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{Appointment, Handbook, Invitation, Proposal, SessionType, Slot, StaffId, local_date};
use maud::{Markup, html};

use super::{
    layout::{Room, Sheet, reach, sheet},
    words::{moment, times},
};
use crate::{Addresses, date_time, place_of_zone};

pub use ranked::{AskedPage, ReviewPage, asked, review};
pub use trouble::{Lost, Trouble};
pub(super) use waiting::in_words;
pub use waiting::{TypedWishes, WaitingPart};

/// The script of the calendar: counts, remembers the order, finds the reader's zone, and turns to
/// another day without leaving the page.
pub const CALENDAR_SCRIPT: &str = include_str!("script/calendar.js");

/// Some weeks of open times, and the times of one of their days.
pub struct CalendarPage<'a> {
    /// The token of the page's link.
    pub link: &'a str,
    /// The reader's zone.
    pub zone: Tz,
    /// The kind of session.
    pub session: &'a SessionType,
    /// With whom, if the client chooses among several.
    pub with: Option<&'a StaffId>,
    /// Who named that zone.
    pub zone_by: ZoneBy,
    /// The zones to choose from.
    pub zones: &'a [Tz],
    /// The open times of these weeks, in order.
    pub slots: &'a [Slot],
    /// The first day of these weeks, a Monday.
    pub from: NaiveDate,
    /// The last day of these weeks, a Sunday.
    pub to: NaiveDate,
    /// The day whose times are shown; none, if nothing is open in these weeks.
    pub day: Option<NaiveDate>,
    /// The reader's date.
    pub today: NaiveDate,
    /// A day of the weeks before.
    pub earlier: Option<NaiveDate>,
    /// A day of the weeks after.
    pub later: Option<NaiveDate>,
    /// The times chosen so far, best first; some may stand on other days.
    pub chosen: &'a [DateTime<Utc>],
    /// How many times may be chosen.
    pub most: usize,
    /// Why times are being chosen.
    pub purpose: CalendarPurpose<'a>,
    /// The waiting list, if the practice keeps one and the client may wait on it.
    pub waiting: Option<WaitingPart<'a>>,
    /// One sentence about what was just done.
    pub notice: Option<&'a str>,
    /// What was wrong with the last attempt.
    pub trouble: Option<&'a Trouble>,
}

/// Who named the zone that times are shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneBy {
    /// The reader, here or when they last asked for times.
    Reader,
    /// Nobody: it is the practice's, and the reader's browser may know better.
    Nobody,
}

impl CalendarPage<'_> {
    /// The open times of one of the reader's days.
    fn slots_of(&self, day: NaiveDate) -> impl Iterator<Item = Slot> {
        let is_of = move |slot: &Slot| local_date(self.zone, slot.start) == day;
        self.slots.iter().copied().filter(is_of)
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
///
/// What is in `.choice` may be swapped for the same part of another answer; what is around it, the
/// two places where something is said above all, stays.
pub fn calendar(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    let addresses = Addresses::of(&handbook.practice.id);
    let review = addresses.calendar_review(page.link);
    // A browser without scripts lands at the times again, with the month above them.
    let here = format!("{}#times", addresses.calendar(page.link));
    let guesses = page.zone_by == ZoneBy::Nobody;
    let may_continue = page.day.is_some() || page.later.is_some() || !page.chosen.is_empty();
    let main = html! {
        (opening(handbook, page))
        (waiting::offered(handbook, page))
        form.calendar action=(here) data-max=(page.most) data-guess[guesses] {
            // Enter continues, wherever it is pressed: the first button is the default one.
            button hidden formaction=(review) {}
            @if page.purpose.is_change() { input type="hidden" name="change" value="yes"; }
            p.sr role="status" {}
            (choice(handbook, page))
            @if may_continue {
                div.bar-below {
                    p role="status" {
                        "Choose " @if 1 < page.most { "up to " } (times(page.most)) "."
                    }
                    button formaction=(review) { "Continue" }
                }
            }
        }
        (waiting::waiting_list(handbook, page))
    };
    let script = Some(addresses.calendar_script());
    let title = "Choose your times";
    sheet(handbook, Sheet { title, room: Room::Wide, script, is_public: false }, &main)
}

/// The zone, the month, the times of one day, and what was chosen so far.
fn choice(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    html! {
        div.choice data-said=(said(page)) {
            input type="hidden" name="order" value=(minutes_of(page.chosen));
            (with_whom(handbook, page))
            (zone::zone_switch(handbook, page))
            (month::month(page))
            div #times {
                (trouble::trouble(page))
                @if let Some(day) = page.day {
                    (day::times_of_day(handbook, page))
                    // After the buttons that turn to another day: the first value counts.
                    input type="hidden" name="day" value=(day);
                } @else {
                    (nothing_open(handbook, page))
                }
                (day::chosen_elsewhere(page))
            }
        }
    }
}

/// Those among whom the client chooses; a press shows the calendar of another one.
fn with_whom(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    let providers = page.session.choosable().iter().filter_map(|id| handbook.staff(id));
    html! {
        @if let Some(with) = page.with {
            input type="hidden" name="with" value=(with);
            fieldset.with {
                legend { "With whom?" }
                @for staff in providers {
                    button.quiet name="with" value=(staff.id) aria-pressed=(staff.id == *with) {
                        (staff.name.as_str())
                    }
                }
            }
        }
    }
}

/// The heading, why the reader is here, and how the calendar is used.
fn opening(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    let lead = handbook.calendar_lead(page.session);
    html! {
        @if let Some(notice) = page.notice { p.note role="status" { (notice) } }
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
                    ol { @for slot in proposal.slots() { li { (date_time(slot.start, page.zone)) } } }
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
        @if let Some(words) = which_session(handbook, page.session) { p.hint { (words) } }
        p.lead { (lead) }
    }
}

/// Which kind of session, where that is not plain from there being one.
fn which_session(handbook: &Handbook, session: &SessionType) -> Option<String> {
    let SessionType { name, places, length, .. } = session;
    let minutes = length.num_minutes();
    match places {
        1 if handbook.sessions.len() == 1 => None,
        1 => Some(format!("{name}, {minutes} minutes")),
        places => Some(format!("{name}, {minutes} minutes, in a group of up to {places}")),
    }
}

fn why_again(reason: Invitation) -> Option<&'static str> {
    match reason {
        Invitation::First | Invitation::Again | Invitation::Unlisted => None,
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

/// What a reader who cannot see it is told when this part comes into the page.
fn said(page: &CalendarPage<'_>) -> String {
    let place = place_of_zone(page.zone);
    page.day.map_or_else(
        || format!("Nothing is open in these weeks, {place}"),
        |day| format!("{}, {place}", day::label(page, day)),
    )
}

fn nothing_open(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    html! {
        div.panel {
            h2 { "Nothing is open in these weeks" }
            p {
                @if page.later.is_some() { "Later weeks may have room. " }
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
