//! A copy of a house, or of one practice, as a file: one line of JSON for each item.
//!
//! ```text
//! {"anteroom":"copy","format":1,"taken":"2026-11-23T10:00:00Z","practice":null,"link_keys":"07…"}
//! {"table":"clients","item":{"pk":{"S":"harbour"},…}}
//! {"items":1,"sha256":"…"}
//! ```
//!
//! The first line has the secrets that links are signed with: all of them ([`shell::LinkKeys`]), or the one of
//! the practice that is copied (`link_secret`). Without them no link in a letter would open and no client
//! be known again; so the file is written for its owner's eyes only. The last line has a SHA-256 over all bytes before it: a copy is read whole before any of it counts.
//!
//! Nothing is sent from a copy until an operator says so (`anteroom resume`).

mod taken_in;
mod whole;
mod written;

pub(crate) use taken_in::check_copy;
pub use taken_in::read_copy;
pub use written::write_copy;

use std::{collections::BTreeSet, io, path::PathBuf};

use chrono::{DateTime, Utc};
use domain::PracticeId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{CopiedTable, StoreError};

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

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
struct Foot {
    items: u64,
    sha256: String,
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
}

/// Why there is no copy, or why it is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum CopyProblem {
    /// The file cannot be written.
    #[error("cannot write the file {}: its folder must be there, and it must not", path.display())]
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
    /// It would be overwritten.
    #[error("the practice {0} is here already; nothing was changed")]
    IsHereAlready(PracticeId),
    /// The tables.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The practice that an item belongs to: what its key begins with.
fn owner(item: &Value) -> Option<PracticeId> {
    let partition = item["pk"]["S"].as_str()?;
    PracticeId::parse(partition.split('#').next()?).ok()
}

impl CopySummary {
    fn count(&mut self, table: CopiedTable, item: &Value) {
        self.items += 1;
        if is_handbook(table, item) {
            let practice = item["pk"]["S"].as_str().and_then(|id| PracticeId::parse(id).ok());
            self.practices.extend(practice);
        }
    }
}

fn is_handbook(table: CopiedTable, item: &Value) -> bool {
    table == CopiedTable::Practices && item["sk"]["S"] == "HANDBOOK"
}
