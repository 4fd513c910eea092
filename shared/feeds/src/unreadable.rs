//! Why a feed is not read at all, and how much of one is read at most.

/// The largest feed that is read, in bytes.
pub const FEED_BYTES_MAX: usize = 1_000_000;
/// How many events, and descriptions of zones, a feed may have.
pub(crate) const EVENTS_MAX: usize = 5_000;
/// How often the events may take place within the window.
pub(crate) const TIMES_MAX: usize = 20_000;

/// Why nothing can be said from this feed. What was known of the calendar before still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not a byte, or blanks only.
    #[error("the feed is empty")]
    Empty,
    /// Something else, often a page that asks to sign in.
    #[error("this is not a calendar: it does not begin with BEGIN:VCALENDAR; a sign-in page?")]
    NotACalendar,
    /// It ends before its end, so events may be missing.
    #[error("the calendar ends in the middle: its END:VCALENDAR is missing")]
    CutShort,
    /// More than [`FEED_BYTES_MAX`].
    #[error("the calendar is larger than 1 MB")]
    TooLarge,
    /// More than 5,000.
    #[error("the calendar has more than 5,000 events")]
    TooManyEvents,
    /// More than 20,000.
    #[error("the events take place more than 20,000 times in the days that were asked for")]
    TooManyTimes,
    /// The rules of repetition lead through too many days.
    #[error("it would take too long to follow how the events repeat")]
    TooMuchWork,
}

/// How many steps may still be made for a feed. One is a day or a time that is looked at, about
/// ten to a hundred nanoseconds.
pub(crate) struct Budget(u64);

impl Budget {
    /// What one feed may use up.
    pub(crate) fn of_a_feed() -> Self {
        Self(10_000_000)
    }

    /// Takes some steps away, or says that they are not there any more.
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), Unreadable> {
        self.0 = self.0.checked_sub(steps).ok_or(Unreadable::TooMuchWork)?;
        Ok(())
    }
}
