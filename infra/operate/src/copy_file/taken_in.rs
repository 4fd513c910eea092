//! A copy, taken in.

use std::{collections::BTreeMap, path::Path};

use domain::PracticeId;
use serde_json::Value;
use shell::LinkKeys;
use store::{CopiedItem, CopiedTable, Store};

use super::{
    CopyProblem, CopySummary,
    brought::Brought,
    whole::{Copy, Looked},
};
use crate::{OperateProblem, Operator, Premises, copies::items, practices::check_sender};

/// How many items are written at once.
const WRITTEN_AT_ONCE: usize = 500;

/// Sees that a file is a whole copy.
///
/// # Errors
/// It cannot be read, or something is missing in it.
pub(crate) fn check_copy(path: &Path) -> Result<(), CopyProblem> {
    Copy { path }.look_through().map(drop)
}

/// Takes a copy in, beside whatever is here; its letters wait, and a practice that was suspended stays
/// so. What was cut off can be done again: a practice is here only when all of it is, and one that is
/// here as the copy has it is passed over.
///
/// # Errors
/// The file is not a whole copy, or a practice is here already and is not as the copy has it, or all of
/// them are; nothing was changed then.
pub async fn read_copy(
    premises: &impl Premises,
    path: &Path,
    operator: &impl Operator,
) -> Result<CopySummary, OperateProblem> {
    let copy = Copy { path };
    let Looked { brought, summary, handbooks } = copy.look_through()?;
    let store = premises.store();
    if let Some(mail) = premises.mail_domain().await? {
        handbooks.iter().try_for_each(|handbook| check_sender(handbook, &mail))?;
    }
    if let Some(damage) = &summary.damage {
        operator.hear(&format!(
            "Something did not agree in the house that was copied: {damage}. It comes as it was."
        ));
    }
    let before = taken_in_before(store, &copy, &brought).await?;
    if let Some((first, _)) = before.first_key_value()
        && before.values().all(|is_here| *is_here)
    {
        return Err(CopyProblem::IsHereAlready(first.clone()).into());
    }
    keep_link_keys(premises, &brought, &summary, operator).await?;
    let is_wanted =
        |item: &CopiedItem| item.owner().is_some_and(|owner| before.get(&owner) == Some(&false));
    // Without its handbook a practice is not there for anybody: no page, no clock, no letter touches
    // what is still incomplete.
    for handbooks in [false, true] {
        let is_now = |item: &CopiedItem| item.is_handbook() == handbooks && is_wanted(item);
        write_items(store, &copy, &brought, is_now, operator).await?;
    }
    Ok(summary)
}

/// The practices of a copy, and whether they are here just as the copy brings them: what is left of
/// doing it before.
async fn taken_in_before(
    store: &Store,
    copy: &Copy<'_>,
    brought: &Brought,
) -> Result<BTreeMap<PracticeId, bool>, OperateProblem> {
    let mut before = BTreeMap::new();
    for item in copy.items()? {
        let item = item?;
        let Some(owner) = item.owner().filter(|_| item.is_handbook()) else { continue };
        let is_here = match store.copied_handbook(&owner).await? {
            Some(found) if found == item.taken_in(&brought.fingerprint_of(&owner)) => true,
            Some(_) => return Err(CopyProblem::IsHereAlready(owner).into()),
            None => false,
        };
        before.insert(owner, is_here);
    }
    Ok(before)
}

/// Whether nobody is here but some of the practices of this copy, as it brings them.
pub(crate) async fn is_half_taken_in(store: &Store, path: &Path) -> Result<bool, OperateProblem> {
    let copy = Copy { path };
    let Looked { brought, .. } = copy.look_through()?;
    let before = match taken_in_before(store, &copy, &brought).await {
        Err(OperateProblem::Copy(CopyProblem::IsHereAlready(_))) => return Ok(false),
        found => found?,
    };
    let practices = store.practices().await?;
    let is_brought = |(id, _): &(PracticeId, _)| before.get(id) == Some(&true);
    Ok(practices.iter().all(is_brought) && before.values().any(|is_here| !is_here))
}

/// Each practice keeps the secret that its letters were signed with.
async fn keep_link_keys(
    premises: &impl Premises,
    brought: &Brought,
    summary: &CopySummary,
    operator: &impl Operator,
) -> Result<(), OperateProblem> {
    let has_signed = !premises.store().practices().await?.is_empty();
    let keys = match brought {
        // A house that has signed nothing becomes the one that was copied.
        Brought::House(keys) if !has_signed => keys.clone(),
        Brought::House(keys) => {
            let own = premises.link_keys().await?;
            let keep = |own: LinkKeys, practice: &PracticeId| {
                own.with(practice.clone(), keys.of(practice))
            };
            summary.practices.iter().fold(own, keep)
        }
        Brought::Practice(practice, secret) => {
            premises.link_keys().await?.with(practice.clone(), secret.clone())
        }
    };
    premises.keep_link_keys(&keys, operator).await
}

/// Writes those items of a copy that are wanted now.
async fn write_items(
    store: &Store,
    copy: &Copy<'_>,
    brought: &Brought,
    is_wanted: impl Fn(&CopiedItem) -> bool,
    operator: &impl Operator,
) -> Result<(), CopyProblem> {
    let mut writing = Writing { store, table: CopiedTable::Practices, items: Vec::new(), count: 0 };
    for item in copy.items()? {
        let item = item?;
        if !is_wanted(&item) {
            continue;
        }
        let item = match item.owner() {
            Some(owner) if item.is_handbook() => item.taken_in(&brought.fingerprint_of(&owner)),
            Some(_) | None => item,
        };
        writing.write(item, operator).await?;
    }
    writing.end(operator).await
}

/// Items on their way into one table.
struct Writing<'a> {
    store: &'a Store,
    table: CopiedTable,
    items: Vec<Value>,
    count: u64,
}

impl Writing<'_> {
    async fn write(
        &mut self,
        item: CopiedItem,
        operator: &impl Operator,
    ) -> Result<(), CopyProblem> {
        if item.table != self.table {
            self.end(operator).await?;
            self.table = item.table;
        }
        self.items.push(item.attributes);
        if WRITTEN_AT_ONCE <= self.items.len() {
            self.flush().await?;
        }
        Ok(())
    }

    /// Writes what is left for this table, and tells how much it was.
    async fn end(&mut self, operator: &impl Operator) -> Result<(), CopyProblem> {
        self.flush().await?;
        if 0 < self.count {
            operator.hear(&format!("  {}: {}", self.table.name(), items(self.count)));
        }
        self.count = 0;
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), CopyProblem> {
        self.store.copy_in(self.table, &self.items).await?;
        self.count += u64::try_from(self.items.len()).unwrap_or(u64::MAX);
        self.items.clear();
        Ok(())
    }
}
