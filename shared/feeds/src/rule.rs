//! The rules by which events repeat, as they are written.

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::{TimeDelta, Weekday};

use crate::{
    Warning,
    values::{ClockName, Stamp, number},
};

/// An `RRULE`. Lists are sorted, and each of their members stands in them once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) frequency: Frequency,
    /// At least 1.
    pub(crate) interval: u32,
    pub(crate) count: Option<u32>,
    /// In UTC, or on the event's clock, whatever it is.
    pub(crate) until: Option<Stamp>,
    /// Nothing happens later than this after the first time.
    pub(crate) reach: Option<TimeDelta>,
    pub(crate) week_start: Weekday,
    pub(crate) months: Vec<i32>,
    pub(crate) weeks: Vec<i32>,
    pub(crate) year_days: Vec<i32>,
    pub(crate) month_days: Vec<i32>,
    /// With the number of a `2TU` or `-1FR`, or 0 for each of them.
    pub(crate) weekdays: Vec<(i32, Weekday)>,
    pub(crate) hours: Vec<i32>,
    pub(crate) minutes: Vec<i32>,
    pub(crate) seconds: Vec<i32>,
    pub(crate) positions: Vec<i32>,
    pub(crate) covers: Covers,
    /// What the owner should know if this rule matters.
    pub(crate) doubt: Option<Warning>,
}

/// How long the stretches are that a rule goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frequency {
    Yearly,
    Monthly,
    Weekly,
    Daily,
}

/// What each of the times that a rule finds takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Covers {
    /// As long as the event lasts.
    Event,
    /// The whole day, because nobody knows when within it.
    WholeDays,
}

/// More times than these on one day are not followed one by one.
const TIMES_A_DAY_MAX: usize = 96;

impl Rule {
    /// Reads a rule.
    ///
    /// What cannot be read makes the rule wider, never narrower. An unreadable end is none; with
    /// any other unreadable part every day counts, at the event's time, or from end to end if the
    /// rule has times of its own. So do the days of a rule with hours, minutes or seconds for its
    /// frequency: a calendar has no room for so many events, and what lies between them is of no
    /// use for a session.
    pub(crate) fn read(text: &str) -> Self {
        let mut draft = Draft::default();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            draft.take(part);
        }
        draft.finish()
    }

    fn daily() -> Self {
        Self {
            frequency: Frequency::Daily,
            interval: 1,
            count: None,
            until: None,
            reach: None,
            week_start: Weekday::Mon,
            months: vec![],
            weeks: vec![],
            year_days: vec![],
            month_days: vec![],
            weekdays: vec![],
            hours: vec![],
            minutes: vec![],
            seconds: vec![],
            positions: vec![],
            covers: Covers::Event,
            doubt: None,
        }
    }

    fn has_times(&self) -> bool {
        !(self.hours.is_empty() && self.minutes.is_empty() && self.seconds.is_empty())
    }

    fn times_a_day(&self) -> usize {
        [&self.hours, &self.minutes, &self.seconds].map(|list| list.len().max(1)).iter().product()
    }

    /// Whether any part picks among the days.
    pub(crate) fn picks_days(&self) -> bool {
        let lists = [&self.months, &self.weeks, &self.year_days, &self.month_days];
        !self.weekdays.is_empty() || lists.iter().any(|list| !list.is_empty())
    }

    /// How many steps it takes to look at one day.
    pub(crate) fn weight(&self) -> u64 {
        let lists = [&self.months, &self.weeks, &self.year_days, &self.month_days];
        let members: usize = lists.iter().map(|list| list.len()).sum();
        u64::try_from(1 + (members + self.weekdays.len()) / 16).unwrap_or(u64::MAX)
    }

    /// The same rule, for whole days.
    fn over_whole_days(mut self, doubt: Warning) -> Self {
        (self.hours, self.minutes, self.seconds) = (vec![], vec![], vec![]);
        (self.positions, self.count) = (vec![], None);
        (self.covers, self.doubt) = (Covers::WholeDays, Some(doubt));
        self
    }
}

/// A rule of which some parts were read.
struct Draft {
    rule: Rule,
    pace: Option<Pace>,
    seen: BTreeSet<String>,
    /// A part that sets an end or a pace cannot be read.
    has_no_end: bool,
    /// A part that picks among the times cannot be read.
    is_lost: bool,
}

