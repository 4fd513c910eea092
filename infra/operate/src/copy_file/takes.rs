//! Reading everything again until nothing has moved.
//!
//! The tables are read one after another, and a house that is open goes on meanwhile. Of a practice
//! that reads the same twice in a row, everything stood so at the moment between the two: no version
//! of a file or of a day sheet ever comes back. Practices have nothing in common, so each is
//! settled for itself, and those that moved are read once more.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, BufRead as _, BufReader, BufWriter, Write as _},
    path::Path,
};

use domain::PracticeId;
use sha2::{Digest as _, Sha256};
use store::{CopiedItem, CopiedTable, Store, StoreError};

use super::{
    Line,
    written::{Writing, in_a_line},
};
use crate::{Operator, copies::items, fresh_private_file};

/// How often everything is read at most.
const TAKES_MAX: usize = 8;

/// Why a copy was not written.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotCopied {
    #[error(transparent)]
    File(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("some practices moved all the while")]
    GoesOn(BTreeSet<PracticeId>),
}

/// What was read of each practice.
type Sums = BTreeMap<PracticeId, Sum>;

/// The items of a practice, summed up in whatever order they came.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sum {
    items: u64,
    bytes: [u8; 32],
}

impl Sum {
    /// No two items are equal, for each has a key of its own: none takes another out again.
    fn add(&mut self, line: &str) {
        self.items += 1;
        let hash: [u8; 32] = Sha256::digest(line).into();
        self.bytes.iter_mut().zip(hash).for_each(|(byte, more)| *byte ^= more);
    }
}

/// Copies the items of these practices, each practice as it was at one moment.
pub(super) async fn copy_items(
    store: &Store,
    mut moving: BTreeSet<PracticeId>,
    spool: &Path,
    writing: &mut Writing,
    operator: &impl Operator,
) -> Result<(), NotCopied> {
    let mut before: Option<Sums> = None;
    for _ in 0..TAKES_MAX {
        if moving.is_empty() {
            return Ok(());
        }
        let sums = take(store, &moving, spool, operator).await?;
        match &before {
            None => operator.hear("Once more, to see that nothing moved meanwhile:"),
            Some(before) => {
                let is_settled = |id: &PracticeId| before.get(id) == sums.get(id);
                let settled = moving.iter().filter(|id| is_settled(id)).cloned().collect();
                keep(spool, &settled, writing)?;
                moving = &moving - &settled;
                if !moving.is_empty() {
                    let names: Vec<&str> = moving.iter().map(PracticeId::as_str).collect();
                    operator
                        .hear(&format!("Once more, for there was work at {}:", names.join(", ")));
                }
            }
        }
        before = Some(sums);
    }
    if moving.is_empty() { Ok(()) } else { Err(NotCopied::GoesOn(moving)) }
}

/// Reads everything of these practices into the spool.
async fn take(
    store: &Store,
    practices: &BTreeSet<PracticeId>,
    spool: &Path,
    operator: &impl Operator,
) -> Result<Sums, NotCopied> {
    let mut file = BufWriter::new(fresh_private_file(spool)?);
    let mut sums = Sums::new();
    let only = practices.first().filter(|_| practices.len() == 1);
    for table in CopiedTable::ALL {
        let (mut reached, mut count) = (None, 0);
        loop {
            let (found, next) = store.copy_out(table, only, reached).await?;
            for attributes in found {
                let item = CopiedItem { table, attributes };
                // What a removed practice may have left behind is nobody's.
                let Some(owner) = item.owner().filter(|id| practices.contains(id)) else {
                    continue;
                };
                let line = in_a_line(&Line::of(item))?;
                sums.entry(owner).or_default().add(&line);
                file.write_all(line.as_bytes())?;
                count += 1;
            }
            reached = next;
            if reached.is_none() {
                break;
            }
        }
        operator.hear(&format!("  {}: {}", table.name(), items(count)));
    }
    file.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(sums)
}

/// Writes what the spool has of these practices into the copy.
fn keep(spool: &Path, practices: &BTreeSet<PracticeId>, writing: &mut Writing) -> io::Result<()> {
    for line in BufReader::new(fs::File::open(spool)?).lines() {
        let line = line?;
        let read: Line = serde_json::from_str(&line)?;
        let item = read.item().ok_or(io::ErrorKind::InvalidData)?;
        if item.owner().is_some_and(|owner| practices.contains(&owner)) {
            writing.write(&item, &format!("{line}\n"))?;
        }
    }
    Ok(())
}
