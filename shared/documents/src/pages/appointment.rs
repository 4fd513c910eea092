//! The appointment: when and how, changing it, cancelling it; and stopping the reminders.

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::{Appointment, Handbook, Note, Proposal};
use maud::{Markup, html};

use super::{
    layout::{plain, reach},
    words::{linked, moment},
};
use crate::{Addresses, date_time};

/// An appointment as its client sees it.
pub struct AppointmentPage<'a> {
    /// The token of the page's link.
    pub link: &'a str,
    /// The token of the calendar's link.
    pub calendar_link: &'a str,
    /// The token of the questionnaire's link.
    pub questionnaire_link: &'a str,
    /// Names this wish, so that sending it twice does one thing.
    pub key: &'a str,
    /// The reader's zone.
    pub zone: Tz,
    /// The booked time.
    pub appointment: &'a Appointment,
    /// The times asked for in its place.
    pub change: Option<&'a Proposal>,
    /// Whether it has begun, so that nothing can be changed any more.
    pub has_begun: bool,
    /// Whether it can be cancelled here, or only with the help of a person.
    pub may_cancel: bool,
    /// Whether another time can be asked for here, or only with the help of a person.
    pub may_move: bool,
}

/// The appointment.
pub fn appointment(handbook: &Handbook, page: &AppointmentPage<'_>) -> Markup {
    let addresses = Addresses::of(&handbook.practice.id);
    let main = html! {
        p.step { "Your appointment" }
        h1 { (handbook.session(&page.appointment.session).name) }
        (facts(handbook, page))
        @if let Some(change) = page.change { (asked_instead(&addresses, page, change)) }
        @if page.has_begun {
            p { "The call has begun, so it can no longer be changed here. You reach us at " (reach(handbook)) "." }
        } @else {
            @if page.may_move && page.change.is_none() {
                p {
                    a.button.quiet href=(to_change(&addresses, page)) { "Ask for another time" }
                }
            }
            @if page.may_cancel { (cancelling(handbook, &addresses, page)) }
            (too_late(handbook, page))
        }
        ul.ways {
            @let answers = addresses.questionnaire(page.questionnaire_link);
            @if !page.has_begun { li { a href=(answers) { "Read or change your answers" } } }
            li { a href=(addresses.policy()) { "Our policy on changing and cancelling" } }
        }
    };
    plain(handbook, "Your appointment", &main)
}

fn facts(handbook: &Handbook, page: &AppointmentPage<'_>) -> Markup {
    let session = handbook.session(&page.appointment.session);
    let with = handbook.names(&page.appointment.providers);
    html! {
        dl.panel.facts {
            dt { "When" }
            dd { (moment(page.appointment.slot, page.zone, handbook.practice.zone)) }
            @if !with.is_empty() {
                dt { "With" }
                dd { (with) }
            }
            dt { "How" }
            dd { (linked(&session.place)) }
        }
    }
}

fn to_change(addresses: &Addresses, page: &AppointmentPage<'_>) -> String {
    format!("{}?change=yes", addresses.calendar(page.calendar_link))
}

fn asked_instead(addresses: &Addresses, page: &AppointmentPage<'_>, change: &Proposal) -> Markup {
    html! {
        div.note {
            p {
                "You have asked for another time. The one above stays yours until we confirm "
                "one of these, by " (date_time(change.expires_at, page.zone)) "."
            }
            ol { @for slot in change.slots() { li { (date_time(slot.start, page.zone)) } } }
            @if page.may_move {
                p { a href=(to_change(addresses, page)) { "Choose other times" } }
            }
        }
    }
}

/// What can no longer be done here, and who helps.
fn too_late(handbook: &Handbook, page: &AppointmentPage<'_>) -> Markup {
    let cut_off = handbook.rules.cut_offs.client;
    let until = |span: TimeDelta| format!("until {} hours before it begins", span.num_hours());
    html! {
        @if !page.may_move || !page.may_cancel {
            p {
                @if !page.may_move {
                    "Another time could be asked for here " (until(cut_off.reschedule)) ". "
                }
                @if !page.may_cancel {
                    "It could be cancelled here " (until(cut_off.cancel)) ". "
                }
                "A person helps you at " (reach(handbook)) "."
            }
        }
    }
}

/// Two presses: one opens the form, one cancels.
fn cancelling(handbook: &Handbook, addresses: &Addresses, page: &AppointmentPage<'_>) -> Markup {
    html! {
        details {
            summary { "Cancel this appointment" }
            form method="post" action=(addresses.appointment_cancel(page.link)) {
                p {
                    "What a cancellation costs, and when it costs nothing, is in "
                    a href=(addresses.policy()) { "our policy" } ". You need not give a reason."
                }
                div.field {
                    label for="note" { "A word for " (handbook.practice.name) ", if you like" }
                    textarea #note name="note" rows="3" maxlength=(Note::LENGTH_MAX) {}
                }
                input type="hidden" name="key" value=(page.key);
                input type="hidden" name="appointment" value=(page.appointment.id);
                button.grave { "Cancel the appointment" }
            }
        }
    }
}

/// In place of an appointment that is not booked any more, or not yet.
pub fn no_appointment(handbook: &Handbook, calendar_link: Option<&str>) -> Markup {
    let main = html! {
        h1 { "No appointment is booked" }
        @if let Some(link) = calendar_link {
            p.lead { "It was cancelled or moved, or is not confirmed yet. The calendar is open to you." }
            @let calendar = Addresses::of(&handbook.practice.id).calendar(link);
            p { a.button.quiet href=(calendar) { "To the calendar" } }
        } @else {
            p.lead { "It is over, or was cancelled." }
        }
        p.hint { "A person answers at " (reach(handbook)) "." }
    };
    plain(handbook, "Your appointment", &main)
}

/// The page after cancelling.
pub fn cancelled(handbook: &Handbook, calendar_link: &str) -> Markup {
    let calendar = Addresses::of(&handbook.practice.id).calendar(calendar_link);
    let main = html! {
        h1 { "Your appointment is cancelled" }
        p.lead { "Thank you for telling us. A letter confirms it." }
        p { "If you would like another time, the calendar is open to you." }
        p { a.button.quiet href=(calendar) { "Choose another time" } }
    };
    plain(handbook, "Cancelled", &main)
}

/// The page that asks whether the reminders shall stop.
pub fn stop(handbook: &Handbook, link: &str) -> Markup {
    let action = Addresses::of(&handbook.practice.id).stop(link);
    let main = html! {
        h1 { "No more reminders?" }
        p.lead {
            "Press the button, and we remind you of nothing any more. "
            "If you have not asked for times yet, we close your request as well; "
            "what is already arranged stays arranged."
        }
        form method="post" action=(action) { button { "Stop the reminders" } }
        p.hint { "If you would rather go on later, you need not do anything here." }
    };
    plain(handbook, "Reminders", &main)
}

/// The page after they have stopped.
pub fn stopped(handbook: &Handbook) -> Markup {
    let start = Addresses::of(&handbook.practice.id).opt_in();
    let main = html! {
        h1 { "The reminders have stopped" }
        p.lead { "We will not remind you again." }
        p {
            "You are welcome back whenever you like: " a href=(start) { "ask for a session" }
            " with the same address, and you go on where you were."
        }
        p.hint { "A person answers at " (reach(handbook)) "." }
    };
    plain(handbook, "Reminders", &main)
}
