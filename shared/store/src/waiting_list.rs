//! The waiting list's book: when the list is next looked through, and who is on it.
//!
//! The book is a hint and no law: it is written after the fact that frees a time, and whatever it
//! misses is found when the practice's day book turns, which wakes the list each morning.

use chrono::{DateTime, Utc};
use domain::{ClientId, PracticeId};
use serde::Deserialize;

use crate::{
    Store, StoreError,
    items::instant,
    keys::{Key, number, shard_of, text},
    tables::DESK_INDEX,
};

/// When a practice's waiting list is looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingBook {
    /// How often it was written.
    pub version: u64,
    /// When the list is next looked through.
    pub due: DateTime<Utc>,
}

/// The sort key of the book.
pub(crate) const WAITING_BOOK: &str = "WAITING";

/// What the desk's index sorts those by who wait for a time; whoever has been offered one is not
/// among them.
pub(crate) const WISH: &str = "wish#";

/// How many of those who wait are looked at; more than any practice could serve.
const WAITING_MAX: usize = 1_000;

impl Store {
    /// Has the list looked through at `due`; where nobody waits yet, only if somebody comes onto it.
    pub async fn wake_waiting_list(
        &self,
        practice: &PracticeId,
        due: DateTime<Utc>,
        somebody_comes: bool,
    ) -> Result<(), StoreError> {
        let key = Key::of_practice(practice, WAITING_BOOK);
        let is_open = (!somebody_comes).then(|| "attribute_exists(due_at)".to_owned());
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.practices)
            .set_key(Some(key.item()))
            .update_expression("SET due_shard = :shard, due_at = :due ADD version :one")
            .set_condition_expression(is_open)
            .expression_attribute_values(":shard", text(&shard_of(&key)))
            .expression_attribute_values(":due", number(due.timestamp()))
            .expression_attribute_values(":one", number(1));
        self.update_if("wake the waiting list", update).await.map(drop)
    }

    /// The book, if it is open.
    pub async fn waiting_book(
        &self,
        practice: &PracticeId,
    ) -> Result<Option<WaitingBook>, StoreError> {
        #[derive(Deserialize)]
        struct Stored {
            version: u64,
            due_at: Option<i64>,
        }
        let key = Key::of_practice(practice, WAITING_BOOK);
        let item = self.get("load the waiting list's book", &self.tables.practices, &key).await?;
        let Some(item) = item else { return Ok(None) };
        let Stored { version, due_at } =
            serde_dynamo::from_item(item).map_err(StoreError::unreadable("waiting list's book"))?;
        let due = due_at.map(instant).transpose();
        let due = due.map_err(StoreError::unreadable("waiting list's book"))?;
        Ok(due.map(|due| WaitingBook { version, due }))
    }

    /// Turns the book to the next look, or closes it where nobody waits any more. If the list was
    /// woken meanwhile, it stays as it is.
    pub async fn turn_waiting_book(
        &self,
        practice: &PracticeId,
        seen: &WaitingBook,
        next: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.practices)
            .set_key(Some(Key::of_practice(practice, WAITING_BOOK).item()))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(seen.version));
        let update = match next {
            Some(next) => update
                .update_expression("SET due_at = :next")
                .expression_attribute_values(":next", number(next.timestamp())),
            None => update.update_expression("REMOVE due_at, due_shard"),
        };
        self.update_if("turn the waiting list's book", update).await.map(drop)
    }

    /// Who waits for a time, whoever has waited longest first.
    pub async fn clients_waiting(
        &self,
        practice: &PracticeId,
    ) -> Result<Vec<ClientId>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.clients)
            .index_name(DESK_INDEX)
            .key_condition_expression("desk = :practice AND begins_with(desk_since, :wish)")
            .expression_attribute_values(":practice", text(practice.as_str()))
            .expression_attribute_values(":wish", text(WISH));
        let items = self.query_all("list who waits", query, WAITING_MAX).await?;
        let clients = items.iter().filter_map(Key::read);
        Ok(clients.filter_map(|key| ClientId::parse(&key.sk).ok()).collect())
    }
}
