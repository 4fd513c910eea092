//! The parts of which iCalendar files are made (RFC 5545).

use calcard::{
    common::PartialDateTime,
    icalendar::{
        ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameter,
        ICalendarProperty, ICalendarValue,
    },
};
use chrono::{DateTime, Datelike as _, NaiveDateTime, Timelike as _, Utc};
use chrono_tz::Tz;
use domain::{Slot, instant_of};

/// The component that holds all others; `maker` names what wrote it.
pub(crate) fn root(maker: &str) -> ICalendarComponent {
    let mut root = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    root.add_property(ICalendarProperty::Version, text("2.0"));
    root.add_property(ICalendarProperty::Prodid, text(maker));
    root.add_property(ICalendarProperty::Calscale, text("GREGORIAN"));
    root
}

/// The zone to name, so that the call stays at its wall time should the zone's rules change.
/// None in the hour that the clock shows twice: there the name would mean the first of the two.
pub(crate) fn named_zone(zone: Tz, slot: &Slot) -> Option<Tz> {
    let is_clear =
        |at: DateTime<Utc>| instant_of(zone, at.with_timezone(&zone).naive_local()) == at;
    (zone != Tz::UTC && is_clear(slot.start) && is_clear(slot.end)).then_some(zone)
}

/// A moment: on the wall clock of a zone, or in UTC.
pub(crate) fn moment(
    name: ICalendarProperty,
    at: DateTime<Utc>,
    zone: Option<Tz>,
) -> ICalendarEntry {
    let entry = ICalendarEntry::new(name);
    let Some(zone) = zone else { return entry.with_value(in_utc(at)) };
    let parameter = ICalendarParameter::tzid(zone.name().to_owned());
    entry.with_param(parameter).with_value(wall_clock(at.with_timezone(&zone).naive_local()))
}

/// A moment in UTC.
pub(crate) fn in_utc(at: DateTime<Utc>) -> PartialDateTime {
    PartialDateTime { tz_hour: Some(0), tz_minute: Some(0), ..wall_clock(at.naive_utc()) }
}

fn wall_clock(at: NaiveDateTime) -> PartialDateTime {
    let small = |number: u32| u8::try_from(number).ok();
    PartialDateTime {
        year: u16::try_from(at.year()).ok(),
        month: small(at.month()),
        day: small(at.day()),
        hour: small(at.hour()),
        minute: small(at.minute()),
        second: small(at.second()),
        ..PartialDateTime::default()
    }
}

/// A text; the writer escapes it.
pub(crate) fn text(text: &str) -> ICalendarValue {
    ICalendarValue::Text(text.to_owned())
}
