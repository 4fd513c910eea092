//! Which days can be booked.

use std::ops::RangeInclusive;

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

/// Which days can be booked, seen from today. All of them are days of the practice's calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookingWindow {
    /// Today and so many days after it.
    Days(u16),
    /// Today and the days up to the end of so many business days after it: Monday to Friday,
    /// whatever the hours.
    BusinessDays(u16),
    /// These days and no others.
    Dates(RangeInclusive<NaiveDate>),
}

impl BookingWindow {
    /// The first and the last day that can be booked.
    pub fn days(&self, today: NaiveDate) -> RangeInclusive<NaiveDate> {
        match self {
            Self::Days(days) => today..=today + Days::new((*days).into()),
            Self::BusinessDays(days) => {
                let after_today = today.iter_days().skip(1);
                let business = after_today.filter(|date| is_business_day(*date));
                today..=business.take((*days).into()).last().unwrap_or(today)
            }
            Self::Dates(dates) => dates.clone(),
        }
    }
}

fn is_business_day(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
