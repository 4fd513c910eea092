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
use sha2::{Digest as _, Sha256};
use shell::LinkKeys;
use store::{Agreement, CopiedItem, Store};

use super::{
    CopyProblem, CopySummary, FORMAT, Foot, Head, Secrets,
    takes::{NotCopied, copy_items},
};
use crate::{
    OperateProblem, Operator, fresh_private_file,
    link_fingerprints::see_that_it_is_its_own,
    private_file::{beside, put_in_place, see_that_it_can_be_made},
};

/// Copies everything, or one practice, into a new file. Each practice in it is of one moment; what does not
/// agree all the same is damage of the house, which the summary names.
///
/// # Errors
/// The practice is not here, or its links are signed with another secret. The file is there already, or
/// cannot be written. The tables do not answer, or the house does not hold still.
pub async fn write_copy(
    store: &Store,
    practice: Option<&PracticeId>,
    keys: &LinkKeys,
    now: DateTime<Utc>,
    path: &Path,
    operator: &impl Operator,
) -> Result<CopySummary, OperateProblem> {
    let of_whom = of_whom(store, practice, keys).await?;
    let unwritten = |source| CopyProblem::Unwritten { path: path.to_owned(), source };
    see_that_it_can_be_made(path).map_err(unwritten)?;
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
    // Half a copy is none, and must neither be taken for one nor stand in the way of the next.
    let (part, spool) = (beside(path, "part"), beside(path, "taking"));
    let copied = write_part(store, of_whom, &head, now, [&part, &spool], operator).await;
    drop(fs::remove_file(&spool));
    let copied = copied.map_err(|problem| {
        drop(fs::remove_file(&part));
        match problem {
            NotCopied::File(source) => unwritten(source).into(),
            NotCopied::Store(problem) => OperateProblem::Store(problem),
            NotCopied::GoesOn(practices) => CopyProblem::GoesOn(practices).into(),
        }
    })?;
    put_in_place(&part, path).map_err(unwritten)?;
    Ok(copied)
}

/// Whose items are to be copied: of those whose links open with these secrets.
async fn of_whom(
    store: &Store,
    practice: Option<&PracticeId>,
    keys: &LinkKeys,
) -> Result<BTreeSet<PracticeId>, OperateProblem> {
    let practices = match practice {
        Some(practice) => {
            let stored = store.handbook(practice).await?;
            let stored = stored.ok_or_else(|| OperateProblem::NoPractice(practice.clone()))?;
            vec![(practice.clone(), stored)]
        }
        None => store.practices().await?,
    };
    practices
        .into_iter()
        .map(|(id, stored)| see_that_it_is_its_own(&id, &stored, keys).map(|()| id))
        .collect()
}

async fn write_part(
    store: &Store,
    of_whom: BTreeSet<PracticeId>,
    head: &Head,
    now: DateTime<Utc>,
    [part, spool]: [&Path; 2],
    operator: &impl Operator,
) -> Result<CopySummary, NotCopied> {
    let mut file = Hashed::new(BufWriter::new(fresh_private_file(part)?));
    file.line(&in_a_line(head)?)?;
    let (summary, agreement) = (CopySummary::new(now), Agreement::new(now));
    let mut writing = Writing { file, summary, agreement };
    copy_items(store, of_whom, spool, &mut writing, operator).await?;
    let Writing { mut file, mut summary, agreement } = writing;
    summary.damage = agreement.judge().err().map(|damage| damage.to_string());
    let sha256 = hex::encode(file.hash.clone().finalize());
    let foot = Foot { items: summary.items, sha256, damage: summary.damage.clone() };
    file.line(&in_a_line(&foot)?)?;
    let file = file.inner.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(summary)
}

/// A copy that is being written.
pub(super) struct Writing {
    file: Hashed<BufWriter<fs::File>>,
    summary: CopySummary,
    agreement: Agreement,
}

impl Writing {
    /// One item more, with its line.
    pub(super) fn write(&mut self, item: &CopiedItem, line: &str) -> io::Result<()> {
        self.summary.count(item);
        self.agreement.see(item);
        self.file.line(line)
    }
}

/// As a line of a copy, with its end.
pub(super) fn in_a_line(what: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(what)? + "\n")
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

    fn line(&mut self, line: &str) -> io::Result<()> {
        self.hash.update(line);
        self.inner.write_all(line.as_bytes())
    }
}
