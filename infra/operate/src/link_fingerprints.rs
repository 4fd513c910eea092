//! Whether the secrets of a house are those that its letters were signed with.
//!
//! Each practice remembers the fingerprint of its secret, and takes it along when it moves. A secret of
//! another house would be taken without a word otherwise: no link in a letter that has left would open
//! any more, no client be known again, and the next copy would have the wrong one.

use domain::PracticeId;
use shell::LinkKeys;
use store::{Store, StoredHandbook};

use crate::OperateProblem;

/// Sees that every practice is signed for with the secret that it remembers; one that remembers none,
/// from an earlier version, is passed over.
///
/// # Errors
/// A practice has another secret, or the tables do not answer.
pub async fn see_that_links_open(store: &Store, keys: &LinkKeys) -> Result<(), OperateProblem> {
    checked(store, keys).await.map(drop)
}

/// The same, and those that remember none do from now on.
///
/// # Errors
/// As [`see_that_links_open`]; nothing is remembered then.
pub async fn remember_fingerprints(store: &Store, keys: &LinkKeys) -> Result<(), OperateProblem> {
    for (practice, stored) in checked(store, keys).await? {
        if stored.link_fingerprint.is_none() {
            remember_fingerprint(store, &practice, keys).await?;
        }
    }
    Ok(())
}

/// All practices, none of which has another secret.
async fn checked(
    store: &Store,
    keys: &LinkKeys,
) -> Result<Vec<(PracticeId, StoredHandbook)>, OperateProblem> {
    let practices = store.practices().await?;
    for (practice, stored) in &practices {
        see_that_it_is_its_own(practice, stored, keys)?;
    }
    Ok(practices)
}

/// Has a practice remember the fingerprint of its secret.
pub(crate) async fn remember_fingerprint(
    store: &Store,
    practice: &PracticeId,
    keys: &LinkKeys,
) -> Result<(), OperateProblem> {
    let is_kept = store.keep_link_fingerprint(practice, &keys.fingerprint_of(practice)).await?;
    if is_kept { Ok(()) } else { Err(OperateProblem::OtherSecret(practice.clone())) }
}

/// Sees that the secret of a practice is the one that it remembers, if it remembers one.
pub(crate) fn see_that_it_is_its_own(
    practice: &PracticeId,
    stored: &StoredHandbook,
    keys: &LinkKeys,
) -> Result<(), OperateProblem> {
    match &stored.link_fingerprint {
        Some(known) if *known != keys.fingerprint_of(practice) => {
            Err(OperateProblem::OtherSecret(practice.clone()))
        }
        Some(_) | None => Ok(()),
    }
}
