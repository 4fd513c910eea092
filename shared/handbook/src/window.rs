//! Which days can be booked: `booking_days`, `booking_business_days`, or `booking_from` and
//! `booking_to`.

use chrono::NaiveDate;
use domain::BookingWindow;

use crate::{
    hours::{A_DATE, date},
    reader::Reader,
};

/// Reads the window from the keys of a session.
pub(crate) fn read(reader: &mut Reader<'_>) -> Option<BookingWindow> {
    let is_business = reader.has("booking_business_days");
    let is_dates = reader.has("booking_from") || reader.has("booking_to");
    let is_days = reader.has("booking_days") || !(is_business || is_dates);
    if [is_days, is_business, is_dates].into_iter().filter(|is| *is).count() != 1 {
        let words = "write one of `booking_days`, `booking_business_days`, or `booking_from` with \
            `booking_to`; delete the others";
        reader.mistake("booking_days", words);
        return None;
    }
    if is_days {
        reader.whole("booking_days", 1..=365).map(BookingWindow::Days)
    } else if is_business {
        reader.whole("booking_business_days", 1..=260).map(BookingWindow::BusinessDays)
    } else {
        dates(reader)
    }
}

/// The longest window of dates, in days: like the longest of days ahead.
const DATES_MAX: i64 = 366;

fn dates(reader: &mut Reader<'_>) -> Option<BookingWindow> {
    let from: Option<NaiveDate> = reader.parsed("booking_from", A_DATE, date);
    let to = reader.parsed("booking_to", A_DATE, date);
    let (from, to) = (from?, to?);
    let words = match (to - from).num_days() {
        ..0 => "`booking_to` must not be earlier than `booking_from`".to_owned(),
        DATES_MAX.. => format!("`booking_to` must be within {DATES_MAX} days of `booking_from`"),
        _ => return Some(BookingWindow::Dates(from..=to)),
    };
    reader.mistake("booking_to", words);
    None
}

/// Writes down a notice so long that nothing would ever be on offer.
pub(crate) fn check_notice(reader: &mut Reader<'_>, notice_hours: i64, window: &BookingWindow) {
    let (days, key) = match window {
        BookingWindow::Days(days) => (i64::from(*days), "booking_days"),
        // A week has five business days, and none of seven days in a row is too much.
        BookingWindow::BusinessDays(days) => (i64::from(*days), "booking_business_days"),
        BookingWindow::Dates(_) => return,
    };
    if days * 24 <= notice_hours {
        let words = format!(
            "`notice_hours` must be less than the {} hours of `{key}`; nothing would be on offer",
            days * 24
        );
        reader.mistake("notice_hours", words);
    }
}
