//! What limits, hours of a session and journeys take away, by example.

use chrono::TimeDelta;

use super::{
    booked,
    examples::{SUNDAY, TUESDAY, check, mornings, slot},
    held, no_buffers,
};
use crate::{
    BookingWindow, Handbook, InARow, Limits, Quota, SessionHours, SessionTypeId, Taken, TakenFor,
    Travel, sample,
};

const ALL: &str = "09:00 10:00 11:00 12:00";

fn limited(limits: Limits) -> Handbook {
    let mut handbook = mornings();
    handbook.calendars[0].limits = limits;
    handbook
}

fn sessions(most: usize) -> Quota {
    Quota { sessions: Some(most), length: None }
}

fn minutes(most: i64) -> Quota {
    Quota { sessions: None, length: Some(TimeDelta::minutes(most)) }
}

fn call(start: &str, by: &str) -> Taken {
    booked(slot(start, 60), no_buffers(), by)
}

#[test]
fn a_day_takes_so_many_and_no_more() {
    let handbook = limited(Limits { day: sessions(2), ..Limits::default() });
    let one = call("2026-11-24 09:00", "bruno");
    let two = call("2026-11-24 11:00", "carla");
    check(&handbook, std::slice::from_ref(&one), SUNDAY, TUESDAY, "10:00 11:00 12:00");
    check(&handbook, &[one.clone(), two.clone()], SUNDAY, TUESDAY, "-");
    check(&handbook, &[one, two], SUNDAY, "2026-11-30", ALL);
}

#[test]
fn so_many_minutes_are_used_up_to_the_last() {
    let one = [call("2026-11-24 09:00", "bruno")];
    let limited_to = |most| limited(Limits { day: minutes(most), ..Limits::default() });
    check(&limited_to(120), &one, SUNDAY, TUESDAY, "10:00 11:00 12:00");
    check(&limited_to(119), &one, SUNDAY, TUESDAY, "-");
}

#[test]
fn times_that_one_client_asks_for_count_once() {
    let handbook = limited(Limits { day: sessions(2), ..Limits::default() });
    let until = slot("2026-11-23 20:00", 0).start;
    let asked = |start, by| held(slot(start, 60), no_buffers(), by, until);
    let bruno = [asked("2026-11-24 09:00", "bruno"), asked("2026-11-24 10:00", "bruno")];
    check(&handbook, &bruno, SUNDAY, TUESDAY, "11:00 12:00");
    let and_carla = [bruno.to_vec(), vec![asked("2026-11-24 12:00", "carla")]].concat();
    check(&handbook, &and_carla, SUNDAY, TUESDAY, "-");
    let by_herself = [bruno.to_vec(), vec![asked("2026-11-24 12:00", "ana")]].concat();
    check(&handbook, &by_herself, SUNDAY, TUESDAY, "11:00 12:00");
}

#[test]
fn a_group_counts_once_beside_times_that_are_asked_for() {
    let handbook = limited(Limits { day: sessions(3), ..Limits::default() });
    let group = SessionTypeId::parse("group").unwrap();
    let place = |by: &str| {
        let mut taken = call("2026-11-24 09:00", by);
        if let TakenFor::Appointment { session, .. } = &mut taken.what {
            *session = group.clone();
        }
        taken
    };
    let until = slot("2026-11-23 20:00", 0).start;
    let asked = |start| held(slot(start, 60), no_buffers(), "bruno", until);
    let bruno = [asked("2026-11-24 10:00"), asked("2026-11-24 11:00")];
    let all = [["g1", "g2", "g3"].map(place).to_vec(), bruno.to_vec()].concat();
    check(&handbook, &all, SUNDAY, TUESDAY, "12:00");
    let two = limited(Limits { day: sessions(2), ..Limits::default() });
    check(&two, &all, SUNDAY, TUESDAY, "-");
}

#[test]
fn weeks_begin_on_monday_and_months_on_the_first() {
    let monday = [call("2026-11-30 09:00", "bruno")];
    let week = limited(Limits { week: sessions(1), ..Limits::default() });
    check(&week, &monday, SUNDAY, TUESDAY, ALL);
    check(&week, &monday, SUNDAY, "2026-12-01", "-");
    check(&week, &monday, SUNDAY, "2026-12-07", ALL);
    let month = limited(Limits { month: sessions(1), ..Limits::default() });
    check(&month, &monday, SUNDAY, TUESDAY, "-");
    check(&month, &monday, SUNDAY, "2026-12-01", ALL);
}

#[test]
fn what_is_over_counts_for_its_own_client_too() {
    let week = limited(Limits { week: sessions(1), ..Limits::default() });
    let hers = [call("2026-11-23 09:00", "ana")];
    check(&week, &hers, "2026-11-22 08:00", TUESDAY, ALL);
    check(&week, &hers, "2026-11-23 10:00", "2026-11-24", "-");
}

