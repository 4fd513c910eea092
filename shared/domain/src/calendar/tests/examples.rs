//! The rules of the calendar, one by one, on ordinary days in Lisbon.

use chrono::{Days, NaiveTime, TimeDelta};

use super::{booked, held, no_buffers, sheets_around, timetable};
use crate::{
    BookingWindow, Buffers, ClientId, ClosedDays, Handbook, Slot, Taken, instant_of, local_date,
    offers, sample,
};

/// What Ana is offered on a local day, at some wall time of the practice; `-` for nothing.
#[track_caller]
pub(super) fn check(handbook: &Handbook, taken: &[Taken], now: &str, day: &str, expected: &str) {
    let zone = handbook.practice.zone;
    let now = instant_of(zone, sample::wall(now));
    let date = day.parse().unwrap();
    let midnight = |date: chrono::NaiveDate| instant_of(zone, date.and_time(NaiveTime::MIN));
    let range = midnight(date)..midnight(date + Days::new(1));
    let sheets = sheets_around(range.start, range.end, taken);
    let ana = ClientId::parse("ana").unwrap();
    let offered = offers(&timetable(handbook), &sheets, &ana, now, &range);
    let times = offered.iter().map(|slot| {
        assert_eq!(local_date(zone, slot.start), date);
        slot.start.with_timezone(&zone).format("%H:%M").to_string()
    });
    let times: Vec<String> = times.collect();
    let line = if times.is_empty() { "-".to_owned() } else { times.join(" ") };
    assert_eq!(line, expected);
}

pub(super) fn slot(start: &str, minutes: i64) -> Slot {
    let start = instant_of(chrono_tz::Europe::Lisbon, sample::wall(start));
    Slot::of(start, TimeDelta::minutes(minutes))
}

fn buffers(before: i64, after: i64) -> Buffers {
    Buffers { before: TimeDelta::minutes(before), after: TimeDelta::minutes(after) }
}

/// Open on Monday mornings only, an hour's grid.
pub(super) fn mornings() -> Handbook {
    sample::handbook_with(|handbook| {
        handbook.calendars[0].hours = sample::hours(&[("Mon Tue", "09:00-13:00")]);
        handbook.sessions[0].length = TimeDelta::minutes(60);
        handbook.sessions[0].every = TimeDelta::minutes(60);
        handbook.sessions[0].buffers = no_buffers();
    })
}

pub(super) const SUNDAY: &str = "2026-11-22 08:00";
pub(super) const TUESDAY: &str = "2026-11-24";

#[test]
fn an_ordinary_week() {
    let handbook = sample::handbook();
    let full = "09:00 09:30 10:00 10:30 11:00 11:30 14:00 14:30 15:00 15:30 16:00 16:30";
    check(&handbook, &[], SUNDAY, TUESDAY, full);
    check(&handbook, &[], SUNDAY, "2026-11-27", "09:00 09:30 10:00 10:30 11:00");
    check(&handbook, &[], SUNDAY, "2026-11-28", "-");
}

#[test]
fn every_opening_begins_on_a_round_minute() {
    let every = |minutes, span| {
        let mut handbook = mornings();
        handbook.calendars[0].hours = sample::hours(&[("Tue", span)]);
        handbook.sessions[0].every = TimeDelta::minutes(minutes);
        handbook
    };
    check(&every(45, "09:30-13:00"), &[], SUNDAY, TUESDAY, "09:30 10:15 11:00 11:45");
    check(&every(45, "09:20-13:00"), &[], SUNDAY, TUESDAY, "09:30 10:15 11:00 11:45");
    check(&every(40, "09:00-11:40"), &[], SUNDAY, TUESDAY, "09:00 09:40 10:20");
    check(&every(90, "14:00-18:00"), &[], SUNDAY, TUESDAY, "14:00 15:30 17:00");
    check(&every(120, "09:00-12:00"), &[], SUNDAY, TUESDAY, "09:00 11:00");
}

#[test]
fn starts_lie_on_the_grid_and_end_inside_the_hours() {
    let off_grid = |span| {
        let mut handbook = mornings();
        handbook.calendars[0].hours = sample::hours(&[("Tue", span)]);
        handbook
    };
    check(&off_grid("09:10-12:00"), &[], SUNDAY, TUESDAY, "10:00 11:00");
    check(&off_grid("09:00-11:59"), &[], SUNDAY, TUESDAY, "09:00 10:00");
    check(&off_grid("09:00-09:59"), &[], SUNDAY, TUESDAY, "-");
    check(&off_grid("22:30-24:00"), &[], SUNDAY, TUESDAY, "23:00");
}

