//! Times, letters and links in the words of the desk: short, for a list read every morning.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{LetterKind, local_date};

use crate::{place_of_zone, time};

/// `today`, `tomorrow`, `yesterday`, or `Tue 24 Nov`, with the year where it is another one.
pub(super) fn day(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let (date, today) = (local_date(zone, at), local_date(zone, now));
    match (date - today).num_days() {
        0 => "today".into(),
        1 => "tomorrow".into(),
        -1 => "yesterday".into(),
        _ if date.year() == today.year() => date.format("%a %-d %b").to_string(),
        _ => date.format("%a %-d %b %Y").to_string(),
    }
}

/// `today, 15:30`.
pub(super) fn moment(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    format!("{}, {}", day(at, now, zone), time(at, zone))
}

/// `Tue 24 Nov, 15:30`, whatever day it is: for a time to be chosen among others.
pub(crate) fn choice(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%a %-d %b, %H:%M").to_string()
}

/// What the client's clock shows, where it is not what ours shows: `10:30 New York time`.
pub(super) fn theirs(at: DateTime<Utc>, ours: Tz, theirs: Option<Tz>) -> Option<String> {
    let theirs = theirs?;
    let (here, there) = (at.with_timezone(&ours), at.with_timezone(&theirs));
    if here.naive_local() == there.naive_local() {
        return None;
    }
    let shown =
        if here.date_naive() == there.date_naive() { time(at, theirs) } else { choice(at, theirs) };
    Some(format!("{shown} {}", place_of_zone(theirs)))
}

/// `three days`, `an hour`: how long ago or how far ahead, roughly.
pub(super) fn span(length: TimeDelta) -> String {
    let counted = |count: i64, one: &str, many: &str| match count {
        1 => one.to_owned(),
        _ => format!("{count} {many}"),
    };
    match length.num_minutes() {
        ..=0 => "a moment".into(),
        minutes @ 1..60 => counted(minutes, "a minute", "minutes"),
        minutes @ 60..1440 => counted(minutes / 60, "an hour", "hours"),
        minutes => counted(minutes / 1440, "a day", "days"),
    }
}

/// `no calls`, `1 call`, `2 calls`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

/// A letter's name for people.
pub fn letter_name(kind: LetterKind) -> String {
    match kind {
        LetterKind::Welcome => "Welcome, with the questionnaire".into(),
        LetterKind::WelcomeBack => "Welcome back".into(),
        LetterKind::Invitation => "Invitation".into(),
        LetterKind::QuestionnaireNudge(step) => format!("Questionnaire, reminder {step}"),
        LetterKind::Calendar => "Invitation to the calendar".into(),
        LetterKind::TimesNudge(step) => format!("Calendar, reminder {step}"),
        LetterKind::TimeOffered => "A time from the waiting list".into(),
        LetterKind::WaitEnded => "End of the wait on the list".into(),
        LetterKind::Request => "Request, to the practice".into(),
        LetterKind::RequestReminder => "Request still open, to the practice".into(),
        LetterKind::Confirmation => "Confirmation".into(),
        LetterKind::Moved => "New time".into(),
        LetterKind::Declined => "Times declined".into(),
        LetterKind::ChangeDeclined => "Change declined".into(),
        LetterKind::Expired => "Request ran out".into(),
        LetterKind::CancelledByClient => "Cancellation, to the client".into(),
        LetterKind::CancelledByPractice => "Cancelled by the practice".into(),
        LetterKind::CancellationNotice => "Cancellation, to the practice".into(),
        LetterKind::ReminderDay => "Reminder, the day before".into(),
        LetterKind::ReminderHour => "Reminder, an hour before".into(),
        LetterKind::ThankYou => "Thank you".into(),
        LetterKind::MissedYou => "Missed call".into(),
    }
}
