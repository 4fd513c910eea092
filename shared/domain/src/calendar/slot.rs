//! A span of time that a session takes, and what is kept free around it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// A half-open span of instants: a session at `start` is over at `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// When it is over.
    pub end: DateTime<Utc>,
}

/// What is kept free before and after a session. Between two neighbours the larger one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buffers {
    /// Before the session.
    pub before: TimeDelta,
    /// After the session.
    pub after: TimeDelta,
}

impl Buffers {
    /// Nothing is kept free.
    pub const NONE: Self = Self { before: TimeDelta::zero(), after: TimeDelta::zero() };
}

impl Slot {
    /// The slot that starts at `start` and lasts `length` of elapsed time.
    pub fn of(start: DateTime<Utc>, length: TimeDelta) -> Self {
        Self { start, end: start + length }
    }

    /// Whether two sessions leave too little room between them.
    pub fn meets(&self, buffers: Buffers, other: &Self, other_buffers: Buffers) -> bool {
        let gap_after_other = buffers.before.max(other_buffers.after);
        let gap_before_other = buffers.after.max(other_buffers.before);
        self.start < other.end + gap_after_other && other.start < self.end + gap_before_other
    }

    /// The UTC days whose sheets must list this session: those it touches with its buffers.
    pub fn days(&self, buffers: Buffers) -> impl Iterator<Item = NaiveDate> + use<> {
        let last = self.last_day(buffers);
        self.first_day(buffers).iter_days().take_while(move |day| *day <= last)
    }

    /// The first of these days.
    pub fn first_day(&self, buffers: Buffers) -> NaiveDate {
        (self.start - buffers.before).date_naive()
    }

    /// The last of these days.
    pub fn last_day(&self, buffers: Buffers) -> NaiveDate {
        (self.end + buffers.after - TimeDelta::nanoseconds(1)).date_naive()
    }
}
