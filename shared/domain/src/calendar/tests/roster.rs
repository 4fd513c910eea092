//! Sessions that one of several providers gives, or several together, and sessions for a group.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::{booked, client, held, no_buffers, sheets_around};
use crate::{
    Choice, DaySheet, DaySheets, Handbook, Offer, OtherCalendar, Quota, Reason, Roster, Rule, Slot,
    StaffId, Taken, TakenFor, Timetable, instant_of, offers, reasons, sample,
};

fn staff(id: &str) -> StaffId {
    StaffId::parse(id).unwrap()
}

/// A practice whose session of an hour is given by one of each of these parts, each of whom works on
/// Tuesdays as written, or on any day of the week at the usual hours if nothing is written.
fn practice(parts: &[&[(&str, &str)]]) -> Handbook {
    sample::handbook_with(|handbook| {
        let session = &mut handbook.sessions[0];
        session.parts =
            parts.iter().map(|part| part.iter().map(|(id, _)| staff(id)).collect()).collect();
        (session.length, session.every) = (TimeDelta::minutes(60), TimeDelta::minutes(60));
        session.buffers = no_buffers();
        let own = parts.iter().flat_map(|part| part.iter()).map(|(id, span)| {
            let mut calendar = sample::calendar(id);
            if !span.is_empty() {
                calendar.hours = sample::hours(&[("Tue", span)]);
            }
            calendar
        });
        handbook.calendars = own.collect();
    })
}

/// The same sheets for every provider, each with what is theirs.
fn sheets(handbook: &Handbook, at: DateTime<Utc>, taken: &[Taken]) -> DaySheets {
    let of = |provider: &StaffId| {
        let own: Vec<Taken> =
            taken.iter().filter(|taken| taken.provider == *provider).cloned().collect();
        let sheets = sheets_around(at, at, &own);
        let found: Vec<DaySheet> = sheets
            .iter()
            .map(|sheet| DaySheet { provider: provider.clone(), ..sheet.clone() })
            .collect();
        DaySheets::new(found.iter().map(|sheet| (provider.clone(), sheet.date)), found.clone())
    };
    let all = handbook.calendars.iter().map(|calendar| of(&calendar.provider));
    all.reduce(DaySheets::join).unwrap()
}

fn with(provider: &str, taken: Taken) -> Taken {
    Taken { provider: staff(provider), ..taken }
}

fn at(text: &str) -> Slot {
    Slot::of(instant_of(chrono_tz::Europe::Lisbon, sample::wall(text)), TimeDelta::minutes(60))
}

/// What is offered to Ana on a day, when it is the Friday before.
fn offered(handbook: &Handbook, taken: &[Taken], day: &str, chosen: Option<&str>) -> Vec<Offer> {
    let zone = handbook.practice.zone;
    let date: NaiveDate = day.parse().unwrap();
    let midnight = |date: NaiveDate| instant_of(zone, date.and_time(NaiveTime::MIN));
    let range = midnight(date)..midnight(date + Days::new(1));
    let now = instant_of(zone, sample::wall("2026-11-20 08:00"));
    let chosen = chosen.map(staff);
    let roster = Roster::of(handbook, handbook.first_session(), chosen.as_ref());
    roster.offers(&sheets(handbook, range.start, taken), &client("ana"), now, &range)
}

#[track_caller]
fn check(offered: &[Offer], expected: &str) {
    let lines = offered.iter().map(|offer| {
        let time = offer.slot.start.with_timezone(&chrono_tz::Europe::Lisbon).format("%H:%M");
        let names: Vec<_> = offer.providers.iter().map(StaffId::as_str).collect();
        format!("{time} {}", names.join("+"))
    });
    assert_eq!(lines.collect::<Vec<_>>().join(", "), expected);
}

const TUESDAY: &str = "2026-11-24";

#[test]
fn one_after_the_other_is_asked_when_all_are_equally_free() {
    let handbook = practice(&[&[("mara", "09:00-11:00"), ("jon", "10:00-12:00")]]);
    check(&offered(&handbook, &[], TUESDAY, None), "09:00 mara, 10:00 mara, 11:00 jon");
    let next = offered(&handbook, &[], "2026-12-01", None);
    check(&next, "09:00 mara, 10:00 jon, 11:00 jon");
}

