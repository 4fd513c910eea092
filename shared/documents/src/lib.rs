//! What a person reads: letters, pages, calendar invitations and the PDF of the answers.
//!
//! Pure: facts in, bytes out. No clock, no chance, no files; every text that somebody typed is
//! escaped on its way into HTML, Markdown, mail headers, iCalendar and PDF alike.

mod addresses;
mod answer;
mod ics;
mod moments;
mod phone_feed;
mod places;
mod web_address;
pub mod letters;
pub mod pages;
pub mod pdf;

pub use addresses::Addresses;
pub use answer::answer_in_words;
pub(crate) use moments::city_of_zone;
pub use moments::{date, date_time, place_of_zone, time};
pub use phone_feed::{PhoneFeed, phone_feed};
