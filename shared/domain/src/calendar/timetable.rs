//! When a session could start, whatever is taken.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::{
    Buffers, ClosedDays, DateOverride, Handbook, Opening, Slot, StaffId, TimeSpan, local_date,
    local_time::{LocalDay, local_days, one_day},
};

/// All that decides which times a calendar offers, besides what is taken.
#[derive(Debug, Clone, Copy)]
pub struct Timetable<'a> {
    /// Whose calendar it is.
    pub provider: &'a StaffId,
    /// The zone of the hours.
    pub zone: Tz,
    /// When the calendar is open, week by week.
    pub hours: &'a [Opening],
    /// Dates with hours of their own.
    pub overrides: &'a [DateOverride],
    /// Days on which it is not.
    pub closed: &'a [ClosedDays],
    /// How long a session lasts.
    pub length: TimeDelta,
    /// The step of the grid of starts.
    pub every: TimeDelta,
    /// What is kept free around a session.
    pub buffers: Buffers,
    /// How long before it starts it can still be asked for.
    pub notice: TimeDelta,
    /// For how many days ahead times are shown.
    pub booking_days: u16,
}

impl<'a> Timetable<'a> {
    /// The timetable of a handbook.
    pub fn of(handbook: &'a Handbook) -> Self {
        let session = &handbook.session;
        Self {
            provider: &session.provider,
            zone: handbook.practice.zone,
            hours: &handbook.hours,
            overrides: &handbook.overrides,
            closed: &handbook.closed,
            length: session.length,
            every: session.every,
            buffers: session.buffers,
            notice: session.notice,
            booking_days: session.booking_days,
        }
    }

    /// Every start on the grid within `range` that can be asked for at `now`, in seconds since the
    /// Unix epoch, in order.
    pub(super) fn starts(&self, now: DateTime<Utc>, range: &Range<DateTime<Utc>>) -> Vec<i64> {
        // No end of a range is too far away: nothing is on offer two days past the last open one.
        let end = range.end.min(now + TimeDelta::days(i64::from(self.booking_days) + 2));
        let earliest = range.start.max(now + self.notice);
        if end <= earliest {
            return vec![];
        }
        // A day more on either side: a local day begins and ends on another UTC date than its own.
        let first_day = local_date(self.zone, earliest) - Days::new(1);
        let last_day = last_open_day(self, now).min(local_date(self.zone, end));
        let within = next_second(earliest)..next_second(end);
        let mut starts = Vec::new();
        for day in local_days(self.zone, first_day..=last_day) {
            self.add_starts(&day, &within, &mut starts);
        }
        // Hours may be written in any order, and where clocks jump they may meet.
        if !starts.is_sorted() {
            starts.sort_unstable();
        }
        starts.dedup();
        starts
    }

    fn add_starts(&self, day: &LocalDay, within: &Range<i64>, starts: &mut Vec<i64>) {
        for span in self.open_on(day.date()) {
            let grid = self.grid(day, span);
            starts.extend(grid.filter(|start| within.contains(start)));
        }
    }

    /// The spans of a date during which the calendar is open: the nearest word about it counts.
    fn open_on(&self, date: NaiveDate) -> impl Iterator<Item = TimeSpan> {
        let special = move |special: &&DateOverride| special.date == date;
        let is_special = self.overrides.iter().any(|one| special(&one));
        let is_closed = || self.closed.iter().any(|closed| closed.days.contains(&date));
        let is_weekly = !is_special && !is_closed();
        let weekday = date.weekday();
        let weekly = self.hours.iter().filter(move |opening| is_weekly && opening.day == weekday);
        let spans_of_date = self.overrides.iter().filter(special).flat_map(|one| &one.open);
        spans_of_date.copied().chain(weekly.map(|opening| opening.span))
    }

    /// Every start that a date has by any of its hours, whether it can be asked for or not.
    pub fn starts_of(&self, date: NaiveDate) -> Vec<DateTime<Utc>> {
        let weekday = date.weekday();
        let weekly = self.hours.iter().filter(|opening| opening.day == weekday);
        let special = self.overrides.iter().filter(|one| one.date == date);
        let spans =
            weekly.map(|opening| opening.span).chain(special.flat_map(|one| one.open.clone()));
        let day = one_day(self.zone, date);
        let mut starts: Vec<i64> = spans.flat_map(|span| self.grid(&day, span)).collect();
        starts.sort_unstable();
        starts.dedup();
        starts.into_iter().filter_map(|start| DateTime::from_timestamp(start, 0)).collect()
    }

    /// Whether the hours of a date have this start.
    pub(super) fn has_start(&self, date: NaiveDate, start: DateTime<Utc>) -> bool {
        let day = one_day(self.zone, date);
        let is_whole = start.timestamp_subsec_nanos() == 0;
        is_whole
            && self
                .open_on(date)
                .any(|span| self.grid(&day, span).any(|at| at == start.timestamp()))
    }

    /// Whether a slot lies within one of the spans that are open on a date.
    pub(super) fn has_room(&self, date: NaiveDate, slot: Slot) -> bool {
        let day = one_day(self.zone, date);
        self.open_on(date).any(|span| {
            day.seconds_at(span.from) <= slot.start.timestamp()
                && slot.end.timestamp() <= day.seconds_at(span.to)
        })
    }

    /// The starts of one opening of one day.
    fn grid(&self, day: &LocalDay, span: TimeSpan) -> impl Iterator<Item = i64> + use<> {
        let to_grid = (-i64::from(span.from.get())).rem_euclid(roundness(self.every));
        let first = day.seconds_at(span.from) + to_grid * 60;
        let last = day.seconds_at(span.to) - self.length.num_seconds();
        let every = self.every.num_seconds();
        std::iter::successors(Some(first), move |start| Some(start + every))
            .take_while(move |start| *start <= last)
    }
}

/// The last local day that can be booked.
pub(super) fn last_open_day(timetable: &Timetable<'_>, now: DateTime<Utc>) -> NaiveDate {
    local_date(timetable.zone, now) + Days::new(timetable.booking_days.into())
}

/// The first whole second at or after an instant.
fn next_second(at: DateTime<Utc>) -> i64 {
    at.timestamp() + i64::from(0 < at.timestamp_subsec_nanos())
}

/// How round the first start of an opening is, in minutes of the wall clock: on the hour for steps
/// of whole hours, on a quarter for steps of 45 minutes. So an opening at 9:30 begins at 9:30.
fn roundness(every: TimeDelta) -> i64 {
    let divides = |minutes: &i64| 60 % minutes == 0 && every.num_minutes() % minutes == 0;
    (1..=60).rev().find(divides).unwrap_or(1)
}
