//! The parts of a feed that say something about time: events, busy periods and zones.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use crate::{
    Unreadable, Warning,
    event::Event,
    lines::{Property, Reading, lines},
    unreadable::{EVENTS_MAX, FEED_BYTES_MAX},
    values::{ClockName, Period},
    zones::{Observance, Zone, Zones},
};

/// All of a feed that matters.
pub(crate) struct Calendar {
    pub(crate) events: Vec<Event>,
    pub(crate) busy: Vec<Period>,
    pub(crate) zones: Zones,
    pub(crate) warnings: BTreeSet<Warning>,
}

/// The lines that are looked at. All others, and with them all that is private, are passed over.
const KNOWN: [&str; 19] = [
    "BEGIN",
    "END",
    "UID",
    "SEQUENCE",
    "RECURRENCE-ID",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "STATUS",
    "TRANSP",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "FREEBUSY",
    "TZID",
    "TZOFFSETFROM",
    "TZOFFSETTO",
    "X-LIC-LOCATION",
];

/// Reads the parts of a feed, for an owner in `zone`.
pub(crate) fn read(feed: &[u8], zone: Tz) -> Result<Calendar, Unreadable> {
    if FEED_BYTES_MAX < feed.len() {
        return Err(Unreadable::TooLarge);
    }
    let feed = feed.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(feed);
    let mut full = lines(feed).filter(|line| !line.trim_ascii().is_empty());
    let first = full.next().ok_or(Unreadable::Empty)?;
    if !first.trim_ascii().eq_ignore_ascii_case(b"BEGIN:VCALENDAR") {
        return Err(Unreadable::NotACalendar);
    }
    let mut reader = Reader::new(zone);
    for line in std::iter::once(first).chain(full) {
        match Property::read(&line, &KNOWN) {
            Reading::Property(property) => reader.take(&property)?,
            Reading::Other => {}
            Reading::Broken => reader.broken_lines += 1,
        }
    }
    reader.finish()
}

/// What is being read, from the outermost part to the innermost.
struct Reader {
    open: Vec<Part>,
    parts: usize,
    broken_lines: usize,
    calendar: Calendar,
}

/// A part of a calendar, between its `BEGIN` and its `END`.
enum Part {
    Calendar,
    Event(Box<Event>),
    FreeBusy,
    Zone(Box<Zone>),
    Observance(Box<Observance>),
    /// An alarm, a task, and whatever else there is.
    Other(Box<str>),
}

impl Part {
    fn of(name: &str) -> Self {
        match name {
            "VCALENDAR" => Self::Calendar,
            "VEVENT" => Self::Event(Box::default()),
            "VFREEBUSY" => Self::FreeBusy,
            "VTIMEZONE" => Self::Zone(Box::default()),
            "STANDARD" | "DAYLIGHT" => Self::Observance(Box::default()),
            other => Self::Other(other.into()),
        }
    }

    fn is(&self, name: &str) -> bool {
        match self {
            Self::Calendar => name == "VCALENDAR",
            Self::Event(_) => name == "VEVENT",
            Self::FreeBusy => name == "VFREEBUSY",
            Self::Zone(_) => name == "VTIMEZONE",
            Self::Observance(_) => matches!(name, "STANDARD" | "DAYLIGHT"),
            Self::Other(own) => **own == *name,
        }
    }
}

impl Reader {
    fn new(zone: Tz) -> Self {
        let (events, busy, warnings) = (vec![], vec![], BTreeSet::new());
        let calendar = Calendar { events, busy, zones: Zones::new(zone), warnings };
        Self { open: vec![], parts: 0, broken_lines: 0, calendar }
    }

    fn take(&mut self, property: &Property) -> Result<(), Unreadable> {
        match &*property.name {
            "BEGIN" => return self.begin(&property.value.to_ascii_uppercase()),
            "END" => self.end(&property.value.to_ascii_uppercase()),
            _ => self.say(property),
        }
        Ok(())
    }

    fn begin(&mut self, name: &str) -> Result<(), Unreadable> {
        let part = Part::of(name);
        if !matches!(part, Part::Calendar | Part::Other(_)) {
            self.parts += 1;
        }
        self.open.push(part);
        if EVENTS_MAX < self.parts { Err(Unreadable::TooManyEvents) } else { Ok(()) }
    }

    /// Closes the innermost part, or the one around it if only its own end is missing; the end of
    /// the calendar closes all.
    fn end(&mut self, name: &str) {
        let depth = match name {
            "VCALENDAR" => Some(self.open.len()),
            _ => self.open.iter().rev().take(2).position(|part| part.is(name)).map(|at| at + 1),
        };
        match depth {
            Some(depth) if !self.open.is_empty() => (0..depth).for_each(|_| self.close()),
            Some(_) | None => self.broken_lines += 1,
        }
    }

    fn close(&mut self) {
        let calendar = &mut self.calendar;
        match self.open.pop() {
            Some(Part::Event(event)) => calendar.events.push(*event),
            Some(Part::Zone(zone)) => calendar.zones.describe(*zone),
            Some(Part::Observance(observance)) => {
                if let Some(Part::Zone(zone)) = self.open.last_mut() {
                    zone.observances.push(*observance);
                }
            }
            Some(Part::Calendar | Part::FreeBusy | Part::Other(_)) | None => {}
        }
    }

    /// Hands a line to the part that it stands in.
    fn say(&mut self, property: &Property) {
        let calendar = &mut self.calendar;
        let mut clock = || match property.parameter("TZID") {
            Some(name) => calendar.zones.named(name),
            None => ClockName::Owner,
        };
        match self.open.last_mut() {
            Some(Part::Event(event)) => event.take(property, clock(), &mut calendar.warnings),
            Some(Part::Zone(zone)) => zone.take(property),
            Some(Part::Observance(observance)) => observance.take(property),
            Some(Part::FreeBusy) if property.name == "FREEBUSY" => {
                let clock = clock();
                let is_free = property
                    .parameter("FBTYPE")
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("FREE"));
                if !is_free {
                    calendar.take_busy(&property.value, clock);
                }
            }
            Some(Part::Calendar | Part::FreeBusy | Part::Other(_)) | None => {}
        }
    }

    fn finish(mut self) -> Result<Calendar, Unreadable> {
        if !self.open.is_empty() {
            return Err(Unreadable::CutShort);
        }
        if 0 < self.broken_lines {
            self.calendar.warnings.insert(Warning::BrokenLines(self.broken_lines));
        }
        Ok(self.calendar)
    }
}

impl Calendar {
    fn take_busy(&mut self, value: &str, clock: ClockName) {
        for text in value.split(',').filter(|text| !text.trim().is_empty()) {
            match Period::read(text, clock) {
                Some(period) => self.busy.push(period),
                None => _ = self.warnings.insert(Warning::DateUnreadable),
            }
        }
    }
}
