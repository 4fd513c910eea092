//! The handbooks in force, read once and kept for a minute.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Handbook, PracticeId};
use handbook::Sources;
use store::Store;

use crate::Problem;

/// For how long a handbook counts as read.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// How many handbooks one process keeps.
const KEPT_MAX: usize = 200;

/// Handbooks that were read.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Mutex<Read>>);

/// Each practice's handbook, and when it was read.
type Read = HashMap<PracticeId, (DateTime<Utc>, Arc<Handbook>)>;

/// A stored handbook that cannot be read back.
#[derive(Debug, thiserror::Error)]
#[error("the stored handbook of a practice has mistakes: {0}")]
struct Unreadable(String);

impl Shelf {
    /// The handbook in force; a practice without one is not known here.
    pub(crate) async fn handbook(
        &self,
        store: &Store,
        practice: &PracticeId,
        now: DateTime<Utc>,
    ) -> Result<Arc<Handbook>, Problem> {
        if let Some(handbook) = self.fresh(practice, now) {
            return Ok(handbook);
        }
        let kept = store.handbook(practice).await?.ok_or(Problem::NotFound)?;
        let sources = Sources::from_json(&kept.sources).map_err(Problem::broken)?;
        let in_force = Arc::new(handbook::read(&sources).map_err(|mistakes| {
            let words: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Problem::broken(Unreadable(words.join("; ")))
        })?);
        let mut kept = self.lock();
        if KEPT_MAX <= kept.len() {
            kept.retain(|_, (read_at, _)| now - *read_at < FRESH);
        }
        if KEPT_MAX <= kept.len() {
            kept.clear();
        }
        kept.insert(practice.clone(), (now, Arc::clone(&in_force)));
        drop(kept);
        Ok(in_force)
    }

    fn fresh(&self, practice: &PracticeId, now: DateTime<Utc>) -> Option<Arc<Handbook>> {
        let kept = self.lock();
        let (read_at, handbook) = kept.get(practice)?;
        (now - *read_at < FRESH).then(|| Arc::clone(handbook))
    }

    pub(crate) fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
