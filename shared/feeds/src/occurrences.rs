//! When the events of a feed take place.

use std::{
    collections::BTreeSet,
    ops::{Range, RangeInclusive},
    rc::Rc,
};

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use domain::Slot;

use crate::{
    Unreadable, Warning,
    clock::Clock,
    components::Calendar,
    event::{Event, Reach, Takes},
    extent::{Extent, NoExtent, Time},
    repeat,
    rule::{Covers, Rule},
    series::{Series, series},
    unreadable::{Budget, TIMES_MAX},
    values::{ClockName, End, Period, Precision, Stamp},
    zones::Zones,
};

/// The spans of a calendar that meet `window`, in no order, and what there is to say about them.
pub(crate) fn of(
    calendar: Calendar,
    window: &Range<DateTime<Utc>>,
) -> Result<(Vec<Slot>, Vec<Warning>), Unreadable> {
    let Calendar { events, busy, zones, warnings } = calendar;
    let window = within_reason(window);
    let mut diary =
        Diary { window, zones, warnings, budget: Budget::of_a_feed(), spans: Vec::new() };
    for period in busy {
        diary.add_period(period)?;
    }
    for series in series(events) {
        diary.add_series(&series)?;
    }
    Ok((diary.spans, diary.warnings.into_iter().collect()))
}

/// Calendars have four digits for a year.
fn within_reason(window: &Range<DateTime<Utc>>) -> Range<DateTime<Utc>> {
    let limit = |year| {
        let date = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        date.and_time(NaiveTime::MIN).and_utc()
    };
    let clamp = |at: DateTime<Utc>| at.clamp(limit(1), limit(9_999));
    clamp(window.start)..clamp(window.end)
}

/// No wall clock is further from UTC than this.
const CLOCKS_APART: TimeDelta = TimeDelta::days(2);

/// How many steps it takes to turn a wall time into an instant.
const A_LOOK_AT_A_CLOCK: u64 = 10;

/// What has been found so far.
struct Diary {
    window: Range<DateTime<Utc>>,
    zones: Zones,
    warnings: BTreeSet<Warning>,
    budget: Budget,
    spans: Vec<Slot>,
}

impl Diary {
    fn add(&mut self, span: Slot) -> Result<(), Unreadable> {
        let meets = span.start < self.window.end && self.window.start < span.end;
        if meets && span.start < span.end {
            self.spans.push(span);
        }
        if TIMES_MAX < self.spans.len() { Err(Unreadable::TooManyTimes) } else { Ok(()) }
    }

    fn clock(&mut self, name: ClockName) -> Result<Rc<Clock>, Unreadable> {
        self.zones.clock(name, &self.window, &mut self.budget, &mut self.warnings)
    }

    fn time(&mut self, stamp: Stamp) -> Result<Time, Unreadable> {
        self.budget.spend(A_LOOK_AT_A_CLOCK)?;
        Ok(Time::on(&*self.clock(stamp.clock)?, stamp.wall))
    }

    /// The wall times at which what lasts so long must begin to meet the window.
    fn reach(&self, length: TimeDelta) -> RangeInclusive<NaiveDateTime> {
        let from = self.window.start.naive_utc() - CLOCKS_APART - length;
        from..=self.window.end.naive_utc() + CLOCKS_APART
    }

    /// How long something lasts. None if it takes no time; a warning says so where it should.
    fn extent(&mut self, start: Stamp, end: End) -> Result<Option<Extent>, Unreadable> {
        self.budget.spend(2 * A_LOOK_AT_A_CLOCK)?;
        let clock = self.clock(start.clock)?;
        let end_clock = match end {
            End::At(end) => self.clock(end.clock)?,
            End::NotSaid | End::Unreadable | End::After(_) => Rc::clone(&clock),
        };
        Ok(match Extent::of(start, &clock, end, &end_clock) {
            Ok(extent) => Some(extent),
            Err(NoExtent::Backwards) => {
                self.warnings.insert(Warning::EndsBeforeStart);
                None
            }
            Err(NoExtent::Unreadable) => {
                self.warnings.insert(Warning::EndUnreadable);
                Some(Extent::rest_of_day(start.wall))
            }
        })
    }

    /// Adds a busy period, or one of the single times of an event.
    fn add_period(&mut self, period: Period) -> Result<(), Unreadable> {
        if is_far(period.start, period.end, &self.reach(TimeDelta::zero())) {
            return Ok(());
        }
        let Some(extent) = self.extent(period.start, period.end)? else { return Ok(()) };
        let clock = self.clock(period.start.clock)?;
        let span = extent.from(Time::on(&clock, period.start.wall), &clock);
        span.map_or(Ok(()), |span| self.add(span))
    }

