//! A copy, taken in.

use std::path::Path;

use domain::PracticeId;
use serde_json::{Value, json};
use shell::{LinkKeys, LinkSecret};
use store::{CopiedTable, Standing, Store};

use super::{
    CopyProblem, CopySummary, Head, Secrets, is_handbook,
    whole::{Copy, Looked},
};
use crate::{OperateProblem, Premises, practices::check_sender};

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
/// so. What was cut off can be done again: a practice is here only when all of it is.
///
/// # Errors
/// The file is not a whole copy, or a practice of it is here already; nothing was changed then.
pub async fn read_copy(
    premises: &impl Premises,
    path: &Path,
) -> Result<CopySummary, OperateProblem> {
    let copy = Copy { path };
    let Looked { head, summary, handbooks } = copy.look_through()?;
    let brought = Brought::read(&head)
        .ok_or_else(|| copy.wrong("the secrets that its links are signed with are damaged"))?;
    let store = premises.store();
    if let Some(mail) = premises.mail_domain().await? {
        handbooks.iter().try_for_each(|handbook| check_sender(handbook, &mail))?;
    }
    for practice in &summary.practices {
        if store.handbook(practice).await?.is_some() {
            return Err(CopyProblem::IsHereAlready(practice.clone()).into());
        }
    }
    keep_link_keys(premises, brought, &summary).await?;
    // Without its handbook a practice is not there for anybody: no page, no clock, no letter touches
    // what is still incomplete.
    write_items(store, &copy, |table, item| !is_handbook(table, item)).await?;
    write_items(store, &copy, is_handbook).await?;
    Ok(summary)
}

/// The secrets that came with a copy.
enum Brought {
    House(LinkKeys),
    Practice(PracticeId, LinkSecret),
}

impl Brought {
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

/// Each practice keeps the secret that its letters were signed with.
async fn keep_link_keys(
    premises: &impl Premises,
    brought: Brought,
    summary: &CopySummary,
) -> Result<(), OperateProblem> {
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
    premises.keep_link_keys(&keys).await
}

/// Writes those items of a copy that are wanted now.
async fn write_items(
    store: &Store,
    copy: &Copy<'_>,
    is_wanted: impl Fn(CopiedTable, &Value) -> bool,
) -> Result<(), CopyProblem> {
    let mut written: Vec<(CopiedTable, Value)> = Vec::new();
    for line in copy.items()? {
        let (table, mut item) = line?;
        if !is_wanted(table, &item) {
            continue;
        }
        if is_handbook(table, &item) && item["standing"]["S"] != Standing::Suspended.name() {
            item["standing"] = json!({ "S": Standing::Paused.name() });
        }
        let is_full = WRITTEN_AT_ONCE <= written.len();
        if is_full || written.last().is_some_and(|(last, _)| *last != table) {
            write(store, &mut written).await?;
        }
        written.push((table, item));
    }
    write(store, &mut written).await
}

async fn write(store: &Store, written: &mut Vec<(CopiedTable, Value)>) -> Result<(), CopyProblem> {
    let Some((table, _)) = written.first() else { return Ok(()) };
    let table = *table;
    let items: Vec<Value> = written.drain(..).map(|(_, item)| item).collect();
    Ok(store.copy_in(table, &items).await?)
}
