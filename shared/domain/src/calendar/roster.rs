//! Whose calendars decide about a kind of session, and what they offer together.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{Range, RangeInclusive},
};

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::limits::Period;
use crate::{
    ClientId, DaySheets, Handbook, SessionType, Slot, StaffId, Taken, Timetable, offers, reasons,
};

/// A time that can be asked for, and who would give the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// When.
    pub slot: Slot,
    /// In whose calendars it is taken; at least one.
    pub providers: Vec<StaffId>,
}

/// The calendars that a kind of session can take place in.
#[derive(Debug, Clone)]
pub struct Roster<'a> {
    /// Of each part one is needed. At least one part, and none is empty.
    parts: Vec<Vec<Timetable<'a>>>,
}

impl<'a> Roster<'a> {
    /// The roster of a kind of session. Where the client chooses among several, only the chosen one
    /// is on it: `with`, or the first of them if nobody was chosen. Anywhere else `with` means
    /// nothing.
    ///
    /// # Panics
    /// If the session has no provider: such a handbook was refused when it was read.
    pub fn of(handbook: &'a Handbook, session: &'a SessionType, with: Option<&StaffId>) -> Self {
        let choosable = session.choosable();
        let chosen = with.filter(|with| choosable.contains(with)).or(choosable.first());
        Self::with_those(handbook, session, |provider| {
            Some(provider) == chosen || !choosable.contains(provider)
        })
    }

    /// The roster for staff, who need not choose: with whoever is named, or with anybody who gives
    /// the session.
    ///
    /// # Panics
    /// If the session has no provider: such a handbook was refused when it was read.
    pub fn for_staff(
        handbook: &'a Handbook,
        session: &'a SessionType,
        with: Option<&StaffId>,
    ) -> Self {
        let is_named = with.is_some_and(|with| session.choosable().contains(with));
        if is_named {
            Self::of(handbook, session, with)
        } else {
            Self::with_those(handbook, session, |_| true)
        }
    }

    fn with_those(
        handbook: &'a Handbook,
        session: &'a SessionType,
        is_on: impl Fn(&StaffId) -> bool,
    ) -> Self {
        let timetable = |provider| Timetable::of(handbook, session, provider);
        let part = |part: &'a Vec<StaffId>| -> Vec<Timetable<'a>> {
            part.iter().filter(|provider| is_on(provider)).map(timetable).collect()
        };
        let roster = Self { parts: session.parts.iter().map(part).collect() };
        let is_whole = !roster.parts.is_empty() && roster.parts.iter().all(|part| !part.is_empty());
        assert!(is_whole, "a session without a provider is refused when it is read");
        roster
    }

    /// The timetables, one for each provider; at least one.
    pub fn timetables(&self) -> impl Iterator<Item = &Timetable<'a>> {
        self.parts.iter().flatten()
    }

    /// Whose calendars they are; at least one.
    pub fn providers(&self) -> impl Iterator<Item = &'a StaffId> {
        self.timetables().map(|timetable| timetable.provider)
    }

    /// The first and the last day that can be booked at `now`.
    pub fn open_days(&self, now: DateTime<Utc>) -> RangeInclusive<NaiveDate> {
        self.parts[0][0].open_days(now)
    }

    /// Whether a decision counts what is taken over whole days or weeks, and not only around a time.
    pub fn counts(&self) -> bool {
        self.is_in_turn() || self.timetables().any(|timetable| !timetable.limits.is_none())
    }

    fn is_in_turn(&self) -> bool {
        self.parts.iter().any(|part| 1 < part.len())
    }

    /// The UTC days whose sheets decide about sessions that start within `starts`; the same for
    /// every calendar.
    ///
    /// # Panics
    /// If the roster is empty, which it never is.
    pub fn sheet_days(&self, starts: &RangeInclusive<DateTime<Utc>>) -> RangeInclusive<NaiveDate> {
        let own = self.timetables().map(|timetable| timetable.sheet_days(starts));
        let weeks = self.is_in_turn().then(|| self.parts[0][0].days_of(Period::Week, starts));
        let all = own.chain(weeks);
        let widen = |all: RangeInclusive<NaiveDate>, days: RangeInclusive<NaiveDate>| {
            *all.start().min(days.start())..=*all.end().max(days.end())
        };
        all.reduce(widen).expect("a roster has a timetable")
    }

    /// Every time that `asker` may ask for at `now` and that starts within `range`, in order; see
    /// [`offers`].
    ///
    /// # Panics
    /// If one of the days of [`Roster::sheet_days`] was not looked at.
    pub fn offers(
        &self,
        sheets: &DaySheets,
        asker: &ClientId,
        now: DateTime<Utc>,
        range: &Range<DateTime<Utc>>,
    ) -> Vec<Offer> {
        let turns = self.is_in_turn().then(|| Turns::of(self, sheets, asker, now));
        let next = |slot: Slot, free: &[&Timetable<'_>]| match &turns {
            Some(turns) => turns.next(slot, free),
            None => free[0].provider.clone(),
        };
        let mut with: BTreeMap<Slot, Vec<StaffId>> = BTreeMap::new();
        for part in &self.parts {
            let mut free: BTreeMap<Slot, Vec<&Timetable<'_>>> = BTreeMap::new();
            for timetable in part {
                for slot in offers(timetable, sheets, asker, now, range) {
                    free.entry(slot).or_default().push(timetable);
                }
            }
            for (slot, free) in free {
                with.entry(slot).or_default().push(next(slot, &free));
            }
        }
        let is_whole = |offer: &Offer| offer.providers.len() == self.parts.len();
        let offers = with.into_iter().map(|(slot, providers)| Offer { slot, providers });
        offers.filter(is_whole).collect()
    }
}

