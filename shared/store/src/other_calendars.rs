//! Calendars that somebody else keeps: where they are read, how it went the last time, and what they
//! say, which stands beside the day sheets so that one read brings both.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{AttributeValue, Delete, TransactWriteItem, Update, builders::UpdateBuilder},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{FeedAddress, OtherCalendar, PracticeId, Slot, StaffId};
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError,
    changes::Changes,
    items::{Malformed, instant, parsed},
    keys::{Apart, Item, Key, number, provider_of_calendar, shard_of, text},
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

/// What reading a calendar once more has brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It did not answer, or nobody could read it.
    Silence,
    /// It says what it said.
    Unchanged,
    /// It says this now.
    Busy(Vec<Slot>),
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
    Key::apart(practice, Apart::Others, &format!("{SOURCE}{id}"))
}

impl Store {
    /// Takes up a source with what it says, all or nothing; `due` is when it is read again. The same
    /// one again is as it was.
    pub async fn add_source(
        &self,
        practice: &PracticeId,
        source: &CalendarSource,
        busy: &[Slot],
        due: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let new = self.source_update(practice, source, due)?;
        let new = new.condition_expression("attribute_not_exists(pk)");
        let mut said = Changes::of_part();
        said.set(&[&said_name(source)], said_value(source, busy)?);
        let said = self.said_update(practice, source, said);
        let writes = vec![changed(new.build())?, changed(said.build())?];
        self.write_all("take up a calendar", writes).await?;
        Ok(())
    }

    /// Keeps how reading a source went, and what it says if it says something else. One that was
    /// ended meanwhile stays ended.
    pub async fn renew_source(
        &self,
        practice: &PracticeId,
        source: &CalendarSource,
        news: &News,
        due: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let renewed = self.source_update(practice, source, due)?;
        let renewed = renewed.condition_expression("attribute_exists(pk)");
        let mut writes = vec![changed(renewed.build())?];
        let (mut said, name) = (Changes::of_part(), said_name(source));
        match news {
            News::Silence => {}
            News::Unchanged => said.set(&[&name, "read"], number(source.read_at.timestamp())),
            News::Busy(busy) => said.set(&[&name], said_value(source, busy)?),
        }
        if *news != News::Silence {
            let said = self
                .said_update(practice, source, said)
                .condition_expression("attribute_exists(#said)")
                .expression_attribute_names("#said", name);
            writes.push(changed(said.build())?);
        }
        self.write_all("keep what a calendar says", writes).await?;
        Ok(())
    }

    /// Forgets a source and what it said, all or nothing: what nobody renews must not stay.
    pub async fn end_source(
        &self,
        practice: &PracticeId,
        source: &CalendarSource,
    ) -> Result<(), StoreError> {
        let mut said = Changes::of_part();
        said.remove(&[&said_name(source)]);
        let said = self.said_update(practice, source, said);
        let gone = Delete::builder()
            .table_name(&self.tables.practices)
            .set_key(Some(key(practice, &source.id).item()))
            .build()
            .map_err(StoreError::request(BUILD))?;
        let gone = TransactWriteItem::builder().delete(gone).build();
        self.write_all("end a calendar", vec![changed(said.build())?, gone]).await?;
        Ok(())
    }

    fn source_update(
        &self,
        practice: &PracticeId,
        source: &CalendarSource,
        due: DateTime<Utc>,
    ) -> Result<UpdateBuilder, StoreError> {
        let key = key(practice, &source.id);
        let mut item: Item = serde_dynamo::to_item(StoredSource::from(source))
            .map_err(StoreError::unreadable("calendar source"))?;
        item.insert("due_shard".to_owned(), text(&shard_of(&key)));
        item.insert("due_at".to_owned(), number(due.timestamp()));
        let update = Changes::of_whole(item).update();
        Ok(update.table_name(&self.tables.practices).set_key(Some(key.item())))
    }

    fn said_update(
        &self,
        practice: &PracticeId,
        source: &CalendarSource,
        said: Changes,
    ) -> UpdateBuilder {
        let key = Key::elsewhere(practice, &source.provider);
        said.update().table_name(&self.tables.calendar).set_key(Some(key.item()))
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
            .expression_attribute_values(":pk", text(&Apart::Others.of(practice)))
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

const BUILD: &str = "build a transaction";

fn changed(update: Result<Update, BuildError>) -> Result<TransactWriteItem, StoreError> {
    let update = update.map_err(StoreError::request(BUILD))?;
    Ok(TransactWriteItem::builder().update(update).build())
}

/// The attribute of what a source says.
fn said_name(source: &CalendarSource) -> String {
    format!("{SAID}{}", source.id)
}

fn said_value(source: &CalendarSource, busy: &[Slot]) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(Said::of(source, busy))
        .map_err(StoreError::unreadable("busy times"))
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
