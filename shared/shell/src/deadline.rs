//! Until when work may be begun.
//!
//! A function is stopped when its time is over, wherever it stands: a letter may have left by then
//! without anybody having noted it. So work is begun only if it will be over in time, and what one run
//! leaves the next one finds.

use chrono::{DateTime, TimeDelta, Utc};

/// When a run must be over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(DateTime<Utc>);

impl Deadline {
    /// Nobody stops the run: that of a house in one process.
    pub const NONE: Self = Self(DateTime::<Utc>::MAX_UTC);

    /// The run is stopped then.
    pub fn at(when: DateTime<Utc>) -> Self {
        Self(when)
    }

    /// The same, and at most so long from `now`.
    #[must_use]
    pub fn within(self, now: DateTime<Utc>, most: TimeDelta) -> Self {
        Self(self.0.min(now + most))
    }

    /// Whether what takes so long at most is over in time, if it begins `now`.
    pub fn leaves(self, now: DateTime<Utc>, long: TimeDelta) -> bool {
        now + long <= self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_not_be_over_in_time_is_not_begun() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let (minute, hour) = (TimeDelta::minutes(1), TimeDelta::hours(1));
        let deadline = Deadline::at(now + minute);
        assert!(deadline.leaves(now, minute));
        assert!(!deadline.leaves(now, minute + TimeDelta::seconds(1)));
        assert!(!deadline.leaves(now + minute, TimeDelta::seconds(1)));
        assert_eq!(deadline.within(now, hour), deadline, "no later than before");
        assert!(!deadline.within(now, TimeDelta::seconds(30)).leaves(now, minute));
        assert!(Deadline::NONE.leaves(now, TimeDelta::weeks(52_000)));
    }
}
