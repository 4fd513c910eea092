//! What only a person can do: in words, with the buttons for it.

use domain::{ClientFile, LetterKind, Stage, Task, TaskKind};
use maud::{Markup, html};

use super::{
    Desk, deeds,
    today::client_link,
    words::{count, letter_name, moment, span},
};
use crate::Addresses;

/// A task with its buttons, as a card.
pub(super) fn task(desk: &Desk<'_>, file: &ClientFile, task: &Task) -> Markup {
    html! {
        article class="card" {
            div class="top" {
                h3 { (client_link(desk, file)) }
                p class="hint" { "for " (span(desk.now - task.since)) }
            }
            (what_to_do(desk, file, &task.kind))
        }
    }
}

/// The words and the buttons of a task.
pub(super) fn what_to_do(desk: &Desk<'_>, file: &ClientFile, kind: &TaskKind) -> Markup {
    match kind {
        TaskKind::ReadAnswers => read_answers(desk, file),
        TaskKind::StoppedHalfWay => stopped_half_way(desk, file),
        TaskKind::RecordOutcome(_) => record_outcome(desk, file),
        TaskKind::LetterNotSent(_) => letters_not_sent(desk, file),
    }
}

fn read_answers(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let answers = Addresses::of(&desk.handbook.practice.id).desk_answers(&file.id);
    html! {
        p {
            "The questionnaire is complete. Read " a href=(answers) { "the answers (PDF)" }
            "; the letter with the calendar leaves when you open it."
        }
        (deeds::deed(desk, file, "open-calendar", "Open the calendar", true))
    }
}

fn stopped_half_way(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let (missing, waiting) = match &file.stage {
        Stage::Invited(waiting) => ("The questionnaire was not completed", waiting),
        Stage::Choosing { waiting, .. } => ("No times were chosen", waiting),
        Stage::Reading { .. }
        | Stage::Listed(_)
        | Stage::Asked(_)
        | Stage::Booked { .. }
        | Stage::Closed { .. } => return html! {},
    };
    html! {
        p {
            (missing)
            @if 0 < waiting.nudges { " after " (count(waiting.nudges.into(), "reminder", "reminders")) }
            ". Write to " (email(file)) " yourself, invite again, or close the file."
        }
        (deeds::deed(desk, file, "invite-again", "Invite again", true))
    }
}

fn record_outcome(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let Some(appointment) = file.appointment() else { return html! {} };
    let zone = desk.handbook.practice.zone;
    html! {
        p {
            "The call of " (moment(appointment.slot.start, desk.now, zone))
            " is over. How did it go?"
        }
        (deeds::outcome(desk, file, appointment))
    }
}

fn letters_not_sent(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let all_were_for_us = file.letters_not_sent.iter().all(|(kind, _)| is_for_us(*kind));
    html! {
        p {
            "Could not be sent: "
            @for (place, (kind, _)) in file.letters_not_sent.iter().enumerate() {
                @if 0 < place { ", " }
                "“" (letter_name(*kind)) "”"
            }
            ". "
            @if all_were_for_us {
                "It was for the practice: look at the file, and check the address of its reader."
            } @else {
                "Check " (email(file)) ", and tell the client another way."
            }
        }
        (deeds::deed(desk, file, "settle-letters", "It is settled", false))
    }
}

fn is_for_us(kind: LetterKind) -> bool {
    matches!(
        kind,
        LetterKind::Request | LetterKind::RequestReminder | LetterKind::CancellationNotice
    )
}

/// The client's address, to write to.
pub(super) fn email(file: &ClientFile) -> Markup {
    let email = file.person.email.as_str();
    html! { a href={ "mailto:" (encoded(email)) } { (email) } }
}

/// An address as a mailto link carries it (RFC 6068): whatever could begin a header field is encoded.
fn encoded(email: &str) -> String {
    email
        .chars()
        .map(|c| match c {
            '%' | '?' | '&' | '#' | '/' | '=' => format!("%{:02X}", u32::from(c)),
            _ => c.to_string(),
        })
        .collect()
}