#[test]
fn between_neighbours_the_larger_buffer_counts() {
    let with = |own: Buffers, taken: Buffers| {
        let mut handbook = mornings();
        handbook.sessions[0].buffers = own;
        (handbook, [booked(slot("2026-11-24 10:30", 30), taken, "bruno")])
    };
    let check = |own, of_taken, expected| {
        let (handbook, taken) = with(own, of_taken);
        check(&handbook, &taken, SUNDAY, TUESDAY, expected);
    };
    check(buffers(0, 0), buffers(0, 0), "09:00 11:00 12:00");
    check(buffers(0, 30), buffers(30, 0), "09:00 11:00 12:00"); // 30 and 30 are 30, not 60
    check(buffers(0, 31), buffers(30, 0), "11:00 12:00");
    check(buffers(0, 30), buffers(31, 0), "11:00 12:00");
    check(buffers(1, 0), buffers(0, 0), "09:00 12:00");
    check(buffers(0, 0), buffers(0, 1), "09:00 12:00");
    check(buffers(60, 0), buffers(0, 60), "09:00 12:00");
    check(buffers(61, 0), buffers(0, 60), "09:00");
}

#[test]
fn buffers_reach_over_midnight() {
    let mut handbook = mornings();
    handbook.calendars[0].hours = sample::hours(&[("Tue", "00:00-03:00")]);
    let late = |after| [booked(slot("2026-11-23 23:00", 60), buffers(0, after), "bruno")];
    check(&handbook, &late(0), SUNDAY, TUESDAY, "00:00 01:00 02:00");
    check(&handbook, &late(61), SUNDAY, TUESDAY, "02:00");
    handbook.sessions[0].buffers = buffers(90, 0);
    check(&handbook, &late(0), SUNDAY, TUESDAY, "02:00");
}

#[test]
fn a_hold_ends_at_its_instant() {
    let until = slot("2026-11-22 08:00", 0).start;
    let hold = [held(slot("2026-11-24 10:00", 60), no_buffers(), "bruno", until)];
    check(&mornings(), &hold, "2026-11-22 07:59", TUESDAY, "09:00 11:00 12:00");
    check(&mornings(), &hold, "2026-11-22 08:00", TUESDAY, "09:00 10:00 11:00 12:00");
}

#[test]
fn what_somebody_took_themselves_is_not_in_their_way() {
    let until = slot("2026-11-23 08:00", 0).start;
    let taken = |by| {
        [
            booked(slot("2026-11-24 09:30", 60), no_buffers(), by),
            held(slot("2026-11-24 12:00", 60), no_buffers(), by, until),
        ]
    };
    check(&mornings(), &taken("bruno"), SUNDAY, TUESDAY, "11:00");
    check(&mornings(), &taken("ana"), SUNDAY, TUESDAY, "09:00 10:00 11:00 12:00");
}

#[test]
fn closed_days_are_closed_from_the_first_to_the_last() {
    let mut handbook = mornings();
    let days = "2026-11-24".parse().unwrap()..="2026-11-30".parse().unwrap();
    handbook.calendars[0].closed = vec![ClosedDays { days, why: "a journey".into() }];
    check(&handbook, &[], "2026-11-20 08:00", "2026-11-23", "09:00 10:00 11:00 12:00");
    check(&handbook, &[], "2026-11-20 08:00", TUESDAY, "-");
    check(&handbook, &[], "2026-11-20 08:00", "2026-11-30", "-");
    check(&handbook, &[], "2026-11-20 08:00", "2026-12-01", "09:00 10:00 11:00 12:00");
}

#[test]
fn the_calendar_is_open_to_the_last_booking_day() {
    let mut handbook = mornings();
    handbook.sessions[0].window = BookingWindow::Days(7);
    check(&handbook, &[], "2026-11-23 23:59", "2026-11-30", "09:00 10:00 11:00 12:00");
    check(&handbook, &[], "2026-11-23 23:59", "2026-12-01", "-");
    check(&handbook, &[], "2026-11-24 00:00", "2026-12-01", "09:00 10:00 11:00 12:00");
}

#[test]
fn notice_is_inclusive() {
    check(&mornings(), &[], "2026-11-23 10:00", TUESDAY, "10:00 11:00 12:00");
    check(&mornings(), &[], "2026-11-23 10:01", TUESDAY, "11:00 12:00");
    check(&mornings(), &[], "2026-11-24 08:00", TUESDAY, "-");
}

#[test]
fn days_of_23_and_25_hours_are_ordinary_days() {
    let mut handbook = mornings();
    handbook.calendars[0].hours = sample::hours(&[("Sun", "00:00-04:00")]);
    check(&handbook, &[], "2026-03-20 08:00", "2026-03-29", "00:00 02:00 03:00");
    check(&handbook, &[], "2026-10-20 08:00", "2026-10-25", "00:00 01:00 01:00 02:00 03:00");
}

#[test]
#[should_panic(expected = "every day a slot touches is loaded")]
fn what_is_not_known_is_never_free() {
    let (handbook, slot) = (sample::handbook(), slot("2026-11-24 10:00", 60));
    let ana = ClientId::parse("ana").unwrap();
    let nothing = crate::DaySheets::default();
    let _is_free = timetable(&handbook).is_free(&nothing, slot, &ana, slot.start);
}
