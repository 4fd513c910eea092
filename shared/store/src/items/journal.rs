//! The journal: one entry for each commit, chained by hashes, so that a change in the past shows.

use chrono::{DateTime, Utc};
use domain::{Actor, ClientFile, CommandId, Event, evolve};
use serde::{Deserialize, Serialize};

use crate::fingerprint::fingerprint;

use super::{
    Malformed,
    event::StoredEvent,
    parsed,
    parts::{StoredActor, instant},
};

/// What one commit added to a file.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalEntry {
    /// Its number; the first is 1.
    pub number: u64,
    /// The wish that led to it.
    pub command: CommandId,
    /// Who wished.
    pub actor: Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// What happened.
    pub events: Vec<Event>,
}

/// What is wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalProblem {
    /// An entry is missing, doubled, or out of order.
    #[error("entry {0} is not where it belongs")]
    Order(u64),
    /// An entry is not what it was when it was written.
    #[error("entry {0} was altered")]
    Altered(u64),
    /// The journal does not fold to the head.
    #[error("the journal does not fold to the file")]
    Fold,
}

/// An entry as stored: its content as one JSON text, and the hash over it and all before it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredEntry {
    number: u64,
    entry: String,
    hash: String,
}

#[derive(Serialize, Deserialize)]
struct Content {
    command: String,
    actor: StoredActor,
    at: i64,
    events: Vec<StoredEvent>,
}

/// What the first entry is chained to.
pub(crate) fn first_hash() -> String {
    String::new()
}

impl StoredEntry {
    pub(crate) fn chain(entry: &JournalEntry, previous: &str) -> Result<Self, serde_json::Error> {
        let content = serde_json::to_string(&Content {
            command: entry.command.to_string(),
            actor: (&entry.actor).into(),
            at: entry.at.timestamp(),
            events: entry.events.iter().map(StoredEvent::from).collect(),
        })?;
        let hash = hash_of(previous, entry.number, &content);
        Ok(Self { number: entry.number, entry: content, hash })
    }

    pub(crate) fn hash(&self) -> &str {
        &self.hash
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// When it was committed, if that much of it can be read.
    pub(crate) fn at(&self) -> Option<DateTime<Utc>> {
        #[derive(Deserialize)]
        struct At {
            at: i64,
        }
        let read: At = serde_json::from_str(&self.entry).ok()?;
        instant(read.at).ok()
    }

    pub(crate) fn read(&self) -> Result<JournalEntry, Malformed> {
        let content: Content = parsed("journal entry", serde_json::from_str(&self.entry))?;
        Ok(JournalEntry {
            number: self.number,
            command: parsed("command", CommandId::parse(&content.command))?,
            actor: content.actor.try_into()?,
            at: instant(content.at)?,
            events: content.events.into_iter().map(Event::try_from).collect::<Result<_, _>>()?,
        })
    }
}

fn hash_of(previous: &str, number: u64, content: &str) -> String {
    fingerprint(&[previous, &number.to_string(), content])
}

/// Checks that a journal is whole, unaltered, and folds to `head`.
pub(crate) fn verify(
    entries: &[StoredEntry],
    head: Option<&ClientFile>,
) -> Result<(), JournalProblem> {
    let mut previous = first_hash();
    let mut file = None;
    for (expected, stored) in (1..).zip(entries) {
        if stored.number != expected {
            return Err(JournalProblem::Order(expected));
        }
        let altered = || JournalProblem::Altered(expected);
        if hash_of(&previous, stored.number, &stored.entry) != stored.hash {
            return Err(altered());
        }
        previous.clone_from(&stored.hash);
        let entry = stored.read().map_err(|_| altered())?;
        for event in &entry.events {
            file = Some(evolve(file, event, entry.at));
        }
    }
    if file.as_ref() == head { Ok(()) } else { Err(JournalProblem::Fold) }
}
