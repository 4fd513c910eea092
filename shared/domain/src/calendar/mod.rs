//! What is taken on a calendar, and what is therefore on offer.

mod block;
mod day_sheet;
mod in_the_way;
mod limits;
mod offers;
mod opening;
mod other_calendar;
mod reasons;
mod roster;
mod slot;
mod timetable;
mod window;

pub use block::keep_free;
pub use day_sheet::{DaySheet, DaySheets, SheetDay, Taken, TakenFor};
pub use limits::{InARow, Limits, OverLimit, Period, Quota};
pub use offers::offers;
pub use other_calendar::OtherCalendar;
pub use reasons::{Reason, Rule, reasons};
pub use roster::{Offer, Roster};
pub use slot::{Buffers, Slot};
pub use timetable::Timetable;
pub use window::BookingWindow;

#[cfg(test)]
mod tests;
