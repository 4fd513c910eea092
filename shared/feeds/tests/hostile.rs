//! Feeds that are as large, as deep or as repetitive as a feed may be, and a little more. They are
//! made here, because nobody would want to keep them.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use feeds::{Busy, FEED_BYTES_MAX, Unreadable, Warning, read};

/// November 2026.
fn window() -> Range<DateTime<Utc>> {
    let first = |month| NaiveDate::from_ymd_opt(2026, month, 1).expect("a date");
    let midnight = |month| first(month).and_time(NaiveTime::MIN).and_utc();
    midnight(11)..midnight(12)
}

fn calendar(inside: &str) -> String {
    format!("BEGIN:VCALENDAR\r\n{inside}END:VCALENDAR\r\n")
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n")
}

fn ask(feed: &str) -> Result<Busy, Unreadable> {
    read(feed.as_bytes(), Tz::Europe__Lisbon, window())
}

/// What a feed says in short: spans and warnings, or why it is not read.
#[track_caller]
fn check(feed: &str, expected: &str) {
    let said = match ask(feed) {
        Ok(busy) => format!("{} spans, {} warnings", busy.spans.len(), busy.warnings.len()),
        Err(reason) => reason.to_string(),
    };
    assert_eq!(said, expected);
}

const HOUR: &str = "DTSTART:20261102T090000Z\r\nDURATION:PT1H";

/// An event of many days, each given by a date of its own.
fn listed(count: i64) -> String {
    let first = window().start;
    let dates = (1..count)
        .map(|minutes| (first + TimeDelta::minutes(minutes)).format("%Y%m%dT%H%M%SZ").to_string());
    let dates: Vec<String> = dates.collect();
    event(&format!("DTSTART:20261101T000000Z\r\nDURATION:PT30S\r\nRDATE:{}", dates.join(",")))
}

#[test]
fn a_megabyte_is_read_and_a_byte_more_is_not() {
    let padding = FEED_BYTES_MAX - calendar(&event(&format!("{HOUR}\r\nSUMMARY:"))).len();
    let full = calendar(&event(&format!("{HOUR}\r\nSUMMARY:{}", "x".repeat(padding))));
    assert_eq!(full.len(), FEED_BYTES_MAX);
    check(&full, "1 spans, 0 warnings");
    check(&format!("{full}\n"), "the calendar is larger than 1 MB");
}

#[test]
fn the_limits_are_told_in_words() {
    check(&calendar(&event(HOUR).repeat(5_000)), "1 spans, 0 warnings");
    check(&calendar(&event(HOUR).repeat(5_001)), "the calendar has more than 5,000 events");
    check(&calendar(&listed(20_000)), "20000 spans, 0 warnings");
    let too_often = "the events take place more than 20,000 times in the days that were asked for";
    check(&calendar(&listed(20_001)), too_often);
    check(&calendar(&listed(55_000)), too_often);
    check(&calendar(&listed(100_000)), "the calendar is larger than 1 MB");
}

#[test]
fn no_rule_takes_the_place_of_another() {
    let old = "DTSTART:19700101T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY";
    let own = "UID:own\r\nDTSTART:20261102T120000Z\r\nDURATION:PT1H";
    let feed = calendar(&(event(old).repeat(600) + &event(own)));
    assert_eq!(ask(&feed).unwrap().spans.len(), 31);
}

#[test]
fn secondly_since_1970_is_every_day() {
    let event = event("DTSTART:19700101T000000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY");
    let busy = ask(&calendar(&event)).unwrap();
    assert_eq!((busy.spans.len(), busy.warnings), (1, vec![Warning::OftenerThanDaily]));
    assert!(busy.spans[0].start <= window().start && window().end <= busy.spans[0].end);
}

#[test]
fn what_would_take_too_long_is_refused() {
    let too_long = "it would take too long to follow how the events repeat";
    let never = "DTSTART:00010130T090000Z\r\nDURATION:PT1H\r\n\
                 RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1";
    check(&calendar(&event(never)), "0 spans, 0 warnings");
    check(&calendar(&event(never).repeat(100)), too_long);
    let long = "DTSTART:19300101T000000Z\r\nDURATION:P36525D\r\nRRULE:FREQ=YEARLY;BYYEARDAY=366";
    check(&calendar(&event(long).repeat(400)), too_long);
}

#[test]
fn depth_and_length_are_no_matter() {
    let nested = "BEGIN:X\n".repeat(100_000) + &event(HOUR) + &"END:X\n".repeat(10);
    check(&calendar(&nested), "1 spans, 0 warnings");
    let folded = event(&format!("{HOUR}\r\nDTEND:2{}0261102T100000Z", "\r\n ".repeat(100_000)));
    check(&calendar(&folded), "1 spans, 0 warnings");
    check(&calendar(&("x\n".repeat(200_000) + &event(HOUR))), "1 spans, 1 warnings");
    let zone = |number| format!("EXDATE;TZID=Z{number}:20261102T090000");
    let zones: Vec<String> = (0..20_000).map(zone).collect();
    let zones = event(&format!("{HOUR}\r\nRRULE:FREQ=DAILY\r\n{}", zones.join("\r\n")));
    check(&calendar(&zones), "28 spans, 10 warnings");
}

#[test]
fn windows_at_the_ends_of_time_are_windows() {
    let feed = calendar(&event(&format!("{HOUR}\r\nRRULE:FREQ=DAILY;COUNT=3")));
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let spans = |window| read(feed.as_bytes(), Tz::Pacific__Apia, window).unwrap().spans.len();
    assert_eq!(spans(first..last), 3);
    assert_eq!(spans(last..first), 0);
    assert_eq!(spans(first..first), 0);
    assert_eq!(spans(last..last), 0);
}
