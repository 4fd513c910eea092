//! Time that staff keep free of sessions: loaded, decided and committed like everything that takes
//! time, on the versions of the same day sheets.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    BlockId, Buffers, DaySheets, Handbook, Note, PracticeId, Refusal, Slot, StaffId, Taken,
    TakenFor, keep_free,
};
use store::{CommitError, SheetsChange};

use crate::{Problem, Shell, handle::TRIES};

/// A stretch of the calendar.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// Of which practice.
    pub practice: PracticeId,
    /// The rules in force.
    pub handbook: Arc<Handbook>,
    /// Of whose calendar.
    pub provider: StaffId,
    /// From when to when.
    pub slot: Slot,
    /// Its name: keeping it free twice is keeping it free once.
    pub id: BlockId,
}

/// What a stretch took, and what it takes from now on.
type Change = (Vec<Taken>, Vec<Taken>);

impl Shell {
    /// Keeps a stretch free, if nothing is booked or asked for in it.
    pub async fn keep_free(&self, stretch: &Stretch, why: &Note) -> Result<(), Problem> {
        let provider = &stretch.provider;
        let decide = |sheets: &DaySheets, now| {
            if found(sheets, &stretch.id).is_some() {
                return Ok(None);
            }
            let block = (stretch.id.clone(), why.clone());
            let kept = keep_free(sheets, provider, stretch.slot, block, now)?;
            Ok(Some((vec![], vec![kept])))
        };
        self.change_stretch(stretch, decide).await
    }

    /// Gives a stretch back that was kept free.
    pub async fn give_back(&self, stretch: &Stretch) -> Result<(), Problem> {
        let decide = |sheets: &DaySheets, _now| {
            Ok(found(sheets, &stretch.id).map(|kept| (vec![kept.clone()], vec![])))
        };
        self.change_stretch(stretch, decide).await
    }

    /// Loads the sheets of a stretch, decides on them, and commits, until nobody else is faster.
    async fn change_stretch(
        &self,
        stretch: &Stretch,
        decide: impl Fn(&DaySheets, DateTime<Utc>) -> Result<Option<Change>, Refusal>,
    ) -> Result<(), Problem> {
        let Stretch { practice, handbook, provider, slot, .. } = stretch;
        let none = Buffers { before: TimeDelta::zero(), after: TimeDelta::zero() };
        let days = slot.first_day(none)..=slot.last_day(none).max(slot.first_day(none));
        if DAYS_READ_MAX < (*days.end() - *days.start()).num_days() {
            return Err(Problem::refused(Refusal::NoStretch, handbook));
        }
        for attempt in 0..TRIES {
            if 0 < attempt {
                tokio::time::sleep(self.pause(attempt)).await;
            }
            let sheets = self.store.sheets_now(practice, provider, days.clone()).await?;
            let now = self.now();
            let decided = decide(&sheets, now);
            let change = decided.map_err(|refusal| Problem::refused(refusal, handbook))?;
            let Some((before, after)) = change else { return Ok(()) };
            let on = SheetsChange { practice, sheets: &sheets, now };
            match self.store.commit_sheets(&on, &before, &after).await {
                Ok(()) => {
                    if after.is_empty() {
                        self.wake_list(handbook, false, now).await;
                    }
                    return Ok(());
                }
                Err(CommitError::Conflict | CommitError::SheetNeeded(_)) => {}
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(Problem::Busy(Some(Arc::clone(handbook))))
    }
}

/// More days are not read: no stretch is as long.
const DAYS_READ_MAX: i64 = 40;

fn found<'s>(sheets: &'s DaySheets, wanted: &BlockId) -> Option<&'s Taken> {
    let is_it = |taken: &&Taken| matches!(&taken.what, TakenFor::Block { id, .. } if id == wanted);
    sheets.iter().flat_map(|sheet| &sheet.taken).find(is_it)
}
