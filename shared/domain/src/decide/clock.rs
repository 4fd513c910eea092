//! Time as a visitor: whatever is due is done, once.

use crate::{Circumstances, ClientFile, Event, Timer, timers};

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
    let proposal = || file.request().map(|open| open.id.clone());
    let event = match timer {
        Timer::Nudge => Some(Event::Nudged),
        Timer::NudgesEnd => Some(Event::NudgesEnded),
        Timer::StaffReminder => proposal().map(|proposal| Event::StaffReminded { proposal }),
        Timer::ProposalExpiry => proposal().map(|proposal| Event::ProposalExpired { proposal }),
        Timer::OfferExpiry => {
            file.offered().map(|offer| Event::OfferExpired { proposal: offer.id.clone() })
        }
        Timer::WishesEnd => Some(Event::WishesEnded),
        Timer::ClientReminder(reminder) => Some(Event::ClientReminded { reminder }),
        Timer::CallEnd => file
            .appointment()
            .map(|appointment| Event::OutcomeAwaited { appointment: appointment.id.clone() }),
    };
    event.into_iter().collect()
}
