//! Measures what the worst feeds cost that we can think of, each at the size that a feed may have.
//! From this folder: `cargo run --profile plain --example measure`.

use std::{fmt::Write as _, time::Instant};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use feeds::{FEED_BYTES_MAX, read};

/// What a feed begins with, what is repeated in it until it is full, and what it ends with.
struct Shape {
    name: &'static str,
    begin: String,
    body: Box<dyn Fn(usize) -> String>,
    end: &'static str,
    parts: usize,
}

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n";
const NOTHING: &str = "END:VCALENDAR\r\n";
const OPEN_EVENT: &str = "END:VEVENT\r\nEND:VCALENDAR\r\n";
const OPEN_LINE: &str = "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// As many parts as a feed may have.
const EVENTS: usize = 4_999;

fn shape(
    name: &'static str,
    begin: &str,
    end: &'static str,
    parts: usize,
    body: impl Fn(usize) -> String + 'static,
) -> Shape {
    Shape { name, begin: format!("{CALENDAR}{begin}"), body: Box::new(body), end, parts }
}

fn event(number: usize, lines: &str) -> String {
    format!("BEGIN:VEVENT\r\nUID:{number}\r\n{lines}\r\nEND:VEVENT\r\n")
}

/// Many events that differ in their name alone.
fn events(name: &'static str, lines: &'static str) -> Shape {
    shape(name, "", NOTHING, EVENTS, move |number| event(number, lines))
}

fn ordinary(number: usize) -> String {
    let (day, hour) = (number % 28 + 1, number % 9 + 8);
    let rule = ["", "RRULE:FREQ=WEEKLY;BYDAY=MO,TH\r\n", "RRULE:FREQ=MONTHLY;COUNT=40\r\n"];
    let words = format!("SUMMARY:Something\r\nDESCRIPTION:{}\r\n", "words ".repeat(10));
    let zone = ";TZID=Europe/Lisbon";
    let rule = if number.is_multiple_of(40) { rule[number / 40 % 3] } else { "" };
    let lines = format!(
        "DTSTART{zone}:2026{:02}{day:02}T{hour:02}0000\r\nDURATION:PT1H\r\n{rule}{words}STATUS:CONFIRMED",
        number % 12 + 1
    );
    event(number, &lines)
}

