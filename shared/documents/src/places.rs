//! How sessions happen, each way once.

use std::collections::{BTreeMap, BTreeSet};

use domain::SessionType;

/// Each way in which these sessions happen, with the names of those that happen so.
pub(crate) fn places<'s>(
    sessions: impl Iterator<Item = &'s SessionType>,
) -> BTreeMap<&'s str, BTreeSet<&'s str>> {
    let mut places: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for session in sessions {
        places.entry(session.place.as_str()).or_default().insert(&session.name);
    }
    places
}
