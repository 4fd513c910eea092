//! The stored shapes. Each is a promise: a field may be added with a default, never renamed. A field of
//! the file is added at its top, where an older program leaves it alone (see `form`).

mod event;
mod file;
mod journal;
mod letter;
mod parts;
mod sheet;
mod taken;
mod waiting_list;

pub(crate) use file::StoredFile;
pub use journal::{JournalEntry, JournalProblem};
pub(crate) use journal::{StoredEntry, first_hash, verify};
pub(crate) use letter::StoredLetter;
pub(crate) use parts::instant;
pub(crate) use sheet::read_sheet;
pub(crate) use taken::{entry_key, entry_line};

/// Why a stored text is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("`{what}` does not hold what it should")]
pub(crate) struct Malformed {
    pub(crate) what: &'static str,
}

/// Reads a stored value with a parser of the domain.
pub(crate) fn parsed<T, E>(what: &'static str, result: Result<T, E>) -> Result<T, Malformed> {
    result.map_err(|_| Malformed { what })
}
