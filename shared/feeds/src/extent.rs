//! How long an event lasts.

use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use domain::Slot;

use crate::{
    clock::Clock,
    values::{End, LENGTH_MAX, Length, Precision, Stamp},
};

/// The length of an event by its wall clock, and by the time that elapses. Programs differ in which
/// of them they mean in a night in which the clocks change: the later end counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    by_wall: TimeDelta,
    elapsed: TimeDelta,
}

/// One of the times at which an event begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Time {
    pub(crate) at: DateTime<Utc>,
    /// What the event's clock shows; if it never does, what the event says that it shows.
    pub(crate) wall: NaiveDateTime,
}

impl Time {
    pub(crate) fn on(clock: &Clock, wall: NaiveDateTime) -> Self {
        Self { at: clock.instant_of(wall), wall }
    }
}

/// Why there is no telling how long an event lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoExtent {
    /// Its end is before its start.
    Backwards,
    Unreadable,
}

impl Extent {
    /// What is left of the day when an event begins, or a whole day for one of whole days.
    pub(crate) fn rest_of_day(start: NaiveDateTime) -> Self {
        let midnight = start.date().checked_add_days(Days::new(1)).unwrap_or(start.date());
        Self { by_wall: midnight.and_time(NaiveTime::MIN) - start, elapsed: TimeDelta::zero() }
    }

    /// The length of an event that begins at `start` on `clock` and ends on `end_clock`, which is
    /// that of the end if it has one of its own.
    pub(crate) fn of(
        start: Stamp,
        clock: &Clock,
        end: End,
        end_clock: &Clock,
    ) -> Result<Self, NoExtent> {
        let extent = match end {
            End::Unreadable => return Err(NoExtent::Unreadable),
            End::NotSaid if start.precision == Precision::Day => Self::rest_of_day(start.wall),
            End::NotSaid => Self { by_wall: TimeDelta::zero(), elapsed: TimeDelta::zero() },
            End::After(length) => Self::after(length),
            End::At(end) => Self::until(start, clock, end, end_clock),
        };
        match extent.most() {
            most if most < TimeDelta::zero() => Err(NoExtent::Backwards),
            most if LENGTH_MAX < most => Err(NoExtent::Unreadable),
            _ => Ok(extent),
        }
    }

    fn after(length: Length) -> Self {
        match length.days {
            none if none.is_zero() => Self { by_wall: none, elapsed: length.time },
            days if days < TimeDelta::zero() => Self { by_wall: days, elapsed: days },
            days => Self { by_wall: days + length.time, elapsed: TimeDelta::zero() },
        }
    }

    fn until(start: Stamp, clock: &Clock, end: Stamp, end_clock: &Clock) -> Self {
        let is_day = |stamp: Stamp| stamp.precision == Precision::Day;
        if is_day(start) && is_day(end) {
            // Programs that write the last day as the end mean that day, although the end of a day
            // should be the next one.
            let is_one_day = start.wall == end.wall;
            let by_wall = if is_one_day { TimeDelta::days(1) } else { end.wall - start.wall };
            return Self { by_wall, elapsed: by_wall.min(TimeDelta::zero()) };
        }
        let (begins, ends) = (clock.instant_of(start.wall), end_clock.instant_of(end.wall));
        let by_wall = clock.wall_at(ends) - start.wall;
        // A start that the clock jumps over moves forward; an end that it reaches moves with it.
        let elapsed = ends - begins;
        let is_reached = elapsed <= TimeDelta::zero() && clock.wall_at(begins) != start.wall;
        let elapsed = if is_reached { elapsed.max(by_wall) } else { elapsed };
        Self { by_wall, elapsed }
    }

    /// The longer one of both lengths.
    pub(crate) fn most(self) -> TimeDelta {
        self.by_wall.max(self.elapsed)
    }

    /// The span of an event that begins then.
    pub(crate) fn from(self, time: Time, clock: &Clock) -> Option<Slot> {
        let by_wall = clock.instant_of(time.wall.checked_add_signed(self.by_wall)?);
        let end = by_wall.max(time.at.checked_add_signed(self.elapsed)?);
        Some(Slot { start: time.at, end })
    }
}
