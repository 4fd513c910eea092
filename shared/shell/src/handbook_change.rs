//! Changing the handbook at the desk: checked whole, then put in force.

use domain::{Handbook, PracticeId, StaffId};
use handbook::Sources;
use store::{HandbookChange, Standing, StoredHandbook};

use crate::{Problem, Shell};

/// The handbook in force as its files.
#[derive(Debug, Clone)]
pub struct HandbookFiles {
    /// Which version.
    pub version: String,
    /// Path and text of each file.
    pub files: Vec<(String, String)>,
    /// The version of the folder that was last loaded.
    folder: Option<String>,
}

/// A file of the handbook as somebody wants it.
#[derive(Debug, Clone)]
pub struct FileChange {
    /// Of which practice.
    pub practice: PracticeId,
    /// The version that they saw.
    pub seen: String,
    /// Which file.
    pub file: String,
    /// How it is to be.
    pub text: String,
    /// Who wants it.
    pub by: StaffId,
}

impl Shell {
    /// The files of the handbook in force, read from the tables and not from what is kept.
    pub async fn handbook_files(&self, practice: &PracticeId) -> Result<HandbookFiles, Problem> {
        let stored = self.store.handbook(practice).await?.ok_or(Problem::NotFound)?;
        let sources = Sources::from_json(&stored.sources).map_err(Problem::broken)?;
        let files = sources.files().map(|(path, text)| (path.to_owned(), text.to_owned()));
        let files = files.collect();
        Ok(HandbookFiles { version: stored.version, files, folder: stored.folder })
    }

    /// Puts a changed file in force, or says what is wrong with it, a sentence each.
    pub async fn change_handbook(&self, change: &FileChange) -> Result<Vec<String>, Problem> {
        let in_force = self.handbook_files(&change.practice).await?;
        let mut files = in_force.files;
        let Some(file) = files.iter_mut().find(|(path, _)| *path == change.file) else {
            return Err(Problem::NotFound);
        };
        file.1.clone_from(&change.text);
        let (sources, handbook) = match checked(&change.practice, files) {
            Ok(read) => read,
            Err(mistakes) => return Ok(mistakes),
        };
        let stored = StoredHandbook {
            standing: Standing::default(),
            link_fingerprint: None,
            version: handbook.version.clone(),
            sources: sources.to_json(),
            folder: in_force.folder,
        };
        let told = HandbookChange {
            version: handbook.version,
            at: self.now(),
            by: Some(change.by.clone()),
        };
        let seen = Some(change.seen.as_str());
        if self.store.put_handbook(&change.practice, &stored, seen, &told).await? {
            self.forget_handbooks();
            return Ok(vec![]);
        }
        Ok(vec![
            "Somebody else changed the handbook meanwhile. Open it once more in another window, and \
             bring your change over."
                .to_owned(),
        ])
    }
}

/// The files as a handbook, or every mistake in them.
fn checked(
    practice: &PracticeId,
    files: Vec<(String, String)>,
) -> Result<(Sources, Handbook), Vec<String>> {
    let words = |mistakes: Vec<handbook::Mistake>| -> Vec<String> {
        mistakes.iter().map(ToString::to_string).collect()
    };
    let sources = Sources::new(files).map_err(words)?;
    let handbook = handbook::read(&sources).map_err(words)?;
    if handbook.practice.id != *practice {
        let kept =
            format!("practice.toml: the `id` of a practice stays; here it is \"{practice}\".");
        return Err(vec![kept]);
    }
    Ok((sources, handbook))
}
