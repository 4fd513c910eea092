//! Until when an appointment can be cancelled or moved.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Appointment, Refusal};

/// Until how long before it begins an appointment can be changed, and by whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CutOffs {
    /// By the client, with the links of the letters. Later on only a person helps.
    pub client: CutOff,
    /// By staff. Later on they say why.
    pub staff: CutOff,
}

/// How long before it begins; zero for any time before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CutOff {
    /// It can be called off.
    pub cancel: TimeDelta,
    /// Another time can be asked for, or booked in its place.
    pub reschedule: TimeDelta,
}

impl Appointment {
    /// Whether the client may call it off now, and if not, why.
    pub fn client_may_cancel(&self, cut_offs: CutOffs, now: DateTime<Utc>) -> Result<(), Refusal> {
        let before = cut_offs.client.cancel;
        self.not_begun(now)?;
        let too_late = Refusal::TooLateToCancel { hours: before.num_hours() };
        if self.is_closer_than(before, now) { Err(too_late) } else { Ok(()) }
    }

    /// Whether the client may ask for another time now, and if not, why.
    pub fn client_may_move(&self, cut_offs: CutOffs, now: DateTime<Utc>) -> Result<(), Refusal> {
        let before = cut_offs.client.reschedule;
        self.not_begun(now)?;
        let too_late = Refusal::TooLateToMove { hours: before.num_hours() };
        if self.is_closer_than(before, now) { Err(too_late) } else { Ok(()) }
    }

    /// Nothing of a call that has begun is changed.
    pub(crate) fn not_begun(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if now < self.slot.start { Ok(()) } else { Err(Refusal::CallBegun) }
    }

    pub(crate) fn is_closer_than(&self, span: TimeDelta, now: DateTime<Utc>) -> bool {
        self.slot.start - span < now
    }
}
