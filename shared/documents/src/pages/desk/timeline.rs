//! What has happened, in words.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    Actor, Appointment, Consent, Event, Handbook, Note, Offer, Outcome, Proposal, Reminder, Rule,
    SessionTypeId,
};

use super::words::letter_name;
use crate::{date_time, pages::calendar::in_words, place_of_zone};

/// An event in words, and what more there is to say about it. Who did it stands beside it.
pub fn describe(event: &Event, handbook: &Handbook) -> (String, Option<String>) {
    let zone = handbook.practice.zone;
    let of = |appointment: &Appointment| date_time(appointment.slot.start, zone);
    match event {
        Event::OptedIn { session, consent, letters_not_before: at, client: _, person: _ } => {
            asked("Asked for a session", (session, consent, *at), handbook)
        }
        Event::OptedInAgain {
            session,
            consent,
            letters_not_before: at,
            questionnaire: _,
            person: _,
        } => asked("Asked again", (session, consent, *at), handbook),
        Event::QuestionnaireCompleted { staff_read_first, questionnaire: _ } => {
            with("Completed the questionnaire", when_it_opens(*staff_read_first))
        }
        Event::AnswersChanged => plain("Changed the answers"),
        Event::CalendarOpened => plain("Opened the calendar"),
        Event::TimesProposed { proposal, zone } => (
            format!("Asked for {}", how_many(proposal.times.len())),
            Some(times(proposal, *zone, handbook)),
        ),
        Event::WishesLeft { wishes } => with("Waits on the list", &in_words(handbook, wishes)),
        Event::WishesWithdrawn => plain("Left the waiting list"),
        Event::WishesEnded => with("The wait ended", "No time came; the client was told."),
        Event::TimeOffered { proposal } => (
            "A time was offered from the waiting list".into(),
            Some(times(proposal, zone, handbook)),
        ),
        Event::OfferPassed { proposal: _ } => plain("Let the offered time pass"),
        Event::OfferExpired { proposal: _ } => plain("The offered time was not answered"),
        Event::StaffReminded { proposal: _ } => plain("Reminded the practice of the request"),
        Event::RulesSetAside { start, rules, why } => {
            let start = date_time(*start, zone);
            (format!("Set the rules aside for {start}"), Some(although(rules, why)))
        }
        Event::TimeApproved { appointment } => (format!("Booked {}", of(appointment)), None),
        Event::AppointmentMoved { appointment } => {
            (format!("Moved the appointment to {}", of(appointment)), None)
        }
        Event::TimesDeclined { proposal: _, note } => {
            ("Declined the times".into(), told("the client", note))
        }
        Event::ProposalExpired { proposal: _ } => with(
            "The request ran out",
            "Nobody answered in time; the client was told, with an apology.",
        ),
        Event::AppointmentCancelled { appointment, by, note } => {
            (format!("Cancelled the appointment of {}", of(appointment)), told(other(by), note))
        }
        Event::Nudged => plain("Wrote a reminder to go on"),
        Event::NudgesEnded => with("The reminders ended", "From here on a person must look."),
        Event::ClientReminded { reminder } => plain(reminded(*reminder)),
        Event::OutcomeAwaited { appointment: _ } => {
            plain("The call was over, its outcome not said")
        }
        Event::OutcomeRecorded { appointment, outcome } => {
            (happened(*outcome).into(), Some(of(appointment)))
        }
        Event::InvitedAgain => plain("Invited again"),
        Event::InvitedTo { session, questionnaire: _ } => {
            (format!("Invited to {}", handbook.session(session).name), None)
        }
        Event::NudgesStopped => plain("Asked for no more reminders"),
        Event::FileClosed { note } => ("Closed the file".into(), quoted(note)),
        Event::LetterNotSent { letter } => {
            (format!("Could not send the letter “{}”", letter_name(*letter)), None)
        }
        Event::LettersSettled => plain("Settled the letters that could not be sent"),
    }
}

/// Which kind of session, where there is more than one.
fn of_kind(session: &SessionTypeId, handbook: &Handbook) -> String {
    match &*handbook.sessions {
        [] | [_] => String::new(),
        _ => format!(": {}", handbook.session(session).name),
    }
}

fn reminded(reminder: Reminder) -> &'static str {
    match reminder {
        Reminder::DayBefore => "Wrote the reminder for the day before",
        Reminder::HourBefore => "Wrote the reminder for the hour before",
    }
}

fn happened(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Held => "The session took place",
        Outcome::NoShow => "The client did not come",
    }
}

fn when_it_opens(staff_read_first: bool) -> &'static str {
    if staff_read_first {
        "The calendar opens when the answers have been read."
    } else {
        "The calendar opened at once."
    }
}

fn plain(words: &str) -> (String, Option<String>) {
    (words.into(), None)
}

fn with(words: &str, detail: &str) -> (String, Option<String>) {
    (words.into(), Some(detail.into()))
}

/// What was asked for, and agreed to.
fn asked(
    words: &str,
    (session, consent, not_before): (&SessionTypeId, &Consent, Option<DateTime<Utc>>),
    handbook: &Handbook,
) -> (String, Option<String>) {
    let Consent { words: read, handbook: version, page } = consent;
    let agreed = format!("Agreed to: “{read}” On {page}, handbook {version}.");
    let waited = not_before.map(|at| date_time(at, handbook.practice.zone));
    let waited = waited.map(|at| format!(" The letter waited until {at}.")).unwrap_or_default();
    (format!("{words}{}", of_kind(session, handbook)), Some(format!("{agreed}{waited}")))
}

fn how_many(times: usize) -> String {
    match times {
        1 => "a time".into(),
        2 => "two times".into(),
        3 => "three times".into(),
        _ => format!("{times} times"),
    }
}

/// The times, the first choice first, one a line.
fn times(proposal: &Proposal, read_in: Tz, handbook: &Handbook) -> String {
    let zone = handbook.practice.zone;
    let session = handbook.session(&proposal.session);
    let is_one = session.providers().count() == 1;
    let time = |offer: &Offer| {
        let time = date_time(offer.slot.start, zone);
        let names = handbook.names(&offer.providers);
        if is_one { time } else { format!("{time}, with {names}") }
    };
    let times = proposal.times.iter().map(time);
    let mut lines: Vec<String> = times.collect();
    if read_in != zone {
        lines.push(format!("The client reads {}.", place_of_zone(read_in)));
    }
    lines.join("\n")
}

fn told(reader: &str, note: &Note) -> Option<String> {
    quoted(note).map(|note| format!("Told {reader}: {note}"))
}

/// The other side than the one who did it.
fn other(by: &Actor) -> &'static str {
    match by {
        Actor::Client => "the practice",
        Actor::Staff(_) | Actor::Clock => "the client",
    }
}

fn although(rules: &[Rule], why: &Note) -> String {
    let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
    format!("Although {}: “{}”", rules.join(", and "), why.as_str())
}

fn quoted(note: &Note) -> Option<String> {
    (!note.is_empty()).then(|| format!("“{}”", note.as_str()))
}
