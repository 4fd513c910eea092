//! Waking the waiting list when a time comes free or somebody comes onto it.

use chrono::{DateTime, Utc};
use domain::{ClientFile, Handbook, Taken};

use crate::Shell;

impl Shell {
    /// Has the waiting list looked through soon, if this change of a file is of use to anybody on
    /// it. What is not noticed here is found when the day book turns, so a failure is only told.
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
        // A hold that becomes an appointment frees nothing.
        let still_taken = after.taken();
        let is_still_taken = |taken: &Taken| {
            still_taken.iter().any(|it| it.provider == taken.provider && it.slot == taken.slot)
        };
        let taken_before = before.map(ClientFile::taken).unwrap_or_default();
        let mut ahead = taken_before.iter().filter(|taken| now < taken.slot.start);
        let frees = ahead.any(|taken| !is_still_taken(taken));
        if comes || frees {
            self.wake_list(handbook, comes, now).await;
        }
    }

    /// Has the waiting list of this handbook looked through; where nobody is known to wait, only if
    /// somebody may have come.
    pub async fn wake_list(&self, handbook: &Handbook, somebody_comes: bool, now: DateTime<Utc>) {
        if handbook.waiting_list.is_none() {
            return;
        }
        let practice = &handbook.practice.id;
        if let Err(error) = self.store.wake_waiting_list(practice, now, somebody_comes).await {
            let problem = crate::Problem::from(error).for_the_log();
            tracing::warn!(practice = practice.as_str(), problem, "the waiting list sleeps on");
        }
    }
}
