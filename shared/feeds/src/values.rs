//! The values of a feed that have to do with time, as they are written.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// A date, or a time on the wall clock that `clock` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp {
    /// Midnight for a date.
    pub(crate) wall: NaiveDateTime,
    pub(crate) precision: Precision,
    pub(crate) clock: ClockName,
}

/// Whether a stamp means a day or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precision {
    Day,
    Moment,
}

/// Which wall clock a time is read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ClockName {
    Utc,
    /// That of the calendar's owner.
    Owner,
    /// The zone with this number in the feed's list of names.
    Zone(usize),
}

impl Stamp {
    /// Reads `20261123`, `20261123T090000` or `20261123T090000Z`; `clock` is the one that a local
    /// time is read on. An offset instead of the `Z` is against the rules, yet its meaning is plain.
    pub(crate) fn read(text: &str, clock: ClockName) -> Option<Self> {
        let text = text.trim();
        let (date, time) = match text.split_once(['T', 't']) {
            None => (date(text)?, None),
            Some((date_part, time)) => (date(date_part)?, Some(time)),
        };
        let Some(time_part) = time else {
            let wall = date.and_time(NaiveTime::MIN);
            return Some(Self { wall, precision: Precision::Day, clock: ClockName::Owner });
        };
        let time_ends = time_part.find(|letter: char| !letter.is_ascii_digit());
        let (digits, suffix) = time_part.split_at(time_ends.unwrap_or(time_part.len()));
        let wall = date.and_time(time_of_day(digits)?);
        let (wall, clock) = match suffix {
            "" => (wall, clock),
            "Z" | "z" => (wall, ClockName::Utc),
            _ => (wall.checked_sub_signed(offset(suffix)?)?, ClockName::Utc),
        };
        Some(Self { wall, precision: Precision::Moment, clock })
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    let year: i32 = number(text.get(..4)?)?;
    NaiveDate::from_ymd_opt(year, number(text.get(4..6)?)?, number(text.get(6..)?)?)
        .filter(|_| text.len() == 8)
}

/// `0900` or `090000`; a leap second is the second before it.
fn time_of_day(digits: &str) -> Option<NaiveTime> {
    let seconds: u32 = match digits.len() {
        4 => 0,
        6 => number(digits.get(4..)?)?,
        _ => return None,
    };
    let seconds = if seconds == 60 { 59 } else { seconds };
    NaiveTime::from_hms_opt(number(digits.get(..2)?)?, number(digits.get(2..4)?)?, seconds)
}

/// A number of digits only.
pub(crate) fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

/// Reads `+0100` or `-033000`: what a wall clock shows more than UTC.
pub(crate) fn offset(text: &str) -> Option<TimeDelta> {
    let (is_behind, digits) = match text.trim().split_at_checked(1)? {
        ("+", digits) => (false, digits),
        ("-", digits) => (true, digits),
        _ => return None,
    };
    let ahead = time_of_day(digits)?.signed_duration_since(NaiveTime::MIN);
    Some(if is_behind { -ahead } else { ahead })
}

/// How long something lasts: days of the wall clock, and time that elapses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Length {
    pub(crate) days: TimeDelta,
    pub(crate) time: TimeDelta,
}

/// The longest that something may last. What lasts longer has no readable end.
pub(crate) const LENGTH_MAX: TimeDelta = TimeDelta::days(36_525);

impl Length {
    /// Reads `PT1H30M`, `P1DT12H`, `P2W`, and the same after a minus.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        };
        let (days, time) = match text.strip_prefix('P')?.split_once('T') {
            Some((days, time)) => (days, time),
            None => (text.strip_prefix('P')?, ""),
        };
        let days = units(days, &[('W', 7 * 86_400), ('D', 86_400)])?;
        let time = units(time, &[('H', 3_600), ('M', 60), ('S', 1)])?;
        let sign = if is_negative { -1 } else { 1 };
        let is_something = text.len() > "P".len() && text != "PT";
        let delta = |seconds: i64| {
            TimeDelta::try_seconds(seconds * sign).filter(|delta| delta.abs() <= LENGTH_MAX)
        };
        Some(Self { days: delta(days)?, time: delta(time)? }).filter(|_| is_something)
    }
}

/// The seconds that numbers with these units behind them make.
fn units(mut text: &str, known: &[(char, i64)]) -> Option<i64> {
    let mut seconds: i64 = 0;
    while let Some(end) = text.find(|letter: char| !letter.is_ascii_digit()) {
        let unit = text.get(end..)?.chars().next()?;
        let (_, length) = known.iter().find(|(name, _)| *name == unit)?;
        let amount: i64 = number(text.get(..end)?)?;
        seconds = seconds.checked_add(amount.checked_mul(*length)?)?;
        text = text.get(end + 1..)?;
    }
    text.is_empty().then_some(seconds)
}

/// A stretch of time: `start/end` or `start/length`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) start: Stamp,
    pub(crate) end: End,
}

/// How the end of something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// A day for a date; no time at all for a moment.
    NotSaid,
    Unreadable,
    At(Stamp),
    After(Length),
}

impl Period {
    pub(crate) fn read(text: &str, clock: ClockName) -> Option<Self> {
        let (start, end) = text.split_once('/')?;
        let start = Stamp::read(start, clock)?;
        let at = || Stamp::read(end, clock).map(End::At);
        let end = Length::read(end).map(End::After).or_else(at).unwrap_or(End::Unreadable);
        Some(Self { start, end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let read = Stamp::read(text, ClockName::Zone(7)).map(|stamp| {
            let clock = match stamp.clock {
                ClockName::Utc => "utc",
                ClockName::Owner => "owner",
                ClockName::Zone(_) => "zone",
            };
            format!("{} {clock} {:?}", stamp.wall, stamp.precision)
        });
        assert_eq!(read.as_deref().unwrap_or("-"), expected, "{text}");
    }

    #[test]
    fn stamps() {
        check("20261123", "2026-11-23 00:00:00 owner Day");
        check("20261123T0900", "2026-11-23 09:00:00 zone Moment");
        check("20261123t090060z", "2026-11-23 09:00:59 utc Moment");
        check("20261123T090000+0130", "2026-11-23 07:30:00 utc Moment");
        for bad in ["", "2026", "20260230", "20261123T", "20261123T25", "20261123T250000", "T09"] {
            check(bad, "-");
        }
        check("2026\u{e4}123", "-");
        check("20261123T090000X", "-");
        check("20261123T09\u{e4}000", "-");
    }

    #[track_caller]
    fn check_length(text: &str, days: i64, seconds: i64) {
        let expected = Length { days: TimeDelta::days(days), time: TimeDelta::seconds(seconds) };
        assert_eq!(Length::read(text), Some(expected), "{text}");
    }

    #[test]
    fn lengths() {
        check_length("PT1H30M", 0, 5_400);
        check_length("P1DT12H", 1, 43_200);
        check_length("p2w", 14, 0);
        check_length("-PT15M", 0, -900);
        for bad in ["", "P", "PT", "1H", "P1", "PT1", "P1H", "P-1D", "P99999999999999999999D"] {
            assert_eq!(Length::read(bad), None, "{bad}");
        }
        assert_eq!(Length::read("P40000D"), None, "longer than a hundred years");
    }

    #[test]
    fn offsets() {
        assert_eq!(offset("+0100"), Some(TimeDelta::hours(1)));
        assert_eq!(offset("-033015"), Some(-TimeDelta::seconds(12_615)));
        assert_eq!(offset("0100"), None);
        assert_eq!(offset("+2500"), None);
    }
}
