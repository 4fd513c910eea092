//! Calendars that somebody else keeps: where they are read, how it went the last time, and what they
//! say, which stands beside the day sheets so that one read brings both.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{FeedAddress, OtherCalendar, PracticeId, Slot, StaffId};
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError,
    items::{Malformed, instant, parsed},
    keys::{Item, Key, number, provider_of_calendar, shard_of, text},
    usage::Access,
};

/// A calendar that is read again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSource {
    /// Its random name.
    pub id: String,
    /// Whose time it tells of.
    pub provider: StaffId,
    /// What staff call it.
    pub name: String,
    /// Where it is read.
    pub address: FeedAddress,
    /// For how long what was read counts.
    pub grace: TimeDelta,
    /// When it was last read.
    pub read_at: DateTime<Utc>,
    /// The tag of what was read, if its server has such tags.
    pub etag: Option<String>,
    /// Until when it was looked through.
    pub until: DateTime<Utc>,
    /// What is wrong with it, in sentences; nothing, if all is well.
    pub troubles: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredSource {
    id: String,
    provider: String,
    name: String,
    address: String,
    grace: i64,
    read: i64,
    etag: Option<String>,
    until: i64,
    troubles: Vec<String>,
}

const SOURCE: &str = "OTHER#";

/// How many of them one practice has at most.
pub const SOURCES_MAX: usize = 20;

/// The sort key of what all other calendars of a provider say. It sorts behind every date.
pub(crate) const ELSEWHERE: &str = "elsewhere";

/// What each of them says is an attribute of its own, so that one is written without the others.
const SAID: &str = "o:";

#[derive(Serialize, Deserialize)]
struct Said {
    /// Beginnings and lengths in minutes since the epoch, one after the other: short, for there
    /// may be thousands.
    busy: Vec<i64>,
    until: i64,
    read: i64,
    grace: i64,
}

/// The name of a source whose key this is.
pub(crate) fn source_of(key: &Key) -> Option<String> {
    key.sk.strip_prefix(SOURCE).map(str::to_owned)
}

fn key(practice: &PracticeId, id: &str) -> Key {
    Key::of_practice(practice, &format!("{SOURCE}{id}"))
}

impl Store {
    /// Keeps a source, and when it is to be read again.
    pub async fn put_source(
        &self,
        practice: &PracticeId,
        source: &CalendarSource,
        due: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let stored = StoredSource::from(source);
        let key = key(practice, &source.id);
        let mut item: Item =
            serde_dynamo::to_item(stored).map_err(StoreError::unreadable("calendar source"))?;
        item.insert("due_shard".to_owned(), text(&shard_of(&key)));
        item.insert("due_at".to_owned(), number(due.timestamp()));
        item.extend(key.item());
        self.put("keep a calendar source", &self.tables.practices, item).await
    }

    /// Keeps what a source says.
    pub async fn put_elsewhere(
        &self,
        practice: &PracticeId,
        source: &CalendarSource,
        busy: Option<&[Slot]>,
    ) -> Result<(), StoreError> {
        let said = format!("{SAID}{}", source.id);
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.calendar)
            .set_key(Some(Key::elsewhere(practice, &source.provider).item()))
            .expression_attribute_names("#said", said)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let update = match busy {
            Some(busy) => {
                let said = Said::of(source, busy);
                let said = serde_dynamo::to_attribute_value(said)
                    .map_err(StoreError::unreadable("busy times"))?;
                update
                    .update_expression("SET #said = :said")
                    .expression_attribute_values(":said", said)
            }
            // As it was, and read again just now.
            None => update
                .update_expression("SET #said.#read = :read")
                .condition_expression("attribute_exists(#said)")
                .expression_attribute_names("#read", "read")
                .expression_attribute_values(":read", number(source.read_at.timestamp())),
        };
        let answer = update.send().await.map_err(StoreError::request("keep busy times"))?;
        self.usage.count(Access::Write, answer.consumed_capacity());
        Ok(())
    }

    /// Forgets a source and what it said: first what it said, so that nothing is left behind that
    /// nobody renews.
    pub async fn end_source(
        &self,
        practice: &PracticeId,
        source: &CalendarSource,
    ) -> Result<(), StoreError> {
        let attempt = "end a calendar source";
        let said = self
            .client
            .update_item()
            .table_name(&self.tables.calendar)
            .set_key(Some(Key::elsewhere(practice, &source.provider).item()))
            .update_expression("REMOVE #said")
            .expression_attribute_names("#said", format!("{SAID}{}", source.id))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::request(attempt))?;
        self.usage.count(Access::Write, said.consumed_capacity());
        let gone = self
            .client
            .delete_item()
            .table_name(&self.tables.practices)
            .set_key(Some(key(practice, &source.id).item()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::request(attempt))?;
        self.usage.count(Access::Write, gone.consumed_capacity());
        Ok(())
    }

    /// The source of that name.
    pub async fn source(
        &self,
        practice: &PracticeId,
        id: &str,
    ) -> Result<Option<CalendarSource>, StoreError> {
        let key = key(practice, id);
        let item = self.get("load a calendar source", &self.tables.practices, &key).await?;
        item.map(read_source).transpose()
    }

    /// All sources of a practice.
    pub async fn sources(&self, practice: &PracticeId) -> Result<Vec<CalendarSource>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.practices)
            .key_condition_expression("pk = :pk AND begins_with(sk, :source)")
            .expression_attribute_values(":pk", text(practice.as_str()))
            .expression_attribute_values(":source", text(SOURCE));
        let items = self.query_all("list calendar sources", query, SOURCES_MAX).await?;
        items.into_iter().map(read_source).collect()
    }

    /// What all other calendars of a provider say.
    pub async fn elsewhere(
        &self,
        practice: &PracticeId,
        provider: &StaffId,
    ) -> Result<Vec<OtherCalendar>, StoreError> {
        let key = Key::elsewhere(practice, provider);
        let item = self.get("load busy times", &self.tables.calendar, &key).await?;
        item.map_or(Ok(vec![]), read_elsewhere)
    }
}

