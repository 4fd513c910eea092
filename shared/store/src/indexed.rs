//! Where a file stands in the indexes: when the clock looks at it, and what the desk sees of it.
//!
//! Both follow from the file and are written with it. An entry that is missing or stands for another
//! moment would let a file slip away, so they can be compared and put right.

use chrono::{DateTime, Utc};
use domain::{ClientFile, PracticeId};

use crate::{
    items::instant,
    keys::{Item, Key, number, shard_of, text},
    waiting_list::WISH,
};

/// Where a file stands in the indexes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Indexed {
    /// When the clock looks at it.
    due: Option<DateTime<Utc>>,
    /// Why the desk looks at it, and since when.
    attention: Option<String>,
}

impl Indexed {
    /// Where a file belongs that is next due then.
    pub fn of(file: &ClientFile, due: Option<DateTime<Utc>>) -> Self {
        Self { due, attention: attention(file) }
    }

    /// Whether nobody looks at the file where it stands, although it belongs to `where_it_belongs`.
    pub fn is_forgotten(&self, where_it_belongs: &Self) -> bool {
        let is_missing = |has: bool, should: bool| should && !has;
        is_missing(self.due.is_some(), where_it_belongs.due.is_some())
            || is_missing(self.attention.is_some(), where_it_belongs.attention.is_some())
    }

    /// Whether the clock should have looked at it by now.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    pub(crate) fn read(item: &Item) -> Self {
        let attention = item.get("desk_since").and_then(|since| since.as_s().ok()).cloned();
        Self { due: due_of(item), attention }
    }

    /// The attributes by which the indexes find the head with this key.
    pub(crate) fn attributes(&self, practice: &PracticeId, key: &Key) -> Item {
        let mut item = Item::new();
        if let Some(due) = self.due {
            item.insert("due_shard".to_owned(), text(&shard_of(key)));
            item.insert("due_at".to_owned(), number(due.timestamp()));
        }
        if let Some(since) = &self.attention {
            item.insert("desk".to_owned(), text(practice.as_str()));
            item.insert("desk_since".to_owned(), text(since));
        }
        item
    }
}

/// Every attribute that [`Indexed::attributes`] can have.
pub(crate) const INDEXED: [&str; 4] = ["due_shard", "due_at", "desk", "desk_since"];

/// For when an item stands in the index of what is due.
pub(crate) fn due_of(item: &Item) -> Option<DateTime<Utc>> {
    let seconds = item.get("due_at")?.as_n().ok()?.parse().ok()?;
    instant(seconds).ok()
}

/// What the desk's index sorts by: who asks, who needs a person, who waits for a time, each by age;
/// none if nobody needs to look.
fn attention(file: &ClientFile) -> Option<String> {
    if let Some(request) = file.request() {
        return Some(format!("request#{:012}", request.asked_at.timestamp()));
    }
    if let Some(listed) = file.listed() {
        let name = if listed.offered.is_none() { WISH } else { "wished#" };
        // Each place is one of its own, so that a look can stop at any of them.
        return Some(format!("{name}{:012}#{}", listed.since.timestamp(), file.id));
    }
    let oldest = file.tasks().into_iter().next()?;
    Some(format!("task#{:012}", oldest.since.timestamp()))
}