fn shapes() -> Vec<Shape> {
    let start = "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261101T090000Z\r\nDURATION:PT1H\r\n";
    let opened = |line: &str| format!("{start}{line}");
    let date = |number: usize| {
        let at = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(29_800_000 + number as i64);
        at.format("%Y%m%dT%H%M%SZ").to_string()
    };
    let zone = "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\n\
                TZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n";
    let every = |least: i32, most: i32| {
        (least..=most).filter(|n| *n != 0).map(|n| n.to_string()).collect::<Vec<_>>().join(",")
    };
    let heavy = format!(
        "DTSTART:20200101T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=YEARLY;COUNT=99999999;BYYEARDAY={};BYMONTHDAY={}",
        every(-366, -2),
        every(-31, -2)
    );
    vec![
        shape("ordinary events", "", NOTHING, EVENTS, ordinary),
        shape("lines of four bytes", start, OPEN_EVENT, usize::MAX, |_| "A:B\n".into()),
        shape("known lines of five bytes", start, OPEN_EVENT, usize::MAX, |_| "UID:\n".into()),
        shape("blank lines", start, OPEN_EVENT, usize::MAX, |_| "\n".into()),
        shape("broken lines", start, OPEN_EVENT, usize::MAX, |_| "x\n".into()),
        shape("one line, folded at each letter", &opened("UID:"), OPEN_LINE, usize::MAX, |_| {
            "\n x".into()
        }),
        shape("one huge line", &opened("UID:"), OPEN_LINE, usize::MAX, |_| "xxxxxxxxxx".into()),
        shape(
            "parameters",
            &opened("DTEND"),
            ":20261101T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            usize::MAX,
            |_| ";A".into(),
        ),
        shape(
            "quoted parameters",
            &opened("DTEND"),
            ":20261101T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            usize::MAX,
            |_| ";A=\":;,\"".into(),
        ),
        shape("open quotation marks", start, OPEN_EVENT, usize::MAX, |_| "DTEND;X=\":1\r\n".into()),
        shape("combining marks", &opened("UID:"), OPEN_LINE, usize::MAX, |_| "\u{301}".into()),
        shape("boxes in boxes", "", NOTHING, usize::MAX, |_| "BEGIN:X\n".into()),
        shape("ends without a beginning", "BEGIN:X\n", NOTHING, usize::MAX, |_| "END:Y\n".into()),
        shape("names of zones", start, OPEN_EVENT, usize::MAX, |n| {
            format!("EXDATE;TZID=Z{n}:20261101T090000\r\n")
        }),
        shape("listed dates", &opened("RDATE:20261101T090000Z"), OPEN_LINE, usize::MAX, move |n| {
            format!(",{}", date(n))
        }),
        shape("listed days", &opened("RDATE:20261101"), OPEN_LINE, usize::MAX, |n| {
            format!(",2027{:02}{:02}", n % 12 + 1, n % 28 + 1)
        }),
        shape("listed days long ago", &opened("RDATE:20261101"), OPEN_LINE, usize::MAX, |n| {
            format!(",19{:02}0{}01", n % 100, n % 9 + 1)
        }),
        shape(
            "excepted dates",
            "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261101T090000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY\r\nEXDATE;TZID=Europe/Lisbon:20261101T090000",
            OPEN_LINE,
            usize::MAX,
            |n| format!(",202611{:02}T{:02}{:02}00", n % 28 + 1, n % 24, n % 60),
        ),
        shape(
            "busy periods",
            "BEGIN:VFREEBUSY\r\nFREEBUSY:20261101/P1D",
            "\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n",
            usize::MAX,
            |n| format!(",2026{:02}{:02}/P1D", n % 12 + 1, n % 28 + 1),
        ),
        events(
            "daily since 1970",
            "DTSTART;TZID=Europe/Lisbon:19700101T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY",
        ),
        events(
            "daily since 1970, counted",
            "DTSTART;TZID=Europe/Lisbon:19700101T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=99999",
        ),
        events(
            "daily since 1970, counted, and over",
            "DTSTART;TZID=Europe/Lisbon:19700101T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=18000",
        ),
        events("secondly since 1970", "DTSTART:19700101T000000Z\r\nRRULE:FREQ=SECONDLY"),
        events(
            "secondly since 1970, one day a year",
            "DTSTART:19700101T000000Z\r\nRRULE:FREQ=SECONDLY;BYYEARDAY=200",
        ),
        events(
            "the 30th of February",
            "DTSTART:20260130T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        ),
        events(
            "the 30th of February, counted",
            "DTSTART:00010130T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
        ),
        events(
            "lasting a hundred years",
            "DTSTART:20260130T090000Z\r\nDURATION:P36000D\r\nRRULE:FREQ=YEARLY",
        ),
        events(
            "a hundred years long ago, 96 times a day",
            "DTSTART:18000130T090000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY;COUNT=9999999;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;BYMINUTE=1,2,3,4",
        ),
        events(
            "96 times a day, around the window",
            "DTSTART:20261217T090000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY;UNTIL=20261230T000000Z;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;BYMINUTE=1,2,3,4",
        ),
        shape("long lists in rules", "", NOTHING, EVENTS, move |n| event(n, &heavy)),
        shape(
            "changes of one series",
            &format!("{start}RRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"),
            NOTHING,
            EVENTS - 1,
            |n| {
                event_of_a(&format!(
                    "RECURRENCE-ID:2026{:02}{:02}T090000Z\r\nDTSTART:20261201T{:02}0000Z\r\nDURATION:PT1H",
                    n % 12 + 1,
                    n % 28 + 1,
                    n % 24
                ))
            },
        ),
        shape("half changes, half events, of one name", "", NOTHING, EVENTS, |n| {
            event_of_a(if n.is_multiple_of(2) {
                "DTSTART:20261201T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY"
            } else {
                "RECURRENCE-ID;RANGE=THISANDFUTURE:20261203T090000Z\r\nDTSTART:20261204T090000Z\r\nDURATION:PT1H"
            })
        }),
        shape(
            "changes to this and all later times",
            &format!("{start}RRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"),
            NOTHING,
            EVENTS - 1,
            |n| {
                event_of_a(&format!(
                    "RECURRENCE-ID;RANGE=THISANDFUTURE:2026{:02}{:02}T090000Z\r\nDTSTART:20261201T{:02}0000Z\r\nDURATION:PT1H",
                    n % 12 + 1,
                    n % 28 + 1,
                    n % 24
                ))
            },
        ),
        shape(
            "observances of one zone",
            "BEGIN:VTIMEZONE\r\nTZID:Z\r\n",
            "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Z:20261201T090000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            4_990,
            move |_| zone.into(),
        ),
        shape("daily changes of clocks", "", NOTHING, 1_600, |n| {
            format!(
                "BEGIN:VTIMEZONE\r\nTZID:Z{n}\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=DAILY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Z{n}:20261201T090000\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
            )
        }),
        shape("zones with 400 changes", "", NOTHING, 1_600, |n| {
            format!(
                "BEGIN:VTIMEZONE\r\nTZID:Z{n}\r\nBEGIN:STANDARD\r\nDTSTART:20260101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=DAILY;COUNT=400\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Z{n}:20261101T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"
            )
        }),
    ]
}

fn event_of_a(lines: &str) -> String {
    format!("BEGIN:VEVENT\r\nUID:a\r\n{lines}\r\nEND:VEVENT\r\n")
}

impl Shape {
    /// The feed at its largest.
    fn feed(&self) -> Vec<u8> {
        let mut text = self.begin.clone();
        for number in 0..self.parts {
            let body = (self.body)(number);
            if FEED_BYTES_MAX < text.len() + body.len() + self.end.len() {
                break;
            }
            text.push_str(&body);
        }
        text.push_str(self.end);
        text.into_bytes()
    }
}

/// The most memory that this process ever had, in kilobytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// Begins to count the most memory anew.
fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").expect("a Linux of our own");
}

