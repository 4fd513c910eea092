//! The handbooks in force, read once and kept for a minute.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Handbook, PracticeId};
use handbook::Sources;
use store::{Standing, Store};

use crate::Problem;

/// For how long a handbook counts as read.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// How many handbooks one process keeps.
const KEPT_MAX: usize = 200;

/// Handbooks that were read.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Mutex<Read>>);

/// What is known of each practice.
type Read = HashMap<PracticeId, Kept>;

/// A practice as it was read.
#[derive(Clone)]
pub(crate) struct Kept {
    read_at: DateTime<Utc>,
    /// The handbook in force.
    pub(crate) handbook: Arc<Handbook>,
    /// What it does at present.
    pub(crate) standing: Standing,
}

/// A stored handbook that cannot be read back.
#[derive(Debug, thiserror::Error)]
#[error("the stored handbook of a practice has mistakes: {0}")]
struct Unreadable(String);

/// A stored handbook of somebody else.
#[derive(Debug, thiserror::Error)]
#[error("the stored handbook of {0} says that it is of {1}")]
struct Misplaced(PracticeId, PracticeId);

impl Shelf {
    /// A practice; one without a handbook is not known here.
    pub(crate) async fn practice(
        &self,
        store: &Store,
        practice: &PracticeId,
        now: DateTime<Utc>,
    ) -> Result<Kept, Problem> {
        if let Some(kept) = self.fresh(practice, now) {
            return Ok(kept);
        }
        let stored = store.handbook(practice).await?.ok_or(Problem::NotFound)?;
        let sources = Sources::from_json(&stored.sources).map_err(Problem::broken)?;
        let handbook = Arc::new(handbook::read_again(&sources).map_err(|mistakes| {
            let words: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Problem::broken(Unreadable(words.join("; ")))
        })?);
        let said = &handbook.practice.id;
        if said != practice {
            return Err(Problem::broken(Misplaced(practice.clone(), said.clone())));
        }
        let kept = Kept { read_at: now, handbook, standing: stored.standing };
        let mut all = self.lock();
        if KEPT_MAX <= all.len() {
            all.retain(|_, kept| now - kept.read_at < FRESH);
        }
        if KEPT_MAX <= all.len() {
            all.clear();
        }
        all.insert(practice.clone(), kept.clone());
        Ok(kept)
    }

    fn fresh(&self, practice: &PracticeId, now: DateTime<Utc>) -> Option<Kept> {
        self.lock().get(practice).filter(|kept| now - kept.read_at < FRESH).cloned()
    }

    pub(crate) fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