impl Roster<'_> {
    /// Of the parts that `provider` is not in, those of which nobody could give a session that
    /// starts then; none, for whoever gives it alone.
    ///
    /// # Panics
    /// If one of the days that the session touches was not looked at.
    pub fn missing_beside(
        &self,
        provider: &StaffId,
        sheets: &DaySheets,
        now: DateTime<Utc>,
        start: DateTime<Utc>,
    ) -> Vec<StaffId> {
        let is_free =
            |timetable: &Timetable<'_>| reasons(timetable, sheets, None, now, start).is_empty();
        let others = self.parts.iter().filter(|part| part.iter().all(|it| it.provider != provider));
        let missing = others.filter(|part| !part.iter().any(is_free)).flatten();
        missing.map(|timetable| timetable.provider.clone()).collect()
    }
}

/// Whose turn it is: of those who are free, whoever has least in the week; then, least on the day;
/// and where that is the same, one after the other from day to day.
///
/// It is fair over what is booked and asked for, and needs no memory of its own.
struct Turns<'a> {
    /// Which sessions each has, by their local dates. A group's session is one.
    load: BTreeMap<&'a StaffId, BTreeMap<NaiveDate, BTreeSet<Slot>>>,
    /// Places that are taken in sessions of this kind, which a group would rather fill than begin
    /// another.
    begun: Vec<&'a Taken>,
}

impl<'a> Turns<'a> {
    fn of(
        roster: &Roster<'a>,
        sheets: &'a DaySheets,
        asker: &ClientId,
        now: DateTime<Utc>,
    ) -> Self {
        let mut turns = Self { load: BTreeMap::new(), begun: vec![] };
        for timetable in roster.timetables() {
            let load = turns.load.entry(timetable.provider).or_default();
            let sheets = sheets.iter().filter(|sheet| sheet.provider == *timetable.provider);
            let taken = sheets.flat_map(|sheet| &sheet.taken);
            for taken in taken.filter(|taken| taken.bars(Some(asker), now)) {
                if taken.client().is_some() {
                    load.entry(timetable.date_of(taken.slot.start)).or_default().insert(taken.slot);
                }
                if timetable.is_beside(taken, taken.slot) {
                    turns.begun.push(taken);
                }
            }
        }
        turns
    }

    /// Of those who are free, the one whose turn it is.
    fn next(&self, slot: Slot, free: &[&Timetable<'_>]) -> StaffId {
        let rank = |(at, timetable): &(usize, &&Timetable<'_>)| {
            let date = timetable.date_of(slot.start);
            let has_begun = self.begun.iter().any(|taken| {
                taken.provider == *timetable.provider && timetable.is_beside(taken, slot)
            });
            let week = self.count(timetable.provider, Period::Week.around(date));
            let today = self.count(timetable.provider, date..=date);
            let turn = (*at + date.num_days_from_ce().unsigned_abs() as usize) % free.len();
            (!has_begun, week, today, turn)
        };
        let next = free.iter().enumerate().min_by_key(rank);
        next.map(|(_, timetable)| timetable.provider.clone()).expect("somebody is free")
    }

    fn count(&self, provider: &StaffId, days: RangeInclusive<NaiveDate>) -> usize {
        let load = self.load.get(provider);
        load.map_or(0, |load| load.range(days).map(|(_, slots)| slots.len()).sum())
    }
}
