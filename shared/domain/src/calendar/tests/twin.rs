//! The same question answered slowly and obviously: every minute of every opening is looked at.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};

use crate::{ClientId, Handbook, Opening, Slot, Taken, instant_of, local_date};

/// What `offers` must answer.
pub(super) fn offers(
    handbook: &Handbook,
    taken: &[Taken],
    asker: &ClientId,
    now: DateTime<Utc>,
    range: &Range<DateTime<Utc>>,
) -> Vec<Slot> {
    let zone = handbook.practice.zone;
    let today = local_date(zone, now);
    let last_open_day = today + Days::new(handbook.session.booking_days.into());
    let first_day = range.start.date_naive() - Days::new(2);
    let last_day = range.end.date_naive() + Days::new(2);
    let mut slots = Vec::new();
    for date in first_day.iter_days().take_while(|date| *date <= last_day) {
        if last_open_day < date {
            continue;
        }
        let special: Vec<_> = handbook.overrides.iter().filter(|one| one.date == date).collect();
        for span in special.iter().flat_map(|one| &one.open) {
            slots.extend(fitting(handbook, date, Opening { day: date.weekday(), span: *span }));
        }
        let is_closed = handbook.closed.iter().any(|closed| closed.days.contains(&date));
        if is_closed || !special.is_empty() {
            continue;
        }
        for opening in handbook.hours.iter().filter(|opening| opening.day == date.weekday()) {
            slots.extend(fitting(handbook, date, *opening));
        }
    }
    slots.retain(|slot| {
        now + handbook.session.notice <= slot.start
            && range.contains(&slot.start)
            && taken.iter().all(|taken| {
                taken.client == *asker || !taken.is_live(now) || leaves_room(handbook, slot, taken)
            })
    });
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// Every slot on the grid that lies inside the opening, tried minute by minute. The first begins
/// when the wall clock would show the roundest minutes that the step allows.
fn fitting(handbook: &Handbook, date: NaiveDate, opening: Opening) -> Vec<Slot> {
    let zone = handbook.practice.zone;
    let opens = instant_of(zone, opening.span.from.on(date));
    let closes = instant_of(zone, opening.span.to.on(date));
    let every = handbook.session.every.num_minutes();
    let round = [60, 30, 20, 15, 10, 5].into_iter().find(|round| every % round == 0).unwrap();
    let mut slots = Vec::new();
    let mut first = None;
    let mut minutes = 0;
    while opens + TimeDelta::minutes(minutes) < closes {
        let slot = Slot::of(opens + TimeDelta::minutes(minutes), handbook.session.length);
        let since_midnight = i64::from(opening.span.from.get()) + minutes;
        if since_midnight % round == 0 {
            first = first.or(Some(minutes));
        }
        let is_on_grid = first.is_some_and(|first| (minutes - first) % every == 0);
        if is_on_grid && slot.end <= closes {
            slots.push(slot);
        }
        minutes += 1;
    }
    slots
}

/// Whether one is over, with the larger of the two buffers between them, before the other begins.
fn leaves_room(handbook: &Handbook, slot: &Slot, taken: &Taken) -> bool {
    let buffers = handbook.session.buffers;
    let is_after = taken.slot.end + taken.buffers.after.max(buffers.before) <= slot.start;
    let is_before = slot.end + buffers.after.max(taken.buffers.before) <= taken.slot.start;
    is_after || is_before
}
