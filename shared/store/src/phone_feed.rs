//! The addresses under which phones read a calendar. Nothing secret is stored: the link of a feed is
//! made by a key outside the tables, and dies with the item.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use chrono::{DateTime, Utc};
use domain::{PracticeId, StaffId};
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError,
    items::{Malformed, instant, parsed},
    keys::{Apart, Item, Key, text},
    usage::Access,
};

/// A calendar that somebody reads on a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneFeedLink {
    /// Its random name.
    pub id: String,
    /// Whose calendar.
    pub provider: StaffId,
    /// Whether titles name clients.
    pub names: bool,
    /// Who made it.
    pub by: StaffId,
    /// Since when.
    pub since: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct StoredFeed {
    id: String,
    provider: String,
    names: bool,
    by: String,
    since: i64,
}

const FEED: &str = "FEED#";

/// How many of them one practice has at most.
const FEEDS_MAX: usize = 100;

fn key(practice: &PracticeId, id: &str) -> Key {
    Key::apart(practice, Apart::Feeds, &format!("{FEED}{id}"))
}

impl Store {
    /// Keeps a feed; the same one again changes nothing.
    pub async fn put_phone_feed(
        &self,
        practice: &PracticeId,
        feed: &PhoneFeedLink,
    ) -> Result<(), StoreError> {
        let stored = StoredFeed {
            id: feed.id.clone(),
            provider: feed.provider.to_string(),
            names: feed.names,
            by: feed.by.to_string(),
            since: feed.since.timestamp(),
        };
        let mut item: Item =
            serde_dynamo::to_item(stored).map_err(StoreError::unreadable("phone feed"))?;
        item.extend(key(practice, &feed.id).new_item());
        self.put("keep a phone feed", &self.tables.practices, item).await
    }

    /// The feed of that name, unless it was ended.
    pub async fn phone_feed(
        &self,
        practice: &PracticeId,
        id: &str,
    ) -> Result<Option<PhoneFeedLink>, StoreError> {
        let key = key(practice, id);
        let item = self.get("load a phone feed", &self.tables.practices, &key).await?;
        item.map(read).transpose()
    }

    /// All feeds of a practice.
    pub async fn phone_feeds(
        &self,
        practice: &PracticeId,
    ) -> Result<Vec<PhoneFeedLink>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.practices)
            .key_condition_expression("pk = :pk AND begins_with(sk, :feed)")
            .expression_attribute_values(":pk", text(&Apart::Feeds.of(practice)))
            .expression_attribute_values(":feed", text(FEED));
        let items = self.query_all("list phone feeds", query, FEEDS_MAX).await?;
        items.into_iter().map(read).collect()
    }

    /// Ends a feed: its link is dead from now on.
    pub async fn end_phone_feed(&self, practice: &PracticeId, id: &str) -> Result<(), StoreError> {
        let answer = self
            .client
            .delete_item()
            .table_name(&self.tables.practices)
            .set_key(Some(key(practice, id).item()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::request("end a phone feed"))?;
        self.usage.count(Access::Write, answer.consumed_capacity());
        Ok(())
    }
}

fn read(item: Item) -> Result<PhoneFeedLink, StoreError> {
    let stored: StoredFeed =
        serde_dynamo::from_item(item).map_err(StoreError::unreadable("phone feed"))?;
    stored.try_into().map_err(StoreError::unreadable("phone feed"))
}

impl TryFrom<StoredFeed> for PhoneFeedLink {
    type Error = Malformed;

    fn try_from(stored: StoredFeed) -> Result<Self, Malformed> {
        Ok(Self {
            id: stored.id,
            provider: parsed("provider", StaffId::parse(&stored.provider))?,
            names: stored.names,
            by: parsed("staff", StaffId::parse(&stored.by))?,
            since: instant(stored.since)?,
        })
    }
}