#[test]
fn whoever_has_less_in_the_week_is_next() {
    let handbook = practice(&[&[("mara", "09:00-12:00"), ("jon", "09:00-12:00")]]);
    let on_monday = |provider| with(provider, booked(at("2026-11-23 09:00"), no_buffers(), "ben"));
    let tuesday = |taken: &[Taken]| offered(&handbook, taken, TUESDAY, None);
    check(&tuesday(&[on_monday("jon")]), "09:00 mara, 10:00 mara, 11:00 mara");
    check(&tuesday(&[on_monday("mara")]), "09:00 jon, 10:00 jon, 11:00 jon");
    // What was the week before counts no more.
    let before = with("mara", booked(at("2026-11-20 09:00"), no_buffers(), "ben"));
    check(&tuesday(&[before]), "09:00 mara, 10:00 mara, 11:00 mara");
}

#[test]
fn turns_are_fair() {
    let handbook = practice(&[&[("mara", ""), ("jon", ""), ("kim", "")]]);
    let mut taken: Vec<Taken> = vec![];
    for day in ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"] {
        for guest in 0..4 {
            let offers = offered(&handbook, &taken, day, None);
            let offer = offers[guest % offers.len()].clone();
            let by = format!("client-{}", taken.len());
            taken.push(with(offer.providers[0].as_str(), booked(offer.slot, no_buffers(), &by)));
        }
        let loads: Vec<usize> = ["mara", "jon", "kim"]
            .map(|id| taken.iter().filter(|taken| taken.provider == staff(id)).count())
            .to_vec();
        let (least, most) = (loads.iter().min().unwrap(), loads.iter().max().unwrap());
        assert!(most - least <= 1, "after {day}: {loads:?}");
    }
}

#[test]
fn all_together_need_all_of_them() {
    let handbook = practice(&[&[("mara", "09:00-12:00")], &[("jon", "10:00-13:00")]]);
    check(&offered(&handbook, &[], TUESDAY, None), "10:00 mara+jon, 11:00 mara+jon");
    let jon_busy = with("jon", booked(at("2026-11-24 10:00"), no_buffers(), "ben"));
    check(&offered(&handbook, &[jon_busy], TUESDAY, None), "11:00 mara+jon");
}

#[test]
fn the_client_chooses_where_the_practice_says_so() {
    let mut handbook = practice(&[&[("mara", "09:00-10:00"), ("jon", "11:00-12:00")]]);
    handbook.sessions[0].choice = Choice::Client;
    check(&offered(&handbook, &[], TUESDAY, None), "09:00 mara");
    check(&offered(&handbook, &[], TUESDAY, Some("jon")), "11:00 jon");
    check(&offered(&handbook, &[], TUESDAY, Some("nobody")), "09:00 mara");
    handbook.sessions[0].choice = Choice::FairTurn;
    check(&offered(&handbook, &[], TUESDAY, Some("jon")), "09:00 mara, 11:00 jon");
}

/// CAL-AG-01 and CAL-AG-04 of the outside oracle: who is there when, in minutes of an hour from
/// eleven on, and which spans therefore fit.
#[test]
fn several_providers_as_another_scheduler_has_it() {
    let one_of_two: [&[&[(&str, &str)]]; 1] =
        [&[&[("ann", "11:00-11:20"), ("bob", "11:15-11:30")]]];
    check_fits(one_of_two[0], &[("11:00", 20)], &[("11:00", 30)]);
    let one_of_each: &[&[(&str, &str)]] = &[
        &[("fix", "11:00-13:00")],
        &[("ann", "11:00-11:30"), ("bob", "12:00-12:30")],
        &[("cid", "11:15-11:45"), ("dan", "12:15-12:45")],
    ];
    check_fits(one_of_each, &[("11:15", 15), ("12:15", 15)], &[("11:00", 15), ("12:30", 15)]);
}

#[track_caller]
fn check_fits(parts: &[&[(&str, &str)]], fits: &[(&str, i64)], does_not: &[(&str, i64)]) {
    let mut handbook = practice(parts);
    handbook.practice.zone = chrono_tz::UTC;
    for (is_fit, (start, minutes)) in
        fits.iter().map(|one| (true, one)).chain(does_not.iter().map(|one| (false, one)))
    {
        let session = &mut handbook.sessions[0];
        (session.length, session.every) = (TimeDelta::minutes(*minutes), TimeDelta::minutes(5));
        let start = sample::utc(&format!("{TUESDAY} {start}"));
        let all = offered(&handbook, &[], TUESDAY, None);
        let found = all.iter().any(|offer| offer.slot.start == start);
        assert_eq!(found, is_fit, "{start} for {minutes} minutes");
    }
}

/// A group of three on Tuesdays from nine to noon.
fn group() -> Handbook {
    let mut handbook = practice(&[&[("mara", "09:00-12:00")]]);
    handbook.sessions[0].places = 3;
    handbook
}