/// The `FREQ` of a rule.
#[derive(Clone, Copy)]
enum Pace {
    Days(Frequency),
    /// More often than daily, each after this.
    Within(TimeDelta),
}

impl Default for Draft {
    fn default() -> Self {
        let seen = BTreeSet::new();
        Self { rule: Rule::daily(), pace: None, seen, has_no_end: false, is_lost: false }
    }
}

impl Draft {
    fn take(&mut self, part: &str) {
        let Some((key, value)) = part.split_once('=') else {
            self.is_lost = true;
            return;
        };
        let (key, value) = (key.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
        let is_new = self.seen.insert(key.clone());
        let sets_end = matches!(&*key, "COUNT" | "UNTIL" | "INTERVAL");
        let is_read =
            if sets_end { self.take_end(&key, &value) } else { self.take_pick(&key, &value) };
        match is_read {
            Some(()) if is_new => {}
            None if sets_end => self.has_no_end = true,
            Some(()) | None => self.is_lost = true,
        }
    }

    fn take_end(&mut self, key: &str, value: &str) -> Option<()> {
        let positive = || number::<u32>(value).filter(|number| 0 < *number);
        match key {
            "COUNT" => self.rule.count = Some(positive()?),
            "INTERVAL" => self.rule.interval = positive()?,
            _ => self.rule.until = Some(Stamp::read(value, ClockName::Owner)?),
        }
        Some(())
    }

    fn take_pick(&mut self, key: &str, value: &str) -> Option<()> {
        let rule = &mut self.rule;
        match key {
            "FREQ" => self.pace = Some(pace(value)?),
            "WKST" => rule.week_start = weekday(value)?,
            "BYMONTH" => rule.months = numbers(value, 1..=12)?,
            "BYWEEKNO" => rule.weeks = either_way(value, 53)?,
            "BYYEARDAY" => rule.year_days = either_way(value, 366)?,
            "BYMONTHDAY" => rule.month_days = either_way(value, 31)?,
            "BYDAY" => rule.weekdays = weekdays(value)?,
            "BYHOUR" => rule.hours = numbers(value, 0..=23)?,
            "BYMINUTE" => rule.minutes = numbers(value, 0..=59)?,
            "BYSECOND" => rule.seconds = numbers(value, 0..=60)?,
            "BYSETPOS" => rule.positions = either_way(value, 366)?,
            // The calendar and the way with missing days that rules without these words have.
            "RSCALE" if value == "GREGORIAN" => {}
            "SKIP" if value == "OMIT" => {}
            _ => return None,
        }
        Some(())
    }

    fn finish(self) -> Rule {
        let Self { rule, pace, seen, has_no_end, is_lost } = self;
        let has_times = rule.has_times()
            || ["BYHOUR", "BYMINUTE", "BYSECOND"].iter().any(|key| seen.contains(*key));
        match pace {
            Some(Pace::Days(frequency)) if !is_lost => {
                let doubt = has_no_end.then_some(Warning::RuleUnreadable);
                let rule = Rule { frequency, doubt, ..rule };
                let is_countable = rule.times_a_day() <= TIMES_A_DAY_MAX;
                if is_countable { rule } else { rule.over_whole_days(Warning::OftenerThanDaily) }
            }
            Some(Pace::Within(step)) if !is_lost => {
                let picks = rule.picks_days() || has_times || !rule.positions.is_empty();
                let times = rule.count.and_then(|count| i32::try_from(count - 1).ok());
                let interval = i32::try_from(rule.interval).ok();
                let whole = times
                    .zip(interval)
                    .and_then(|(times, every)| step.checked_mul(times)?.checked_mul(every));
                let reach = whole.filter(|_| !picks);
                Rule { interval: 1, reach, ..rule }.over_whole_days(Warning::OftenerThanDaily)
            }
            Some(Pace::Days(_)) if !has_times => {
                Rule { until: rule.until, doubt: Some(Warning::RuleUnreadable), ..Rule::daily() }
            }
            Some(_) | None => {
                Rule { until: rule.until, ..Rule::daily() }.over_whole_days(Warning::RuleUnreadable)
            }
        }
    }
}

fn pace(value: &str) -> Option<Pace> {
    Some(match value {
        "YEARLY" => Pace::Days(Frequency::Yearly),
        "MONTHLY" => Pace::Days(Frequency::Monthly),
        "WEEKLY" => Pace::Days(Frequency::Weekly),
        "DAILY" => Pace::Days(Frequency::Daily),
        "HOURLY" => Pace::Within(TimeDelta::hours(1)),
        "MINUTELY" => Pace::Within(TimeDelta::minutes(1)),
        "SECONDLY" => Pace::Within(TimeDelta::seconds(1)),
        _ => return None,
    })
}

fn weekday(value: &str) -> Option<Weekday> {
    Some(match value {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}

fn weekdays(value: &str) -> Option<Vec<(i32, Weekday)>> {
    let mut read = Vec::new();
    for one in value.split(',').map(str::trim) {
        let (place, day) = one.split_at_checked(one.len().checked_sub(2)?)?;
        let place = if place.is_empty() { 0 } else { signed(place, 53)? };
        read.push((place, weekday(day)?));
    }
    read.sort_unstable_by_key(|(place, day)| (*place, day.num_days_from_monday()));
    read.dedup();
    Some(read)
}

fn numbers(value: &str, range: RangeInclusive<i32>) -> Option<Vec<i32>> {
    let one = |text: &str| number(text.trim()).filter(|number| range.contains(number));
    sorted(value.split(',').map(one))
}

/// Numbers from either end: 1 is the first, -1 the last, and there is no 0.
fn either_way(value: &str, most: i32) -> Option<Vec<i32>> {
    sorted(value.split(',').map(|text| signed(text.trim(), most)))
}

fn signed(text: &str, most: i32) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let place = number(digits).filter(|number| (1..=most).contains(number))?;
    Some(sign * place)
}

fn sorted(read: impl Iterator<Item = Option<i32>>) -> Option<Vec<i32>> {
    let unique: BTreeSet<i32> = read.collect::<Option<_>>()?;
    Some(unique.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        Rule::read(text)
    }

    #[test]
    fn what_cannot_be_read_makes_a_rule_wider() {
        let good = rule("FREQ=WEEKLY;BYDAY=MO,-1TU;WKST=SU;");
        assert_eq!((good.frequency, good.doubt), (Frequency::Weekly, None));
        assert_eq!(good.weekdays, [(-1, Weekday::Tue), (0, Weekday::Mon)]);

        let endless = rule("FREQ=WEEKLY;BYDAY=MO;COUNT=0;UNTIL=soon;INTERVAL=99999999999");
        assert_eq!(
            (endless.frequency, endless.count, endless.interval),
            (Frequency::Weekly, None, 1)
        );
        assert_eq!(endless.doubt, Some(Warning::RuleUnreadable));

        let nonsense =
            ["BYDAY=XX", "BYDAY=", "BYMONTHDAY=32", "BYSETPOS=0", "BYMONTH=-1", "FREE=1"];
        for part in nonsense.iter().chain(&["X", "FREQ=DAILY", "RSCALE=CHINESE"]) {
            let lost = rule(&format!("FREQ=YEARLY;{part};UNTIL=20270101;COUNT=3"));
            assert_eq!((lost.frequency, lost.count), (Frequency::Daily, None), "{part}");
            assert_eq!((lost.covers, lost.until.is_some()), (Covers::Event, true), "{part}");
            assert_eq!(lost.doubt, Some(Warning::RuleUnreadable), "{part}");
        }
        for text in ["", "FREQ=FORTNIGHTLY", "FREQ=DAILY;BYHOUR=24", "FREQ=HOURLY;BYDAY=XX"] {
            assert_eq!(rule(text).covers, Covers::WholeDays, "{text}");
        }
    }

    #[test]
    fn more_often_than_daily_is_all_day_long() {
        let hourly = rule("FREQ=HOURLY;INTERVAL=2;COUNT=5");
        assert_eq!((hourly.covers, hourly.interval, hourly.count), (Covers::WholeDays, 1, None));
        assert_eq!(hourly.reach, Some(TimeDelta::hours(8)));
        assert_eq!(hourly.doubt, Some(Warning::OftenerThanDaily));
        assert_eq!(rule("FREQ=HOURLY;COUNT=5;BYDAY=MO").reach, None, "no end to be told");

        let every_minute: Vec<String> = (0..60).map(|minute| minute.to_string()).collect();
        let text = format!("FREQ=WEEKLY;BYHOUR=9,10;BYMINUTE={}", every_minute.join(","));
        assert_eq!(
            (rule(&text).frequency, rule(&text).covers),
            (Frequency::Weekly, Covers::WholeDays)
        );
    }
}
