//! The desk: what staff see and do, day by day.
//!
//! Made for a short look each morning: every page works by keyboard, without a script, and
//! says in words what waits and until when. Times are in the practice's zone; where the
//! client's clock shows something else, that is said beside it. Every button is a form, for
//! opening a page changes nothing.
//!
//! Start reading at `today`; `deeds` holds the forms that `today` and `client` share.

mod answers;
mod calendar;
mod client;
mod clients;
mod deeds;
mod frame;
mod handbook;
mod others;
mod phone;
mod request;
mod sessions;
mod sign_in;
mod standing;
mod tasks;
mod timeline;
mod today;
mod whose;
mod words;

use chrono::{DateTime, Utc};
use domain::{Handbook, Staff};

pub use calendar::{CalendarDay, calendar_day};
pub use client::{ClientPage, LetterLine, TimelineEntry, client};
pub use clients::clients;
pub use handbook::{HandbookChangeLine, HandbookPage, handbook};
pub use others::{OtherLine, others, silence};
pub use phone::{PhoneLine, phone};
pub use request::{RequestPage, request, request_answered};
pub use sessions::{SessionLine, sessions};
pub use sign_in::{SignIn, sign_in, sign_in_confirm, sign_in_sent};
pub use timeline::describe;
pub use today::{Today, today};
pub(crate) use words::choice;
pub use words::letter_name;

/// What every page of somebody signed in needs.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The rules, and who the practice is.
    pub handbook: &'a Handbook,
    /// Who is signed in.
    pub staff: &'a Staff,
    /// Names the wish that a form of this page makes, sent as `key`.
    pub key: &'a str,
    /// Shows that a form came from this page, sent as `guard`.
    pub guard: &'a str,
    /// The moment at which the page is read.
    pub now: DateTime<Utc>,
    /// One sentence about what was just done.
    pub notice: Option<&'a str>,
}

#[cfg(test)]
pub(crate) mod checks;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod sample_lines;
#[cfg(test)]
mod tests;
