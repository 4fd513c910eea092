//! Which times a client may ask for.
//!
//! Two lists in the order of time, and one sweep over both: the starts on the grid, and the spans of
//! starts that taken times rule out. Both are whole seconds, and the offset of a zone is looked up
//! once for each day instead of once for each time, so the work grows with the starts and the taken
//! times and with nothing else.

use std::{collections::BTreeSet, ops::Range};

use chrono::{DateTime, TimeDelta, Utc};

use super::limits::Tally;
use crate::{Buffers, ClientId, DaySheets, OtherCalendar, Slot, Taken, Timetable};

/// Every time that `asker` may ask for at `now` and that starts within `range`, in order.
///
/// The same function offers a time and grants it: what it leaves out cannot be booked. The grid
/// of starts is anchored to the practice's wall clock, whatever is taken; steps advance in elapsed
/// time, so a slot lasts exactly its length on days of 23 and 25 hours too.
///
/// # Panics
/// If one of the days that an offered time could touch was not looked at: what is not known is
/// never free.
pub fn offers(
    timetable: &Timetable<'_>,
    sheets: &DaySheets,
    asker: &ClientId,
    now: DateTime<Utc>,
    range: &Range<DateTime<Utc>>,
) -> Vec<Slot> {
    let starts = timetable.starts(now, range);
    let (Some(first), Some(last)) = (starts.first(), starts.last()) else { return vec![] };
    let (length, buffers) = (timetable.length, timetable.buffers);
    let (first, last) = (slot_at(*first, length).start, slot_at(*last, length).start);
    let days = timetable.sheet_days(&(first..=last));
    let taken = sheets.between(timetable.provider, days).flat_map(|sheet| &sheet.taken);
    let barring: Vec<&Taken> = taken.filter(|taken| taken.bars(Some(asker), now)).collect();
    if sheets.elsewhere(timetable.provider).any(|other| other.is_silent(now)) {
        return vec![];
    }
    let elsewhere = sheets.elsewhere(timetable.provider).flat_map(OtherCalendar::taken);
    let elsewhere = elsewhere.map(|slot| ruled_out(length, buffers, slot, Buffers::NONE));
    let here = barring.iter().map(|taken| ruled_out(length, buffers, taken.slot, taken.buffers));
    let (mut here, mut elsewhere) = (Sweep::over(here), Sweep::over(elsewhere));
    // Which date a start belongs to is asked of the zone, which takes longer than all the rest.
    let tally =
        (!timetable.limits.is_none()).then(|| Tally::of(timetable, barring.iter().copied(), now));
    let is_within_limits =
        |slot: &Slot| tally.as_ref().is_none_or(|tally| tally.against(slot.start).next().is_none());
    let begun = places_begun(timetable, &barring);
    let is_joined = |start: i64| {
        begun.contains(&start) && timetable.is_free(sheets, slot_at(start, length), asker, now)
    };
    // Most of the starts are free on most days: room for all of them is asked for once.
    let mut slots = Vec::with_capacity(starts.len());
    let free = starts
        .into_iter()
        .filter(|start| elsewhere.is_free(*start) && (here.is_free(*start) || is_joined(*start)));
    slots.extend(free.map(|start| slot_at(start, length)).filter(is_within_limits));
    slots
}

/// When sessions of this kind begin that others come to already, if it is one for a group.
fn places_begun(timetable: &Timetable<'_>, barring: &[&Taken]) -> BTreeSet<i64> {
    let begun = barring.iter().filter(|taken| timetable.is_beside(taken, taken.slot));
    begun.map(|taken| taken.slot.start.timestamp()).collect()
}

fn slot_at(seconds: i64, length: TimeDelta) -> Slot {
    Slot::of(DateTime::from_timestamp(seconds, 0).unwrap_or_default(), length)
}

/// The starts that a taken time rules out: those after the first number and before the second. It
/// says what [`Slot::meets`] says.
fn ruled_out(length: TimeDelta, buffers: Buffers, taken: Slot, around: Buffers) -> (i64, i64) {
    let gap_before = buffers.after.max(around.before);
    let gap_after = buffers.before.max(around.after);
    let from = taken.start.timestamp() - (gap_before + length).num_seconds();
    (from, taken.end.timestamp() + gap_after.num_seconds())
}

/// Spans of starts that are ruled out, in order and apart, and how far they were looked at.
struct Sweep {
    spans: Vec<(i64, i64)>,
    next: usize,
}

impl Sweep {
    fn over(spans: impl Iterator<Item = (i64, i64)>) -> Self {
        let mut spans: Vec<(i64, i64)> = spans.collect();
        spans.sort_unstable();
        spans.dedup_by(|later, earlier| {
            let is_one = later.0 < earlier.1;
            if is_one {
                earlier.1 = earlier.1.max(later.1);
            }
            is_one
        });
        Self { spans, next: 0 }
    }

    /// Whether nothing rules this start out; asked for one start after another.
    fn is_free(&mut self, start: i64) -> bool {
        while self.spans.get(self.next).is_some_and(|span| span.1 <= start) {
            self.next += 1;
        }
        self.spans.get(self.next).is_none_or(|span| start <= span.0)
    }
}
