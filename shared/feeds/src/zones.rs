//! The zones that a feed names, and how its own descriptions of them become clocks.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{Range, RangeInclusive},
    rc::Rc,
    str::FromStr as _,
};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::{
    Unreadable, Warning,
    clock::{Change, Clock, OwnClock},
    lines::Property,
    repeat,
    rule::{Covers, Rule},
    unreadable::Budget,
    values::{ClockName, Precision, Stamp, offset},
    warning::ZoneName,
};

/// Every zone that a feed names, and every one that it describes.
pub(crate) struct Zones {
    owner: Rc<Clock>,
    utc: Rc<Clock>,
    names: Vec<String>,
    numbers: BTreeMap<String, usize>,
    described: BTreeMap<String, Zone>,
    clocks: BTreeMap<usize, Rc<Clock>>,
}

/// A zone as a feed describes it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Zone {
    name: Option<String>,
    /// The name by which everybody knows it.
    place: Option<Tz>,
    pub(crate) observances: Vec<Observance>,
}

/// From its start on, and again by its rules and dates, the clocks go from one offset to another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Observance {
    start: Option<Stamp>,
    from: Option<TimeDelta>,
    to: Option<TimeDelta>,
    rules: Vec<Rule>,
    more: Vec<Option<Stamp>>,
}

impl Zone {
    pub(crate) fn take(&mut self, property: &Property) {
        match &*property.name {
            "TZID" => self.name = Some(property.value.trim_matches('"').to_owned()),
            "X-LIC-LOCATION" => self.place = Tz::from_str(&property.value).ok(),
            _ => {}
        }
    }
}

impl Observance {
    pub(crate) fn take(&mut self, property: &Property) {
        let value = &*property.value;
        match &*property.name {
            "DTSTART" => self.start = Stamp::read(value, ClockName::Owner),
            "TZOFFSETFROM" => self.from = offset(value),
            "TZOFFSETTO" => self.to = offset(value),
            "RRULE" => self.rules.push(Rule::read(value)),
            "RDATE" => {
                self.more.extend(value.split(',').map(|text| Stamp::read(text, ClockName::Owner)));
            }
            _ => {}
        }
    }
}

/// Whoever reads of these needs to read of no more.
const UNKNOWN_TOLD_MAX: usize = 10;

impl Zones {
    pub(crate) fn new(owner: Tz) -> Self {
        Self {
            owner: Rc::new(Clock::Zone(owner)),
            utc: Rc::new(Clock::Zone(Tz::UTC)),
            names: vec![],
            numbers: BTreeMap::new(),
            described: BTreeMap::new(),
            clocks: BTreeMap::new(),
        }
    }

    /// The clock of the zone with this name, as the feed writes it; no name is the owner's zone.
    pub(crate) fn named(&mut self, name: &str) -> ClockName {
        if name.is_empty() {
            return ClockName::Owner;
        }
        let number = self.numbers.get(name).copied().unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.numbers.insert(name.to_owned(), self.names.len() - 1);
            self.names.len() - 1
        });
        ClockName::Zone(number)
    }

    /// Keeps the description of a zone.
    pub(crate) fn describe(&mut self, zone: Zone) {
        if let Some(name) = &zone.name {
            self.described.insert(name.clone(), zone);
        }
    }

    /// The clock that a name means, right for all that meets `window`. What a zone is called counts
    /// more than how a feed describes it, because descriptions often leave out what was or will be.
    pub(crate) fn clock(
        &mut self,
        name: ClockName,
        window: &Range<DateTime<Utc>>,
        budget: &mut Budget,
        warnings: &mut BTreeSet<Warning>,
    ) -> Result<Rc<Clock>, Unreadable> {
        let number = match name {
            ClockName::Utc => return Ok(Rc::clone(&self.utc)),
            ClockName::Owner => return Ok(Rc::clone(&self.owner)),
            ClockName::Zone(number) => number,
        };
        if let Some(clock) = self.clocks.get(&number) {
            return Ok(Rc::clone(clock));
        }
        let name = self.names.get(number).map_or("", String::as_str);
        let known = known_zone(name).map(Clock::Zone);
        let clock = match (known, self.described.get(name)) {
            (Some(clock), _) => Some(clock),
            (None, Some(zone)) => described_clock(zone, window, budget)?,
            (None, None) => None,
        };
        let is_unknown = |warning: &&Warning| matches!(warning, Warning::UnknownZone(_));
        if clock.is_none() && warnings.iter().filter(is_unknown).count() < UNKNOWN_TOLD_MAX {
            warnings.insert(Warning::UnknownZone(ZoneName::of(name)));
        }
        let clock = clock.map_or_else(|| Rc::clone(&self.owner), Rc::new);
        self.clocks.insert(number, Rc::clone(&clock));
        Ok(clock)
    }
}

