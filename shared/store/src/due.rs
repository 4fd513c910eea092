//! What is due: the indexes nominate, a consistent read decides.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ClientId, PracticeId};

use crate::{
    OutgoingKey, Store, StoreError,
    keys::{Item, Key, number, practice_of, shards, text},
    other_calendars::source_of,
    tables::{DUE_INDEX, RETRY_INDEX},
    waiting_list::WAITING_BOOK,
};

/// How much one look takes from one shard; the rest is found by the next look. This is also how much of
/// what fails again and again keeps the others of its shard from their turn.
const SHARD_MAX: usize = 1_000;

/// What is due for longer was looked at again and again, and fails; or there is more to do than a minute
/// has room for, of which an alarm tells. It comes behind the others, so that it keeps nobody waiting.
const FAILS_AFTER: TimeDelta = TimeDelta::hours(1);

/// What the clock should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// A client file.
    Client(PracticeId, ClientId),
    /// A practice's day book.
    DayBook(PracticeId),
    /// A calendar that somebody else keeps, by its name.
    Source(PracticeId, String),
    /// A practice's waiting list.
    WaitingList(PracticeId),
}

impl Store {
    /// Everything that is due at `now`, what has waited longest first; but waiting lists, which take longer
    /// than anything else, stand behind the others, and what has waited for more than an hour behind those.
    pub async fn due(&self, now: DateTime<Utc>) -> Result<Vec<Due>, StoreError> {
        let (clients, practices) = (&self.tables.clients, &self.tables.practices);
        let files = self.due_in(clients, DUE_INDEX, "due", shards(), now).await?;
        let books = self.due_in(practices, DUE_INDEX, "due", shards(), now).await?;
        let timed = |read: fn(&Key) -> Option<Due>| {
            move |item: &Item| Some((seconds(item, "due_at"), read(&Key::read(item)?)?))
        };
        let (files, books) = (files.iter(), books.iter());
        let found = files.filter_map(timed(due_file)).chain(books.filter_map(timed(due_book)));
        let mut found: Vec<(Option<i64>, Due)> = found.collect();
        found.sort_by_key(|(at, due)| (is_late(*at, now), matches!(due, Due::WaitingList(_)), *at));
        Ok(found.into_iter().map(|(_, due)| due).collect())
    }

    /// Letters that are to be tried again by now, in the same order.
    pub async fn due_letters(&self, now: DateTime<Utc>) -> Result<Vec<OutgoingKey>, StoreError> {
        let outbox = &self.tables.outbox;
        let mut found = self.due_in(outbox, RETRY_INDEX, "retry", shards(), now).await?;
        found.sort_by_key(|item| {
            let at = seconds(item, "retry_at");
            (is_late(at, now), at)
        });
        Ok(found.iter().filter_map(Key::read).map(OutgoingKey).collect())
    }

    /// The entries of a time index in these shards whose time has come, the oldest first.
    pub(crate) async fn due_in(
        &self,
        table: &str,
        index: &str,
        what: &str,
        shards: impl Iterator<Item = String>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Item>, StoreError> {
        let mut found = Vec::new();
        for shard in shards {
            let query = self
                .client
                .query()
                .table_name(table)
                .index_name(index)
                .key_condition_expression("#shard = :shard AND #at <= :now")
                .expression_attribute_names("#shard", format!("{what}_shard"))
                .expression_attribute_names("#at", format!("{what}_at"))
                .expression_attribute_values(":shard", text(&shard))
                .expression_attribute_values(":now", number(now.timestamp()));
            found.extend(self.query_all("look for what is due", query, SHARD_MAX).await?);
        }
        // Whoever has time for a part only must not leave the last shard for ever.
        found.sort_by_key(|item| seconds(item, &format!("{what}_at")));
        Ok(found)
    }

    /// The earliest instant at which anything is due, looked up for the local house's clock page;
    /// nights are left out.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut earliest: Option<DateTime<Utc>> = None;
        for (table, index, what) in [
            (&self.tables.clients, DUE_INDEX, "due"),
            (&self.tables.practices, DUE_INDEX, "due"),
            (&self.tables.outbox, RETRY_INDEX, "retry"),
        ] {
            let next = self.first_in(table, index, what, shards()).await?;
            earliest = [earliest, next].into_iter().flatten().min();
        }
        Ok(earliest)
    }

    /// When the letter that has waited longest was to be tried again, or the next one is.
    pub async fn first_due_letter(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.first_in(&self.tables.outbox, RETRY_INDEX, "retry", shards()).await
    }

    /// The earliest instant for which anything stands in these shards of a time index.
    pub(crate) async fn first_in(
        &self,
        table: &str,
        index: &str,
        what: &str,
        shards: impl Iterator<Item = String>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut earliest: Option<i64> = None;
        for shard in shards {
            let query = self
                .client
                .query()
                .table_name(table)
                .index_name(index)
                .key_condition_expression("#shard = :shard")
                .expression_attribute_names("#shard", format!("{what}_shard"))
                .expression_attribute_values(":shard", text(&shard));
            let items = self.query_all("look for what is next", query, 1).await?;
            let at = items.first().and_then(|item| seconds(item, &format!("{what}_at")));
            earliest = [earliest, at].into_iter().flatten().min();
        }
        Ok(earliest.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
    }
}

fn is_late(at: Option<i64>, now: DateTime<Utc>) -> bool {
    at.is_some_and(|at| at < (now - FAILS_AFTER).timestamp())
}

fn due_file(key: &Key) -> Option<Due> {
    Some(Due::Client(PracticeId::parse(&key.pk).ok()?, ClientId::parse(&key.sk).ok()?))
}

fn due_book(key: &Key) -> Option<Due> {
    let practice = practice_of(&key.pk)?;
    Some(match source_of(key) {
        Some(source) => Due::Source(practice, source),
        None if key.sk == WAITING_BOOK => Due::WaitingList(practice),
        None => Due::DayBook(practice),
    })
}

fn seconds(item: &Item, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}