fn read_source(item: Item) -> Result<CalendarSource, StoreError> {
    let stored: StoredSource =
        serde_dynamo::from_item(item).map_err(StoreError::unreadable("calendar source"))?;
    stored.try_into().map_err(StoreError::unreadable("calendar source"))
}

/// Reads what all other calendars of a provider say.
pub(crate) fn read_elsewhere(item: Item) -> Result<Vec<OtherCalendar>, StoreError> {
    let pk = item.get("pk").and_then(|pk| pk.as_s().ok());
    let provider = pk
        .and_then(|pk| provider_of_calendar(pk))
        .ok_or_else(|| StoreError::unreadable("busy times")(Malformed { what: "calendar" }))?;
    let said: BTreeMap<String, AttributeValue> =
        item.into_iter().filter(|(name, _)| name.starts_with(SAID)).collect();
    let mut calendars = Vec::with_capacity(said.len());
    for value in said.into_values() {
        let said: Said = serde_dynamo::from_attribute_value(value)
            .map_err(StoreError::unreadable("busy times"))?;
        let read = said.read(&provider);
        calendars.push(read.map_err(StoreError::unreadable("busy times"))?);
    }
    Ok(calendars)
}

impl Said {
    fn of(source: &CalendarSource, busy: &[Slot]) -> Self {
        let minutes = |slot: &Slot| {
            // Never shorter than it is.
            let from = slot.start.timestamp().div_euclid(60);
            let to = (slot.end.timestamp() + 59).div_euclid(60);
            [from, to - from]
        };
        Self {
            busy: busy.iter().flat_map(minutes).collect(),
            until: source.until.timestamp(),
            read: source.read_at.timestamp(),
            grace: source.grace.num_seconds(),
        }
    }

    fn read(self, provider: &StaffId) -> Result<OtherCalendar, Malformed> {
        let slot = |pair: &[i64]| {
            let [from, length] = pair else { return Err(Malformed { what: "busy time" }) };
            let start = instant(from * 60)?;
            Ok(Slot { start, end: start + TimeDelta::minutes(*length) })
        };
        Ok(OtherCalendar {
            provider: provider.clone(),
            busy: self.busy.chunks(2).map(slot).collect::<Result<_, _>>()?,
            until: instant(self.until)?,
            read_at: instant(self.read)?,
            grace: TimeDelta::seconds(self.grace),
        })
    }
}

impl From<&CalendarSource> for StoredSource {
    fn from(source: &CalendarSource) -> Self {
        Self {
            id: source.id.clone(),
            provider: source.provider.to_string(),
            name: source.name.clone(),
            address: source.address.as_str().to_owned(),
            grace: source.grace.num_seconds(),
            read: source.read_at.timestamp(),
            etag: source.etag.clone(),
            until: source.until.timestamp(),
            troubles: source.troubles.clone(),
        }
    }
}

impl TryFrom<StoredSource> for CalendarSource {
    type Error = Malformed;

    fn try_from(stored: StoredSource) -> Result<Self, Malformed> {
        Ok(Self {
            id: stored.id,
            provider: parsed("provider", StaffId::parse(&stored.provider))?,
            name: stored.name,
            address: parsed("feed address", FeedAddress::parse(&stored.address))?,
            grace: TimeDelta::seconds(stored.grace),
            read_at: instant(stored.read)?,
            etag: stored.etag,
            until: instant(stored.until)?,
            troubles: stored.troubles,
        })
    }
}
