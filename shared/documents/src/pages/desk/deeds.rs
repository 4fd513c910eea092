//! The forms of things that staff can do to a client file.
//!
//! One form holds all that can be done to one thing; a button with an address of its own does
//! something else than the first. So the approving button of a request also sends the note
//! that belongs to declining: whoever approves does not read it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{Appointment, ClientFile, Handbook, Note, Proposal, Stage};
use maud::{Markup, html};

use super::{
    Desk, Typed, whose,
    words::{choice, theirs},
};
use crate::{Addresses, place_of_zone};

/// The hidden fields of every form of somebody signed in.
pub(super) fn tokens(desk: &Desk<'_>) -> Markup {
    html! {
        input type="hidden" name="key" value=(desk.key);
        input type="hidden" name="guard" value=(desk.guard);
    }
}

/// Where a deed is sent.
pub(super) fn address(desk: &Desk<'_>, file: &ClientFile, deed: &str) -> String {
    Addresses::of(&desk.handbook.practice.id).desk_client_deed(&file.id, deed)
}

/// What answering a request needs, from the desk or from a letter.
pub(super) struct Answering<'a> {
    pub(super) handbook: &'a Handbook,
    pub(super) file: &'a ClientFile,
    pub(super) proposal: &'a Proposal,
    pub(super) zone: Tz,
    pub(super) now: DateTime<Utc>,
    pub(super) approve: String,
    pub(super) decline: String,
    /// What was typed to decline it, if that has come back.
    pub(super) declined: Typed<'a>,
    /// The hidden fields.
    pub(super) hidden: Markup,
}

/// Every proposed time with its button, and a way to decline them all.
pub(super) fn answer(answering: &Answering<'_>) -> Markup {
    let Answering { file, proposal, zone, now, .. } = answering;
    if proposal.expires_at <= *now {
        return html! {
            p { "Nobody answered in time. The client is being told, and may choose again." }
        };
    }
    html! {
        form method="post" action=(answering.approve) {
            (answering.hidden)
            ol class="times" role="list" {
                @for offer in &proposal.times {
                    @let (slot, shown) = (offer.slot, choice(offer.slot.start, *zone));
                    li {
                        span {
                            (shown)
                            @if let Some(theirs) = theirs(slot.start, *zone, file.zone) {
                                " " small { (theirs) }
                            }
                            @if 1 < answering.handbook.calendars.len() {
                                " " small { "with " (answering.handbook.names(&offer.providers)) }
                            }
                        }
                        @if *now < slot.start {
                            button name="start" value=(slot.start.timestamp().div_euclid(60)) {
                                "Approve" span class="sr" { " " (shown) }
                            }
                        } @else { em { "over" } }
                    }
                }
            }
            details open[answering.declined.is_back()] {
                summary { "Decline" @if 1 < proposal.times.len() { " all" } }
                (note("What the client is told (optional)", answering.declined))
                button class="quiet" formaction=(answering.decline) {
                    @if let Stage::Booked { .. } = file.stage { "Decline, the booked time stands" }
                    @else { "Decline and invite to other times" }
                }
            }
        }
    }
}

/// The request of a file, answered from the desk.
pub(super) fn answer_at_desk(desk: &Desk<'_>, file: &ClientFile, proposal: &Proposal) -> Markup {
    answer(&Answering {
        handbook: desk.handbook,
        file,
        proposal,
        zone: desk.handbook.practice.zone,
        now: desk.now,
        approve: address(desk, file, "approve"),
        decline: address(desk, file, "decline"),
        declined: desk.typed("decline"),
        hidden: html! {
            (tokens(desk))
            input type="hidden" name="proposal" value=(proposal.id);
        },
    })
}

