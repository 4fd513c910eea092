//! Which times a client may ask for.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};

use crate::{ClientId, DaySheets, Handbook, Slot, TimeSpan, instant_of, local_date};

/// Every time that `asker` may ask for at `now` and that starts within `range`, in order.
///
/// The same function offers a time and grants it: what it leaves out cannot be booked. The grid
/// of starts is anchored to the practice's wall clock, whatever is taken; steps advance in elapsed
/// time, so a slot lasts exactly its length on days of 23 and 25 hours too.
pub fn offers(
    handbook: &Handbook,
    sheets: &DaySheets,
    asker: &ClientId,
    now: DateTime<Utc>,
    range: &Range<DateTime<Utc>>,
) -> Vec<Slot> {
    let session = &handbook.session;
    let zone = handbook.practice.zone;
    let earliest = range.start.max(now + session.notice);
    let today = local_date(zone, now);
    // No end of a range is too far away: nothing is on offer two days past the last open one.
    let end = range.end.min(now + TimeDelta::days(i64::from(session.booking_days) + 2));
    if end <= earliest {
        return vec![];
    }
    // A day more on either side: a local day begins and ends on another UTC date than its own.
    let first_day = local_date(zone, earliest) - Days::new(1);
    let last_day = (today + Days::new(session.booking_days.into())).min(local_date(zone, end));

    let mut slots: Vec<Slot> = first_day
        .iter_days()
        .take_while(|date| *date <= last_day)
        .filter(|date| !handbook.closed.iter().any(|closed| closed.days.contains(date)))
        .flat_map(|date| openings(handbook, date).flat_map(move |span| grid(handbook, date, span)))
        .filter(|slot| earliest <= slot.start && slot.start < end)
        .filter(|slot| sheets.is_free(slot, session.buffers, asker, now))
        .collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

fn openings(handbook: &Handbook, date: NaiveDate) -> impl Iterator<Item = TimeSpan> {
    let weekday = date.weekday();
    handbook.hours.iter().filter(move |opening| opening.day == weekday).map(|opening| opening.span)
}

/// The slots of one opening of one local day, whether free or not.
fn grid(
    handbook: &Handbook,
    date: NaiveDate,
    span: TimeSpan,
) -> impl Iterator<Item = Slot> + use<> {
    let (length, every) = (handbook.session.length, handbook.session.every);
    let zone = handbook.practice.zone;
    let end = instant_of(zone, span.to.on(date));
    let to_grid = (-i64::from(span.from.get())).rem_euclid(roundness(every));
    let mut start = instant_of(zone, span.from.on(date)) + TimeDelta::minutes(to_grid);
    std::iter::from_fn(move || {
        let slot = Slot::of(start, length);
        start += every;
        (slot.end <= end).then_some(slot)
    })
}

/// How round the first start of an opening is, in minutes of the wall clock: on the hour for steps
/// of whole hours, on a quarter for steps of 45 minutes. So an opening at 9:30 begins at 9:30.
fn roundness(every: TimeDelta) -> i64 {
    let divides = |minutes: &i64| 60 % minutes == 0 && every.num_minutes() % minutes == 0;
    (1..=60).rev().find(divides).unwrap_or(1)
}
