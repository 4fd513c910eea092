//! Why a time is not on offer, for staff who wonder.

use chrono::{DateTime, Days, Utc};

use super::timetable::last_open_day;
use crate::{ClientId, DaySheets, Slot, Taken, TakenFor, Timetable, local_date};

/// Something that stands against a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason<'a> {
    /// It has begun, or is over.
    Past,
    /// It begins sooner than the notice allows.
    Notice,
    /// It lies behind the last day that can be booked.
    Window,
    /// It is on a day off.
    Closed,
    /// The date has hours of its own, and it does not lie within them.
    Override,
    /// It does not lie within the weekly hours.
    OutsideHours,
    /// It does not begin on the grid.
    OffGrid,
    /// Somebody has booked some of it.
    Taken(&'a Taken),
    /// Some of it is held for somebody.
    Held(&'a Taken),
    /// It comes too close to something booked or held.
    Buffer(&'a Taken),
}

/// Everything that stands against a session which would start then; nothing, if it can be asked
/// for. It says what [`offers`](super::offers) says, and why.
///
/// # Panics
/// If one of the days that the session touches was not looked at.
pub fn reasons<'a>(
    timetable: &Timetable<'_>,
    sheets: &'a DaySheets,
    asker: Option<&ClientId>,
    now: DateTime<Utc>,
    start: DateTime<Utc>,
) -> Vec<Reason<'a>> {
    let slot = Slot::of(start, timetable.length);
    let mut reasons = Vec::new();
    if start < now {
        reasons.push(Reason::Past);
    } else if start < now + timetable.notice {
        reasons.push(Reason::Notice);
    }
    reasons.extend(against_hours(timetable, now, slot));
    let days = slot.first_day(timetable.buffers)..=slot.last_day(timetable.buffers);
    let mut seen: Vec<&Taken> = Vec::new();
    for taken in sheets.between(timetable.provider, days).flat_map(|sheet| &sheet.taken) {
        let is_others = Some(&taken.client) != asker && taken.is_live(now);
        let is_in_the_way = slot.meets(timetable.buffers, &taken.slot, taken.buffers);
        if is_others && is_in_the_way && !seen.contains(&taken) {
            seen.push(taken);
        }
    }
    reasons.extend(seen.into_iter().map(|taken| in_the_way(slot, taken)));
    reasons
}

fn in_the_way(slot: Slot, taken: &Taken) -> Reason<'_> {
    let is_overlapping = slot.start < taken.slot.end && taken.slot.start < slot.end;
    match taken.what {
        _ if !is_overlapping => Reason::Buffer(taken),
        TakenFor::Hold { .. } => Reason::Held(taken),
        TakenFor::Appointment(_) => Reason::Taken(taken),
    }
}

/// What the booking window and the hours say against a slot.
fn against_hours<'a>(
    timetable: &Timetable<'_>,
    now: DateTime<Utc>,
    slot: Slot,
) -> impl Iterator<Item = Reason<'a>> {
    let date = local_date(timetable.zone, slot.start);
    // Where clocks jump, an opening may reach into the day beside its own.
    let around = [date - Days::new(1), date, date + Days::new(1)];
    let last_open = last_open_day(timetable, now);
    // The first of the days whose hours have this start; the day itself, if none has.
    let own = around.into_iter().find(|date| timetable.has_start(*date, slot.start));
    let window = (last_open < own.unwrap_or(date)).then_some(Reason::Window);
    let hours = || {
        if around.iter().any(|date| timetable.has_room(*date, slot)) {
            Reason::OffGrid
        } else if timetable.overrides.iter().any(|one| one.date == date) {
            Reason::Override
        } else if timetable.closed.iter().any(|closed| closed.days.contains(&date)) {
            Reason::Closed
        } else {
            Reason::OutsideHours
        }
    };
    window.into_iter().chain(own.is_none().then(hours))
}
