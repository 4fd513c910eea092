//! What the address of the calendar says: which zone, which day, which times.

use std::ops::{Range, RangeInclusive};

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use documents::pages::{CalendarPurpose, ZoneBy};
use domain::{
    ClientFile, DaySheets, Roster, SessionType, Slot, StaffId, Stage, instant_of, local_date,
};
use shell::{FormText, Opened, Problem, Shell, form_instant};
use store::{Loaded, Want};

use crate::waiting;

/// How many days one page shows at most: six weeks, so that the usual horizon of a month stands on
/// one page, on whatever day of the week it begins.
const DAYS: u64 = 42;

/// How many chosen times are read from an address; more than any practice holds.
const CHOSEN_MAX: usize = 12;

/// What somebody looks at.
pub(crate) struct View {
    pub(crate) zone: Tz,
    pub(crate) zone_by: ZoneBy,
    pub(crate) today: NaiveDate,
    /// The first and the last day on which a time may be on offer.
    first: NaiveDate,
    last: NaiveDate,
    /// The day that was asked for, one of those between.
    pub(crate) day: NaiveDate,
    /// With whom, where the client chooses among several.
    pub(crate) with: Option<StaffId>,
    /// In order of preference.
    pub(crate) chosen: Vec<DateTime<Utc>>,
    /// What was just done with the waiting list.
    pub(crate) notice: Option<&'static str>,
}

impl View {
    /// Reads the fields of an address or a form. What cannot be read falls back to what is usual.
    pub(crate) fn read(fields: &FormText, file: &ClientFile, opened: &Opened) -> Self {
        let handbook = &opened.handbook;
        let named = fields.text("zone");
        let zone = named.parse().ok().or(file.zone).unwrap_or(handbook.practice.zone);
        // A name that cannot be read is a name: guessing it again would lead in circles.
        let is_named = !named.is_empty() || file.zone.is_some();
        let zone_by = if is_named { ZoneBy::Reader } else { ZoneBy::Nobody };
        let today = local_date(zone, opened.now);
        let session = handbook.session(&file.session);
        let (with, is_other) = with_whom(fields, file, session);
        let open_days = Roster::of(handbook, session, None).open_days(opened.now);
        let midnight_after = (*open_days.end() + Days::new(1)).and_time(NaiveTime::MIN);
        let closes = instant_of(handbook.practice.zone, midnight_after) - TimeDelta::seconds(1);
        let first = local_date(zone, opened.now + session.notice).max(*open_days.start());
        let last = first.max(local_date(zone, closes));
        // What was chosen of one calendar says nothing of another.
        let chosen = if is_other { vec![] } else { chosen(fields) };
        let day_of_best = chosen.first().map(|start| local_date(zone, *start));
        let asked = fields.text("day").parse().ok().or(day_of_best);
        let day = asked.unwrap_or(first).clamp(first, last);
        let notice = waiting::notice(fields.text("done"));
        Self { zone, zone_by, today, first, last, day, with, chosen, notice }
    }

    /// Shows the day of this moment.
    pub(crate) fn turn_to(&mut self, at: DateTime<Utc>) {
        self.day = local_date(self.zone, at).clamp(self.first, self.last);
    }

    /// The first day of this page, a Monday.
    ///
    /// Pages are counted from the first day that has anything, so that a day stands on one page
    /// only, whichever way somebody comes to it.
    pub(crate) fn from(&self) -> NaiveDate {
        let start = monday_of(self.first);
        let days = (self.day - start).num_days().unsigned_abs();
        start + Days::new(days / DAYS * DAYS)
    }

    /// The last day of this page, a Sunday.
    pub(crate) fn to(&self) -> NaiveDate {
        (self.from() + Days::new(DAYS - 1)).min(monday_of(self.last) + Days::new(6))
    }

    /// The instants that this page shows.
    pub(crate) fn range(&self) -> Range<DateTime<Utc>> {
        let midnight = |date: NaiveDate| instant_of(self.zone, date.and_time(NaiveTime::MIN));
        midnight(self.from())..midnight(self.to() + Days::new(1))
    }

    pub(crate) fn earlier(&self) -> Option<NaiveDate> {
        let from = self.from();
        (self.first < from).then(|| (from - Days::new(DAYS)).max(self.first))
    }

    pub(crate) fn later(&self) -> Option<NaiveDate> {
        let next = self.to() + Days::new(1);
        (next <= self.last).then_some(next)
    }

