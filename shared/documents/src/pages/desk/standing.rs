//! Where a client stands, since when, and what comes next.

use chrono::{DateTime, Utc};
use domain::{
    Appointment, ClientFile, CloseReason, Handbook, Invitation, Stage, TaskKind, Timer, timers,
};

use super::words::moment;

/// The stage in a few words.
pub(super) fn stage(file: &ClientFile, now: DateTime<Utc>) -> &'static str {
    match &file.stage {
        Stage::Invited(_) => "Questionnaire awaited",
        Stage::Reading { .. } => "Answers to be read",
        Stage::Choosing { invitation, .. } => match invitation {
            Invitation::First => "Choosing times",
            Invitation::Declined => "Choosing other times",
            Invitation::Expired => "Choosing again, the request ran out",
            Invitation::CancelledByClient => "Cancelled, may choose again",
            Invitation::CancelledByPractice => "Cancelled by us, may choose again",
            Invitation::Missed => "Missed the call, invited back",
            Invitation::Again => "Choosing times again",
            Invitation::Unlisted => "Choosing times, off the waiting list",
        },
        Stage::Listed(listed) if listed.offered.is_some() => "Offered a time from the waiting list",
        Stage::Listed(_) => "On the waiting list",
        Stage::Asked(_) => "Asks for a time",
        Stage::Booked { appointment, change } => booked(appointment, change.is_some(), now),
        Stage::Closed { reason, .. } => match reason {
            CloseReason::Held => "Session held",
            CloseReason::ClientStopped => "Wants no more letters",
            CloseReason::ByStaff(_) => "Closed by the practice",
        },
    }
}

fn booked(appointment: &Appointment, asks_to_move: bool, now: DateTime<Utc>) -> &'static str {
    if appointment.slot.end <= now {
        "Call over, outcome awaited"
    } else if appointment.slot.start <= now {
        "Call under way"
    } else if asks_to_move {
        "Booked, asks for another time"
    } else {
        "Booked"
    }
}

/// The colour that a stage is marked with: whether it waits for the practice, for the client,
/// for the day of the call, or for nobody.
pub(super) fn mark(file: &ClientFile) -> &'static str {
    let waits_for_us = !file.tasks().is_empty() || file.request().is_some();
    match &file.stage {
        _ if waits_for_us => "ours",
        Stage::Booked { .. } => "booked",
        Stage::Closed { .. } => "closed",
        Stage::Invited(_)
        | Stage::Reading { .. }
        | Stage::Choosing { .. }
        | Stage::Listed(_)
        | Stage::Asked(_) => "theirs",
    }
}

/// Since when, after the word that says so.
pub(super) fn since(file: &ClientFile, now: DateTime<Utc>) -> (&'static str, DateTime<Utc>) {
    match &file.stage {
        Stage::Invited(waiting) | Stage::Choosing { waiting, .. } => ("since", waiting.since),
        Stage::Reading { since } => ("since", *since),
        Stage::Listed(listed) => ("since", listed.since),
        Stage::Asked(proposal) => ("since", proposal.asked_at),
        Stage::Booked { appointment, .. } => {
            let start = appointment.slot.start;
            ("since", if start <= now { start } else { appointment.booked_at })
        }
        Stage::Closed { at, .. } => ("since", *at),
    }
}

/// What comes next, and when.
pub(super) fn next(file: &ClientFile, handbook: &Handbook, now: DateTime<Utc>) -> String {
    let zone = handbook.practice.zone;
    if let Some(task) = file.tasks().first() {
        return task_title(&task.kind).into();
    }
    if let Some(request) = file.request() {
        return format!("Your answer by {}", moment(request.expires_at, now, zone));
    }
    if let Some(appointment) = file.appointment() {
        return format!("Call {}", moment(appointment.slot.start, now, zone));
    }
    if let Some(listed) = file.listed().filter(|listed| listed.offered.is_none()) {
        return format!("Waits until {}", listed.wishes.until.format("%-d %B"));
    }
    match timers(file, handbook).into_iter().min_by_key(|(at, _)| *at) {
        Some((at, _)) if at <= now => "The next step is due now".into(),
        Some((at, Timer::Nudge)) => format!("Reminder {}", moment(at, now, zone)),
        Some((at, Timer::NudgesEnd)) => {
            format!("Your task, if all is quiet until {}", moment(at, now, zone))
        }
        Some((at, Timer::OfferExpiry)) => format!("Held for them until {}", moment(at, now, zone)),
        Some((
            at,
            Timer::WishesEnd
            | Timer::StaffReminder
            | Timer::ProposalExpiry
            | Timer::ClientReminder(_)
            | Timer::CallEnd,
        )) => moment(at, now, zone),
        None => "Nothing more".into(),
    }
}

/// What a task asks for.
pub(super) fn task_title(kind: &TaskKind) -> &'static str {
    match kind {
        TaskKind::ReadAnswers => "Read the answers",
        TaskKind::StoppedHalfWay => "Write, call or close",
        TaskKind::RecordOutcome(_) => "Say how the call went",
        TaskKind::LetterNotSent(_) => "A letter could not be sent",
    }
}