    fn add_series(&mut self, series: &Series) -> Result<(), Unreadable> {
        let is_future = |event: &&Event| {
            event.replaces.is_some_and(|replaced| replaced.reach == Reach::ThisAndFuture)
        };
        for event in &series.events {
            let mut turns = Vec::new();
            for change in series.changes.iter().filter(is_future) {
                turns.extend(self.turn(event, change)?);
            }
            turns.sort_unstable_by_key(|turn| turn.after);
            self.add_event(event, &series.changes, &turns)?;
        }
        for change in &series.changes {
            self.add_event(change, &[], &[])?;
        }
        Ok(())
    }

    /// Adds the times of one event, but for those that changes have replaced.
    fn add_event(
        &mut self,
        event: &Event,
        changes: &[Event],
        turns: &[Turn],
    ) -> Result<(), Unreadable> {
        if event.takes == Takes::Nothing && turns.is_empty() {
            return Ok(());
        }
        let Some(start) = event.start else {
            self.warnings.insert(Warning::StartUnreadable);
            return Ok(());
        };
        if turns.is_empty() && is_out_of_reach(event, start, &self.reach(TimeDelta::zero())) {
            return Ok(());
        }
        let Some(extent) = self.extent(start, event.end)? else { return Ok(()) };
        let longest = turns.iter().map(Turn::most).fold(extent.most(), TimeDelta::max);
        let run = Run { start, clock: self.clock(start.clock)?, extent, takes: event.takes, turns };
        let reach = self.reach(longest);
        let gone = self.gone(&run, event, changes, &reach)?;
        self.add_single(&run, &event.more, &gone, &reach)?;
        for rule in &event.rules {
            self.add_rule(&run, rule, &gone, &reach)?;
        }
        Ok(())
    }

