//! The stretches of a day in which sessions may take place, and the grid of starts in each.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::{
    DateOverride, Slot, TimeSpan, Timetable, local_date,
    local_time::{LocalDay, local_days, one_day},
};

/// A stretch of a day in which sessions may take place, in seconds since the Unix epoch.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenSpan {
    from: i64,
    to: i64,
    /// What the wall clock shows at `from`, in minutes.
    minute: i64,
}

impl Timetable<'_> {
    /// The zone of the hours of a date.
    pub(super) fn zone_on(&self, date: NaiveDate) -> Tz {
        let travel = self.travels.iter().find(|travel| travel.days.contains(&date));
        travel.map_or(self.zone, |travel| travel.zone)
    }

    /// The date whose hours an instant belongs to; on the way between two zones, which share some
    /// hours or leave some out, the date at home.
    pub fn date_of(&self, at: DateTime<Utc>) -> NaiveDate {
        let mut abroad = self.travels.iter().map(|travel| (travel, local_date(travel.zone, at)));
        let there = abroad.find(|(travel, date)| travel.days.contains(date));
        there.map_or_else(|| local_date(self.zone, at), |(_, date)| date)
    }

    /// Calls `look` with each of these dates, on the clocks of its zone.
    pub(super) fn each_day(&self, dates: RangeInclusive<NaiveDate>, look: impl FnMut(LocalDay)) {
        let mut runs: Vec<(Tz, RangeInclusive<NaiveDate>)> = vec![];
        if self.travels.is_empty() {
            runs.push((self.zone, dates));
        } else {
            for date in dates.start().iter_days().take_while(|date| date <= dates.end()) {
                let zone = self.zone_on(date);
                match runs.last_mut() {
                    Some((same, run)) if *same == zone => *run = *run.start()..=date,
                    Some(_) | None => runs.push((zone, date..=date)),
                }
            }
        }
        runs.into_iter().flat_map(|(zone, run)| local_days(zone, run)).for_each(look);
    }

    /// The stretches of a day in which this kind of session may take place.
    pub(super) fn open_spans(&self, day: &LocalDay) -> impl Iterator<Item = OpenSpan> {
        let only = self.session_hours.map(|_| self.session_spans(day));
        self.calendar_spans(day).flat_map(move |span| match &only {
            None => vec![span],
            Some(only) => only.iter().filter_map(|part| span.cut(*part)).collect(),
        })
    }

    /// The stretches of a day in which the calendar is open, for whatever kind of session: the
    /// nearest word about the date counts.
    fn calendar_spans(&self, day: &LocalDay) -> impl Iterator<Item = OpenSpan> {
        let date = day.date();
        let is_special = self.overrides.iter().any(|one| one.date == date);
        let is_closed = || self.closed.iter().any(|closed| closed.days.contains(&date));
        let is_weekly = !is_special && !is_closed();
        let weekday = date.weekday();
        let weekly = self.hours.iter().filter(move |opening| is_weekly && opening.day == weekday);
        let special = move |one: &&DateOverride| one.date == date;
        let spans_of_date = self.overrides.iter().filter(special).flat_map(|one| &one.open);
        let spans = spans_of_date.copied().chain(weekly.map(|opening| opening.span));
        spans.map(|span| OpenSpan::of(day, span))
    }

    /// The stretches in which this kind of session has its own hours, as far as they may meet a
    /// day of the calendar. They may be written in another zone than the calendar's.
    fn session_spans(&self, day: &LocalDay) -> Vec<OpenSpan> {
        let Some(hours) = self.session_hours else { return vec![] };
        let zone = hours.zone.unwrap_or(day.zone());
        let around = [day.date() - Days::new(1), day.date(), day.date() + Days::new(1)];
        let mut spans = Vec::new();
        for date in around {
            let day = one_day(zone, date);
            let openings = hours.openings.iter().filter(|opening| opening.day == date.weekday());
            spans.extend(openings.map(|opening| OpenSpan::of(&day, opening.span)));
        }
        spans
    }

    /// The starts of one stretch.
    pub(super) fn grid(&self, span: OpenSpan) -> impl Iterator<Item = i64> + use<> {
        let to_grid = (self.offset.num_minutes() - span.minute).rem_euclid(roundness(self.every));
        let first = span.from + to_grid * 60;
        let last = span.to - self.length.num_seconds();
        let every = self.every.num_seconds();
        std::iter::successors(Some(first), move |start| Some(start + every))
            .take_while(move |start| *start <= last)
    }

    /// Every start that a date has by any of its hours, whether it can be asked for or not.
    pub fn starts_of(&self, date: NaiveDate) -> Vec<DateTime<Utc>> {
        let day = one_day(self.zone_on(date), date);
        let weekly = Timetable { overrides: &[], closed: &[], ..*self };
        let whole = |timetable: &Timetable<'_>| -> Vec<i64> {
            let any_session = Timetable { session_hours: None, ..*timetable };
            let spans = any_session.open_spans(&day).chain(timetable.open_spans(&day));
            spans.flat_map(|span| timetable.grid(span)).collect()
        };
        let mut starts = [whole(self), whole(&weekly)].concat();
        starts.sort_unstable();
        starts.dedup();
        starts.into_iter().filter_map(|start| DateTime::from_timestamp(start, 0)).collect()
    }

    /// Whether the hours of a date have this start.
    pub(super) fn has_start(&self, date: NaiveDate, start: DateTime<Utc>) -> bool {
        let day = one_day(self.zone_on(date), date);
        let is_whole = start.timestamp_subsec_nanos() == 0;
        let mut spans = self.open_spans(&day);
        is_whole && spans.any(|span| self.grid(span).any(|at| at == start.timestamp()))
    }

    /// Whether a slot lies within one of the stretches that are open on a date.
    pub(super) fn has_room(&self, date: NaiveDate, slot: Slot) -> bool {
        let day = one_day(self.zone_on(date), date);
        self.open_spans(&day)
            .any(|span| span.from <= slot.start.timestamp() && slot.end.timestamp() <= span.to)
    }
}

impl OpenSpan {
    fn of(day: &LocalDay, span: TimeSpan) -> Self {
        let (from, to) = (day.seconds_at(span.from), day.seconds_at(span.to));
        Self { from, to, minute: span.from.get().into() }
    }

    /// What both have in common. Clocks of all zones in use differ by whole minutes, so the later
    /// beginning tells how the wall clock stands.
    fn cut(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let to = self.to.min(other.to);
        let minute = self.minute + (from - self.from).div_euclid(60);
        (from < to).then_some(Self { from, to, minute })
    }
}

/// How round the first start of an opening is, in minutes of the wall clock: on the hour for steps
/// of whole hours, on a quarter for steps of 45 minutes. So an opening at 9:30 begins at 9:30.
fn roundness(every: TimeDelta) -> i64 {
    let divides = |minutes: &i64| 60 % minutes == 0 && every.num_minutes() % minutes == 0;
    (1..=60).rev().find(divides).unwrap_or(1)
}
