//! A practice's day book.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{PracticeId, StaffId};
use serde::Deserialize;

use crate::{
    Store, StoreError, Written,
    changes::Changes,
    items::instant,
    keys::{Key, number, shard_of, text},
    outbox::{agenda_item, agenda_key},
};

/// When a practice's agendas are next written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayBook {
    /// How often it was written.
    pub version: u64,
    /// When the next agenda is due.
    pub agenda_due: DateTime<Utc>,
}

const DAY_BOOK: &str = "DAYBOOK";

impl Store {
    /// Opens the connection before anybody waits for it: reads an item that is never there, with a
    /// right that every function has.
    pub async fn open(&self) -> Result<(), StoreError> {
        let key = Key::nowhere();
        self.get("open the connection", &self.tables.practices, &key).await?;
        Ok(())
    }

    /// The day book of a practice, if it was ever opened.
    pub async fn day_book(&self, practice: &PracticeId) -> Result<Option<DayBook>, StoreError> {
        #[derive(Deserialize)]
        struct Stored {
            version: u64,
            due_at: i64,
        }
        let key = Key::of_practice(practice, DAY_BOOK);
        let Some(item) = self.get("load a day book", &self.tables.practices, &key).await? else {
            return Ok(None);
        };
        let stored: Stored =
            serde_dynamo::from_item(item).map_err(StoreError::unreadable("day book"))?;
        let agenda_due = instant(stored.due_at).map_err(StoreError::unreadable("day book"))?;
        Ok(Some(DayBook { version: stored.version, agenda_due }))
    }

    /// Writes the day book, and the agendas of a day where they are due, in one transaction.
    /// Answers whether nobody else was faster.
    pub async fn put_day_book(
        &self,
        practice: &PracticeId,
        before: Option<&DayBook>,
        agenda_due: DateTime<Utc>,
        agendas: &[(&StaffId, NaiveDate)],
        written: Written<'_>,
    ) -> Result<bool, StoreError> {
        let attempt = "write a day book";
        let key = Key::of_practice(practice, DAY_BOOK);
        let version = before.map_or(0, |book| book.version);
        let turned = Changes::of_whole([
            ("version", number(version + 1)),
            ("due_shard", text(&shard_of(&key))),
            ("due_at", number(agenda_due.timestamp())),
        ]);
        let update = turned
            .update()
            .table_name(&self.tables.practices)
            .set_key(Some(key.item()))
            .condition_expression("attribute_not_exists(pk) OR version = :version")
            .expression_attribute_values(":version", number(version))
            .build()
            .map_err(StoreError::request(attempt))?;
        let mut writes = vec![TransactWriteItem::builder().update(update).build()];
        for (staff, date) in agendas {
            let put = Put::builder()
                .table_name(&self.tables.outbox)
                .set_item(Some(agenda_item(practice, staff, *date, written)?))
                .condition_expression("attribute_not_exists(pk)")
                .build()
                .map_err(StoreError::request(attempt))?;
            writes.push(TransactWriteItem::builder().put(put).build());
        }
        let is_written = self.write_all(attempt, writes).await?;
        for (staff, date) in agendas.iter().filter(|_| is_written) {
            self.announce(agenda_key(practice, staff, *date));
        }
        Ok(is_written)
    }
}
