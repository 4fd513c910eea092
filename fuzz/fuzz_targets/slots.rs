//! Whatever a timetable says and whatever is taken: `offers` and `reasons` say the same.

#![no_main]

use std::ops::RangeInclusive;

use arbitrary::Arbitrary;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use domain::{
    AppointmentId, BlockId, BookingWindow, Buffers, ClientId, ClosedDays, DateOverride, DaySheet,
    DaySheets, InARow, Limits, MinuteOfDay, Note, Opening, OtherCalendar, ProposalId, Quota,
    SessionHours, SessionTypeId, Slot, StaffId, Taken, TakenFor, TimeSpan, Timetable, Travel,
    offers, reasons,
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
    travel: Option<(u8, u8, u8)>,
    session_hours: Option<(Option<u8>, Vec<(u8, Span)>)>,
    limits: [Option<u8>; 6],
    in_a_row: Option<(u8, u8)>,
    length: u8,
    places: u8,
    every: u8,
    offset: u8,
    buffers: (u8, u8),
    notice: u16,
    window: (u8, u8),
    taken: Vec<Entry>,
    elsewhere: Vec<(u16, u8)>,
    is_silent: bool,
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
    by: u8,
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

fn session(name: &str) -> SessionTypeId {
    SessionTypeId::parse(name).expect("a name")
}

fn client(name: &str) -> ClientId {
    ClientId::parse(name).expect("a name")
}

impl Entry {
    /// Half of the entries are for the session itself and as long, so that groups meet.
    fn taken(&self, now: DateTime<Utc>, session_length: TimeDelta) -> Taken {
        let start = now + fives(self.after % 900);
        let is_same = self.by & 8 != 0;
        let session = || session(if is_same { "session" } else { "another" });
        let length = if is_same { session_length } else { fives(self.length % 48 + 1) };
        let client = || client(["ana", "bruno", "carla"][usize::from(self.by % 3)]);
        let what = match (self.held_for, self.by) {
            (None, 200..) => {
                let id = BlockId::parse("block").expect("a name");
                TakenFor::Block { id, why: Note::default() }
            }
            (None, _) => {
                let id = AppointmentId::parse("call").expect("a name");
                TakenFor::Appointment { client: client(), session: session(), id }
            }
            (Some(span), _) => {
                let proposal = ProposalId::parse("request").expect("a name");
                let until = now + fives(span);
                TakenFor::Hold { client: client(), session: session(), proposal, until }
            }
        };
        Taken {
            provider: mara(),
            slot: Slot::of(start, length),
            buffers: buffers(self.buffers),
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
    check(&input, zone_of(input.zone));
});

fn zone_of(number: u8) -> Tz {
    chrono_tz::TZ_VARIANTS[usize::from(number) * 2 % chrono_tz::TZ_VARIANTS.len()]
}

fn elsewhere(input: &Input, now: DateTime<Utc>) -> OtherCalendar {
    let slot = |(after, length): &(u16, u8)| Slot::of(now + fives(*after % 900), fives(*length));
    let grace = if input.is_silent { TimeDelta::zero() } else { TimeDelta::hours(1) };
    OtherCalendar {
        provider: mara(),
        busy: input.elsewhere.iter().map(slot).collect(),
        until: now + TimeDelta::days(2),
        read_at: now,
        grace,
    }
}

fn quota(sessions: Option<u8>, length: Option<u8>) -> Quota {
    Quota { sessions: sessions.map(|most| usize::from(most % 5)), length: length.map(fives) }
}

fn limits(input: &Input) -> Limits {
    let [day, day_length, week, week_length, month, month_length] = input.limits;
    let in_a_row = input.in_a_row.map(|(sessions, pause)| InARow {
        sessions: usize::from(sessions % 4),
        pause: fives(pause % 24),
    });
    Limits {
        day: quota(day, day_length),
        week: quota(week, week_length),
        month: quota(month, month_length),
        in_a_row,
    }
}

fn window((kind, days): (u8, u8), today: NaiveDate) -> BookingWindow {
    let days = u16::from(days % 10);
    match kind % 3 {
        0 => BookingWindow::Days(days),
        1 => BookingWindow::BusinessDays(days),
        _ => BookingWindow::Dates(today + Days::new(1)..=today + Days::new(u64::from(days) + 1)),
    }
}

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
    let travels: Vec<Travel> = (input.travel.iter())
        .map(|(from, to, to_zone)| Travel {
            days: date(*from)..=date(*to),
            zone: zone_of(*to_zone),
            why: String::new(),
        })
        .collect();
    let session_hours = input.session_hours.as_ref().map(|(zone, hours)| SessionHours {
        zone: zone.map(zone_of),
        openings: hours.iter().map(|(day, span)| opening(*day, span)).collect(),
    });
    let (limits, window) = (limits(input), window(input.window, today));
    let (provider, session) = (mara(), session("session"));
    let timetable = Timetable {
        provider: &provider,
        session: &session,
        places: usize::from(input.places % 4 + 1),
        zone,
        hours: &hours,
        overrides: &overrides,
        closed: &closed,
        travels: &travels,
        session_hours: session_hours.as_ref(),
        limits: &limits,
        length: fives(input.length % 30 + 1),
        every: fives(input.every % 24 + 1),
        offset: fives(input.offset % 12),
        buffers: buffers(input.buffers),
        notice: fives(input.notice % 576),
        window: &window,
    };
    let taken: Vec<Taken> =
        input.taken.iter().map(|entry| entry.taken(now, timetable.length)).collect();
    let sheets = sheets(today - Days::new(40)..=today + Days::new(50), &taken);
    let sheets = sheets.with_elsewhere(vec![elsewhere(input, now)]);
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
