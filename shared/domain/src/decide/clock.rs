//! Time as a visitor: whatever is due is done, once.

use crate::{Circumstances, ClientFile, Event, Stage, Timer, timers};

/// The fact that the earliest due timer makes; none if nothing is due.
///
/// One at a time, because each may change what is due after it: the next is found by asking
/// again.
pub(super) fn time_passed(file: &ClientFile, c: &Circumstances<'_>) -> Vec<Event> {
    let due = timers(file, c.handbook)
        .into_iter()
        .filter(|(at, _)| *at <= c.now)
        .min_by_key(|(at, _)| *at);
    let Some((_, timer)) = due else { return vec![] };
    match (timer, &file.stage) {
        (Timer::Nudge, _) => vec![Event::Nudged],
        (Timer::NudgesEnd, _) => vec![Event::NudgesEnded],
        (Timer::StaffReminder, _) => file
            .request()
            .map(|open| Event::StaffReminded { proposal: open.id.clone() })
            .into_iter()
            .collect(),
        (Timer::ProposalExpiry, _) => file
            .request()
            .map(|open| Event::ProposalExpired { proposal: open.id.clone() })
            .into_iter()
            .collect(),
        (Timer::ClientReminder(reminder), _) => vec![Event::ClientReminded { reminder }],
        (Timer::CallEnd, Stage::Booked { appointment, .. }) => {
            vec![Event::OutcomeAwaited { appointment: appointment.id.clone() }]
        }
        (Timer::CallEnd, _) => unreachable!("only a booked call can end"),
    }
}
