//! The chosen times in their order, before they are sent and while the answer is awaited.

use chrono_tz::Tz;
use domain::{Approval, Handbook, Proposal, SessionType, Slot, StaffId};
use maud::{Markup, html};

use super::{CalendarPurpose, minutes};
use crate::{
    Addresses,
    pages::{
        layout::{plain, reach},
        words::{moment, ordinal, span},
    },
    {date_time, place_of_zone},
};

/// The chosen times, to be put in order and sent.
pub struct ReviewPage<'a> {
    /// The token of the calendar's link.
    pub link: &'a str,
    /// Names this wish, so that sending it twice does one thing.
    pub key: &'a str,
    /// The reader's zone.
    pub zone: Tz,
    /// The kind of session.
    pub session: &'a SessionType,
    /// With whom, if the client has chosen among several.
    pub with: Option<&'a StaffId>,
    /// The chosen times, best first.
    pub times: &'a [Slot],
    /// Why they were chosen.
    pub purpose: CalendarPurpose<'a>,
}

/// The times that were asked for.
pub struct AskedPage<'a> {
    /// The token of the calendar's link.
    pub link: &'a str,
    /// The reader's zone.
    pub zone: Tz,
    /// The times, best first.
    pub proposal: &'a Proposal,
    /// Why they were chosen.
    pub purpose: CalendarPurpose<'a>,
}

/// The chosen times in their order.
pub fn review(handbook: &Handbook, page: &ReviewPage<'_>) -> Markup {
    let addresses = Addresses::of(&handbook.practice.id);
    let action = addresses.calendar_review(page.link);
    let is_one = page.times.len() == 1;
    let main = html! {
        @if let CalendarPurpose::First = page.purpose { p.step { "Step 3 of 4" } }
        h1 { @if is_one { "Your time" } @else { "Which suits you best?" } }
        p.lead { (what_sending_means(handbook, page)) }
        form method="post" action=(action) {
            ol.ranked {
                @for (at, slot) in page.times.iter().enumerate() {
                    (rank(handbook, page, at + 1, *slot))
                }
            }
            input type="hidden" name="zone" value=(page.zone.name());
            input type="hidden" name="key" value=(page.key);
            @if let Some(with) = page.with { input type="hidden" name="with" value=(with); }
            @if page.purpose.is_change() { input type="hidden" name="change" value="yes"; }
            div.actions {
                button { @if is_one { "Ask for this time" } @else { "Ask for these times" } }
                a href=(way_back(&addresses, page)) { "Back to the calendar" }
            }
        }
    };
    plain(handbook, "Your times", &main)
}

fn what_sending_means(handbook: &Handbook, page: &ReviewPage<'_>) -> Markup {
    let hold = span(page.session.hold);
    let (is_one, them) = match page.times {
        [_] => (true, "it"),
        _ => (false, "them"),
    };
    html! {
        @if !is_one { "Put your times in order, the best one first. " }
        @match handbook.rules.approval {
            Approval::Staff => {
                "We hold " (them) " for you for " (hold) ", and write to you within that time."
            }
            Approval::Automatic if is_one => "If it is still free, it is yours at once.",
            Approval::Automatic => "The first of them that is still free is yours at once.",
        }
        @match page.purpose {
            CalendarPurpose::First | CalendarPurpose::Again(_) => {}
            CalendarPurpose::Replace(_) => " The times you asked for before are then let go.",
            CalendarPurpose::Move(appointment) => {
                " Until then you keep " (date_time(appointment.slot.start, page.zone)) "."
            }
        }
    }
}

fn rank(handbook: &Handbook, page: &ReviewPage<'_>, place: usize, slot: Slot) -> Markup {
    let start = minutes(slot.start);
    let name = format!("rank-{start}");
    let time = format!("time-{start}");
    let count = page.times.len();
    html! {
        li {
            div id=(time) { (moment(slot, page.zone, handbook.practice.zone)) }
            input type="hidden" name="t" value=(start);
            @if count == 1 {
                input type="hidden" name=(name) value="1";
            } @else {
                select name=(name) id=(name) aria-labelledby=(time) {
                    @for choice in 1..=count {
                        option value=(choice) selected[choice == place] { (ordinal(choice)) " choice" }
                    }
                }
            }
        }
    }
}

/// The calendar with the same times still chosen.
fn way_back(addresses: &Addresses, page: &ReviewPage<'_>) -> String {
    let starts: Vec<_> = page.times.iter().map(|slot| minutes(slot.start).to_string()).collect();
    let chosen = starts.join("&t=");
    let zone = page.zone.name().replace('+', "%2B");
    let order = starts.join(",");
    let change = if page.purpose.is_change() { "&change=yes" } else { "" };
    let with = page.with.map_or(String::new(), |with| format!("&with={with}"));
    format!("{}?zone={zone}&order={order}&t={chosen}{with}{change}", addresses.calendar(page.link))
}

/// The page after asking, and while the answer is awaited.
pub fn asked(handbook: &Handbook, page: &AskedPage<'_>) -> Markup {
    let addresses = Addresses::of(&handbook.practice.id);
    let change = format!("{}?change=yes", addresses.calendar(page.link));
    let (heading, times) = match page.proposal.times.as_slice() {
        [_] => ("We have your time", "It is held for you"),
        _ => ("We have your times", "They are held for you"),
    };
    let main = html! {
        h1 { (heading) }
        p.lead {
            (times) " until " strong { (date_time(page.proposal.expires_at, page.zone)) }
            " (" (place_of_zone(page.zone)) "), and we write to you before then."
        }
        ol.ranked {
            @for slot in page.proposal.slots() {
                li { (moment(slot, page.zone, handbook.practice.zone)) }
            }
        }
        h2 { "What happens next" }
        p {
            "A letter tells you which time is yours, how the call happens, and how to change it. "
            "If none of them can be, it tells you that as well, and offers others."
        }
        @if let CalendarPurpose::Move(appointment) = page.purpose {
            p.note {
                "Until then your appointment stands: "
                strong { (date_time(appointment.slot.start, page.zone)) } "."
            }
        }
        p.ways { a href=(change) { "Choose other times" } }
        p.hint { "Something else? " (reach(handbook)) }
    };
    plain(handbook, "Your times", &main)
}
