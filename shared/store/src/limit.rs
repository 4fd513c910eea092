//! Counters that keep a form from being used to flood somebody.

use chrono::{DateTime, Utc};
use domain::PracticeId;

use crate::keys::Key;

/// A counter of one kind of deed by one source within one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// What is counted, such as `opt-in`.
    pub deed: &'static str,
    /// Who does it: an opaque text, never an address as such.
    pub source: String,
    /// Within the hour of this instant.
    pub at: DateTime<Utc>,
}

impl Limit {
    pub(crate) fn key(&self, practice: &PracticeId) -> Key {
        let hour = self.at.format("%Y%m%d%H");
        Key::of_practice(practice, &format!("LIMIT#{}#{}#{hour}", self.deed, self.source))
    }

    /// When the counter may be tidied away, in seconds since the epoch.
    pub(crate) fn expires(&self) -> i64 {
        self.at.timestamp() + 2 * 3_600
    }
}
