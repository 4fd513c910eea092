//! One event as it is written.

use std::collections::BTreeSet;

use crate::{
    Warning,
    lines::Property,
    rule::Rule,
    values::{ClockName, End, Length, Period, Stamp, number},
};

/// An event, or a change to one of its times.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) uid: Option<String>,
    /// The highest is the newest.
    pub(crate) sequence: u64,
    pub(crate) start: Option<Stamp>,
    pub(crate) end: End,
    pub(crate) rules: Vec<Rule>,
    pub(crate) more: Vec<Period>,
    pub(crate) except: Vec<Stamp>,
    pub(crate) replaces: Option<Replaces>,
    pub(crate) takes: Takes,
}

/// Which time of an event stands elsewhere, or is no more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Replaces {
    pub(crate) time: Stamp,
    pub(crate) reach: Reach,
}

/// How far a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    ThisTime,
    ThisAndFuture,
}

/// Whether somebody is busy with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Time,
    Nothing,
}

impl Default for Event {
    fn default() -> Self {
        Self {
            uid: None,
            sequence: 0,
            start: None,
            end: End::NotSaid,
            rules: vec![],
            more: vec![],
            except: vec![],
            replaces: None,
            takes: Takes::Time,
        }
    }
}

impl Event {
    /// Takes what a line says; `clock` is the one that the line names.
    pub(crate) fn take(
        &mut self,
        property: &Property,
        clock: ClockName,
        warnings: &mut BTreeSet<Warning>,
    ) {
        let value = &*property.value;
        match &*property.name {
            "UID" => self.uid = Some(value.to_owned()),
            "SEQUENCE" => self.sequence = number(value).unwrap_or_default(),
            "RECURRENCE-ID" => self.take_replaced(property, clock, warnings),
            "DTSTART" => self.start = self.start.or(Stamp::read(value, clock)),
            "DTEND" => self.end = Stamp::read(value, clock).map_or(End::Unreadable, End::At),
            "DURATION" => self.end = Length::read(value).map_or(End::Unreadable, End::After),
            "RRULE" => self.rules.push(Rule::read(value)),
            "RDATE" => each(value, warnings, |text| {
                let alone = || Some(Period { start: Stamp::read(text, clock)?, end: End::NotSaid });
                self.more.push(Period::read(text, clock).or_else(alone)?);
                Some(())
            }),
            "EXDATE" => each(value, warnings, |text| {
                self.except.push(Stamp::read(text, clock)?);
                Some(())
            }),
            "STATUS" if value.eq_ignore_ascii_case("CANCELLED") => self.takes = Takes::Nothing,
            "TRANSP" if value.eq_ignore_ascii_case("TRANSPARENT") => self.takes = Takes::Nothing,
            "X-MICROSOFT-CDO-BUSYSTATUS" if value.eq_ignore_ascii_case("FREE") => {
                self.takes = Takes::Nothing;
            }
            _ => {}
        }
    }

    fn take_replaced(
        &mut self,
        property: &Property,
        clock: ClockName,
        warnings: &mut BTreeSet<Warning>,
    ) {
        let Some(time) = Stamp::read(&property.value, clock) else {
            warnings.insert(Warning::DateUnreadable);
            return;
        };
        let reach = match property.parameter("RANGE") {
            Some(range) if range.eq_ignore_ascii_case("THISANDFUTURE") => Reach::ThisAndFuture,
            Some(_) | None => Reach::ThisTime,
        };
        self.replaces = Some(Replaces { time, reach });
    }
}

/// Reads each member of a list; what is no date is told and passed over.
fn each(value: &str, warnings: &mut BTreeSet<Warning>, mut read: impl FnMut(&str) -> Option<()>) {
    for text in value.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        if read(text).is_none() {
            warnings.insert(Warning::DateUnreadable);
        }
    }
}