/// The processor time of this process, in milliseconds.
fn processor_time() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds: f64 =
        text.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default();
    nanoseconds / 1e6
}

fn main() {
    let from = DateTime::<Utc>::from_timestamp(1_793_491_200, 0).expect("an instant");
    let only = std::env::args().nth(1);
    println!(
        "{:>9} {:>8} {:>8} {:>8}  shape, and what is said",
        "bytes", "CPU ms", "ms", "MB more"
    );
    for shape in shapes() {
        if only.as_ref().is_some_and(|only| !shape.name.contains(only.as_str())) {
            continue;
        }
        let feed = shape.feed();
        forget_peak();
        let before = peak();
        let (processor, clock) = (processor_time(), Instant::now());
        let read = read(&feed, Tz::Europe__Lisbon, from..from + TimeDelta::days(90));
        let spent = (processor_time() - processor, clock.elapsed().as_secs_f64() * 1e3);
        let more = peak().saturating_sub(before) / 1_024;
        let mut said = String::new();
        match read {
            Ok(busy) => {
                write!(said, "{} spans, {} warnings", busy.spans.len(), busy.warnings.len())
            }
            Err(reason) => write!(said, "{reason}"),
        }
        .expect("a string takes all");
        let (processor, clock) = spent;
        println!(
            "{:>9} {processor:>8.1} {clock:>8.1} {more:>8}  {}: {said}",
            feed.len(),
            shape.name
        );
    }
}
