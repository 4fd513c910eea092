//! The same question answered slowly and obviously: every minute of every opening is looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::{ClientId, Handbook, Quota, Slot, Taken, TimeSpan, instant_of, local_date};

/// What `offers` must answer.
pub(super) fn offers(
    handbook: &Handbook,
    taken: &[Taken],
    asker: &ClientId,
    now: DateTime<Utc>,
    range: &Range<DateTime<Utc>>,
) -> Vec<Slot> {
    let open_days = handbook.sessions[0].window.days(local_date(handbook.practice.zone, now));
    let is_others = |taken: &&Taken| taken.client() != Some(asker) || taken.slot.start <= now;
    let is_live = |taken: &&Taken| taken.is_live(now);
    let others: Vec<&Taken> = taken.iter().filter(is_others).filter(is_live).collect();
    let first_day = range.start.date_naive() - Days::new(3);
    let last_day = range.end.date_naive() + Days::new(3);
    let mut slots = Vec::new();
    for date in first_day.iter_days().take_while(|date| *date <= last_day) {
        if open_days.contains(&date) {
            let spans = spans_of(handbook, date);
            slots.extend(spans.into_iter().flat_map(|span| fitting(handbook, date, span)));
        }
    }
    slots.retain(|slot| {
        now + handbook.sessions[0].notice <= slot.start
            && range.contains(&slot.start)
            && has_room(handbook, slot, &others)
            && is_within_limits(handbook, slot, &others, now)
    });
    slots.sort_unstable();
    slots.dedup();
    slots
}

fn spans_of(handbook: &Handbook, date: NaiveDate) -> Vec<TimeSpan> {
    let special: Vec<_> =
        handbook.calendars[0].overrides.iter().filter(|one| one.date == date).collect();
    if !special.is_empty() {
        return special.iter().flat_map(|one| one.open.clone()).collect();
    }
    if handbook.calendars[0].closed.iter().any(|closed| closed.days.contains(&date)) {
        return vec![];
    }
    let weekly = handbook.calendars[0].hours.iter().filter(|opening| opening.day == date.weekday());
    weekly.map(|opening| opening.span).collect()
}

/// Where the provider is on a date.
fn zone_on(handbook: &Handbook, date: NaiveDate) -> Tz {
    let travel = handbook.calendars[0].travels.iter().find(|travel| travel.days.contains(&date));
    travel.map_or(handbook.practice.zone, |travel| travel.zone)
}

/// The date whose hours an instant belongs to.
fn date_of(handbook: &Handbook, at: DateTime<Utc>) -> NaiveDate {
    for travel in &handbook.calendars[0].travels {
        let date = local_date(travel.zone, at);
        if travel.days.contains(&date) {
            return date;
        }
    }
    local_date(handbook.practice.zone, at)
}

/// Every slot on the grid that lies inside an opening and inside hours of the session, tried
/// minute by minute. The first begins when the wall clock would show the roundest minutes that the
/// step allows, and so many after it as the handbook says.
fn fitting(handbook: &Handbook, date: NaiveDate, span: TimeSpan) -> Vec<Slot> {
    let zone = zone_on(handbook, date);
    let opens = instant_of(zone, span.from.on(date));
    let closes = instant_of(zone, span.to.on(date));
    let session = &handbook.sessions[0];
    let every = session.every.num_minutes();
    let round = [60, 30, 20, 15, 10, 5].into_iter().find(|round| every % round == 0).unwrap();
    let mut slots = Vec::new();
    for (from, to) in session_spans(handbook, zone, date) {
        let mut first = None;
        for minutes in 0..(closes - opens).num_minutes() {
            let slot = Slot::of(opens + TimeDelta::minutes(minutes), session.length);
            if slot.start < from || to.min(closes) < slot.end {
                continue;
            }
            let on_the_clock = i64::from(span.from.get()) + minutes - session.offset.num_minutes();
            if on_the_clock % round == 0 {
                first = first.or(Some(minutes));
            }
            if first.is_some_and(|first| (minutes - first) % every == 0) {
                slots.push(slot);
            }
        }
    }
    slots
}

/// When this kind of session is on offer, around a date: always, unless it has its own hours.
fn session_spans(
    handbook: &Handbook,
    zone: Tz,
    date: NaiveDate,
) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let Some(hours) = &handbook.sessions[0].hours else {
        return vec![(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC)];
    };
    let zone = hours.zone.unwrap_or(zone);
    let mut spans = Vec::new();
    for date in (date - Days::new(3)).iter_days().take(7) {
        for opening in hours.openings.iter().filter(|opening| opening.day == date.weekday()) {
            let at = |minute: crate::MinuteOfDay| instant_of(zone, minute.on(date));
            spans.push((at(opening.span.from), at(opening.span.to)));
        }
    }
    spans
}

