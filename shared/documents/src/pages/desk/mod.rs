//! The desk: what staff see and do, day by day.
//!
//! Made for a short look each morning: every page works by keyboard, without a script, and
//! says in words what waits and until when. Times are in the practice's zone; where the
//! client's clock shows something else, that is said beside it. Every button is a form, for
//! opening a page changes nothing.
//!
//! A form that cannot be granted comes back on its page with what was typed: [`SentBack`].
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

pub use calendar::{CalendarDay, DayStart, calendar_day};
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
    /// The form that was sent last, if it comes back.
    pub sent_back: Option<SentBack<'a>>,
}

/// A form that was sent and not granted: it comes back with what was typed.
#[derive(Debug, Clone, Copy)]
pub struct SentBack<'a> {
    /// Which form: the deed it is sent for.
    pub form: &'a str,
    /// Its fields.
    pub fields: &'a [(String, String)],
    /// What is wrong, in sentences.
    pub words: &'a str,
}

impl<'a> Desk<'a> {
    /// What was typed in this form, if it is the one that comes back.
    fn typed(&self, form: &str) -> Typed<'a> {
        Typed(self.sent_back.filter(|back| back.form == form))
    }
}

/// What was typed in a form before it came back, if it has.
#[derive(Debug, Clone, Copy)]
struct Typed<'a>(Option<SentBack<'a>>);

impl<'a> Typed<'a> {
    /// Whether the form has come back, and is to be shown open.
    fn is_back(self) -> bool {
        self.0.is_some()
    }

    /// What stood in a field.
    fn text(self, name: &str) -> Option<&'a str> {
        let fields = self.0.map_or(&[][..], |back| back.fields);
        fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
pub(crate) mod checks;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod sample_lines;
#[cfg(test)]
mod tests;
