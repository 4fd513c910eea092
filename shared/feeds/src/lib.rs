//! Reads when somebody is busy out of another calendar's iCalendar text (RFC 5545).
//!
//! Pure: bytes in, facts out. It fetches nothing, keeps nothing and knows no clock, and no title,
//! place or name of an event ever gets past its first step.
//!
//! It fails closed. What cannot be understood but has a place in time counts as busy, and a
//! [`Warning`] says so; a feed of which a part may be missing is [`Unreadable`] as a whole. Every
//! step is bounded, so that no feed takes more than a second or 64 MB, whatever is in it.
//!
//! Start reading at [`read`]: `lines` become `components`, and these, with the clocks that the
//! `zones` name and the rules that `repeat`, become `occurrences`.

mod unreadable;
mod warning;

mod lines;
mod values;
mod components;

mod clock;
mod zones;

mod rule;
mod repeat;

mod event;
mod series;

mod extent;
mod occurrences;

pub use unreadable::{FEED_BYTES_MAX, Unreadable};
pub use warning::Warning;

use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::Slot;

/// When the owner of a calendar is busy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Busy {
    /// Sorted, and with some time between any two. They are whole: one that reaches beyond the
    /// window is not cut.
    pub spans: Vec<Slot>,
    /// What the owner of the practice should know about this feed; each is told once.
    pub warnings: Vec<Warning>,
}

/// Reads the busy times that meet `window` out of a feed.
///
/// `zone` is the zone of the calendar's owner: all-day events, times without a zone and times in a
/// zone that nobody knows are read on its wall clock.
pub fn read(feed: &[u8], zone: Tz, window: Range<DateTime<Utc>>) -> Result<Busy, Unreadable> {
    let calendar = components::read(feed, zone)?;
    let (mut spans, warnings) = occurrences::of(calendar, &window)?;
    spans.sort_unstable();
    spans.dedup_by(|later, earlier| {
        let is_one = later.start <= earlier.end;
        if is_one {
            earlier.end = earlier.end.max(later.end);
        }
        is_one
    });
    Ok(Busy { spans, warnings })
}
