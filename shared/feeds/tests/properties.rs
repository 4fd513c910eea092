//! What must be so whatever a feed says: held to slow and obvious twins, to `calcard`, and to
//! itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::Range,
    path::Path,
    sync::LazyLock,
};

use calcard::{Entry, Parser, icalendar::dates::TimeOrDelta};
use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday,
};
use chrono_tz::Tz;
use domain::{Slot, instant_of};
use feeds::{Busy, read};
use proptest::{collection::vec, option, prelude::*, sample::select, sample::subsequence};

const ZONES: [Tz; 10] = [
    Tz::Europe__Lisbon,
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::America__Santiago,
    Tz::America__St_Johns,
    Tz::Australia__Lord_Howe,
    Tz::Africa__Cairo,
    Tz::Africa__Casablanca,
    Tz::Pacific__Apia,
    Tz::Asia__Kathmandu,
];

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

fn midnight(date: NaiveDate) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN)
}

/// All of 2027: in most of these zones the clocks change twice.
fn year() -> Range<DateTime<Utc>> {
    midnight(day(2027, 1, 1)).and_utc()..midnight(day(2028, 1, 1)).and_utc()
}

fn calendar(inside: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n")
}

/// Spans in order, those that meet or touch being one.
fn merged(mut spans: Vec<Slot>) -> Vec<Slot> {
    spans.sort_unstable();
    let mut all: Vec<Slot> = Vec::new();
    for span in spans {
        match all.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            Some(_) | None => all.push(span),
        }
    }
    all
}

#[track_caller]
fn check_order(busy: &Busy, window: &Range<DateTime<Utc>>) {
    assert!(busy.spans.iter().all(|span| span.start < span.end));
    assert!(busy.spans.iter().all(|span| span.start < window.end && window.start < span.end));
    assert!(busy.spans.is_sorted_by(|one, next| one.end < next.start));
}

/// A daily or weekly rule, as numbers.
#[derive(Debug, Clone)]
struct Simple {
    zone: Tz,
    first: NaiveDateTime,
    minutes: i64,
    interval: u16,
    weekdays: Option<Vec<Weekday>>,
    count: Option<u16>,
    except: Vec<u16>,
}

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

fn short(weekday: Weekday) -> String {
    weekday.to_string()[..2].to_uppercase()
}

fn simple() -> impl Strategy<Value = Simple> {
    let first = (0_u64..400, 0_i64..288).prop_map(|(days, fives)| {
        midnight(day(2026, 6, 1) + Days::new(days)) + TimeDelta::minutes(fives * 5)
    });
    let weekdays = option::of(subsequence(WEEK.to_vec(), 1..=4));
    let except = vec(0_u16..400, 0..4);
    let count = option::of(1_u16..300);
    (select(&ZONES), first, 1_i64..900, 1_u16..5, weekdays, count, except).prop_map(
        |(zone, first, minutes, interval, weekdays, count, except)| Simple {
            zone,
            first,
            minutes,
            interval,
            weekdays,
            count,
            except,
        },
    )
}

impl Simple {
    /// The walls at which it begins, day by day.
    fn walls(&self) -> Vec<NaiveDateTime> {
        let monday = self.first.date() - Days::new(u64::from(self.first.weekday() as u8));
        let is_on = |date: &NaiveDate| match &self.weekdays {
            None => (*date - self.first.date()).num_days() % i64::from(self.interval) == 0,
            Some(weekdays) => {
                let weeks = (*date - monday).num_days() / 7;
                weeks % i64::from(self.interval) == 0 && weekdays.contains(&date.weekday())
            }
        };
        let dates = self.first.date().iter_days().take_while(|date| *date < day(2028, 2, 1));
        let all = dates.filter(is_on).map(|date| date.and_time(self.first.time()));
        let counted = all.take(self.count.map_or(usize::MAX, usize::from));
        let excepted: BTreeSet<_> = self.excepted().collect();
        let mut walls: BTreeSet<NaiveDateTime> = counted.collect();
        walls.insert(self.first);
        walls.into_iter().filter(|wall| !excepted.contains(wall)).collect()
    }

    fn excepted(&self) -> impl Iterator<Item = NaiveDateTime> {
        self.except.iter().map(|days| self.first + TimeDelta::days((*days).into()))
    }

    fn spans(&self) -> Vec<Slot> {
        let length = TimeDelta::minutes(self.minutes);
        let spans =
            self.walls().into_iter().map(|wall| Slot::of(instant_of(self.zone, wall), length));
        let window = year();
        merged(spans.filter(|span| span.start < window.end && window.start < span.end).collect())
    }

