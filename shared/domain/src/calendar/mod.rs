//! What is taken on a calendar, and what is therefore on offer.

mod day_sheet;
mod offers;
mod reasons;
mod slot;
mod timetable;

pub use day_sheet::{DaySheet, DaySheets, SheetDay, Taken, TakenFor};
pub use offers::offers;
pub use reasons::{Reason, reasons};
pub use slot::{Buffers, Slot};
pub use timetable::Timetable;

#[cfg(test)]
mod tests;
