//! When a rule lets an event begin.
//!
//! A rule goes through stretches of days: years, months, weeks or single days. Each of its parts
//! says of a day, by itself, whether the day may stay, so a stretch is looked at by itself too, and
//! nothing before the days in question need be looked at unless the rule counts.

use std::ops::RangeInclusive;

use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};

use crate::{
    rule::{Frequency, Rule},
    unreadable::{Budget, TIMES_MAX, Unreadable},
};

/// The wall times within `range` at which an event that is there `first` begins by its rule, in
/// order. Whether the first time itself is one of them is up to the rule. `until` is the rule's
/// own end on the event's clock.
pub(crate) fn starts(
    rule: &Rule,
    first: NaiveDateTime,
    until: Option<NaiveDateTime>,
    range: &RangeInclusive<NaiveDateTime>,
    budget: &mut Budget,
) -> Result<Vec<NaiveDateTime>, Unreadable> {
    let rule = completed(rule, first);
    let times = times(&rule);
    let last = until.unwrap_or(*range.end()).min(*range.end());
    let (mut left, mut index) = match rule.count {
        Some(count) => (count, 0),
        None => (u32::MAX, index_of(&rule, first.date(), range.start().date())),
    };
    let (mut found, mut candidates) = (Vec::new(), Vec::new());
    while let Some(days) = stretch(&rule, first.date(), index) {
        if last.date() < *days.start() {
            break;
        }
        gather(&rule, days, &times, &mut candidates, budget)?;
        for start in candidates.drain(..).filter(|start| first <= *start) {
            if last < start || left == 0 {
                return Ok(found);
            }
            if rule.count.is_some() {
                left -= 1;
            }
            if *range.start() <= start {
                found.push(start);
            }
        }
        if TIMES_MAX < found.len() {
            return Err(Unreadable::TooManyTimes);
        }
        index += 1;
    }
    Ok(found)
}

/// The rule together with all that it leaves to the first time.
fn completed(rule: &Rule, first: NaiveDateTime) -> Rule {
    let mut rule = rule.clone();
    let small = |number: u32| i32::try_from(number).unwrap_or_default();
    let lists = [&rule.year_days, &rule.month_days];
    let names_no_day = rule.weekdays.is_empty() && lists.iter().all(|list| list.is_empty());
    match rule.frequency {
        Frequency::Yearly if names_no_day && rule.weeks.is_empty() => {
            if rule.months.is_empty() {
                rule.months = vec![small(first.month())];
            }
            rule.month_days = vec![small(first.day())];
        }
        Frequency::Monthly if names_no_day => rule.month_days = vec![small(first.day())],
        Frequency::Yearly | Frequency::Weekly if names_no_day => {
            rule.weekdays = vec![(0, first.weekday())];
        }
        Frequency::Yearly | Frequency::Monthly | Frequency::Weekly | Frequency::Daily => {}
    }
    let own = [first.hour(), first.minute(), first.second()].map(small);
    for (list, own) in [&mut rule.hours, &mut rule.minutes, &mut rule.seconds].into_iter().zip(own)
    {
        if list.is_empty() {
            list.push(own);
        }
    }
    rule
}

/// The times of a day, in order. A leap second is the second before it.
fn times(rule: &Rule) -> Vec<NaiveTime> {
    let mut times = Vec::new();
    for hour in &rule.hours {
        for minute in &rule.minutes {
            for second in &rule.seconds {
                let seconds = hour * 3_600 + minute * 60 + second.min(&59);
                let seconds = u32::try_from(seconds).unwrap_or_default();
                times.extend(NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0));
            }
        }
    }
    times.dedup();
    times
}

/// The days of the stretch with this number; 0 is the one that the first time lies in.
fn stretch(rule: &Rule, first: NaiveDate, index: i64) -> Option<RangeInclusive<NaiveDate>> {
    let step = index.checked_mul(rule.interval.into())?;
    match rule.frequency {
        Frequency::Yearly => {
            let year = i32::try_from(i64::from(first.year()).checked_add(step)?).ok()?;
            Some(NaiveDate::from_ymd_opt(year, 1, 1)?..=NaiveDate::from_ymd_opt(year, 12, 31)?)
        }
        Frequency::Monthly => {
            let month = months_since_zero(first).checked_add(step)?;
            let year = i32::try_from(month.div_euclid(12)).ok()?;
            let begin =
                NaiveDate::from_ymd_opt(year, u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)?;
            let days = u64::from(begin.num_days_in_month());
            Some(begin..=begin.checked_add_days(Days::new(days - 1))?)
        }
        Frequency::Weekly => {
            let days = Days::new(u64::try_from(step.checked_mul(7)?).ok()?);
            let begin = first.week(rule.week_start).checked_first_day()?.checked_add_days(days)?;
            Some(begin..=begin.checked_add_days(Days::new(6))?)
        }
        Frequency::Daily => {
            let day = first.checked_add_days(Days::new(u64::try_from(step).ok()?))?;
            Some(day..=day)
        }
    }
}