    fn feed(&self) -> String {
        let stamp = |wall: NaiveDateTime| wall.format("%Y%m%dT%H%M%S").to_string();
        let (zone, interval) = (self.zone.name(), self.interval);
        let frequency = self.weekdays.as_ref().map_or("DAILY".to_owned(), |days| {
            let days: Vec<String> = days.iter().map(|day| short(*day)).collect();
            format!("WEEKLY;BYDAY={}", days.join(","))
        });
        let count = self.count.map_or(String::new(), |count| format!(";COUNT={count}"));
        let mut lines = vec![
            format!("DTSTART;TZID={zone}:{}", stamp(self.first)),
            format!("DURATION:PT{}M", self.minutes),
            format!("RRULE:INTERVAL={interval};FREQ={frequency}{count}"),
        ];
        lines.extend(self.excepted().map(|wall| format!("EXDATE;TZID={zone}:{}", stamp(wall))));
        let lines = lines.join("\r\n");
        calendar(&format!("BEGIN:VEVENT\r\nUID:a\r\n{lines}\r\nEND:VEVENT\r\n"))
    }
}

/// A rule with parts of all kinds, but for those that mean something else to `calcard`: it knows no
/// fifth weekday from the end of a month, takes weeks without weekdays for all of their days, and
/// counts the places of the first week from the first time on.
fn rules() -> impl Strategy<Value = String> {
    let list = |all: Vec<i32>, most: usize| {
        let numbers = subsequence(all, 1..=most);
        numbers.prop_map(|list| list.iter().map(i32::to_string).collect::<Vec<_>>().join(","))
    };
    let part = |key: &'static str, values: BoxedStrategy<String>, weight: f64| {
        let written = values.prop_map(move |value| format!(";{key}={value}"));
        option::weighted(weight, written).prop_map(Option::unwrap_or_default)
    };
    let days = subsequence(WEEK.to_vec(), 1..=3)
        .prop_map(|days| days.into_iter().map(short).collect::<Vec<_>>().join(","));
    let numbered = (select(vec![-4, -2, -1, 1, 2, 4, 5]), select(WEEK.to_vec()))
        .prop_map(|(number, weekday)| format!("{number}{}", short(weekday)));
    let either = |most: i32| (-most..=most).filter(|number| *number != 0).collect::<Vec<_>>();
    let common = (
        part("INTERVAL", (1..6_i32).prop_map(|number| number.to_string()).boxed(), 0.5),
        part("WKST", select(WEEK.to_vec()).prop_map(short).boxed(), 0.5),
        part("BYMONTH", list((1..=12).collect(), 4).boxed(), 0.4),
        part("BYHOUR", list((0..24).collect(), 2).boxed(), 0.2),
        part("COUNT", (1..60_i32).prop_map(|number| number.to_string()).boxed(), 0.3),
    );
    let position = part("BYSETPOS", list(vec![-2, -1, 1, 2, 3], 2).boxed(), 0.3);
    let own = prop_oneof![
        part("BYDAY", days.clone().boxed(), 0.7).prop_map(|days| format!("FREQ=WEEKLY{days}")),
        part("BYMONTHDAY", list(either(31), 6).boxed(), 0.5)
            .prop_map(|days| format!("FREQ=DAILY{days}")),
        (
            part("BYMONTHDAY", list(either(31), 6).boxed(), 0.5),
            part("BYDAY", days.clone().boxed(), 0.5)
        )
            .prop_map(|(dates, days)| format!("FREQ=MONTHLY{dates}{days}")),
        numbered.clone().prop_map(|day| format!("FREQ=MONTHLY;BYDAY={day}")),
        numbered.prop_map(|day| format!("FREQ=YEARLY;BYDAY={day}")),
        part("BYYEARDAY", list(either(366), 9).boxed(), 0.8)
            .prop_map(|days| format!("FREQ=YEARLY{days}")),
        (list(either(53), 6), days)
            .prop_map(|(weeks, days)| { format!("FREQ=YEARLY;BYWEEKNO={weeks};BYDAY={days}") }),
    ];
    (own, common, position).prop_map(|(own, (a, b, c, d, e), position)| {
        let position = if own.contains("WEEKLY") { "" } else { &position };
        format!("{own}{a}{b}{c}{d}{e}{position}")
    })
}

/// What `calcard` makes of a rule: the starts within a year, in UTC.
fn starts_by_calcard(feed: &str, window: &Range<DateTime<Utc>>) -> BTreeSet<DateTime<Utc>> {
    let Entry::ICalendar(calendar) = Parser::new(feed).entry() else { panic!("{feed}") };
    let found = calendar.expand_dates(Tz::UTC, 20_000).events.into_iter();
    let starts = found.filter(|event| matches!(event.end, TimeOrDelta::Delta(_)));
    starts.map(|event| event.start.to_utc()).filter(|start| window.contains(start)).collect()
}