/// The zone that a name means: one of the public list, or one of those that Outlook and others use.
fn known_zone(name: &str) -> Option<Tz> {
    // Some programs write a place of their own before the name, "/example.org/Europe/Paris".
    let ends = name.match_indices('/').filter_map(|(at, _)| name.get(at + 1..));
    let mut names = std::iter::once(name).chain(ends.filter(|end| end.contains('/')));
    if let Some(zone) = names.find_map(|name| Tz::from_str(name).ok()) {
        return Some(zone);
    }
    // Of a name like "(UTC+05:30) Somewhere" that it does not know, calcard keeps the whole hours,
    // and such a zone has no summer either: such guesses are not taken.
    match calcard::common::timezone::Tz::from_str(name) {
        Ok(calcard::common::timezone::Tz::Tz(zone)) => {
            Some(zone).filter(|zone| !zone.name().starts_with("Etc/GMT"))
        }
        Ok(calcard::common::timezone::Tz::Fixed(_) | calcard::common::timezone::Tz::Floating)
        | Err(()) => None,
    }
}

/// More changes than these, in a few years, are no clock.
const CHANGES_MAX: usize = 500;

/// A clock made of a description, if that can be understood.
fn described_clock(
    zone: &Zone,
    window: &Range<DateTime<Utc>>,
    budget: &mut Budget,
) -> Result<Option<Clock>, Unreadable> {
    if let Some(place) = zone.place {
        return Ok(Some(Clock::Zone(place)));
    }
    // A rule that goes on has a change in each year, so two years before the window are enough.
    let years = TimeDelta::days(2 * 366);
    let around = |at: DateTime<Utc>, span| at.naive_utc().checked_add_signed(span);
    let (from, to) = (around(window.start, -years), around(window.end, years));
    let Some((from, to)) = from.zip(to) else { return Ok(None) };
    let (mut changes, mut firsts) = (Vec::new(), Vec::new());
    for observance in &zone.observances {
        let Some((onsets, from_offset, to_offset)) = onsets(observance, &(from..=to), budget)?
        else {
            return Ok(None);
        };
        let change = |wall: &NaiveDateTime| {
            Some(Change { at: wall.checked_sub_signed(from_offset)?, ahead: to_offset })
        };
        changes.extend(onsets.iter().filter_map(change));
        firsts.extend(onsets.iter().min().map(|first| (*first, from_offset)));
    }
    let first = firsts.into_iter().min().map(|(_, ahead)| ahead);
    let is_clock = changes.len() <= CHANGES_MAX;
    Ok(first.filter(|_| is_clock).map(|ahead| Clock::Own(OwnClock::new(ahead, changes))))
}

/// When an observance begins, on the wall clock as it ran before, and both of its offsets.
type Onsets = (Vec<NaiveDateTime>, TimeDelta, TimeDelta);

/// The onsets within a range and at least one of those before it.
fn onsets(
    observance: &Observance,
    range: &RangeInclusive<NaiveDateTime>,
    budget: &mut Budget,
) -> Result<Option<Onsets>, Unreadable> {
    let Observance { start: Some(start), from: Some(from), to: Some(to), rules, more } = observance
    else {
        return Ok(None);
    };
    let Some(more) = more.iter().copied().collect::<Option<Vec<_>>>() else { return Ok(None) };
    let mut walls = vec![start.wall];
    walls.extend(more.iter().map(|stamp| stamp.wall));
    for rule in rules {
        if rule.doubt.is_some() || rule.covers == Covers::WholeDays {
            return Ok(None);
        }
        let until = rule.until.map(|until| match (until.clock, until.precision) {
            (ClockName::Utc, _) => until.wall + *from,
            (_, Precision::Day) => until.wall + TimeDelta::days(1),
            (_, Precision::Moment) => until.wall,
        });
        // What ended before the range has its last onset near its end. That is not the exact day,
        // but it is after all that came before it and before all that came later.
        walls.extend(until.filter(|until| until < range.start()));
        let counted = rule.count.map_or(*range.start(), |_| start.wall);
        walls.extend(repeat::starts(rule, start.wall, until, &(counted..=*range.end()), budget)?);
    }
    Ok(Some((walls, *from, *to)))
}