    /// The day whose times are shown: the one asked for, else the next one that has any, else the
    /// last one before it.
    pub(crate) fn day_among(&self, slots: &[Slot]) -> Option<NaiveDate> {
        let mut dates = slots.iter().map(|slot| local_date(self.zone, slot.start));
        let next = dates.clone().find(|date| self.day <= *date);
        next.or_else(|| dates.next_back())
    }
}

/// With whom, where there is a choice, and whether that is somebody else than on the page before: a
/// button names another one before the page's own field names the last one.
fn with_whom(
    fields: &FormText,
    file: &ClientFile,
    session: &SessionType,
) -> (Option<StaffId>, bool) {
    let choosable = session.choosable();
    let mut named = fields.all("with");
    let (first, second) = (named.next(), named.next());
    let asked_before = file.request().and_then(|request| request.times.first());
    let booked = file.appointment().map(|booked| &booked.providers);
    let offered = file.offered().and_then(|offered| offered.times.first());
    let known = asked_before.or(offered).map(|offer| &offer.providers).or(booked);
    let by_name = |name: &str| choosable.iter().find(|id| id.as_str() == name);
    let by_file = || choosable.iter().find(|id| known.is_some_and(|known| known.contains(id)));
    let wished = file.listed().and_then(|listed| listed.wishes.with.as_ref());
    let by_wish = || choosable.iter().find(|id| Some(*id) == wished);
    let with = first.and_then(by_name).or_else(by_file).or_else(by_wish).or(choosable.first());
    (with.cloned(), second.is_some() && second != first)
}

fn monday_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(day.weekday().num_days_from_monday().into())
}

/// The ticked times: those with an order in it, the others after them.
fn chosen(fields: &FormText) -> Vec<DateTime<Utc>> {
    let ticked: Vec<_> = fields.all("t").take(CHOSEN_MAX).filter_map(form_instant).collect();
    let ordered = fields.text("order").split(',').take(CHOSEN_MAX).filter_map(form_instant);
    let mut chosen: Vec<DateTime<Utc>> = Vec::new();
    for start in ordered.filter(|start| ticked.contains(start)).chain(ticked.iter().copied()) {
        if !chosen.contains(&start) {
            chosen.push(start);
        }
    }
    chosen
}

/// Why the client is at the calendar.
pub(crate) fn purpose(file: &ClientFile) -> CalendarPurpose<'_> {
    match &file.stage {
        Stage::Asked(proposal) => CalendarPurpose::Replace(proposal),
        Stage::Booked { appointment, .. } => CalendarPurpose::Move(appointment),
        Stage::Choosing { invitation: domain::Invitation::First, .. }
        | Stage::Invited(_)
        | Stage::Reading { .. }
        | Stage::Closed { .. } => CalendarPurpose::First,
        Stage::Choosing { invitation, .. } => CalendarPurpose::Again(*invitation),
        Stage::Listed(_) => CalendarPurpose::Again(domain::Invitation::Unlisted),
    }
}

/// What a page of the calendar must be loaded with besides the file.
pub(crate) fn want(opened: &Opened) -> Want {
    let providers = opened.handbook.calendars.iter().map(|calendar| calendar.provider.clone());
    Want { elsewhere_of: providers.collect(), ..Want::default() }
}

/// Whose calendars a client looks at.
pub(crate) struct Look<'a> {
    shell: &'a Shell,
    opened: &'a Opened,
    file: &'a ClientFile,
    with: Option<&'a StaffId>,
    /// It knows what other calendars say.
    loaded: &'a Loaded,
    roster: Roster<'a>,
}

impl<'a> Look<'a> {
    pub(crate) fn of(
        shell: &'a Shell,
        opened: &'a Opened,
        (file, loaded): &'a (ClientFile, Loaded),
        view: &'a View,
    ) -> Self {
        let session = opened.handbook.session(&file.session);
        let roster = Roster::of(&opened.handbook, session, view.with.as_ref());
        Self { shell, opened, file, with: view.with.as_ref(), loaded, roster }
    }

    /// The times on offer within a range, from one look at its sheets.
    pub(crate) async fn slots(&self, range: &Range<DateTime<Utc>>) -> Result<Vec<Slot>, Problem> {
        // A page has whole weeks; what is over or not open yet needs no look.
        let last = range.end.min(self.horizon());
        let first = range.start.max(self.opened.now).min(last);
        let days = self.roster.sheet_days(&(first..=last));
        let mut sheets: DaySheets = self.loaded.sheets.clone();
        for provider in self.roster.providers() {
            let practice = &self.opened.practice;
            let own = self.shell.store.sheets(practice, provider, days.clone()).await?;
            sheets = own.join(sheets);
        }
        let Opened { client, now, .. } = self.opened;
        let offers = self.roster.offers(&sheets, client, *now, range);
        Ok(offers.into_iter().map(|offer| offer.slot).collect())
    }