/// A zone described by `calcard`, under a name that nobody knows.
fn described(zone: Tz) -> String {
    let Entry::ICalendar(mut calendar) =
        Parser::new("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").entry()
    else {
        panic!("an empty calendar is one");
    };
    let from = midnight(day(2020, 1, 1)).and_utc().timestamp();
    let to = midnight(day(2030, 1, 1)).and_utc().timestamp();
    calendar.add_timezone(zone.name(), from, to).expect("a zone");
    let text = calendar.to_string().replace(&format!("TZID:{}", zone.name()), "TZID:Custom 1");
    let inside = text.split_once("BEGIN:VTIMEZONE").expect("a zone").1;
    format!("BEGIN:VTIMEZONE{}", inside.split_once("END:VCALENDAR").expect("an end").0)
}

#[test]
fn a_described_zone_is_read_as_the_zone_that_it_describes() {
    for zone in ZONES {
        let wall = "20200101T021500\r\nDURATION:PT20M\r\nRRULE:FREQ=DAILY\r\n";
        let event =
            |name: &str| format!("BEGIN:VEVENT\r\nDTSTART;TZID={name}:{wall}END:VEVENT\r\n");
        let known = calendar(&event(zone.name()));
        let own = calendar(&(described(zone) + &event("Custom 1")));
        let read = |feed: String| read(feed.as_bytes(), Tz::Asia__Tokyo, year()).unwrap();
        assert_eq!(read(own), read(known), "{zone}");
    }
}

/// The feeds of `tests/data`, but for the largest, by their names.
static CORPUS: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let entries = fs::read_dir(folder).expect("a folder of feeds");
    let paths = entries.map(|entry| entry.expect("a file").path());
    let feeds = paths.filter(|path| path.extension().is_some_and(|ending| ending == "ics"));
    let named = feeds.map(|path| {
        let name = path.with_extension("").file_name().unwrap_or_default().to_owned();
        (name.to_string_lossy().into_owned(), fs::read(path).expect("a feed"))
    });
    named.filter(|(_, feed)| feed.len() < 8_000).collect()
});

/// The name of any feed.
fn feed() -> impl Strategy<Value = &'static str> {
    select(CORPUS.keys().map(String::as_str).collect::<Vec<_>>())
}

/// The name of a feed that begins and ends its lines as most do.
fn plain_feed() -> impl Strategy<Value = &'static str> {
    let is_plain = |feed: &[u8]| feed.starts_with(b"BEGIN:VCALENDAR\r\n");
    let plain = CORPUS.iter().filter(|(_, feed)| is_plain(feed));
    select(plain.map(|(name, _)| name.as_str()).collect::<Vec<_>>())
}

fn ask(feed: &[u8]) -> Result<Busy, feeds::Unreadable> {
    let from = midnight(day(2026, 9, 1)).and_utc();
    read(feed, Tz::Europe__Lisbon, from..from + TimeDelta::days(150))
}

/// What somebody, or a bad line, may do to a feed.
#[derive(Debug, Clone)]
enum Harm {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Insert(prop::sample::Index, &'static str),
}

const WORDS: [&str; 10] = [
    "\r\nBEGIN:VEVENT\r\n",
    "\r\nEND:VEVENT\r\n",
    "\r\n ",
    ";",
    "\"",
    "99999999999999999999",
    "\r\nRRULE:FREQ=DAILY\r\n",
    "\r\nRECURRENCE-ID:20261109T093000Z\r\n",
    "\u{301}\0\u{FFFD}",
    "\r\nDURATION:-P99999D\r\n",
];

fn harm() -> impl Strategy<Value = Harm> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Harm::Set(at, byte)),
        at().prop_map(Harm::Cut),
        (at(), 1_usize..60).prop_map(|(at, length)| Harm::Remove(at, length)),
        (at(), 1_usize..200).prop_map(|(at, length)| Harm::Repeat(at, length)),
        (at(), select(&WORDS)).prop_map(|(at, word)| Harm::Insert(at, word)),
    ]
}

impl Harm {
    fn apply(&self, feed: &mut Vec<u8>) {
        feed.push(b'\n');
        let length = feed.len();
        match self {
            Self::Set(at, byte) => feed[at.index(length)] = *byte,
            Self::Cut(at) => feed.truncate(at.index(length)),
            Self::Remove(at, count) => {
                let from = at.index(length);
                feed.drain(from..(from + count).min(length));
            }
            Self::Repeat(at, count) => {
                let from = at.index(length);
                let part = feed[from..(from + count).min(length)].to_vec();
                feed.splice(from..from, part);
            }
            Self::Insert(at, word) => {
                let from = at.index(length);
                feed.splice(from..from, word.bytes());
            }
        }
    }
}

