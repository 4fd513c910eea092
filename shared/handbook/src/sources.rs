//! The files of a practice's folder as texts, within limits.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::Mistake;

const FILES_MAX: usize = 100;
const FILE_BYTES_MAX: usize = 64 * 1024;
/// A version is kept as one item of the tables, which hold 400 KB.
const BYTES_MAX: usize = 300 * 1024;

/// The files of a handbook: path with forward slashes, relative to the folder, and text.
///
/// Line ends are LF and there is no byte order mark, whichever system the files come from: the
/// same words are the same version everywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Sources(BTreeMap<String, String>);

/// Why a stored text is not the files of a handbook.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSources {
    /// It has another form.
    #[error("failed to read the stored files of a handbook")]
    Form(#[source] serde_json::Error),
    /// It breaks a rule that was not in force when it was stored.
    #[error("the stored files of a handbook break a rule: {0}")]
    Rule(#[source] Mistake),
}

impl Sources {
    /// Takes the files of a folder; `README.md` is for people and passed over.
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, Vec<Mistake>> {
        let mut taken = BTreeMap::new();
        let mut mistakes = Vec::new();
        let (mut count, mut bytes) = (0, 0);
        for (path, text) in files {
            count += 1;
            bytes += text.len();
            match mistake_in_file(&path, &text) {
                _ if path == "README.md" => {}
                Some(words) => mistakes.push(Mistake::in_file(&visible(&path), words)),
                None => {
                    taken.insert(path, unix(&text));
                }
            }
            if FILES_MAX < count || BYTES_MAX < bytes {
                let words = "this folder is too large for a handbook: \
                    it may have at most 100 files and 300 KB in all";
                mistakes.push(Mistake::in_file(".", words));
                break;
            }
        }
        if mistakes.is_empty() { Ok(Self(taken)) } else { Err(mistakes) }
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// The files in `folder` that end in `ending`: name without both, path and text.
    pub(crate) fn within(
        &self,
        folder: &'static str,
        ending: &'static str,
    ) -> impl Iterator<Item = (&str, &str, &str)> {
        self.0.iter().filter_map(move |(path, text)| {
            let name = path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(ending)?;
            Some((name, path.as_str(), text.as_str()))
        })
    }

    /// Every file's path and text, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// All files as one text, to keep a version; [`Sources::from_json`] reads it.
    pub fn to_json(&self) -> String {
        serde_json::json!(self.0).to_string()
    }

    /// Reads what [`Sources::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self, InvalidSources> {
        let files: BTreeMap<String, String> =
            serde_json::from_str(text).map_err(InvalidSources::Form)?;
        Self::new(files).map_err(|mut mistakes| InvalidSources::Rule(mistakes.swap_remove(0)))
    }
}

/// Prints paths: the texts are long.
impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sources").field(&self.0.keys()).finish()
    }
}

/// The first 16 hex digits of the SHA-256 over all names, lengths and texts.
pub fn version(sources: &Sources) -> String {
    let mut hash = Sha256::new();
    for (path, text) in &sources.0 {
        for part in [path, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hex::encode(&hash.finalize()[..8])
}

fn mistake_in_file(path: &str, text: &str) -> Option<String> {
    if !is_of_a_handbook(path) {
        return Some(
            "not a file of a handbook: it has practice.toml, policy.md, questionnaires/….toml, \
             letters/….md and letters/SESSION/….md, named in lower-case letters, digits and \
             hyphens; move this elsewhere"
                .into(),
        );
    }
    (FILE_BYTES_MAX < text.len())
        .then(|| "this file is too large: a file may have at most 64 KB".into())
}

fn is_of_a_handbook(path: &str) -> bool {
    let name = match path.split_once('/') {
        None => return matches!(path, "practice.toml" | "policy.md"),
        Some(("questionnaires", file)) => file.strip_suffix(".toml"),
        Some(("letters", file)) => file.strip_suffix(".md"),
        Some(_) => None,
    };
    let is_name = |name: &str| {
        (1..=64).contains(&name.len())
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    // Letters of one kind of session stand in a folder of its name.
    let own_letter = path.strip_prefix("letters/").and_then(|_| name?.split_once('/'));
    match (own_letter, name) {
        (Some((session, letter)), _) => is_name(session) && is_name(letter),
        (None, Some(name)) => is_name(name),
        (None, None) => false,
    }
}

/// A path that may be anything, fit for one line.
fn visible(path: &str) -> String {
    path.chars().take(120).flat_map(char::escape_debug).collect()
}

fn unix(text: &str) -> String {
    text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n")
}