    /// Nothing is on offer at or after this.
    fn horizon(&self) -> DateTime<Utc> {
        let open_days = self.roster.open_days(self.opened.now);
        (*open_days.end() + Days::new(2)).and_time(NaiveTime::MIN).and_utc()
    }

    /// Those of the chosen times that are on offer, in the order they were chosen.
    pub(crate) async fn offered(&self, chosen: &[DateTime<Utc>]) -> Result<Vec<Slot>, Problem> {
        // No address makes the house look at more days than it offers.
        let now = self.opened.now;
        let horizon = self.horizon();
        let is_inside = |start: &DateTime<Utc>| (now..=horizon).contains(start);
        let starts: Vec<_> = chosen.iter().copied().filter(is_inside).collect();
        if starts.is_empty() {
            return Ok(vec![]);
        }
        let sheets = self.sheets_around(&starts).await?;
        let slot_at = |start: &DateTime<Utc>| {
            let second = *start..*start + TimeDelta::seconds(1);
            let on_offer = || self.roster.offers(&sheets, &self.opened.client, now, &second).pop();
            let held = self.file.offered_at(*start, self.with, now).cloned();
            held.or_else(on_offer).map(|offer| offer.slot)
        };
        Ok(starts.iter().filter_map(slot_at).collect())
    }

    /// The sheets that decide about these times.
    ///
    /// Where nothing is counted that is a day or two for each time, and they are read one by one.
    /// Elsewhere it is the whole period around each, and what lies close together is one query.
    async fn sheets_around(&self, starts: &[DateTime<Utc>]) -> Result<DaySheets, Problem> {
        let (store, practice) = (&self.shell.store, &self.opened.practice);
        let stretches: Vec<_> =
            starts.iter().map(|start| self.roster.sheet_days(&(*start..=*start))).collect();
        let mut sheets = self.loaded.sheets.clone();
        if !self.roster.counts() {
            let dates = || {
                stretches
                    .iter()
                    .flat_map(|days| days.start().iter_days().take_while(|day| day <= days.end()))
            };
            let days = self
                .roster
                .providers()
                .flat_map(|provider| dates().map(move |date| (provider.clone(), date)));
            return Ok(store.sheets_on(practice, days.collect()).await?.join(sheets));
        }
        let stretches = joined(stretches);
        for provider in self.roster.providers() {
            for days in &stretches {
                sheets = store.sheets(practice, provider, days.clone()).await?.join(sheets);
            }
        }
        Ok(sheets)
    }
}

/// The same days in as few stretches as are worth a query of their own: a gap that a page would
/// show is read along.
fn joined(mut stretches: Vec<RangeInclusive<NaiveDate>>) -> Vec<RangeInclusive<NaiveDate>> {
    stretches.sort_unstable_by_key(|days| *days.start());
    let mut joined: Vec<RangeInclusive<NaiveDate>> = Vec::new();
    for days in stretches {
        match joined.last_mut() {
            Some(last) if *days.start() <= *last.end() + Days::new(DAYS) => {
                *last = *last.start()..=*last.end().max(days.end());
            }
            _ => joined.push(days),
        }
    }
    joined
}

/// Those of the chosen times that are not among the open ones.
pub(crate) fn gone(chosen: &[DateTime<Utc>], open: &[Slot]) -> Vec<DateTime<Utc>> {
    let is_gone = |start: &DateTime<Utc>| !open.iter().any(|slot| slot.start == *start);
    chosen.iter().copied().filter(is_gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::default() + Days::new(number)
    }

    #[track_caller]
    fn check(stretches: &[(u64, u64)], expected: &[(u64, u64)]) {
        let days = |pairs: &[(u64, u64)]| -> Vec<_> {
            pairs.iter().map(|(first, last)| day(*first)..=day(*last)).collect()
        };
        assert_eq!(joined(days(stretches)), days(expected));
    }

    #[test]
    fn stretches_that_lie_close_together_become_one() {
        check(&[], &[]);
        check(&[(7, 13), (0, 6)], &[(0, 13)]);
        check(&[(0, 30), (3, 9), (70, 71)], &[(0, 71)]);
        check(&[(100, 130), (0, 30), (200, 201)], &[(0, 30), (100, 130), (200, 201)]);
    }
}
