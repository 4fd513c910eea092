//! A copy, taken in.

use std::{collections::BTreeMap, path::Path};

use domain::PracticeId;
use serde_json::Value;
use shell::{LinkKeys, LinkSecret};
use store::{CopiedItem, CopiedTable, Store};

use super::{
    CopyProblem, CopySummary, Head, Secrets,
    whole::{Copy, Looked},
};
use crate::{
    OperateProblem, Operator, Premises, copies::items, link_fingerprints::remember_fingerprint,
    practices::check_sender,
};

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
    let Looked { head, summary, handbooks } = copy.look_through()?;
    let brought = Brought::read(&head)
        .ok_or_else(|| copy.wrong("the secrets that its links are signed with are damaged"))?;
    see_that_it_fits(&copy, &brought)?;
    let store = premises.store();
    if let Some(mail) = premises.mail_domain().await? {
        handbooks.iter().try_for_each(|handbook| check_sender(handbook, &mail))?;
    }
    if let Some(damage) = &summary.damage {
        operator.hear(&format!(
            "Something did not agree in the house that was copied: {damage}. It comes as it was."
        ));
    }
    let before = taken_in_before(store, &copy).await?;
    if let Some((first, _)) = before.first_key_value()
        && before.values().all(|is_here| *is_here)
    {
        return Err(CopyProblem::IsHereAlready(first.clone()).into());
    }
    let keys = keep_link_keys(premises, brought, &summary, operator).await?;
    let is_wanted =
        |item: &CopiedItem| item.owner().is_some_and(|owner| before.get(&owner) == Some(&false));
    // Without its handbook a practice is not there for anybody: no page, no clock, no letter touches
    // what is still incomplete.
    for handbooks in [false, true] {
        let is_now = |item: &CopiedItem| item.is_handbook() == handbooks && is_wanted(item);
        write_items(store, &copy, is_now, operator).await?;
    }
    for practice in &summary.practices {
        remember_fingerprint(store, practice, &keys).await?;
    }
    Ok(summary)
}

/// The practices of a copy, and whether they are here just as the copy brings them: what is left of
/// doing it before.
async fn taken_in_before(
    store: &Store,
    copy: &Copy<'_>,
) -> Result<BTreeMap<PracticeId, bool>, OperateProblem> {
    let mut before = BTreeMap::new();
    for item in copy.items()? {
        let item = item?;
        let Some(owner) = item.owner().filter(|_| item.is_handbook()) else { continue };
        // It may have got its fingerprint since, if the copy is of a version without any.
        let found = store.copied_handbook(&owner).await?;
        let is_here = match found.map(CopiedItem::without_fingerprint) {
            Some(found) if found == item.taken_in().without_fingerprint() => true,
            Some(_) => return Err(CopyProblem::IsHereAlready(owner).into()),
            None => false,
        };
        before.insert(owner, is_here);
    }
    Ok(before)
}

/// Whether nobody is here but some of the practices of this copy, as it brings them.
pub(crate) async fn is_half_taken_in(store: &Store, path: &Path) -> Result<bool, OperateProblem> {
    let before = match taken_in_before(store, &Copy { path }).await {
        Err(OperateProblem::Copy(CopyProblem::IsHereAlready(_))) => return Ok(false),
        found => found?,
    };
    let practices = store.practices().await?;
    let is_brought = |(id, _): &(PracticeId, _)| before.get(id) == Some(&true);
    Ok(practices.iter().all(is_brought) && before.values().any(|is_here| !is_here))
}

/// A practice whose links are signed with another secret than the copy brings would be in everybody's way.
fn see_that_it_fits(copy: &Copy<'_>, brought: &Brought) -> Result<(), CopyProblem> {
    for item in copy.items()? {
        let item = item?;
        let Some(owner) = item.owner().filter(|_| item.is_handbook()) else { continue };
        let is_its_own = |known: &str| brought.keys_of(&owner).fingerprint_of(&owner) == known;
        if !item.link_fingerprint().is_none_or(is_its_own) {
            return Err(copy.wrong(format!("the links of {owner} were signed with another secret")));
        }
    }
    Ok(())
}

/// The secrets that came with a copy.
enum Brought {
    House(LinkKeys),
    Practice(PracticeId, LinkSecret),
}

impl Brought {
    /// Secrets among which is that of this practice.
    fn keys_of(&self, practice: &PracticeId) -> LinkKeys {
        match self {
            Self::House(keys) => keys.clone(),
            // Of a copy of one practice nothing else is asked.
            Self::Practice(_, secret) => {
                LinkKeys::new(secret.clone()).with(practice.clone(), secret.clone())
            }
        }
    }

    fn read(head: &Head) -> Option<Self> {
        match (&head.practice, &head.secrets) {
            (None, Secrets::LinkKeys(text)) => LinkKeys::parse(text).ok().map(Self::House),
            (Some(practice), Secrets::LinkSecret(digits)) => {
                let practice = PracticeId::parse(practice).ok()?;
                Some(Self::Practice(practice, LinkSecret::from_hex(digits)?))
            }
            (None, Secrets::LinkSecret(_)) | (Some(_), Secrets::LinkKeys(_)) => None,
        }
    }
}

/// Each practice keeps the secret that its letters were signed with; answers all that are kept now.
async fn keep_link_keys(
    premises: &impl Premises,
    brought: Brought,
    summary: &CopySummary,
    operator: &impl Operator,
) -> Result<LinkKeys, OperateProblem> {
    let has_signed = !premises.store().practices().await?.is_empty();
    let keys = match brought {
        // A house that has signed nothing becomes the one that was copied.
        Brought::House(keys) if !has_signed => keys,
        Brought::House(keys) => {
            let own = premises.link_keys().await?;
            let keep = |own: LinkKeys, practice: &PracticeId| {
                own.with(practice.clone(), keys.of(practice))
            };
            summary.practices.iter().fold(own, keep)
        }
        Brought::Practice(practice, secret) => premises.link_keys().await?.with(practice, secret),
    };
    premises.keep_link_keys(&keys, operator).await?;
    Ok(keys)
}

/// Writes those items of a copy that are wanted now.
async fn write_items(
    store: &Store,
    copy: &Copy<'_>,
    is_wanted: impl Fn(&CopiedItem) -> bool,
    operator: &impl Operator,
) -> Result<(), CopyProblem> {
    let mut writing = Writing { store, table: CopiedTable::Practices, items: Vec::new(), count: 0 };
    for item in copy.items()? {
        let item = item?;
        if is_wanted(&item) {
            writing.write(item.taken_in(), operator).await?;
        }
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