/// Held or no-show, for a call that has begun.
pub(super) fn outcome(desk: &Desk<'_>, file: &ClientFile, appointment: &Appointment) -> Markup {
    let of_whom = html! { span class="sr" { " – " (file.person.name.as_str()) } };
    html! {
        form class="row" method="post" action=(address(desk, file, "outcome")) {
            (tokens(desk))
            input type="hidden" name="appointment" value=(appointment.id);
            button name="outcome" value="held" { "Held" (of_whom) }
            button name="outcome" value="no-show" { "No-show" (of_whom) }
        }
    }
}

/// Calling off an appointment.
pub(super) fn cancel(desk: &Desk<'_>, file: &ClientFile, appointment: &Appointment) -> Markup {
    let typed = desk.typed("cancel");
    html! {
        form method="post" action=(address(desk, file, "cancel")) {
            (tokens(desk))
            input type="hidden" name="appointment" value=(appointment.id);
            details open[typed.is_back()] {
                summary { "Cancel the appointment" }
                (note("What the client is told (optional)", typed))
                button class="grave" { "Cancel and invite to other times" }
            }
        }
    }
}

/// Booking a time that was agreed on by other means, or moving the appointment to it.
pub(super) fn book(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let zone = desk.handbook.practice.zone;
    let typed = desk.typed("book");
    html! {
        form method="post" action=(address(desk, file, "book")) {
            (tokens(desk))
            details open[typed.is_back()] {
                summary {
                    @if file.appointment().is_some() { "Move it to another time" }
                    @else { "Book a time yourself" }
                }
                div class="row" {
                    label { "Date" input type="date" name="date" value=[typed.text("date")] required; }
                    label {
                        "Time in " (place_of_zone(zone))
                        input type="time" name="time" value=[typed.text("time")] step="300" required;
                    }
                }
                (whose::with_whom(desk, desk.handbook.session(&file.session), typed.text("with")))
                (note("Why, if a rule stands against it", typed))
                button class="quiet" {
                    @if file.appointment().is_some() { "Move it and tell the client" }
                    @else { "Book it and tell the client" }
                }
            }
        }
    }
}

/// Inviting to a session, of another kind than before or once more, where there are several kinds
/// or the last one is over.
pub(super) fn invite_to(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let is_over = matches!(file.stage, Stage::Closed { .. });
    let typed = desk.typed("invite-to");
    let chosen = typed.text("session").unwrap_or(file.session.as_str());
    html! {
        @if is_over || 1 < desk.handbook.sessions.len() {
            form method="post" action=(address(desk, file, "invite-to")) {
                (tokens(desk))
                details open[typed.is_back()] {
                    summary { "Invite to a session" }
                    label {
                        "Which"
                        select name="session" {
                            @for session in &desk.handbook.sessions {
                                option value=(session.id) selected[session.id.as_str() == chosen] {
                                    (session.name)
                                }
                            }
                        }
                    }
                    p class="hint" {
                        "The client gets an invitation. It leads to the calendar, or to the questions of this "
                        "session first, if they have not answered those."
                        @if file.listed().is_some() { " They leave the waiting list." }
                    }
                    button class="quiet" { "Invite" }
                }
            }
        }
    }
}

/// One deed without a question, and closing the file where that is another way out.
pub(super) fn deed(
    desk: &Desk<'_>,
    file: &ClientFile,
    deed: &str,
    label: &str,
    or_close: bool,
) -> Markup {
    let typed = desk.typed("close");
    html! {
        form class="deed" method="post" action=(address(desk, file, deed)) {
            (tokens(desk))
            button { (label) span class="sr" { " – " (file.person.name.as_str()) } }
            @if or_close {
                details open[typed.is_back()] {
                    summary { "Close the file" }
                    (note("Why, for the practice (optional)", typed))
                    button class="quiet" formaction=(address(desk, file, "close")) { "Close the file" }
                }
            }
        }
    }
}

fn note(label: &str, typed: Typed<'_>) -> Markup {
    html! {
        label {
            (label)
            textarea name="note" maxlength=(Note::LENGTH_MAX) { (typed.text("note").unwrap_or("")) }
        }
    }
}
