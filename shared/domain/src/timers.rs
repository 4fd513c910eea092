//! What a file waits for. Nothing is scheduled: every commit works the timers out anew, and
//! the earliest of them is the file's next due time.

use chrono::{DateTime, Days, TimeDelta, Utc};

use crate::{
    Appointment, Cadence, ClientFile, Handbook, Invitation, Listed, Reminder, Stage, Waiting,
    instant_of, local_date, next_local,
};

/// Something that becomes due by the passing of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// The next nudge of the cadence.
    Nudge,
    /// The end of the cadence: a task for a person.
    NudgesEnd,
    /// Staff have not answered a request.
    StaffReminder,
    /// A request runs out.
    ProposalExpiry,
    /// A time that was offered from the waiting list runs out.
    OfferExpiry,
    /// The last day of somebody's wishes is over.
    WishesEnd,
    /// A reminder of the call.
    ClientReminder(Reminder),
    /// The call is over.
    CallEnd,
}

/// The earliest timer: when the file is to be looked at again. None if only a person, or
/// nobody, can move it on.
pub fn next_due(file: &ClientFile, handbook: &Handbook) -> Option<DateTime<Utc>> {
    timers(file, handbook).into_iter().map(|(at, _)| at).min()
}

/// Every running timer of a file.
pub fn timers(file: &ClientFile, handbook: &Handbook) -> Vec<(DateTime<Utc>, Timer)> {
    let mut timers = Vec::new();
    match &file.stage {
        Stage::Invited(waiting) => {
            timers.extend(waiting_timer(
                file,
                waiting,
                &handbook.rules.questionnaire_nudges,
                handbook,
            ));
        }
        Stage::Choosing { invitation: Invitation::CancelledByClient, waiting } => {
            let quiet = without_nudges(&handbook.rules.times_nudges);
            timers.extend(waiting_timer(file, waiting, &quiet, handbook));
        }
        Stage::Choosing { waiting, .. } => {
            timers.extend(waiting_timer(file, waiting, &handbook.rules.times_nudges, handbook));
        }
        Stage::Listed(listed) => timers.push(match &listed.offered {
            Some(offer) => (offer.expires_at, Timer::OfferExpiry),
            None if Listed::UNANSWERED_MAX <= listed.unanswered => {
                (in_nudge_hours(handbook, listed.since), Timer::WishesEnd)
            }
            None => (in_nudge_hours(handbook, listed.wishes.end()), Timer::WishesEnd),
        }),
        Stage::Booked { appointment, .. } => timers.extend(call_timers(appointment, handbook)),
        Stage::Asked(_) | Stage::Reading { .. } | Stage::Closed { .. } => {}
    }
    if let Some(proposal) = file.request() {
        timers.push((proposal.expires_at, Timer::ProposalExpiry));
        let remind_at = proposal.asked_at + handbook.rules.staff_reminder;
        if proposal.reminded_at.is_none() && remind_at < proposal.expires_at {
            timers.push((remind_at, Timer::StaffReminder));
        }
    }
    timers
}

/// Who has cancelled knows where the calendar is and is not asked again; at the end of the same
/// span a person looks.
fn without_nudges(cadence: &Cadence) -> Cadence {
    let last = cadence.nudges_after.last().copied().unwrap_or_default();
    Cadence { nudges_after: vec![], task_after: last + cadence.task_after }
}

fn waiting_timer(
    file: &ClientFile,
    waiting: &Waiting,
    cadence: &Cadence,
    handbook: &Handbook,
) -> Option<(DateTime<Utc>, Timer)> {
    if waiting.ended_at.is_some() {
        return None;
    }
    let after =
        cadence.nudges_after.get(usize::from(waiting.nudges)).filter(|_| !file.nudges_stopped);
    let Some(after) = after else {
        let last = waiting.nudged_at.unwrap_or(waiting.since);
        return Some((last + cadence.task_after, Timer::NudgesEnd));
    };
    // After an outage several nudges may be late: they still come a day apart.
    let planned = waiting.since + *after;
    let at =
        waiting.nudged_at.map_or(planned, |nudged_at| planned.max(nudged_at + TimeDelta::days(1)));
    Some((in_nudge_hours(handbook, at), Timer::Nudge))
}

/// `at`, if the wall clock then stands in the hours of nudges; else the next time it enters them.
pub fn in_nudge_hours(handbook: &Handbook, at: DateTime<Utc>) -> DateTime<Utc> {
    let (zone, span) = (handbook.practice.zone, handbook.rules.nudges_between);
    let today = local_date(zone, at);
    let opens = instant_of(zone, span.from.on(today));
    let closes = instant_of(zone, span.to.on(today));
    if opens <= at && at < closes { at } else { next_local(zone, at, span.from) }
}

fn call_timers(appointment: &Appointment, handbook: &Handbook) -> Vec<(DateTime<Utc>, Timer)> {
    if appointment.outcome_awaited_since.is_some() {
        return vec![];
    }
    let mut timers = vec![(appointment.slot.end, Timer::CallEnd)];
    for reminder in [Reminder::DayBefore, Reminder::HourBefore] {
        let at = reminder_at(appointment, reminder, handbook);
        // A call booked after the moment of a reminder needs none: the confirmation has just left.
        if appointment.reminded < Some(reminder) && appointment.booked_at < at {
            timers.push((at, Timer::ClientReminder(reminder)));
        }
    }
    timers
}

fn reminder_at(
    appointment: &Appointment,
    reminder: Reminder,
    handbook: &Handbook,
) -> DateTime<Utc> {
    let start = appointment.slot.start;
    match reminder {
        Reminder::DayBefore => {
            let zone = handbook.practice.zone;
            let day_before = local_date(zone, start) - Days::new(1);
            instant_of(zone, handbook.rules.day_before_at.on(day_before))
        }
        Reminder::HourBefore => start - TimeDelta::hours(1),
    }
}

/// The last moment at which a reminder is of use.
pub(crate) fn reminder_not_after(appointment: &Appointment, reminder: Reminder) -> DateTime<Utc> {
    match reminder {
        Reminder::DayBefore => appointment.slot.start - TimeDelta::hours(2),
        Reminder::HourBefore => appointment.slot.start,
    }
}
