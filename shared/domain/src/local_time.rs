//! Between the wall clock of a zone and instants.
//!
//! Days of 23 and 25 hours, and days without a midnight, are ordinary days here: a wall time
//! inside a gap moves forward by the gap, one inside a fold means the earlier instant.

use std::ops::RangeInclusive;

use chrono::{
    DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, TimeZone as _, Utc,
};
use chrono_tz::Tz;

/// Minutes since local midnight, 0 to 1440; 1440 is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MinuteOfDay(u16);

impl MinuteOfDay {
    /// A full hour, from 0 to 24.
    ///
    /// # Panics
    /// If a day does not have that hour.
    pub const fn hour(hour: u16) -> Self {
        assert!(hour <= 24, "a day has 24 hours");
        Self(hour * 60)
    }

    /// Reads `HH:MM`, from 00:00 to 24:00.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let is_two_digits =
            |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_two_digits(hours) || !is_two_digits(minutes) {
            return None;
        }
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let total = hours * 60 + minutes;
        (minutes < 60 && total <= 24 * 60).then_some(Self(total))
    }

    /// Minutes since midnight.
    pub fn get(self) -> u16 {
        self.0
    }

    /// This wall time on `date`, in no zone yet.
    pub fn on(self, date: NaiveDate) -> NaiveDateTime {
        date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(self.0))
    }
}

