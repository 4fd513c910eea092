//! A copy of a house, or of one practice, as a file: one line of JSON for each item.
//!
//! ```text
//! {"anteroom":"copy","format":1,"taken":"2026-11-23T10:00:00Z","practice":null,"link_keys":"07…"}
//! {"table":"clients","item":{"pk":{"S":"harbour"},…}}
//! {"items":1,"sha256":"…"}
//! ```
//!
//! The first line has the secrets that links are signed with: all of them ([`shell::LinkKeys`]), or the
//! one of the practice that is copied (`link_secret`). Without them no link in a letter would open and no
//! client be known again; so the file is written for its owner's eyes only. The last line has a SHA-256
//! over all bytes before it: a copy is read whole before any of it counts.
//!
//! Nothing is sent from a copy until an operator says so (`anteroom resume`).

mod brought;
mod written;
mod takes;
mod whole;
mod taken_in;

pub use taken_in::read_copy;
pub(crate) use taken_in::{check_copy, is_half_taken_in};
pub use written::write_copy;

use std::{collections::BTreeSet, io, path::PathBuf};

use chrono::{DateTime, Utc};
use domain::PracticeId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{CopiedItem, CopiedTable, Disagreement, StoreError};

/// The form of the file. A later form is refused by name.
const FORMAT: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    anteroom: String,
    format: u32,
    taken: String,
    practice: Option<String>,
    #[serde(flatten)]
    secrets: Secrets,
}

/// The secrets that the links of a copy are signed with. That of the house is no business of somebody
/// who has a copy of one practice: it signs for all.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Secrets {
    /// All of a house, as text.
    LinkKeys(String),
    /// That of the practice, as hexadecimal digits.
    LinkSecret(String),
}

/// A line for an item.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    table: String,
    item: Value,
}

impl Line {
    fn of(item: CopiedItem) -> Self {
        Self { table: item.table.name().to_owned(), item: item.attributes }
    }

    /// The item; nothing, if there is no such table.
    fn item(self) -> Option<CopiedItem> {
        let table = CopiedTable::from_name(&self.table)?;
        Some(CopiedItem { table, attributes: self.item })
    }
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
struct Foot {
    items: u64,
    sha256: String,
    /// What did not agree in the house itself: the copy is as good as that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    damage: Option<String>,
}

/// What a copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopySummary {
    /// When it was taken.
    pub taken: DateTime<Utc>,
    /// Whose practices are in it.
    pub practices: BTreeSet<PracticeId>,
    /// How many items.
    pub items: u64,
    /// What does not agree in it, if anything does not.
    pub damage: Option<String>,
}

/// Why there is no copy, or why it is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum CopyProblem {
    /// The file cannot be written.
    #[error("cannot write the file {}: name one that is not there yet, in a folder that is", path.display())]
    Unwritten {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file cannot be read.
    #[error("cannot read the file {}: name one that `anteroom backup` or `export` has written", path.display())]
    Unread {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is not a whole copy.
    #[error("{} is not a copy that can be used: {words}", path.display())]
    NotACopy {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        words: String,
    },
    /// It has one half of something.
    #[error(
        "{} is not of one moment: take another copy (of a practice that is suspended, or with --at of \
         another moment)",
        path.display()
    )]
    Torn {
        /// Which.
        path: PathBuf,
        /// What does not agree.
        source: Disagreement,
    },
    /// Somebody was at work each time that everything was read.
    #[error(
        "there was work at {} all the while, so no copy would be of one moment: suspend it first, or \
         have AWS bring it back as it was some minutes ago (--at)",
        in_words(.0)
    )]
    GoesOn(BTreeSet<PracticeId>),
    /// It would be overwritten.
    #[error("the practice {0} is here already; nothing was changed")]
    IsHereAlready(PracticeId),
    /// The tables.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn in_words(practices: &BTreeSet<PracticeId>) -> String {
    practices.iter().map(PracticeId::as_str).collect::<Vec<_>>().join(", ")
}

impl CopySummary {
    /// Nothing is counted yet of a copy of this moment.
    fn new(taken: DateTime<Utc>) -> Self {
        Self { taken, practices: BTreeSet::new(), items: 0, damage: None }
    }

    fn count(&mut self, item: &CopiedItem) {
        self.items += 1;
        if item.is_handbook() {
            self.practices.extend(item.owner());
        }
    }
}
