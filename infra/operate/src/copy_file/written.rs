//! A copy, written.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufWriter, Write},
    path::Path,
};

use chrono::{DateTime, Utc};
use domain::PracticeId;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use shell::LinkKeys;
use store::{CopiedTable, Store, StoreError};

use super::{CopyProblem, CopySummary, FORMAT, Foot, Head, Line, Secrets, owner};
use crate::{OperateProblem, new_private_file};

/// Copies everything, or one practice, into a new file.
///
/// # Errors
/// The practice is not here, the file is, or one of them cannot be used.
pub async fn write_copy(
    store: &Store,
    practice: Option<&PracticeId>,
    keys: &LinkKeys,
    now: DateTime<Utc>,
    path: &Path,
) -> Result<CopySummary, OperateProblem> {
    if let Some(practice) = practice
        && store.handbook(practice).await?.is_none()
    {
        return Err(OperateProblem::NoPractice(practice.clone()));
    }
    let of_whom: BTreeSet<PracticeId> = match practice {
        Some(practice) => [practice.clone()].into(),
        None => store.practices().await?.into_iter().map(|(id, _)| id).collect(),
    };
    let head = Head {
        anteroom: "copy".to_owned(),
        format: FORMAT,
        taken: now.to_rfc3339(),
        practice: practice.map(ToString::to_string),
        secrets: match practice {
            Some(practice) => Secrets::LinkSecret(keys.of(practice).to_hex()),
            None => Secrets::LinkKeys(keys.to_text()),
        },
    };
    let unusable = |source| CopyProblem::Unwritten { path: path.to_owned(), source };
    let file = new_private_file(path).map_err(unusable)?;
    let copied = copy_items(store, practice, &of_whom, head, now, file).await;
    copied.map_err(|problem| {
        // Half a copy is none, and would stand in the way of the next.
        drop(fs::remove_file(path));
        match problem {
            NotCopied::File(source) => unusable(source).into(),
            NotCopied::Store(problem) => problem.into(),
        }
    })
}

/// Why a copy was not written.
#[derive(Debug, thiserror::Error)]
enum NotCopied {
    #[error(transparent)]
    File(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn copy_items(
    store: &Store,
    practice: Option<&PracticeId>,
    of_whom: &BTreeSet<PracticeId>,
    head: Head,
    now: DateTime<Utc>,
    file: fs::File,
) -> Result<CopySummary, NotCopied> {
    let mut file = Hashed::new(BufWriter::new(file));
    file.line(&head)?;
    let mut summary = CopySummary { taken: now, practices: BTreeSet::new(), items: 0 };
    for table in CopiedTable::ALL {
        let mut reached = None;
        loop {
            let (items, next) = store.copy_out(table, practice, reached).await?;
            // What a removed practice may have left behind is nobody's.
            let is_somebodys = |item: &Value| owner(item).is_some_and(|id| of_whom.contains(&id));
            for item in items.into_iter().filter(is_somebodys) {
                summary.count(table, &item);
                file.line(&Line { table: table.name().to_owned(), item })?;
            }
            reached = next;
            if reached.is_none() {
                break;
            }
        }
    }
    let foot = Foot { items: summary.items, sha256: hex::encode(file.hash.clone().finalize()) };
    file.line(&foot)?;
    let file = file.inner.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(summary)
}

/// A file whose bytes are summed up as they are written.
struct Hashed<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Hashed<W> {
    fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        self.hash.update(&text);
        self.inner.write_all(text.as_bytes())
    }
}