fn guests(names: &[&str]) -> Vec<Taken> {
    names.iter().map(|name| booked(at("2026-11-24 10:00"), no_buffers(), name)).collect()
}

#[test]
fn a_group_meets_until_its_places_are_gone() {
    let handbook = group();
    let tuesday = |taken: &[Taken]| offered(&handbook, taken, TUESDAY, None);
    check(&tuesday(&guests(&["ben"])), "09:00 mara, 10:00 mara, 11:00 mara");
    check(&tuesday(&guests(&["ben", "cleo"])), "09:00 mara, 10:00 mara, 11:00 mara");
    check(&tuesday(&guests(&["ben", "cleo", "dora"])), "09:00 mara, 11:00 mara");
    // One's own place is no other's, and a client has one, however often it is listed.
    check(&tuesday(&guests(&["ben", "cleo", "ana"])), "09:00 mara, 10:00 mara, 11:00 mara");
    check(&tuesday(&guests(&["ben", "cleo", "cleo"])), "09:00 mara, 10:00 mara, 11:00 mara");
    let until = at("2026-11-20 12:00").start;
    let mut asked = guests(&["ben", "cleo"]);
    asked.push(held(at("2026-11-24 10:00"), no_buffers(), "dora", until));
    check(&tuesday(&asked), "09:00 mara, 11:00 mara");
}

#[test]
fn a_place_in_a_group_is_no_place_in_anything_else() {
    let handbook = group();
    let mut other = guests(&["ben"]);
    let TakenFor::Appointment { session, .. } = &mut other[0].what else { unreachable!() };
    *session = crate::SessionTypeId::parse("another").unwrap();
    check(&offered(&handbook, &other, TUESDAY, None), "09:00 mara, 11:00 mara");
    let half_past = booked(at("2026-11-24 10:30"), no_buffers(), "ben");
    check(&offered(&handbook, &[half_past], TUESDAY, None), "09:00 mara");
}

#[test]
fn a_full_group_says_so() {
    let handbook = group();
    let first = handbook.first_session();
    let timetable = Timetable::of(&handbook, first, &first.parts[0][0]);
    let sheets = sheets(&handbook, at("2026-11-24 10:00").start, &guests(&["ben", "cleo", "dora"]));
    let now = at("2026-11-20 08:00").start;
    let full = reasons(&timetable, &sheets, None, now, at("2026-11-24 10:00").start);
    assert!(full.iter().all(|reason| matches!(reason, Reason::Full(_))), "{full:?}");
    assert_eq!(full.len(), 3);
}

#[test]
fn a_group_counts_as_one_session() {
    let mut handbook = group();
    handbook.calendars[0].limits.day = Quota { sessions: Some(1), length: None };
    check(&offered(&handbook, &guests(&["ben", "cleo"]), TUESDAY, None), "10:00 mara");
    handbook.calendars[0].limits.day =
        Quota { sessions: None, length: Some(TimeDelta::minutes(90)) };
    check(&offered(&handbook, &guests(&["ben", "cleo"]), TUESDAY, None), "10:00 mara");
}

#[test]
fn a_group_in_turn_is_filled_before_another_begins() {
    let mut handbook = practice(&[&[("mara", "09:00-12:00"), ("jon", "09:00-12:00")]]);
    handbook.sessions[0].places = 2;
    let ben = with("jon", guests(&["ben"]).remove(0));
    check(&offered(&handbook, &[ben], TUESDAY, None), "09:00 mara, 10:00 jon, 11:00 mara");
}

#[test]
fn a_group_that_has_begun_to_fill_is_not_offered_over_another_calendar() {
    let handbook = group();
    let first = handbook.first_session();
    let timetable = Timetable::of(&handbook, first, &first.parts[0][0]);
    let now = at("2026-11-20 08:00").start;
    let ten = at("2026-11-24 10:00");
    let busy = OtherCalendar {
        provider: staff("mara"),
        busy: vec![ten],
        until: now + TimeDelta::days(30),
        read_at: now,
        grace: TimeDelta::hours(24),
    };
    let sheets = sheets(&handbook, ten.start, &guests(&["ben"])).with_elsewhere(vec![busy]);
    let offered = offers(&timetable, &sheets, &client("ana"), now, &(ten.start..ten.end));
    assert!(!offered.contains(&ten), "{offered:?}");
    let against = reasons(&timetable, &sheets, Some(&client("ana")), now, ten.start);
    assert_eq!(against, [Reason::Rule(Rule::Elsewhere)]);
}
