//! When a calendar is open, as the handbook writes it.

use std::ops::RangeInclusive;

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;

use crate::MinuteOfDay;

/// A span of one local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    /// When it begins.
    pub from: MinuteOfDay,
    /// When it is over; later than `from`.
    pub to: MinuteOfDay,
}

/// A weekly opening of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// On which day of the week.
    pub day: Weekday,
    /// From when to when, in the practice's zone.
    pub span: TimeSpan,
}

/// Hours of one date, in place of the weekly ones and of any days off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateOverride {
    /// The date of the practice's calendar.
    pub date: NaiveDate,
    /// From when to when, in the practice's zone; nothing, if it is closed.
    pub open: Vec<TimeSpan>,
    /// Why, for staff.
    pub why: String,
}

/// Days on which nobody can come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedDays {
    /// First and last day.
    pub days: RangeInclusive<NaiveDate>,
    /// Why, for staff.
    pub why: String,
}

/// Days that the provider spends in another zone: their hours are read on the clocks there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Travel {
    /// First and last day.
    pub days: RangeInclusive<NaiveDate>,
    /// The zone of the hours on these days.
    pub zone: Tz,
    /// Why, for staff.
    pub why: String,
}

/// The only hours in which one kind of session is on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionHours {
    /// The zone they are written in; none for the calendar's own on that day.
    pub zone: Option<Tz>,
    /// Week by week.
    pub openings: Vec<Opening>,
}