/// The number of the last stretch that does not begin after `date`; not below 0.
fn index_of(rule: &Rule, first: NaiveDate, date: NaiveDate) -> i64 {
    let elapsed = match rule.frequency {
        Frequency::Yearly => i64::from(date.year()) - i64::from(first.year()),
        Frequency::Monthly => months_since_zero(date) - months_since_zero(first),
        Frequency::Weekly => {
            let begins = first.week(rule.week_start).checked_first_day().unwrap_or(first);
            (date - begins).num_days().div_euclid(7)
        }
        Frequency::Daily => (date - first).num_days(),
    };
    elapsed.div_euclid(rule.interval.into()).max(0)
}

fn months_since_zero(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// How many steps it takes to find a stretch, besides a look at each of its days.
const A_STRETCH: u64 = 4;

/// Fills `found` with the times of one stretch, in order.
fn gather(
    rule: &Rule,
    days: RangeInclusive<NaiveDate>,
    times: &[NaiveTime],
    found: &mut Vec<NaiveDateTime>,
    budget: &mut Budget,
) -> Result<(), Unreadable> {
    budget.spend(A_STRETCH)?;
    let last = *days.end();
    let weight = rule.weight();
    for day in days.start().iter_days().take_while(|day| *day <= last) {
        budget.spend(weight)?;
        if may_stay(rule, day) {
            budget.spend(u64::try_from(times.len()).unwrap_or(u64::MAX))?;
            found.extend(times.iter().map(|time| day.and_time(*time)));
        }
    }
    if !rule.positions.is_empty() {
        let picked: Vec<_> =
            rule.positions.iter().filter_map(|place| at_place(found, *place)).collect();
        *found = picked;
        found.sort_unstable();
        found.dedup();
    }
    Ok(())
}

/// The member at this place, counted from 1, or from the end by -1.
fn at_place(found: &[NaiveDateTime], place: i32) -> Option<NaiveDateTime> {
    let index = usize::try_from(place.unsigned_abs()).ok()?.checked_sub(1)?;
    if 0 < place { found.get(index) } else { found.iter().rev().nth(index) }.copied()
}

/// Whether no part of the rule stands against a day.
fn may_stay(rule: &Rule, day: NaiveDate) -> bool {
    let months = &rule.months;
    (months.is_empty() || is_in(months, day.month()))
        && (rule.weekdays.is_empty() || is_on_weekday(rule, day))
        && is_listed(&rule.month_days, day.day(), u32::from(day.num_days_in_month()))
        && is_listed(&rule.year_days, day.ordinal(), days_in_year(day))
        && (rule.weeks.is_empty() || is_in_week(rule, day))
}

fn is_in(list: &[i32], number: u32) -> bool {
    i32::try_from(number).is_ok_and(|number| list.contains(&number))
}

/// Whether a list has a place in a row of so many, from either end; an empty list has every place.
fn is_listed(list: &[i32], place: u32, of: u32) -> bool {
    let from_end = i32::try_from(of + 1 - place).unwrap_or_default();
    list.is_empty() || is_in(list, place) || list.contains(&-from_end)
}

fn days_in_year(day: NaiveDate) -> u32 {
    if day.leap_year() { 366 } else { 365 }
}

/// The second Tuesday is one of a month, or of a year if the rule names no months; in weeks and
/// single days there is only one Tuesday.
fn is_on_weekday(rule: &Rule, day: NaiveDate) -> bool {
    let of_month = (day.day(), u32::from(day.num_days_in_month()));
    let numbered = match rule.frequency {
        Frequency::Yearly if rule.months.is_empty() => Some((day.ordinal(), days_in_year(day))),
        Frequency::Yearly | Frequency::Monthly => Some(of_month),
        Frequency::Weekly | Frequency::Daily => None,
    };
    let is_numbered = |number: i32| match numbered {
        Some((place, _)) if 0 < number => is_in(&[number], place.div_ceil(7)),
        Some((place, of)) if number < 0 => is_in(&[-number], (of - place) / 7 + 1),
        Some(_) | None => true,
    };
    rule.weekdays.iter().any(|(number, weekday)| *weekday == day.weekday() && is_numbered(*number))
}

/// Week 1 is the first with at least four days in its year.
fn is_in_week(rule: &Rule, day: NaiveDate) -> bool {
    let week = |day: NaiveDate| {
        let begins = day.week(rule.week_start).checked_first_day()?;
        let middle = begins.checked_add_days(Days::new(3))?;
        Some((middle.year(), middle.ordinal0() / 7 + 1))
    };
    let Some((year, number)) = week(day) else { return false };
    // The 28th of December lies in the last week of its year, whatever day weeks begin on.
    let last = NaiveDate::from_ymd_opt(year, 12, 28).and_then(week).map_or(52, |(_, last)| last);
    is_listed(&rule.weeks, number, last)
}
