//! How much a calendar takes in a day, a week or a month, and how much of it in a row.
//!
//! What counts is who has booked or asked for a session that starts in the period, on the dates
//! of the calendar's own hours. Several times that one client asks for count once: at most one of
//! them will be booked; what has begun counts by itself. The places of a group's session count once
//! as well. So no approval can ever go over a limit that held when the time was asked for.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Utc};

use crate::{ClientId, SessionTypeId, Slot, Taken, Timetable};

/// How much a calendar takes at most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// In one day.
    pub day: Quota,
    /// From Monday to Sunday.
    pub week: Quota,
    /// In one month of the calendar.
    pub month: Quota,
    /// One after another within a day.
    pub in_a_row: Option<InARow>,
}

/// How many sessions, and how long all of them may be together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quota {
    /// How many, if that is limited.
    pub sessions: Option<usize>,
    /// How long together, if that is limited.
    pub length: Option<TimeDelta>,
}

/// So many sessions one after another, and then a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InARow {
    /// How many.
    pub sessions: usize,
    /// What is shorter is no pause.
    pub pause: TimeDelta,
}

/// Over which days a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// One date.
    Day,
    /// From Monday to Sunday.
    Week,
    /// The month.
    Month,
}

/// A limit that a time would go over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverLimit {
    /// The quota of a period is used up.
    Quota(Period),
    /// There would be too many sessions without a pause.
    InARow,
}

impl Period {
    const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// The first and the last day of the period that a date lies in.
    pub fn around(self, date: NaiveDate) -> RangeInclusive<NaiveDate> {
        match self {
            Self::Day => date..=date,
            Self::Week => {
                let monday = date - Days::new(date.weekday().num_days_from_monday().into());
                monday..=monday + Days::new(6)
            }
            Self::Month => {
                let first = date - Days::new(date.day0().into());
                first..=first + Months::new(1) - Days::new(1)
            }
        }
    }
}

impl Limits {
    /// The longest period that anything counts over; none if nothing is limited.
    pub(super) fn longest_period(&self) -> Option<Period> {
        let counts = |period: &Period| !self.quota(*period).is_none();
        let longest = Period::ALL.into_iter().rev().find(counts);
        longest.or(self.in_a_row.map(|_| Period::Day))
    }

    /// Whether anything is limited at all.
    pub fn is_none(&self) -> bool {
        self.longest_period().is_none()
    }

    /// What is limited over a period.
    pub fn quota(&self, period: Period) -> Quota {
        match period {
            Period::Day => self.day,
            Period::Week => self.week,
            Period::Month => self.month,
        }
    }
}

impl Quota {
    fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// What is taken in one period by sessions of one kind.
#[derive(Default)]
struct Count<'a> {
    /// Who takes how long: of several times that one client asks for, the longest. What has begun
    /// is a session of its own, whoever had it.
    clients: BTreeMap<(&'a ClientId, Option<Slot>), TimeDelta>,
    clients_length: TimeDelta,
    /// When. Those who come to the same session of a group share one.
    slots: BTreeSet<Slot>,
    slots_length: TimeDelta,
}

impl<'a> Count<'a> {
    fn add(&mut self, client: &'a ClientId, slot: Slot, has_begun: bool) {
        let length = slot.end - slot.start;
        if self.slots.insert(slot) {
            self.slots_length += length;
        }
        let longest = self.clients.entry((client, has_begun.then_some(slot))).or_default();
        self.clients_length += (length - *longest).max(TimeDelta::zero());
        *longest = length.max(*longest);
    }

    /// How many sessions there can be at most, and how long all of them are together: no more than
    /// one for each client, and no more than one in each slot.
    fn most(&self) -> (usize, TimeDelta) {
        let sessions = self.clients.len().min(self.slots.len());
        (sessions, self.clients_length.min(self.slots_length))
    }