    /// The first time of an event, whatever its rule says of it, and those that are listed.
    fn add_single(
        &mut self,
        run: &Run<'_>,
        more: &[Period],
        gone: &Gone,
        reach: &RangeInclusive<NaiveDateTime>,
    ) -> Result<(), Unreadable> {
        let first = Time::on(&run.clock, run.start.wall);
        self.add_times(run, std::iter::once(first), gone)?;
        for period in more.iter().filter(|period| !is_far(period.start, period.end, reach)) {
            let time = self.time(period.start)?;
            let wall = run.clock.wall_at(time.at);
            let is_alone =
                period.end == End::NotSaid && period.start.precision == Precision::Moment;
            match run.start.precision {
                Precision::Moment if is_alone => {
                    self.add_times(run, std::iter::once(Time { wall, ..time }), gone)?;
                }
                Precision::Day if period.end == End::NotSaid => {
                    let midnight = wall.date().and_time(NaiveTime::MIN);
                    let time = Time::on(&run.clock, midnight);
                    self.add_times(run, std::iter::once(time), gone)?;
                }
                // A date for an event that has a time leaves the time open: all day.
                Precision::Moment | Precision::Day => {
                    if !gone.has(Time { wall, ..time }) && run.takes == Takes::Time {
                        self.add_period(*period)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn add_rule(
        &mut self,
        run: &Run<'_>,
        rule: &Rule,
        gone: &Gone,
        reach: &RangeInclusive<NaiveDateTime>,
    ) -> Result<(), Unreadable> {
        let before = self.spans.len();
        let first = run.start.wall;
        let until = run.until(rule);
        match rule.covers {
            Covers::Event => {
                let walls = repeat::starts(rule, first, until, reach, &mut self.budget)?;
                let times = walls.into_iter().filter(|wall| *wall != first);
                self.add_times(run, times.map(|wall| Time::on(&run.clock, wall)), gone)?;
            }
            Covers::WholeDays => {
                let first = first.date().and_time(NaiveTime::MIN);
                let days = repeat::starts(rule, first, until, reach, &mut self.budget)?;
                for day in days.into_iter().filter(|day| !gone.days.contains(&day.date())) {
                    self.add_day(run, day)?;
                }
            }
        }
        if before < self.spans.len() {
            self.warnings.extend(rule.doubt.clone());
        }
        Ok(())
    }

    fn add_times(
        &mut self,
        run: &Run<'_>,
        times: impl Iterator<Item = Time>,
        gone: &Gone,
    ) -> Result<(), Unreadable> {
        let turns = u64::try_from(run.turns.len()).unwrap_or(u64::MAX);
        for time in times.filter(|time| !gone.has(*time)) {
            self.budget.spend(2 * A_LOOK_AT_A_CLOCK + turns)?;
            if let Some(span) = run.span(time) {
                self.add(span)?;
            }
        }
        Ok(())
    }

    /// A day on which the event takes place nobody knows how often.
    fn add_day(&mut self, run: &Run<'_>, day: NaiveDateTime) -> Result<(), Unreadable> {
        let next = day.date().checked_add_days(Days::new(1)).unwrap_or(day.date());
        let start = run.clock.instant_of(day);
        let end = run.clock.instant_of(next.and_time(NaiveTime::MIN)) + run.extent.most();
        self.add(Slot { start, end })
    }

    /// The times of an event that are excepted, or stand elsewhere.
    fn gone(
        &mut self,
        run: &Run<'_>,
        event: &Event,
        changes: &[Event],
        reach: &RangeInclusive<NaiveDateTime>,
    ) -> Result<Gone, Unreadable> {
        let replaced = changes.iter().filter_map(|change| change.replaces).map(|one| one.time);
        let mut gone = Gone::default();
        let wide = *reach.start() - CLOCKS_APART..=*reach.end() + CLOCKS_APART;
        for stamp in event.except.iter().copied().chain(replaced) {
            if !wide.contains(&stamp.wall) {
                continue;
            }
            let is_day = |stamp: Stamp| stamp.precision == Precision::Day;
            if is_day(stamp) {
                gone.days.insert(stamp.wall.date());
                continue;
            }
            let at = self.time(stamp)?.at;
            gone.moments.insert(at);
            if is_day(run.start) {
                gone.days.insert(run.clock.wall_at(at).date());
            }
        }
        Ok(gone)
    }

    /// What a change to one time and all later ones means for an event.
    fn turn(&mut self, event: &Event, change: &Event) -> Result<Option<Turn>, Unreadable> {
        let (Some(own), Some(replaced)) = (event.start, change.replaces) else { return Ok(None) };
        let clock = self.clock(own.clock)?;
        let after = self.time(replaced.time)?.at;
        let start = change.start.unwrap_or(replaced.time);
        let shift = clock.wall_at(self.time(start)?.at) - clock.wall_at(after);
        let Some(extent) = self.extent(start, change.end)? else { return Ok(None) };
        Ok(Some(Turn { after, shift, extent, takes: change.takes }))
    }
}

/// An event on the way through its times.
struct Run<'x> {
    start: Stamp,
    clock: Rc<Clock>,
    extent: Extent,
    takes: Takes,
    turns: &'x [Turn],
}

/// From one time of an event on, all later ones are different.
#[derive(Debug, Clone, Copy)]
struct Turn {
    after: DateTime<Utc>,
    shift: TimeDelta,
    extent: Extent,
    takes: Takes,
}

impl Turn {
    fn most(&self) -> TimeDelta {
        self.extent.most() + self.shift.abs()
    }
}

impl Run<'_> {
    /// What one of the times takes.
    fn span(&self, time: Time) -> Option<Slot> {
        let turn = self.turns.iter().rev().find(|turn| turn.after < time.at);
        match turn {
            None if self.takes == Takes::Time => self.extent.from(time, &self.clock),
            Some(turn) if turn.takes == Takes::Time => {
                let wall = time.wall.checked_add_signed(turn.shift)?;
                turn.extent.from(Time::on(&self.clock, wall), &self.clock)
            }
            Some(_) | None => None,
        }
    }

    /// The last time at which a rule can let the event begin, if it ends by itself. A date stands
    /// for all of its day, and so does a moment if days are what the rule finds.
    fn until(&self, rule: &Rule) -> Option<NaiveDateTime> {
        let finds_days = self.start.precision == Precision::Day || rule.covers == Covers::WholeDays;
        let until = rule.until.and_then(|until| {
            let wall = match until.clock {
                ClockName::Utc => self.clock.wall_at(until.wall.and_utc()),
                ClockName::Owner | ClockName::Zone(_) => until.wall,
            };
            let is_moment = until.precision == Precision::Moment && !finds_days;
            if is_moment { Some(wall) } else { wall.max(until.wall).date().and_hms_opt(23, 59, 59) }
        });
        let reach = rule.reach.and_then(|reach| self.start.wall.checked_add_signed(reach));
        until.into_iter().chain(reach).min()
    }
}

/// Times of an event that are no more.
#[derive(Default)]
struct Gone {
    moments: BTreeSet<DateTime<Utc>>,
    days: BTreeSet<NaiveDate>,
}

impl Gone {
    fn has(&self, time: Time) -> bool {
        self.moments.contains(&time.at) || self.days.contains(&time.wall.date())
    }
}

/// Whether something is over before `reach` or begins after it, whatever its clocks.
fn is_far(start: Stamp, end: End, reach: &RangeInclusive<NaiveDateTime>) -> bool {
    *reach.end() < start.wall || latest_end(start, end).is_some_and(|end| end < *reach.start())
}

/// A moment on some wall clock before which an event is over.
fn latest_end(start: Stamp, end: End) -> Option<NaiveDateTime> {
    let end = match end {
        End::At(end) => end.wall,
        End::After(length) => start.wall.checked_add_signed(length.days + length.time)?,
        End::NotSaid | End::Unreadable => start.wall,
    };
    end.max(start.wall).checked_add_signed(CLOCKS_APART)
}

/// Whether no time of an event can come near the window.
fn is_out_of_reach(event: &Event, start: Stamp, reach: &RangeInclusive<NaiveDateTime>) -> bool {
    let is_single = event.rules.is_empty() && event.more.is_empty();
    let begins_later = event.more.is_empty() && *reach.end() < start.wall;
    begins_later || (is_single && is_far(start, event.end, reach))
}
