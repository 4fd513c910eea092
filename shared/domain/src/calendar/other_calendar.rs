//! What is known of a provider's time in another calendar of theirs.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Buffers, Rule, Slot, StaffId};

/// A calendar that somebody else keeps, as it was last read.
///
/// It fails closed: once it has been silent for longer than its grace, nothing is known of the
/// provider's time, and so nothing is on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherCalendar {
    /// Whose time it tells of.
    pub provider: StaffId,
    /// When they are busy, in order and apart.
    pub busy: Vec<Slot>,
    /// What lies later was not looked at, so it counts as busy.
    pub until: DateTime<Utc>,
    /// When it was last read.
    pub read_at: DateTime<Utc>,
    /// For how long what was read counts.
    pub grace: TimeDelta,
}

impl OtherCalendar {
    /// Whether it has been silent for too long.
    pub fn is_silent(&self, now: DateTime<Utc>) -> bool {
        self.read_at + self.grace <= now
    }

    /// Every stretch in which nothing can take place.
    pub(super) fn taken(&self) -> impl Iterator<Item = Slot> {
        let later = Slot { start: self.until, end: DateTime::<Utc>::MAX_UTC - TimeDelta::days(2) };
        self.busy.iter().copied().chain([later])
    }

    /// What it says against a session.
    pub fn against(&self, slot: Slot, buffers: Buffers, now: DateTime<Utc>) -> Option<Rule> {
        if self.is_silent(now) {
            return Some(Rule::Silent);
        }
        let meets = |taken: Slot| slot.meets(buffers, &taken, Buffers::NONE);
        self.taken().any(meets).then_some(Rule::Elsewhere)
    }
}
