//! Waking the waiting list when a time comes free or somebody comes onto it.

use chrono::{DateTime, Utc};
use domain::{ClientFile, Handbook, wakes_at};

use crate::Shell;

impl Shell {
    /// Has the waiting list looked through soon, if this change of a file is of use to anybody on
    /// it. What is not noticed here is found by the look of the next day, so a failure is only told.
    pub(crate) async fn wake_waiting_list(
        &self,
        handbook: &Handbook,
        before: Option<&ClientFile>,
        after: &ClientFile,
        now: DateTime<Utc>,
    ) {
        let waits =
            |file: &ClientFile| file.listed().is_some_and(|listed| listed.offered.is_none());
        let comes = waits(after) && before.and_then(ClientFile::listed) != after.listed();
        let still_taken = after.taken();
        let taken_before = before.map(ClientFile::taken).unwrap_or_default();
        let frees =
            taken_before.iter().any(|taken| now < taken.slot.start && !still_taken.contains(taken));
        if comes || frees {
            self.wake_list(handbook, comes, now).await;
        }
    }

    /// The same, for time that is given back.
    pub(crate) async fn wake_list(
        &self,
        handbook: &Handbook,
        somebody_comes: bool,
        now: DateTime<Utc>,
    ) {
        if handbook.waiting_list.is_none() {
            return;
        }
        let (practice, due) = (&handbook.practice.id, wakes_at(handbook, now));
        if let Err(error) = self.store.wake_waiting_list(practice, due, somebody_comes).await {
            let problem = crate::Problem::from(error).for_the_log();
            tracing::warn!(practice = practice.as_str(), problem, "the waiting list sleeps on");
        }
    }
}
