//! Putting a practice's folder in force.

use domain::{Handbook, PracticeId};
use handbook::Sources;
use shell::Shell;
use store::{HandbookChange, Standing, StoredHandbook};

use crate::{OperateProblem, link_fingerprints::remember_fingerprint};

/// Puts a practice's handbook in force, and begins what a practice has once. One that is new here does
/// `standing` from its first moment on. Whoever calls it has seen that the links of the house open.
pub async fn load_practice(
    shell: &Shell,
    sources: &Sources,
    handbook: &Handbook,
    standing: Standing,
) -> Result<PracticeId, OperateProblem> {
    let practice = handbook.practice.id.clone();
    put_folder_in_force(shell, sources, handbook, standing).await?;
    remember_fingerprint(&shell.store, &practice, &shell.links).await?;
    reminders::open_books(shell, &practice).await.map_err(|problem| {
        let words = problem.for_the_log();
        OperateProblem::house(format!("the practice's day book cannot be begun: {words}"))
    })?;
    Ok(practice)
}

/// Puts the folder's handbook in force, unless the folder is as it was when it was last loaded:
/// then what was changed at the desk since stays.
async fn put_folder_in_force(
    shell: &Shell,
    sources: &Sources,
    handbook: &Handbook,
    standing: Standing,
) -> Result<(), OperateProblem> {
    let (store, practice) = (&shell.store, &handbook.practice.id);
    let in_force = store.handbook(practice).await?;
    let loaded_before = in_force.as_ref().and_then(|stored| stored.folder.as_ref());
    if loaded_before == Some(&handbook.version) {
        return Ok(());
    }
    let version = handbook.version.clone();
    let change = HandbookChange { version: version.clone(), at: shell.now(), by: None };
    let folder = Some(version.clone());
    let sources = sources.to_json();
    let stored = StoredHandbook { version, sources, folder, standing, link_fingerprint: None };
    let seen = in_force.as_ref().map(|stored| stored.version.as_str());
    if !store.put_handbook(practice, &stored, seen, &change).await? {
        let words = "somebody else put a handbook in force at this moment; do it once more";
        return Err(OperateProblem::refused(words));
    }
    shell.forget_handbooks();
    Ok(())
}
