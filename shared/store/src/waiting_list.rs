//! The waiting list's book: when the list is next looked through, and who is on it.
//!
//! The book is a hint and no law: it is written after the fact that frees a time, and whatever it
//! misses is found when the practice's day book turns, which wakes the list each morning.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use chrono::{DateTime, Utc};
use domain::{ClientId, PracticeId};
use serde::Deserialize;

use crate::{
    Store, StoreError,
    form::{FORM, FORM_IF_NEW},
    items::instant,
    keys::{Apart, Item, Key, number, shard_of, text},
    tables::DESK_INDEX,
};

/// When a practice's waiting list is looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingBook {
    /// How often the list was woken.
    pub version: u64,
    /// When the list is next looked through.
    pub due: DateTime<Utc>,
    /// The last place that was reached, if a look is under way.
    pub reached: Option<Place>,
}

/// A place on the waiting list: whoever has waited longer stands before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(String);

/// The sort key of the book.
pub(crate) const WAITING_BOOK: &str = "WAITING";

fn book(practice: &PracticeId) -> Key {
    Key::apart(practice, Apart::Waiting, WAITING_BOOK)
}

/// What the desk's index sorts those by who wait for a time; whoever has been offered one is not
/// among them.
pub(crate) const WISH: &str = "wish#";

/// How many of those who wait are listed at once.
pub const WAITING_LISTED: usize = 50;

impl Store {
    /// Has the list looked through at `due`; where nobody waits yet, only if somebody comes onto it.
    pub async fn wake_waiting_list(
        &self,
        practice: &PracticeId,
        due: DateTime<Utc>,
        somebody_comes: bool,
    ) -> Result<(), StoreError> {
        let key = book(practice);
        let is_open = (!somebody_comes).then(|| "attribute_exists(due_at)".to_owned());
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.practices)
            .set_key(Some(key.item()))
            .update_expression(format!(
                "SET {FORM_IF_NEW}, due_shard = :shard, due_at = :due REMOVE reached \
                 ADD version :one"
            ))
            .set_condition_expression(is_open)
            .expression_attribute_values(":form", number(FORM))
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
            reached: Option<String>,
        }
        let key = book(practice);
        let item = self.get("load the waiting list's book", &self.tables.practices, &key).await?;
        let Some(item) = item else { return Ok(None) };
        let Stored { version, due_at, reached } =
            serde_dynamo::from_item(item).map_err(StoreError::unreadable("waiting list's book"))?;
        let due = due_at.map(instant).transpose();
        let due = due.map_err(StoreError::unreadable("waiting list's book"))?;
        let reached = reached.map(Place);
        Ok(due.map(|due| WaitingBook { version, due, reached }))
    }

    /// Turns the book to the next look, or closes it where nobody waits any more. If the list was
    /// woken meanwhile, it stays as it is.
    pub async fn turn_waiting_book(
        &self,
        practice: &PracticeId,
        seen: &WaitingBook,
        next: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let update = self.update_of_book(practice, seen);
        let update = match next {
            Some(next) => update
                .update_expression("SET due_at = :next REMOVE reached")
                .expression_attribute_values(":next", number(next.timestamp())),
            None => update.update_expression("REMOVE due_at, due_shard, reached"),
        };
        self.update_if("turn the waiting list's book", update).await.map(drop)
    }

    /// Notes how far a look has come, for whoever goes on with it. Answers whether it is to go on:
    /// not if the list was woken meanwhile, and is to be looked through from its beginning.
    pub async fn mark_waiting_book(
        &self,
        practice: &PracticeId,
        seen: &WaitingBook,
        reached: &Place,
    ) -> Result<bool, StoreError> {
        let update = self
            .update_of_book(practice, seen)
            .update_expression("SET reached = :reached")
            .expression_attribute_values(":reached", text(&reached.0));
        self.update_if("mark the waiting list's book", update).await
    }

    /// A change of the book, unless the list was woken, or looked through, since it was seen.
    fn update_of_book(&self, practice: &PracticeId, seen: &WaitingBook) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.tables.practices)
            .set_key(Some(book(practice).item()))
            .condition_expression("version = :version AND due_at = :due")
            .expression_attribute_values(":version", number(seen.version))
            .expression_attribute_values(":due", number(seen.due.timestamp()))
    }

    /// The next [`WAITING_LISTED`] who wait for a time behind this place, whoever has waited longest
    /// first; fewer at the end of the list.
    pub async fn clients_waiting(
        &self,
        practice: &PracticeId,
        behind: Option<&Place>,
    ) -> Result<Vec<(Place, ClientId)>, StoreError> {
        // Of two words of which one goes on where the other ends, the shorter comes first.
        let from = behind.map_or_else(|| WISH.to_owned(), |place| format!("{}\u{1}", place.0));
        let query = self
            .client
            .query()
            .table_name(&self.tables.clients)
            .index_name(DESK_INDEX)
            .key_condition_expression("desk = :practice AND desk_since BETWEEN :from AND :to")
            .expression_attribute_values(":practice", text(practice.as_str()))
            .expression_attribute_values(":from", text(&from))
            .expression_attribute_values(":to", text(&format!("{WISH}~")));
        let items = self.query_all("list who waits", query, WAITING_LISTED).await?;
        let listed = |item: &Item| {
            let place = item.get("desk_since")?.as_s().ok()?.clone();
            Some((Place(place), ClientId::parse(&Key::read(item)?.sk).ok()?))
        };
        Ok(items.iter().filter_map(listed).collect())
    }
}
