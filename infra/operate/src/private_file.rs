//! Files that only their owner may read, and that are there whole or not at all.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A new file that only its owner may read. One that is there already is never written over.
///
/// # Errors
/// Why there is none: among others, that it is there already.
pub fn new_private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The same in place of what an earlier command may have left half done.
///
/// # Errors
/// Why there is none.
pub fn fresh_private_file(path: &Path) -> io::Result<fs::File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => new_private_file(path),
    }
}

/// Where a file is written before all of it is there: beside it, with one more word at its end.
pub(crate) fn beside(path: &Path, word: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(word);
    PathBuf::from(name)
}

/// Sees that a file can be made there, before anybody works for it.
pub(crate) fn see_that_it_can_be_made(path: &Path) -> io::Result<()> {
    new_private_file(path).and_then(|_| fs::remove_file(path))
}

/// Gives a file that is whole its name. One that has the name already is never written over.
pub(crate) fn put_in_place(whole: &Path, path: &Path) -> io::Result<()> {
    // The name is taken first: to rename alone would replace what is there.
    new_private_file(path)?;
    fs::rename(whole, path)
}
