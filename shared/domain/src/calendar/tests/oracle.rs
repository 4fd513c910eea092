//! Facts from other schedulers and from other libraries of time: `tests/data` of this crate.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{booked, client, held, no_buffers, sheets_around, timetable};
use crate::{
    BookingWindow, Buffers, ClosedDays, DateOverride, Handbook, SessionHours, Slot, Taken,
    instant_of, local_date, offers, sample,
};

#[test]
fn every_wall_time_means_the_instant_that_others_say() {
    let rows = include_str!("../../../tests/data/local_time.txt").lines();
    let mut checked = 0;
    for row in rows.filter(|row| !row.starts_with('#')) {
        let [zone, local, _kind, expected] = row.split(' ').collect::<Vec<_>>()[..] else {
            panic!("four words: {row}")
        };
        let zone: Tz = zone.parse().unwrap();
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M").unwrap();
        let instant = instant_of(zone, local).format("%Y-%m-%dT%H:%MZ").to_string();
        assert_eq!(instant, expected, "{row}");
        checked += 1;
    }
    assert_eq!(checked, 696);
}

#[test]
fn what_others_offer_is_offered() {
    let text = include_str!("../../../tests/data/slots.txt");
    let cases: Vec<&str> = text.split("\n\n").skip(1).collect();
    for case in &cases {
        Case::read(case).check();
    }
    assert_eq!(cases.len(), 90);
}

/// One case: what is open and taken, and what must be on offer.
struct Case {
    name: String,
    handbook: Handbook,
    now: DateTime<Utc>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    taken: Vec<Taken>,
    expected: Vec<Expected>,
}

enum Expected {
    Exactly(Vec<DateTime<Utc>>),
    Present(Vec<DateTime<Utc>>),
    Absent(Vec<DateTime<Utc>>),
    Count(usize),
    AtMost(usize),
    CountOn(NaiveDate, usize),
    Windows(String),
}

impl Case {
    fn read(text: &str) -> Self {
        let mut case = Self {
            name: String::new(),
            handbook: sample::handbook_with(|handbook| {
                handbook.calendars[0].hours = vec![];
                handbook.sessions[0].window = BookingWindow::Days(5_000);
            }),
            now: DateTime::UNIX_EPOCH,
            from: DateTime::UNIX_EPOCH,
            to: DateTime::UNIX_EPOCH,
            taken: vec![],
            expected: vec![],
        };
        for line in text.lines() {
            let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
            let words: Vec<&str> = rest.split_whitespace().collect();
            case.read_line(key, &words);
        }
        case
    }