/// The date that the wall calendar of `zone` shows at `at`.
pub fn local_date(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The instant at which the wall clock of `zone` shows `local`.
pub fn instant_of(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    if let Some(instant) = zone.from_local_datetime(&local).earliest() {
        return instant.to_utc();
    }
    // A gap: read the wall clock as it was running before it. The longest gap known is the
    // day that Samoa skipped, so a day and a half of quarter hours finds its edge.
    for quarters in 1..=144 {
        let earlier = local - TimeDelta::minutes(15 * quarters);
        if let Some(before) = zone.from_local_datetime(&earlier).latest() {
            return (local - before.offset().fix()).and_utc();
        }
    }
    unreachable!("no zone skips more than a day and a half")
}

/// The first instant at or after `from` at which the wall clock of `zone` shows `at`.
pub fn next_local(zone: Tz, from: DateTime<Utc>, at: MinuteOfDay) -> DateTime<Utc> {
    let today = local_date(zone, from);
    (0..=2)
        .map(|days| instant_of(zone, at.on(today + Days::new(days))))
        .find(|instant| from <= *instant)
        .unwrap_or(from)
}

/// Of times in their order, the first on each day of a zone, `most` of them.
pub fn one_each_day(
    times: impl Iterator<Item = DateTime<Utc>>,
    zone: Tz,
    most: usize,
) -> Vec<DateTime<Utc>> {
    let mut chosen: Vec<DateTime<Utc>> = Vec::new();
    for time in times {
        let is_new =
            chosen.last().is_none_or(|last| local_date(zone, *last) != local_date(zone, time));
        if is_new && chosen.len() < most {
            chosen.push(time);
        }
    }
    chosen
}

/// One date of a zone's wall calendar.
pub(crate) struct LocalDay {
    zone: Tz,
    date: NaiveDate,
    /// What the wall clock shows more than UTC, in seconds, if it is the same all day long.
    offset: Option<i64>,
}

impl LocalDay {
    pub(crate) fn date(&self) -> NaiveDate {
        self.date
    }

    pub(crate) fn zone(&self) -> Tz {
        self.zone
    }

    /// The instant at which the wall clock shows this, in seconds since the Unix epoch; what
    /// [`instant_of`] says.
    pub(crate) fn seconds_at(&self, minute: MinuteOfDay) -> i64 {
        let Some(offset) = self.offset else {
            return instant_of(self.zone, minute.on(self.date)).timestamp();
        };
        let midnight = self.date.and_time(NaiveTime::MIN).and_utc().timestamp();
        midnight + i64::from(minute.get()) * 60 - offset
    }
}

/// One date of a zone, whatever its clocks do.
pub(crate) fn one_day(zone: Tz, date: NaiveDate) -> LocalDay {
    LocalDay { zone, date, offset: None }
}

/// These dates of a zone one after another, with one look at the zone for each.
pub(crate) fn local_days(
    zone: Tz,
    dates: RangeInclusive<NaiveDate>,
) -> impl Iterator<Item = LocalDay> {
    // No clock is more than 14 hours ahead of UTC or 12 behind. So what is the same in four looks
    // a day apart, beginning 14 hours before the UTC day, is the same all through the local day.
    let offset_before = move |date: NaiveDate| {
        let at = date.and_time(NaiveTime::MIN) - TimeDelta::hours(14);
        i64::from(zone.offset_from_utc_datetime(&at).fix().local_minus_utc())
    };
    let last = *dates.end();
    let mut looks = [0, 1, 2].map(|days| offset_before(*dates.start() + Days::new(days)));
    dates.start().iter_days().take_while(move |date| *date <= last).map(move |date| {
        let next = offset_before(date + Days::new(3));
        let is_steady = looks.iter().all(|look| *look == next);
        let offset = is_steady.then_some(next);
        looks = [looks[1], looks[2], next];
        LocalDay { zone, date, offset }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(zone: Tz, local: &str, expected: &str) {
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
        assert_eq!(instant_of(zone, local).format("%Y-%m-%d %H:%M").to_string(), expected);
    }

    #[test]
    fn gaps_move_forward_and_folds_are_early() {
        check(chrono_tz::Europe::Lisbon, "2026-03-29 01:30", "2026-03-29 01:30"); // gap: shows 02:30
        check(chrono_tz::Europe::Lisbon, "2026-10-25 01:30", "2026-10-25 00:30"); // fold: the earlier
        check(chrono_tz::America::New_York, "2027-03-14 02:30", "2027-03-14 07:30");
        check(chrono_tz::Africa::Cairo, "2026-04-24 00:00", "2026-04-23 22:00"); // no midnight
        check(chrono_tz::Pacific::Apia, "2011-12-30 12:00", "2011-12-30 22:00"); // a skipped day
        check(chrono_tz::Asia::Kathmandu, "2026-11-23 09:00", "2026-11-23 03:15");
    }

    #[test]
    fn minutes_of_a_day() {
        assert_eq!(MinuteOfDay::parse("09:30").map(MinuteOfDay::get), Some(570));
        assert_eq!(MinuteOfDay::parse("24:00").map(MinuteOfDay::get), Some(1440));
        for bad in ["24:01", "9:30", "09:60", "-1:00", "+9:30", "ab:cd", "", "0930"] {
            assert_eq!(MinuteOfDay::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn next_local_time_is_today_or_tomorrow() {
        let seven = MinuteOfDay::parse("07:00").unwrap();
        let from = Utc.with_ymd_and_hms(2026, 10, 24, 6, 30, 0).unwrap(); // 07:30 in Lisbon
        assert_eq!(
            next_local(chrono_tz::Europe::Lisbon, from, seven).to_rfc3339(),
            "2026-10-25T07:00:00+00:00"
        );
    }

    #[test]
    fn of_each_day_the_first_time_is_chosen() {
        let at = |day, hour| Utc.with_ymd_and_hms(2026, 11, day, hour, 0, 0).unwrap();
        let times = [at(23, 9), at(23, 23), at(24, 1), at(24, 9), at(26, 9)];
        let in_tokyo = chrono_tz::Asia::Tokyo;
        assert_eq!(
            one_each_day(times.into_iter(), in_tokyo, 3),
            [at(23, 9), at(23, 23), at(26, 9)],
            "23:00 UTC is tomorrow there"
        );
        assert_eq!(one_each_day(times.into_iter(), in_tokyo, 1), [at(23, 9)]);
        assert!(one_each_day(std::iter::empty(), in_tokyo, 3).is_empty());
    }
}