    /// The same with one client more in this slot.
    fn most_with(&self, slot: Slot) -> (usize, TimeDelta) {
        let length = slot.end - slot.start;
        let is_new = !self.slots.contains(&slot);
        let slots_length = if is_new { self.slots_length + length } else { self.slots_length };
        let sessions = (self.clients.len() + 1).min(self.slots.len() + usize::from(is_new));
        (sessions, (self.clients_length + length).min(slots_length))
    }
}

/// What counts against the limits of a calendar.
pub(super) struct Tally<'a> {
    timetable: &'a Timetable<'a>,
    /// For each period, by its first day: what each kind of session takes of it.
    periods: BTreeMap<(Period, NaiveDate), BTreeMap<&'a SessionTypeId, Count<'a>>>,
    /// By date, in order.
    sessions: BTreeMap<NaiveDate, Vec<Slot>>,
}

impl<'a> Tally<'a> {
    /// Counts what others have taken.
    pub(super) fn of(
        timetable: &'a Timetable<'a>,
        taken: impl Iterator<Item = &'a Taken>,
        now: DateTime<Utc>,
    ) -> Self {
        let mut tally = Self { timetable, periods: BTreeMap::new(), sessions: BTreeMap::new() };
        if !timetable.limits.is_none() {
            taken.for_each(|taken| tally.count(taken, now));
        }
        for sessions in tally.sessions.values_mut() {
            // What reaches over midnight is listed on two sheets.
            sessions.sort_unstable();
            sessions.dedup();
        }
        tally
    }

    fn count(&mut self, taken: &'a Taken, now: DateTime<Utc>) {
        let (Some(client), Some(session)) = (taken.client(), taken.session()) else { return };
        let date = self.timetable.date_of(taken.slot.start);
        for period in Period::ALL {
            let first = *period.around(date).start();
            let kinds = self.periods.entry((period, first)).or_default();
            let has_begun = taken.slot.start <= now;
            kinds.entry(session).or_default().add(client, taken.slot, has_begun);
        }
        self.sessions.entry(date).or_default().push(taken.slot);
    }

    /// The limits that one more session would go over.
    pub(super) fn against(&self, start: DateTime<Utc>) -> impl Iterator<Item = OverLimit> {
        let date = self.timetable.date_of(start);
        let slot = Slot::of(start, self.timetable.length);
        let over = move |period: &Period| self.is_full(*period, date, slot);
        let quotas = Period::ALL.into_iter().filter(over).map(OverLimit::Quota);
        let row = self.timetable.limits.in_a_row.filter(|row| self.is_long_row(*row, date, slot));
        quotas.chain(row.map(|_| OverLimit::InARow))
    }

    fn is_full(&self, period: Period, date: NaiveDate, slot: Slot) -> bool {
        let quota = self.timetable.limits.quota(period);
        if quota.is_none() {
            return false;
        }
        let kinds = self.periods.get(&(period, *period.around(date).start()));
        let own = kinds.and_then(|kinds| kinds.get(self.timetable.session));
        let alone = (1, slot.end - slot.start);
        let with_own = own.map_or(alone, |own| own.most_with(slot));
        let others =
            kinds.into_iter().flatten().filter(|(kind, _)| **kind != self.timetable.session);
        let (sessions, length) = others
            .map(|(_, count)| count.most())
            .fold(with_own, |(sessions, length), (more, longer)| {
                (sessions + more, length + longer)
            });
        quota.sessions.is_some_and(|most| most < sessions)
            || quota.length.is_some_and(|most| most < length)
    }

    fn is_long_row(&self, row: InARow, date: NaiveDate, slot: Slot) -> bool {
        let Some(sessions) = self.sessions.get(&date) else { return row.sessions == 0 };
        if sessions.contains(&slot) {
            // One more in a session of a group, which there is already.
            return false;
        }
        let earlier = sessions.iter().rev().filter(|one| one.end <= slot.start);
        let later = sessions.iter().filter(|one| slot.end <= one.start);
        let before = in_a_row(slot, earlier, |one, next| one.start - next.end < row.pause);
        let after = in_a_row(slot, later, |one, next| next.start - one.end < row.pause);
        row.sessions <= before + after
    }
}

/// How many sessions follow one another from a slot on.
fn in_a_row<'s>(
    slot: Slot,
    sessions: impl Iterator<Item = &'s Slot>,
    is_near: impl Fn(&Slot, &Slot) -> bool,
) -> usize {
    let mut last = slot;
    let near = sessions.take_while(|next| is_near(&std::mem::replace(&mut last, **next), next));
    near.count()
}
