//! `[hours]`, `[[override]]`, `[[closed]]` and `[[travel]]`: when the calendar is open, on which days
//! it is not, and on which its clocks are those of another zone; for everybody, or within `[[staff]]`
//! for one of them. `[session.hours]`: when one kind of
//! session is on offer.

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::{NaiveDate, Weekday};
use domain::{ClosedDays, DateOverride, MinuteOfDay, Opening, SessionHours, TimeSpan, Travel};
use toml::Spanned;

use crate::{prose::Form::Line, reader::Reader, zone};

const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

const SPANS_MAX: usize = 12;

/// Every opening of the week, in order.
pub(crate) fn openings(reader: &mut Reader<'_>) -> Option<Vec<Opening>> {
    let mut openings = Some(Vec::new());
    for (key, day) in DAYS {
        if !reader.has(key) {
            continue;
        }
        let spans = spans(reader, key);
        openings = openings.zip(spans).map(|(mut openings, spans)| {
            openings.extend(spans.into_iter().map(|span| Opening { day, span }));
            openings
        });
    }
    let openings = openings?;
    if openings.is_empty() {
        reader.mistake("", "no day is open; write at least one, like monday = [\"09:00-12:30\"]");
        return None;
    }
    Some(openings)
}

fn spans(reader: &mut Reader<'_>, day: &'static str) -> Option<Vec<TimeSpan>> {
    let must_be = "spans like \"09:00-12:30\"";
    let mut spans = reader.list(day, 0..=SPANS_MAX, must_be, |value| span(value.as_str()?))?;
    let mut is_good = true;
    for span in &spans {
        if span.get_ref().to <= span.get_ref().from {
            reader.mistake_at(span, format!("`{day}`: a span must end after it begins"));
            is_good = false;
        }
    }
    spans.sort_by_key(|span| span.get_ref().from);
    for (earlier, later) in spans.iter().zip(spans.iter().skip(1)) {
        if later.get_ref().from < earlier.get_ref().to {
            let words = format!("`{day}`: two spans overlap; make one of them, or move one");
            reader.mistake_at(later, words);
            is_good = false;
        }
    }
    is_good.then(|| spans.into_iter().map(Spanned::into_inner).collect())
}

fn span(text: &str) -> Option<TimeSpan> {
    let (from, to) = text.split_once('-')?;
    Some(TimeSpan { from: MinuteOfDay::parse(from.trim())?, to: MinuteOfDay::parse(to.trim())? })
}

const OVERRIDES_MAX: usize = 400;

/// Dates with hours of their own; there may be none.
pub(crate) fn overrides(reader: &mut Reader<'_>, name: &str) -> Option<Vec<DateOverride>> {
    let mut dates = BTreeSet::new();
    reader.tables("override", name, 0..=OVERRIDES_MAX, |reader| {
        let date = reader.parsed("date", A_DATE, date);
        let open = spans(reader, "open");
        let why = reader.text("why", Line(200));
        if let Some(date) = date.filter(|date| !dates.insert(*date)) {
            let words =
                format!("`date`: {date} has hours of its own above; write all its spans there");
            reader.mistake("date", words);
            return None;
        }
        Some(DateOverride { date: date?, open: open?, why: why? })
    })
}

const CLOSED_MAX: usize = 200;

/// The days off; there may be none.
pub(crate) fn closed(reader: &mut Reader<'_>, name: &str) -> Option<Vec<ClosedDays>> {
    reader.tables("closed", name, 0..=CLOSED_MAX, |reader| {
        let days = days(reader, "the last day off");
        let why = reader.text("why", Line(200));
        Some(ClosedDays { days: days?, why: why? })
    })
}

const TRAVELS_MAX: usize = 50;

/// The journeys; there may be none.
pub(crate) fn travels(reader: &mut Reader<'_>, name: &str) -> Option<Vec<Travel>> {
    let mut known: Vec<RangeInclusive<NaiveDate>> = Vec::new();
    reader.tables("travel", name, 0..=TRAVELS_MAX, |reader| {
        let days = days(reader, "the last day there");
        let zone = zone::read(reader);
        let why = reader.text("why", Line(200));
        let (days, zone, why) = (days?, zone?, why?);
        let meets = |other: &RangeInclusive<NaiveDate>| {
            days.start() <= other.end() && other.start() <= days.end()
        };
        if known.iter().any(meets) {
            let words = format!("two `[[{name}]]` share a day; nobody is in two places");
            reader.mistake("from", words);
            return None;
        }
        known.push(days.clone());
        Some(Travel { days, zone, why })
    })
}

/// `from` and `to`: the first and the last of some days; `last` says what the last one is.
fn days(reader: &mut Reader<'_>, last: &str) -> Option<RangeInclusive<NaiveDate>> {
    let from = reader.parsed("from", A_DATE, date);
    let to = reader.parsed("to", A_DATE, date);
    let (from, to) = (from?, to?);
    if to < from {
        let words = format!("`to` must not be earlier than `from`; it is {last}");
        reader.mistake("to", words);
        return None;
    }
    Some(from..=to)
}

/// The hours of one kind of session.
pub(crate) fn session_hours(reader: &mut Reader<'_>) -> Option<SessionHours> {
    let zone = if reader.has("zone") { zone::read(reader).map(Some) } else { Some(None) };
    let openings = openings(reader);
    Some(SessionHours { zone: zone?, openings: openings? })
}

/// What a date looks like, for a sentence.
pub(crate) const A_DATE: &str = "a date in quotes like \"2027-03-31\"";

/// Reads a date.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let is_ten_long = text.len() == "2027-03-31".len();
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| is_ten_long)
}
