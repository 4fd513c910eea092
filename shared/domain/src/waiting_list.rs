//! The waiting list: what somebody wishes for who has found no time, and what they are offered.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

use crate::{Proposal, Slot, StaffId, TimeSpan, instant_of, local_date};

/// How the waiting list is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingList {
    /// For how long a time is held that is offered to somebody on it.
    pub hold: TimeDelta,
}

/// When somebody could come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// On these days of the week; at least one.
    pub days: Vec<Weekday>,
    /// Between these hours.
    pub hours: TimeSpan,
    /// On whose clocks both are read.
    pub zone: Tz,
    /// Up to this date, and on it.
    pub until: NaiveDate,
    /// With whom, where they may choose.
    pub with: Option<StaffId>,
}

/// Somebody's place on the waiting list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What they wish for.
    pub wishes: Wishes,
    /// Since when it is their turn: since they came, or since they let an offer pass.
    pub since: DateTime<Utc>,
    /// The time that is held for them until they answer.
    pub offered: Option<Proposal>,
    /// The last times that they let pass, the latest last; they are not offered again.
    pub passed: Vec<DateTime<Utc>>,
    /// How many offers in a row went without any answer.
    pub unanswered: u8,
}

impl Wishes {
    /// How far ahead somebody can wait, in days.
    pub const DAYS_MAX: i64 = 365;

    /// Whether a session then lies within them, from its beginning to its end.
    pub fn suit(&self, slot: Slot) -> bool {
        let date = local_date(self.zone, slot.start);
        let at = |minute: crate::MinuteOfDay| instant_of(self.zone, minute.on(date));
        date <= self.until
            && self.days.contains(&date.weekday())
            && at(self.hours.from) <= slot.start
            && slot.end <= at(self.hours.to)
    }

    /// The first instant that lies behind them.
    pub fn end(&self) -> DateTime<Utc> {
        let after = self.until.succ_opt().unwrap_or(self.until);
        instant_of(self.zone, after.and_time(NaiveTime::MIN))
    }
}

impl Listed {
    /// How many of the times that were let pass are remembered.
    pub const PASSED_KEPT: usize = 12;

    /// After so many offers without any answer the wait is over.
    pub const UNANSWERED_MAX: u8 = 3;

    /// Somebody who has just come onto the list.
    pub fn new(wishes: Wishes, since: DateTime<Utc>) -> Self {
        Self { wishes, since, offered: None, passed: vec![], unanswered: 0 }
    }

    /// Whether a time may be offered to them.
    pub fn suits(&self, slot: Slot) -> bool {
        self.wishes.suit(slot) && !self.passed.contains(&slot.start)
    }
}
