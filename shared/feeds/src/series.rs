//! What belongs to one event: itself, and the changes to single times of it.

use std::collections::BTreeMap;

use crate::{
    event::{Event, Takes},
    values::Stamp,
};

/// The events that share one name.
#[derive(Default)]
pub(crate) struct Series {
    pub(crate) events: Vec<Event>,
    /// Of several changes to the same time, the newest ones.
    pub(crate) changes: Vec<Event>,
}

/// Puts together what belongs together. Who has no name belongs to nobody.
pub(crate) fn series(events: Vec<Event>) -> Vec<Series> {
    let mut named: BTreeMap<String, Series> = BTreeMap::new();
    let mut all = Vec::new();
    for mut event in events {
        let Some(uid) = event.uid.take() else {
            all.push(Series { events: vec![event], changes: vec![] });
            continue;
        };
        let series = named.entry(uid).or_default();
        let list = if event.replaces.is_some() { &mut series.changes } else { &mut series.events };
        list.push(event);
    }
    all.extend(named.into_values().map(|series| {
        let changes = newest(series.changes);
        Series { changes, ..series }
    }));
    all
}

/// Leaves out the changes that a later one to the same time has replaced. A change that neither
/// cancels nor says when the time is now changes nothing.
fn newest(changes: Vec<Event>) -> Vec<Event> {
    let says_enough = |event: &Event| event.takes == Takes::Nothing || event.start.is_some();
    let name = |event: &Event| event.replaces.map(|replaced| replaced.time);
    let mut highest: BTreeMap<Option<Stamp>, u64> = BTreeMap::new();
    for event in changes.iter().filter(|event| says_enough(event)) {
        let sequence = highest.entry(name(event)).or_default();
        *sequence = event.sequence.max(*sequence);
    }
    let is_newest = |event: &Event| highest.get(&name(event)) == Some(&event.sequence);
    changes.into_iter().filter(|event| says_enough(event) && is_newest(event)).collect()
}