fn is_within_limits(
    handbook: &Handbook,
    slot: &Slot,
    others: &[&Taken],
    now: DateTime<Utc>,
) -> bool {
    let limits = &handbook.calendars[0].limits;
    let date = date_of(handbook, slot.start);
    let fits = |quota: Quota, is_in: &dyn Fn(NaiveDate) -> bool| {
        let (mut sessions, mut length) = (0, TimeDelta::zero());
        let own = &handbook.sessions[0].id;
        let kinds: BTreeSet<_> = others.iter().filter_map(|taken| taken.session()).collect();
        for kind in kinds.into_iter().chain([own]).collect::<BTreeSet<_>>() {
            let mut clients: BTreeMap<(Option<&ClientId>, Option<Slot>), TimeDelta> =
                BTreeMap::new();
            let mut slots = BTreeSet::new();
            if kind == own {
                clients.insert((None, None), handbook.sessions[0].length);
                slots.insert(*slot);
            }
            let of_kind = others.iter().filter(|taken| taken.session() == Some(kind));
            for taken in of_kind.filter(|taken| is_in(date_of(handbook, taken.slot.start))) {
                let length = taken.slot.end - taken.slot.start;
                slots.insert(taken.slot);
                // What is over was a session, whatever the same client asks for now.
                let begun = (taken.slot.start <= now).then_some(taken.slot);
                let longest = clients.entry((taken.client(), begun)).or_default();
                *longest = length.max(*longest);
            }
            // Nobody has two sessions ahead, and no slot has two: a group's is one, whoever comes.
            sessions += slots.len().min(clients.len());
            let in_slots: TimeDelta = slots.iter().map(|slot| slot.end - slot.start).sum();
            length += clients.values().sum::<TimeDelta>().min(in_slots);
        }
        quota.sessions.is_none_or(|most| sessions <= most)
            && quota.length.is_none_or(|most| length <= most)
    };
    fits(limits.day, &|other| other == date)
        && fits(limits.week, &|other| other.iso_week() == date.iso_week())
        && fits(limits.month, &|other| (other.year(), other.month()) == (date.year(), date.month()))
        && limits.in_a_row.is_none_or(|row| row_with(handbook, slot, others) <= row.sessions)
}

/// How many sessions there would be without a pause, this one among them: the others of the day
/// are gathered to it for as long as one more is near.
fn row_with(handbook: &Handbook, slot: &Slot, others: &[&Taken]) -> usize {
    let Some(row) = handbook.calendars[0].limits.in_a_row else { return 0 };
    let date = date_of(handbook, slot.start);
    let others = others.iter().filter(|taken| taken.client().is_some()).map(|taken| taken.slot);
    let mut apart: Vec<Slot> =
        others.filter(|other| date_of(handbook, other.start) == date).collect();
    apart.sort_unstable();
    apart.dedup();
    if apart.contains(slot) {
        return 0; // one place more in a session that there is
    }
    let (mut earlier, mut later) = (vec![*slot], vec![*slot]);
    later.extend(apart.iter().filter(|other| slot.end <= other.start));
    earlier.extend(apart.iter().rev().filter(|other| other.end <= slot.start));
    let is_near = |one: &Slot, next: &Slot| next.start - one.end < row.pause;
    let after = later.windows(2).take_while(|pair| is_near(&pair[0], &pair[1])).count();
    let before = earlier.windows(2).take_while(|pair| is_near(&pair[1], &pair[0])).count();
    before + 1 + after
}

/// Whether nothing is too near; who comes to the same session of a group only takes a place in it.
fn has_room(handbook: &Handbook, slot: &Slot, others: &[&Taken]) -> bool {
    let session = &handbook.sessions[0];
    let is_beside = |taken: &&&Taken| {
        1 < session.places && taken.slot == *slot && taken.session() == Some(&session.id)
    };
    let beside: BTreeSet<_> = others.iter().filter(is_beside).map(|taken| taken.client()).collect();
    let mut apart = others.iter().filter(|taken| !is_beside(taken));
    beside.len() < session.places && apart.all(|taken| leaves_room(handbook, slot, taken))
}

/// Whether one is over, with the larger of the two buffers between them, before the other begins.
fn leaves_room(handbook: &Handbook, slot: &Slot, taken: &Taken) -> bool {
    let buffers = handbook.sessions[0].buffers;
    let is_after = taken.slot.end + taken.buffers.after.max(buffers.before) <= slot.start;
    let is_before = slot.end + buffers.after.max(taken.buffers.before) <= taken.slot.start;
    is_after || is_before
}