#[test]
fn after_so_many_in_a_row_comes_a_pause() {
    let pause = TimeDelta::minutes(30);
    let row = |sessions| Limits { in_a_row: Some(InARow { sessions, pause }), ..Limits::default() };
    let two = [call("2026-11-24 09:00", "bruno"), call("2026-11-24 10:00", "carla")];
    check(&limited(row(3)), &two, SUNDAY, TUESDAY, "11:00 12:00");
    check(&limited(row(2)), &two, SUNDAY, TUESDAY, "12:00");
    let around = [call("2026-11-24 09:00", "bruno"), call("2026-11-24 11:00", "carla")];
    check(&limited(row(2)), &around, SUNDAY, TUESDAY, "12:00");
    let shorter = TimeDelta::minutes(61);
    let long = Limits { in_a_row: Some(InARow { sessions: 2, pause: shorter }), ..row(2) };
    check(&limited(long), &around, SUNDAY, TUESDAY, "-");
    // A gap as long as the pause is one.
    let late = [call("2026-11-24 09:00", "bruno"), call("2026-11-24 11:30", "carla")];
    check(&limited(row(2)), &late, SUNDAY, TUESDAY, "10:00");
    check(&limited(row(1)), &late, SUNDAY, TUESDAY, "-");
}

#[test]
fn a_session_with_hours_of_its_own() {
    let mut handbook = mornings();
    let openings = sample::hours(&[("Tue", "10:30-12:30"), ("Sat", "09:00-17:00")]);
    handbook.sessions[0].hours = Some(SessionHours { zone: None, openings });
    check(&handbook, &[], SUNDAY, "2026-11-23", "-");
    check(&handbook, &[], SUNDAY, TUESDAY, "11:00");
    handbook.sessions[0].every = TimeDelta::minutes(30);
    check(&handbook, &[], SUNDAY, TUESDAY, "10:30 11:00 11:30");
    check(&handbook, &[], SUNDAY, "2026-11-28", "-");
}

#[test]
fn evenings_in_another_zone() {
    let mut handbook = mornings();
    let openings = sample::hours(&[("Tue", "19:00-21:00")]);
    let zone = Some(chrono_tz::Asia::Tokyo);
    handbook.sessions[0].hours = Some(SessionHours { zone, openings });
    check(&handbook, &[], SUNDAY, TUESDAY, "10:00 11:00");
}

#[test]
fn on_a_journey_the_hours_are_those_of_the_place() {
    let mut handbook = mornings();
    let days = "2026-11-24".parse().unwrap()..="2026-11-24".parse().unwrap();
    let zone = chrono_tz::Europe::Paris;
    handbook.calendars[0].travels = vec![Travel { days, zone, why: "a conference".into() }];
    check(&handbook, &[], SUNDAY, TUESDAY, "08:00 09:00 10:00 11:00");
    check(&handbook, &[], SUNDAY, "2026-11-30", ALL);
}

#[test]
fn the_grid_may_begin_after_the_round_minute() {
    let mut handbook = mornings();
    handbook.sessions[0].offset = TimeDelta::minutes(5);
    check(&handbook, &[], SUNDAY, TUESDAY, "09:05 10:05 11:05");
}

#[test]
fn windows_of_business_days_and_of_dates() {
    let mut handbook = mornings();
    handbook.calendars[0].hours = sample::hours(&[("Mon Tue Sat", "09:00-13:00")]);
    handbook.sessions[0].window = BookingWindow::BusinessDays(2);
    let friday = "2026-11-20 08:00";
    check(&handbook, &[], friday, "2026-11-21", "09:00 10:00 11:00 12:00");
    check(&handbook, &[], friday, TUESDAY, ALL);
    check(&handbook, &[], "2026-11-19 08:00", "2026-11-23", ALL);
    check(&handbook, &[], "2026-11-19 08:00", TUESDAY, "-");
    let dates = "2026-11-24".parse().unwrap()..="2026-11-30".parse().unwrap();
    handbook.sessions[0].window = BookingWindow::Dates(dates);
    check(&handbook, &[], friday, "2026-11-23", "-");
    check(&handbook, &[], friday, TUESDAY, ALL);
    check(&handbook, &[], friday, "2026-11-30", ALL);
    check(&handbook, &[], friday, "2026-12-01", "-");
}

#[test]
fn what_has_begun_counts_beside_what_the_same_client_has_next() {
    let handbook = limited(Limits { week: sessions(2), ..Limits::default() });
    let monday = call("2026-11-23 07:00", "bruno");
    let tuesday = call("2026-11-24 09:00", "bruno");
    let now = "2026-11-23 08:00";
    check(&handbook, std::slice::from_ref(&monday), now, TUESDAY, ALL);
    check(&handbook, &[monday, tuesday], now, TUESDAY, "-");
}
