//! Wall clocks: those of zones that everybody knows, and those that a feed describes itself.

use chrono::{DateTime, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use domain::instant_of;

/// What turns wall times into instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Clock {
    Zone(Tz),
    Own(OwnClock),
}

impl Clock {
    /// The instant at which this clock shows `wall`: the earlier one in a fold; in a gap it moves
    /// forward by the gap.
    pub(crate) fn instant_of(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        match self {
            Self::Zone(zone) => instant_of(*zone, wall),
            Self::Own(own) => own.instant_of(wall),
        }
    }

    /// What this clock shows.
    pub(crate) fn wall_at(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let at = at.naive_utc();
        match self {
            Self::Zone(zone) => {
                let ahead = zone.offset_from_utc_datetime(&at).fix().local_minus_utc();
                at + TimeDelta::seconds(ahead.into())
            }
            Self::Own(own) => at + own.ahead_at(at),
        }
    }
}

/// A clock that runs ahead of UTC by one offset, and from some instants on by others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnClock {
    first: TimeDelta,
    changes: Vec<Change>,
}

/// From an instant on, in UTC, a clock runs this much ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    pub(crate) at: NaiveDateTime,
    pub(crate) ahead: TimeDelta,
}

impl OwnClock {
    /// A clock that begins with `first`; the changes come in any order.
    pub(crate) fn new(first: TimeDelta, mut changes: Vec<Change>) -> Self {
        changes.sort_unstable();
        Self { first, changes }
    }

    fn ahead_at(&self, at: NaiveDateTime) -> TimeDelta {
        let next = self.changes.partition_point(|change| change.at <= at);
        self.ahead_before(next)
    }

    /// How much it runs ahead until the change with this number.
    fn ahead_before(&self, next: usize) -> TimeDelta {
        next.checked_sub(1).and_then(|last| self.changes.get(last)).map_or(self.first, |c| c.ahead)
    }

    fn instant_of(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        // No clock is a day away from UTC, so what changed before the day before does not matter.
        let mut next =
            self.changes.partition_point(|change| change.at <= wall - TimeDelta::days(1));
        loop {
            let shown = wall - self.ahead_before(next);
            let is_later = self.changes.get(next).is_some_and(|change| change.at <= shown);
            if is_later {
                next += 1;
                continue;
            }
            // The change that led here jumped over this wall time: read the clock as it ran before.
            let last = next.checked_sub(1);
            let jumped = last.filter(|last| self.changes.get(*last).is_some_and(|c| shown < c.at));
            let shown = jumped.map_or(shown, |last| wall - self.ahead_before(last));
            return shown.and_utc();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn lisbon() -> Clock {
        let change = |at, hours| Change { at: utc(at), ahead: TimeDelta::hours(hours) };
        let changes = vec![change("2026-10-25 01:00", 0), change("2026-03-29 01:00", 1)];
        Clock::Own(OwnClock::new(TimeDelta::zero(), changes))
    }

    #[test]
    fn a_clock_of_its_own_runs_as_the_zone_does() {
        let zone = Clock::Zone(Tz::Europe__Lisbon);
        for quarters in 0..(4 * 24 * 364) {
            let wall = utc("2026-01-01 00:00") + TimeDelta::minutes(15 * quarters);
            assert_eq!(lisbon().instant_of(wall), zone.instant_of(wall), "{wall}");
            assert_eq!(lisbon().wall_at(wall.and_utc()), zone.wall_at(wall.and_utc()), "{wall}");
        }
    }
}