    fn read_line(&mut self, key: &str, words: &[&str]) {
        let handbook = &mut self.handbook;
        match (key, words) {
            ("case", [name]) => self.name = (*name).to_owned(),
            ("zone", [zone]) => handbook.practice.zone = zone.parse().unwrap(),
            ("now", [now]) => self.now = instant(now),
            ("range", [from, to]) => (self.from, self.to) = (instant(from), instant(to)),
            ("session", numbers) => read_session(handbook, numbers),
            ("hours", [span, days @ ..]) => {
                handbook.calendars[0].hours.extend(sample::hours(&[(&days.join(" "), span)]));
            }
            ("closed", [date]) => {
                let date = date.parse().unwrap();
                handbook.calendars[0]
                    .closed
                    .push(ClosedDays { days: date..=date, why: String::new() });
            }
            ("override", [date, span]) => handbook.calendars[0].overrides.push(DateOverride {
                date: date.parse().unwrap(),
                open: vec![sample::span(span)],
                why: String::new(),
            }),
            ("window", [kind, numbers @ ..]) => {
                handbook.sessions[0].window = match (*kind, numbers) {
                    ("days", [days]) => BookingWindow::Days(days.parse().unwrap()),
                    ("business", [days]) => BookingWindow::BusinessDays(days.parse().unwrap()),
                    ("dates", [from, to]) => {
                        BookingWindow::Dates(from.parse().unwrap()..=to.parse().unwrap())
                    }
                    _ => panic!("{}: no such window", self.name),
                }
            }
            ("only", [zone, spans @ ..]) => {
                let zone = Some(zone.parse().unwrap());
                let nothing = || SessionHours { zone, openings: vec![] };
                let hours = handbook.sessions[0].hours.get_or_insert_with(nothing);
                if let [span, days @ ..] = spans {
                    hours.openings.extend(sample::hours(&[(&days.join(" "), span)]));
                }
            }
            ("offset", [minutes]) => {
                handbook.sessions[0].offset = TimeDelta::minutes(minutes.parse().unwrap());
            }
            ("limit-sessions", [a_day]) => {
                handbook.calendars[0].limits.day.sessions = a_day.parse().ok();
            }
            ("limit-minutes", [a_day]) => {
                handbook.calendars[0].limits.day.length =
                    a_day.parse().ok().map(TimeDelta::minutes);
            }
            ("busy", [from, to]) => {
                let by = format!("guest-{}", self.taken.len());
                self.taken.push(booked(slot(from, to), no_buffers(), &by));
            }
            ("hold", [by, from, to, until]) => {
                let hold = held(slot(from, to), no_buffers(), by, instant(until));
                self.taken.push(hold);
            }
            ("starts", starts) => self.expected.push(Expected::Exactly(instants(starts))),
            ("present", starts) => self.expected.push(Expected::Present(instants(starts))),
            ("absent", starts) => self.expected.push(Expected::Absent(instants(starts))),
            ("windows", windows) => self.expected.push(Expected::Windows(windows.join(" "))),
            ("count", [count]) => self.expected.push(Expected::Count(count.parse().unwrap())),
            ("at-most", [count]) => self.expected.push(Expected::AtMost(count.parse().unwrap())),
            ("count-on", [date, count]) => {
                let (date, count) = (date.parse().unwrap(), count.parse().unwrap());
                self.expected.push(Expected::CountOn(date, count));
            }
            _ => panic!("{}: no such line: {key} {words:?}", self.name),
        }
    }

    fn check(&self) {
        let sheets = sheets_around(self.from, self.to, &self.taken);
        let range = self.from..self.to;
        let offered =
            offers(&timetable(&self.handbook), &sheets, &client("self"), self.now, &range);
        let starts: Vec<DateTime<Utc>> = offered.iter().map(|slot| slot.start).collect();
        assert!(!self.expected.is_empty(), "{}: nothing is expected", self.name);
        for expected in &self.expected {
            let is_so = match expected {
                Expected::Exactly(exactly) => starts == *exactly,
                Expected::Present(present) => present.iter().all(|start| starts.contains(start)),
                Expected::Absent(absent) => !absent.iter().any(|start| starts.contains(start)),
                Expected::Count(count) => starts.len() == *count,
                Expected::AtMost(count) => starts.len() <= *count,
                Expected::CountOn(date, count) => {
                    let zone = self.handbook.practice.zone;
                    let on_date = starts.iter().filter(|start| local_date(zone, **start) == *date);
                    on_date.count() == *count
                }
                Expected::Windows(windows) => windows_of(&starts) == *windows,
            };
            assert!(is_so, "{}: {starts:#?}", self.name);
        }
    }
}

/// Minutes on end, as the spans that they fill.
fn windows_of(minutes: &[DateTime<Utc>]) -> String {
    let a_minute = TimeDelta::minutes(1);
    let runs = minutes.chunk_by(|earlier, later| *earlier + a_minute == *later);
    let told = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let spans = runs.map(|run| format!("{}/{}", told(run[0]), told(run[run.len() - 1] + a_minute)));
    spans.collect::<Vec<_>>().join(" ")
}

/// Length, step, notice, buffer before and after, in minutes.
fn read_session(handbook: &mut Handbook, numbers: &[&str]) {
    let minutes: Vec<TimeDelta> =
        numbers.iter().map(|number| TimeDelta::minutes(number.parse().unwrap())).collect();
    let [length, every, notice, before, after] = minutes[..] else { panic!("five numbers") };
    let session = &mut handbook.sessions[0];
    (session.length, session.every, session.notice) = (length, every, notice);
    session.buffers = Buffers { before, after };
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn instants(words: &[&str]) -> Vec<DateTime<Utc>> {
    words.iter().map(|word| instant(word)).collect()
}

fn slot(from: &str, to: &str) -> Slot {
    Slot { start: instant(from), end: instant(to) }
}
