//! A practice's folder on disk.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use domain::Handbook;
use handbook::{Mistake, Sources};

/// Why a practice's folder is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FolderProblem {
    /// It cannot be read.
    #[error("cannot read the practice's folder {}: name another one", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file of it cannot be read.
    #[error("cannot read the file {}", path.display())]
    UnreadableFile {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is no practice's.
    #[error(
        "{} has no practice.toml: name the folder of a practice, such as practices/harbour",
        path.display()
    )]
    NoPractice {
        /// Which.
        path: PathBuf,
    },
    /// It has mistakes.
    #[error("{}", in_lines(path, mistakes))]
    Handbook {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        mistakes: Vec<Mistake>,
    },
}

/// Each with the whole name of its file: several folders may be read at once.
fn in_lines(folder: &Path, mistakes: &[Mistake]) -> String {
    let line = |mistake: &Mistake| {
        let file = folder.join(&mistake.file).display().to_string();
        Mistake { file, ..mistake.clone() }.to_string()
    };
    let lines: Vec<String> = mistakes.iter().map(line).collect();
    lines.join("\n")
}

/// The file that every practice's folder has.
const SETTINGS: &str = "practice.toml";

/// How many files are looked at; a handbook has a few dozen.
const FILES_MAX: usize = 500;

/// Reads the handbook that a folder holds.
pub fn read_practice(folder: &Path) -> Result<(Sources, Handbook), FolderProblem> {
    let unreadable = |source| FolderProblem::Unreadable { path: folder.to_owned(), source };
    let wrong = |mistakes| FolderProblem::Handbook { path: folder.to_owned(), mistakes };
    let paths = paths_below(folder).map_err(unreadable)?;
    // A folder of something else would come to a page of mistakes.
    if !paths.contains(&folder.join(SETTINGS)) {
        return Err(FolderProblem::NoPractice { path: folder.to_owned() });
    }
    let mut files = Vec::new();
    let mut mistakes = Vec::new();
    for path in paths {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let bytes = fs::read(&path)
            .map_err(|source| FolderProblem::UnreadableFile { path: path.clone(), source })?;
        match String::from_utf8(bytes) {
            Ok(text) => files.push((name, text)),
            Err(_) => mistakes.push(not_text(name)),
        }
    }
    if !mistakes.is_empty() {
        return Err(wrong(mistakes));
    }
    let sources = Sources::new(files).map_err(wrong)?;
    let handbook = handbook::read(&sources).map_err(wrong)?;
    Ok((sources, handbook))
}

fn not_text(file: String) -> Mistake {
    Mistake { file, line: None, words: "this is not a text in UTF-8; save it as UTF-8".to_owned() }
}

/// Every file below a folder, sorted; hidden ones are passed over.
fn paths_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if paths.len() < FILES_MAX {
                paths.push(entry.path());
            }
        }
    }
    paths.sort();
    Ok(paths)
}
