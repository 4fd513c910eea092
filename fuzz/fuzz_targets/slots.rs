//! Whatever a timetable says and whatever is taken: `offers` and `reasons` say the same.

#![no_main]

use std::ops::RangeInclusive;

use arbitrary::Arbitrary;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use domain::{
    AppointmentId, Buffers, ClientId, ClosedDays, DateOverride, DaySheet, DaySheets, MinuteOfDay,
    Opening, ProposalId, Slot, StaffId, Taken, TakenFor, TimeSpan, Timetable, offers, reasons,
};
use libfuzzer_sys::fuzz_target;

/// Numbers that become a timetable; small ones, so that they meet often.
#[derive(Debug, Arbitrary)]
struct Input {
    zone: u8,
    day: u16,
    /// All day on every day, if nothing is said.
    hours: Vec<(u8, Span)>,
    overrides: Vec<(u8, Vec<Span>)>,
    closed: Vec<(u8, u8)>,
    length: u8,
    every: u8,
    buffers: (u8, u8),
    notice: u16,
    booking_days: u8,
    taken: Vec<Entry>,
}

/// From which five minutes of a day, and for how many of them.
#[derive(Debug, Arbitrary)]
struct Span(u16, u16);

/// Something taken: after how many five minutes, for how many, with which buffers, held or booked.
#[derive(Debug, Arbitrary)]
struct Entry {
    after: u16,
    length: u8,
    buffers: (u8, u8),
    is_own: bool,
    held_for: Option<i16>,
}

impl Span {
    fn time(&self) -> TimeSpan {
        let minute = |fives: u16| {
            let text = format!("{:02}:{:02}", fives / 12, fives % 12 * 5);
            MinuteOfDay::parse(&text).expect("a minute of a day")
        };
        let from = self.0 % 288;
        TimeSpan { from: minute(from), to: minute((from + 1 + self.1 % 288).min(288)) }
    }
}

/// So many times five minutes. All is laid on this grid, so that ends and starts often meet.
fn fives(number: impl Into<i64>) -> TimeDelta {
    TimeDelta::minutes(5 * number.into())
}

fn buffers((before, after): (u8, u8)) -> Buffers {
    Buffers { before: fives(before % 7), after: fives(after % 7) }
}

fn mara() -> StaffId {
    StaffId::parse("mara").expect("a name")
}

fn client(name: &str) -> ClientId {
    ClientId::parse(name).expect("a name")
}

impl Entry {
    fn taken(&self, now: DateTime<Utc>) -> Taken {
        let start = now + fives(self.after % 900);
        let what = match self.held_for {
            None => TakenFor::Appointment(AppointmentId::parse("call").expect("a name")),
            Some(span) => {
                let proposal = ProposalId::parse("request").expect("a name");
                TakenFor::Hold { proposal, until: now + fives(span) }
            }
        };
        Taken {
            provider: mara(),
            slot: Slot::of(start, fives(self.length % 48 + 1)),
            buffers: buffers(self.buffers),
            client: client(if self.is_own { "ana" } else { "bruno" }),
            what,
        }
    }
}

fn sheets(days: RangeInclusive<NaiveDate>, taken: &[Taken]) -> DaySheets {
    let dates = || days.start().iter_days().take_while(|date| date <= days.end());
    let sheet = |date| {
        let is_on = |taken: &&Taken| taken.slot.days(taken.buffers).any(|day| day == date);
        let taken = taken.iter().filter(is_on).cloned().collect();
        DaySheet { provider: mara(), date, version: 1, taken }
    };
    DaySheets::new(dates().map(|date| (mara(), date)), dates().map(sheet).collect())
}

fuzz_target!(|input: Input| {
    let zone = chrono_tz::TZ_VARIANTS[usize::from(input.zone) * 2 % chrono_tz::TZ_VARIANTS.len()];
    check(&input, zone);
});

fn check(input: &Input, zone: Tz) {
    let year = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");
    let today = year + Days::new((input.day % 730).into());
    let now = today.and_hms_opt(9, 30, 0).expect("a time").and_utc();
    let range = now..now + TimeDelta::days(3);
    let weekday = |day: u8| Weekday::try_from(day % 7).expect("a day of the week");
    let opening = |day: u8, span: &Span| Opening { day: weekday(day), span: span.time() };
    let mut hours: Vec<Opening> =
        input.hours.iter().map(|(day, span)| opening(*day, span)).collect();
    if hours.is_empty() {
        hours.extend((0..7).map(|day| opening(day, &Span(0, 287))));
    }
    let date = |days: u8| today + Days::new((days % 8).into());
    let overrides: Vec<DateOverride> = (input.overrides.iter())
        .map(|(days, open)| DateOverride {
            date: date(*days),
            open: open.iter().map(Span::time).collect(),
            why: String::new(),
        })
        .collect();
    let closed: Vec<ClosedDays> = (input.closed.iter())
        .map(|(from, to)| ClosedDays { days: date(*from)..=date(*to), why: String::new() })
        .collect();
    let provider = mara();
    let timetable = Timetable {
        provider: &provider,
        zone,
        hours: &hours,
        overrides: &overrides,
        closed: &closed,
        length: fives(input.length % 30 + 1),
        every: fives(input.every % 24 + 1),
        buffers: buffers(input.buffers),
        notice: fives(input.notice % 576),
        booking_days: (input.booking_days % 10).into(),
    };
    let taken: Vec<Taken> = input.taken.iter().map(|entry| entry.taken(now)).collect();
    let sheets = sheets(today - Days::new(3)..=today + Days::new(12), &taken);
    let ana = client("ana");
    let offered = offers(&timetable, &sheets, &ana, now, &range);
    assert!(offered.is_sorted_by(|one, next| one.start < next.start), "in order, each once");
    assert!(offered.iter().all(|slot| slot.end - slot.start == timetable.length));
    // Every quarter of an hour beside those that are offered: most of what a grid can have.
    let mut at = range.start;
    let mut rest = offered.iter().peekable();
    while at < range.end {
        let next = rest.peek().map_or(range.end, |slot| slot.start);
        let is_offered = next <= at;
        let start = if is_offered { next } else { at };
        if is_offered {
            rest.next();
        }
        let against = reasons(&timetable, &sheets, Some(&ana), now, start);
        assert_eq!(is_offered, against.is_empty(), "{zone} {start}: {against:?}");
        if !is_offered || start == at {
            at += fives(3);
        }
    }
}
