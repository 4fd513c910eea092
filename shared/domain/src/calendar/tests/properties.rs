//! Offers in every zone that changes its clocks, around each of the changes.

use std::{collections::BTreeSet, ops::Range, sync::LazyLock};

use chrono::{DateTime, Days, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

use super::{booked, client, held, sheets_around, timetable, twin};
use crate::{
    BookingWindow, Buffers, ClosedDays, DateOverride, Handbook, InARow, Limits, MinuteOfDay,
    Opening, Quota, SessionHours, SessionTypeId, Slot, Taken, TakenFor, TimeSpan, Travel,
    local_date, offers, reasons, sample,
};

/// Every clock change of 2026 and 2027: one zone for all that change in the same way.
static CHANGES: LazyLock<Vec<(Tz, DateTime<Utc>)>> = LazyLock::new(|| {
    let mut seen = BTreeSet::new();
    let all = TZ_VARIANTS.iter().flat_map(|zone| changes(*zone));
    all.filter(|(zone, at)| seen.insert((*at, offset(*zone, *at), local_date(*zone, *at))))
        .collect()
});

fn offset(zone: Tz, at: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

/// The instants of 2026 and 2027 from which on the clocks of a zone run otherwise.
fn changes(zone: Tz) -> Vec<(Tz, DateTime<Utc>)> {
    let first = sample::utc("2026-01-01 00:00");
    let weeks = (0..105).map(|week| first + TimeDelta::weeks(week));
    let changing = weeks.filter(|week| offset(zone, *week) != offset(zone, *week + WEEK));
    changing.map(|week| (zone, change_after(zone, week))).collect()
}

const WEEK: TimeDelta = TimeDelta::weeks(1);

/// The first minute of the week from which on the offset is another one, by halving.
fn change_after(zone: Tz, week: DateTime<Utc>) -> DateTime<Utc> {
    let (mut before, mut after) = (0, WEEK.num_minutes());
    while before + 1 < after {
        let middle = i64::midpoint(before, after);
        let is_before = offset(zone, week) == offset(zone, week + TimeDelta::minutes(middle));
        (before, after) = if is_before { (middle, after) } else { (before, middle) };
    }
    week + TimeDelta::minutes(after)
}

fn minutes(range: Range<i64>) -> impl Strategy<Value = TimeDelta> {
    range.prop_map(|fives| TimeDelta::minutes(fives * 5))
}

fn spans() -> impl Strategy<Value = TimeSpan> {
    let any_span = (0_u16..287, 1_u16..288).prop_map(|(from, length)| {
        let minute = |fives: u16| {
            let text = format!("{:02}:{:02}", fives / 12, fives % 12 * 5);
            MinuteOfDay::parse(&text).unwrap()
        };
        TimeSpan { from: minute(from), to: minute((from + length).min(288)) }
    });
    prop_oneof![
        3 => any_span,
        1 => Just(sample::span("00:00-24:00")),
        1 => Just(sample::span("01:30-04:00")),
        1 => Just(sample::span("22:00-24:00")),
    ]
}

fn handbooks() -> impl Strategy<Value = Handbook> {
    let buffers =
        (minutes(0..13), minutes(0..13)).prop_map(|(before, after)| Buffers { before, after });
    let every = select(vec![5, 15, 20, 30, 45, 50, 60, 90, 120]).prop_map(TimeDelta::minutes);
    let notice = prop_oneof![Just(TimeDelta::zero()), minutes(0..576)];
    (vec(spans(), 1..4), minutes(1..30), every, buffers, notice, windows()).prop_map(
        |(spans, length, every, buffers, notice, window)| {
            sample::handbook_with(|handbook| {
                let session = &mut handbook.sessions[0];
                (session.length, session.every) = (length, every);
                (session.buffers, session.notice) = (buffers, notice);
                session.window = window;
                handbook.calendars[0].hours = every_day(&spans);
            })
        },
    )
}

/// Windows of so few days that they end near the change.
fn windows() -> impl Strategy<Value = BookingWindow> {
    prop_oneof![
        2 => (0_u16..5).prop_map(BookingWindow::Days),
        1 => (0_u16..5).prop_map(BookingWindow::BusinessDays),
    ]
}

/// What else a handbook may say about times, in the days around a change.
#[derive(Debug, Clone)]
struct Wrinkles {
    closed: bool,
    special: Option<(u64, Vec<TimeSpan>)>,
    travel: Option<(u64, u64, Tz)>,
    session_hours: Option<(Option<Tz>, Vec<TimeSpan>)>,
    dates: Option<(u64, u64)>,
    offset: TimeDelta,
    limits: Limits,
}

fn wrinkles() -> impl Strategy<Value = Wrinkles> {
    let zone = || select(CHANGES.clone()).prop_map(|(zone, _)| zone);
    let rarely = proptest::option::weighted::<BoxedStrategy<_>>;
    (
        proptest::bool::weighted(0.2),
        proptest::option::weighted(0.3, (0_u64..3, vec(spans(), 0..3))),
        proptest::option::weighted(0.3, (0_u64..3, 0_u64..3, zone())),
        rarely(0.3, (proptest::option::of(zone()), vec(spans(), 0..3)).boxed()),
        proptest::option::weighted(0.2, (0_u64..3, 0_u64..3)),
        minutes(0..4),
        limits(),
    )
        .prop_map(|(closed, special, travel, session_hours, dates, offset, limits)| Wrinkles {
            closed,
            special,
            travel,
            session_hours,
            dates,
            offset,
            limits,
        })
}

fn limits() -> impl Strategy<Value = Limits> {
    let quota = || {
        let sessions = proptest::option::weighted(0.2, 0_usize..4);
        let length = proptest::option::weighted(0.2, minutes(0..40));
        (sessions, length).prop_map(|(sessions, length)| Quota { sessions, length })
    };
    let row = (1_usize..4, minutes(1..20)).prop_map(|(sessions, pause)| InARow { sessions, pause });
    (quota(), quota(), quota(), proptest::option::weighted(0.3, row))
        .prop_map(|(day, week, month, in_a_row)| Limits { day, week, month, in_a_row })
}

impl Wrinkles {
    /// Writes them into a handbook; days are counted from the day before a change.
    fn write(self, handbook: &mut Handbook, change: DateTime<Utc>) {
        let first = local_date(handbook.practice.zone, change) - Days::new(1);
        let why = String::new;
        if self.closed {
            let day = first + Days::new(2);
            handbook.calendars[0].closed = vec![ClosedDays { days: day..=day, why: why() }];
        }
        if let Some((days, open)) = self.special {
            let date = first + Days::new(days + 1);
            handbook.calendars[0].overrides = vec![DateOverride { date, open, why: why() }];
        }
        if let Some((from, length, zone)) = self.travel {
            let from = first + Days::new(from);
            handbook.calendars[0].travels =
                vec![Travel { days: from..=from + Days::new(length), zone, why: why() }];
        }
        if let Some((from, length)) = self.dates {
            let from = first + Days::new(from);
            handbook.sessions[0].window = BookingWindow::Dates(from..=from + Days::new(length));
        }
        handbook.sessions[0].hours = self
            .session_hours
            .map(|(zone, spans)| SessionHours { zone, openings: every_day(&spans) });
        handbook.sessions[0].offset = self.offset;
        handbook.calendars[0].limits = self.limits;
    }
}

fn every_day(spans: &[TimeSpan]) -> Vec<Opening> {
    let week = sample::hours(&[("Mon Tue Wed Thu Fri Sat Sun", "00:00-24:00")]);
    let all = week.iter().flat_map(|day| spans.iter().map(|span| Opening { span: *span, ..*day }));
    all.collect()
}

/// Something taken near a change: where, how long, by whom, booked or held until when.
#[derive(Debug, Clone)]
struct Entry {
    starts_after: TimeDelta,
    length: TimeDelta,
    buffers: Buffers,
    by: &'static str,
    held_for: Option<TimeDelta>,
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let buffers =
        (minutes(0..13), minutes(0..13)).prop_map(|(before, after)| Buffers { before, after });
    let by = select(vec!["ana", "bruno", "carla"]);
    let held_for = proptest::option::of(minutes(-12..12));
    let entry = (minutes(-400..800), minutes(1..24), buffers, by, held_for).prop_map(
        |(starts_after, length, buffers, by, held_for)| Entry {
            starts_after,
            length,
            buffers,
            by,
            held_for,
        },
    );
    vec(entry, 0..8)
}

fn taken(entries: &[Entry], around: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Taken> {
    let taken = entries.iter().map(|entry| {
        let slot = Slot::of(around + entry.starts_after, entry.length);
        match entry.held_for {
            Some(span) => held(slot, entry.buffers, entry.by, now + span),
            None => booked(slot, entry.buffers, entry.by),
        }
    });
    taken.collect()
}

/// A session for a group, and who comes to which of the times that would be on offer.
#[derive(Debug, Clone)]
struct Group {
    places: usize,
    guests: Vec<(Index, &'static str, bool)>,
}

fn groups() -> impl Strategy<Value = Group> {
    let by = select(vec!["ana", "bruno", "carla", "dora"]);
    let guest = (any::<Index>(), by, proptest::bool::weighted(0.8));
    (1_usize..4, vec(guest, 0..10)).prop_map(|(places, guests)| Group { places, guests })
}

impl Group {
    fn taken(
        &self,
        handbook: &Handbook,
        now: DateTime<Utc>,
        range: &Range<DateTime<Utc>>,
    ) -> Vec<Taken> {
        // Few times, so that some of the guests meet.
        let slots: Vec<Slot> =
            twin::offers(handbook, &[], &client("ana"), now, range).into_iter().take(6).collect();
        if slots.is_empty() {
            return vec![];
        }
        let guests = self.guests.iter().map(|(at, by, comes_to_this)| {
            let mut taken = booked(*at.get(&slots), handbook.sessions[0].buffers, by);
            if !comes_to_this {
                let other = SessionTypeId::parse("another").unwrap();
                let TakenFor::Appointment { session, .. } = &mut taken.what else { unreachable!() };
                *session = other;
            }
            taken
        });
        guests.collect()
    }
}

#[track_caller]
fn check(handbook: &Handbook, taken: &[Taken], now: DateTime<Utc>, range: &Range<DateTime<Utc>>) {
    let ana = client("ana");
    let sheets = sheets_around(range.start, range.end, taken);
    let offered = offers(&timetable(handbook), &sheets, &ana, now, range);
    let zone = handbook.practice.zone;
    assert_eq!(offered, twin::offers(handbook, taken, &ana, now, range), "{zone}");
    assert!(offered.is_sorted_by(|one, next| one.start < next.start), "in order, each once");
    for slot in &offered {
        assert_eq!(slot.end - slot.start, handbook.sessions[0].length);
    }
    // Every five minutes, what is not offered has a reason, and what is offered has none.
    let mut at = range.start.max(now - TimeDelta::days(1));
    while at < range.end.min(range.start + TimeDelta::days(2)) {
        let is_offered = offered.iter().any(|slot| slot.start == at);
        let against = reasons(&timetable(handbook), &sheets, Some(&ana), now, at);
        assert_eq!(is_offered, against.is_empty(), "{zone} {at}: {against:?}");
        at += TimeDelta::minutes(5);
    }
    // A slot by itself is judged as it was judged among all others.
    for slot in offered.iter().step_by(5) {
        let alone = slot.start..slot.start + TimeDelta::nanoseconds(1);
        assert_eq!(offers(&timetable(handbook), &sheets, &ana, now, &alone), [*slot]);
    }
}

#[test]
fn around_every_clock_change_all_is_offered_that_fits() {
    assert!(60 < CHANGES.len(), "{} changes", CHANGES.len());
    for (zone, at) in CHANGES.iter() {
        for span in ["00:00-24:00", "00:30-03:15", "22:30-24:00", "09:00-17:30"] {
            let handbook = sample::handbook_with(|handbook| {
                handbook.practice.zone = *zone;
                handbook.calendars[0].hours = every_day(&[sample::span(span)]);
            });
            let range = *at - TimeDelta::days(1)..*at + TimeDelta::days(1);
            check(&handbook, &[], *at - TimeDelta::days(5), &range);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn offers_are_what_the_slow_twin_finds(
        mut handbook in handbooks(),
        (zone, change) in select(CHANGES.clone()),
        entries in entries(),
        now_before in minutes(0..600),
        range_from in minutes(-300..300),
        range_length in minutes(0..600),
        wrinkles in wrinkles(),
        group in groups(),
    ) {
        handbook.practice.zone = zone;
        wrinkles.write(&mut handbook, change);
        let now = change - now_before;
        let range = change + range_from..change + range_from + range_length;
        let mut taken = taken(&entries, change, now);
        handbook.sessions[0].places = group.places;
        taken.extend(group.taken(&handbook, now, &range));
        check(&handbook, &taken, now, &range);
    }
}
