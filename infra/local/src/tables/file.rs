//! The file under the tables: who may hold it, and what can be wrong with it.

use std::{
    error,
    ffi::OsString,
    fs::{self, File, TryLockError},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// What every file the engine writes begins with.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// Why the tables could not be opened. Each reads well after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// The folder is missing, or this user may not write there.
    #[error("write beside {}: its folder is missing or not writable", path.display())]
    Folder {
        /// The tables file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Another process, or an earlier `open` in this one, still holds the file.
    #[error(
        "the house in {} is open, or another command is at work there: close it (Ctrl-C), and try again; a \
         second house needs a folder of its own (--data)",
        path.parent().unwrap_or(path).display()
    )]
    InUse {
        /// The tables file.
        path: PathBuf,
    },
    /// The file is there, but something else wrote it.
    #[error("open {}: it holds something other than tables", path.display())]
    Foreign {
        /// The tables file.
        path: PathBuf,
    },
    /// The file cannot be read, or the engine refuses it.
    #[error("open {}: it is damaged, locked by another program or not writable", path.display())]
    File {
        /// The tables file.
        path: PathBuf,
        /// What the operating system or the engine said.
        source: Box<dyn error::Error + Send + Sync>,
    },
    /// The engine did not start without a file.
    #[error("begin tables in memory")]
    Memory(#[source] Box<dyn error::Error + Send + Sync>),
}

/// Keeps every other process away from a tables file, for as long as it lives.
pub(super) struct Lock {
    _file: File,
}

/// Claims the tables file at `path`: nobody else has it, and it is ours or not there yet.
pub(super) fn claim(path: &Path) -> Result<Lock, TablesError> {
    let lock = lock_beside(path)?;
    let foreign = is_foreign(path)
        .map_err(|source| TablesError::File { path: path.to_owned(), source: source.into() })?;
    if foreign {
        return Err(TablesError::Foreign { path: path.to_owned() });
    }
    Ok(lock)
}

/// Takes the lock beside the tables file. A killed process leaves no lock behind, only its file.
fn lock_beside(path: &Path) -> Result<Lock, TablesError> {
    let mut name = OsString::from(path);
    name.push(".lock");
    let folder = |source| TablesError::Folder { path: path.to_owned(), source };
    let file = File::options().create(true).append(true).open(name).map_err(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(TablesError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(folder(source)),
    }
}

/// Whether the file has content, but not `SQLite`'s. The engine would only say so at length.
fn is_foreign(path: &Path) -> io::Result<bool> {
    if !fs::exists(path)? {
        return Ok(false);
    }
    let mut start = Vec::new();
    File::open(path)?.take(SQLITE_MAGIC.len() as u64).read_to_end(&mut start)?;
    Ok(!start.is_empty() && start != SQLITE_MAGIC)
}