/// A feed with its events in another order.
fn turned(feed: &[u8], by: usize) -> String {
    let text = String::from_utf8_lossy(feed).into_owned();
    let mut parts: Vec<&str> = text.split("BEGIN:VEVENT").collect();
    let head = parts.remove(0);
    let Some(last) = parts.pop() else { return text };
    let (last, tail) = last.split_once("END:VEVENT\r\n").unwrap_or((last, ""));
    let last = format!("{last}END:VEVENT\r\n");
    parts.push(&last);
    let count = parts.len();
    parts.rotate_left(by % count);
    format!("{head}BEGIN:VEVENT{}{tail}", parts.join("BEGIN:VEVENT"))
}

/// A feed of which every line is folded after so many bytes, and with other ends of lines.
fn folded(feed: &[u8], after: usize) -> Vec<u8> {
    let lines =
        feed.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let folded = lines.map(|line| line.chunks(after).collect::<Vec<_>>().join(&b"\n\t"[..]));
    folded.collect::<Vec<_>>().join(&b'\n')
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn simple_rules_are_what_the_slow_twin_finds(simple in simple()) {
        let busy = read(simple.feed().as_bytes(), Tz::Asia__Tokyo, year()).unwrap();
        prop_assert_eq!(busy.spans, simple.spans());
        prop_assert_eq!(busy.warnings, vec![]);
    }

    #[test]
    fn a_harmed_feed_is_read_in_order_or_refused(
        feed in feed(),
        harms in vec(harm(), 1..12),
    ) {
        let mut harmed = CORPUS[feed].clone();
        for harm in &harms {
            harm.apply(&mut harmed);
        }
        let from = midnight(day(2026, 9, 1)).and_utc();
        if let Ok(busy) = ask(&harmed) {
            check_order(&busy, &(from..from + TimeDelta::days(150)));
        }
    }

    #[test]
    fn bytes_without_a_meaning_are_no_calendar(feed in vec(any::<u8>(), 0..200)) {
        prop_assert!(ask(&feed).is_err());
    }

    #[test]
    fn the_order_of_events_and_the_folds_of_lines_mean_nothing(
        feed in plain_feed(),
        by in 0_usize..40,
        after in 1_usize..80,
    ) {
        let feed = &CORPUS[feed];
        let said = ask(feed);
        prop_assert_eq!(ask(turned(feed, by).as_bytes()), said.clone());
        prop_assert_eq!(ask(&folded(feed, after)), said);
    }

    #[test]
    fn a_line_that_nobody_understands_frees_nothing(
        feed in plain_feed(),
        at in any::<prop::sample::Index>(),
        line in "[A-Z]{1,8}[;:, \"=a-z0-9]{0,20}",
    ) {
        let Ok(before) = ask(&CORPUS[feed]) else { return Ok(()) };
        let text = String::from_utf8_lossy(&CORPUS[feed]).into_owned();
        let mut lines: Vec<&str> = text.split("\r\n").collect();
        let folds = lines.iter().enumerate().filter(|(_, line)| line.starts_with(' '));
        let folds: Vec<usize> = folds.map(|(number, _)| number).collect();
        let place = 1 + at.index(lines.len() - 1);
        if folds.contains(&place) {
            return Ok(());
        }
        let strange = format!("X-{line}");
        lines.insert(place, &strange);
        let Ok(after) = ask(lines.join("\r\n").as_bytes()) else { return Ok(()) };
        prop_assert_eq!(after.spans, before.spans);
    }
}

proptest! {
    // For a rule that finds nothing `calcard` goes on for ten thousand years.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rules_are_what_calcard_finds(rule in rules(), days in 0_u64..900, hour in 0_u32..24) {
        let first = (day(2025, 1, 1) + Days::new(days)).and_hms_opt(hour, 30, 0).unwrap().and_utc();
        let stamp = first.format("%Y%m%dT%H%M%SZ");
        let end = if rule.contains("COUNT") { "" } else { ";UNTIL=20280101T000000Z" };
        let event = format!("DTSTART:{stamp}\r\nDURATION:PT1M\r\nRRULE:{rule}{end}\r\n");
        let feed = calendar(&format!("BEGIN:VEVENT\r\n{event}END:VEVENT\r\n"));
        let mut theirs = starts_by_calcard(&feed, &year());
        let busy = read(feed.as_bytes(), Tz::UTC, year()).unwrap();
        let mut ours: BTreeSet<_> = busy.spans.iter().map(|span| span.start).collect();
        // The first time always counts here, and there only by the rule.
        ours.remove(&first);
        theirs.remove(&first);
        prop_assert_eq!(ours, theirs, "{}", feed);
        prop_assert_eq!(busy.warnings, vec![]);
    }
}
