//! The night: when a practice's files are all looked at once a day, and what is looked for.
//!
//! What is due is found each minute by an index. The night is for what an index cannot find: an
//! entry that is not there, one that stands for a moment the handbook has moved since, a letter
//! whose announcement was lost.

use std::ops::RangeInclusive;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use chrono::{DateTime, NaiveDate, Utc};
use domain::{ClientFile, ClientId, PracticeId};
use serde::Deserialize;

use crate::{
    Indexed, OutgoingKey, Store, StoreError,
    changes::Changes,
    form::{CHANGED, FORM, FORM_IF_NEW, known},
    indexed::{INDEXED, due_of},
    items::instant,
    keys::{Item, Key, night_shard_of, night_shards, number, of_client, shard_of, text},
    load::{Loaded, read_file},
    outbox::of_desk,
    tables::DUE_INDEX,
};

/// The sort key of a practice's night.
const NIGHT: &str = "NIGHT";

/// How many files are read at once.
const FILES_AT_ONCE: i32 = 200;

/// A file as the night sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct FileAtNight {
    /// The file.
    pub file: ClientFile,
    /// Where it stands in the indexes.
    pub indexed: Indexed,
    /// When it was last changed, if that was noted.
    pub changed: Option<DateTime<Utc>>,
}

/// How far a look through the files of a practice has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached(Key);

/// A practice whose night has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    /// Whose.
    pub practice: PracticeId,
    /// Since when it is due.
    pub due: DateTime<Utc>,
}

/// What is known of a night's look through the files, which may take more than one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NightLook {
    /// When it began.
    pub begun: DateTime<Utc>,
    /// How far it has come.
    pub reached: Option<Reached>,
    /// Whether something that it has come by could not be looked at.
    pub has_missed: bool,
    /// When the look of the last night that was closed began, if one was.
    pub before: Option<DateTime<Utc>>,
}

impl Store {
    /// Has the first night of a practice come at `due`, if none is planned yet.
    pub async fn open_night(
        &self,
        practice: &PracticeId,
        due: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let update = self
            .update_of_night(practice, due, "")
            .condition_expression("attribute_not_exists(due_at)");
        self.update_if("open the night", update).await.map(drop)
    }

    /// The look of this night, begun at `now` unless it has begun before; none if somebody else has
    /// turned the night meanwhile.
    pub async fn look_of_night(
        &self,
        night: &Night,
        now: DateTime<Utc>,
    ) -> Result<Option<NightLook>, StoreError> {
        let (attempt, unreadable) = ("load a night", StoreError::unreadable("night"));
        let key = Key::of_practice(&night.practice, NIGHT);
        let Some(item) = self.get(attempt, &self.tables.practices, &key).await? else {
            return Ok(None);
        };
        let stored: StoredNight = serde_dynamo::from_item(item).map_err(unreadable)?;
        if stored.due_at != night.due.timestamp() {
            return Ok(None);
        }
        let read = |seconds: Option<i64>| {
            seconds.map(instant).transpose().map_err(StoreError::unreadable("night"))
        };
        let reached = stored.reached;
        let reached = reached.map(|client| Reached(Key::of_practice(&night.practice, &client)));
        let begun = read(stored.begun)?.unwrap_or(now);
        let (has_missed, before) = (stored.missed.is_some(), read(stored.looked_before)?);
        Ok(Some(NightLook { begun, reached, has_missed, before }))
    }

    /// Notes how far a look has come, for the next run. It stands behind all others whose night has
    /// come by `now`, so that a large practice keeps nobody's night from being closed.
    pub async fn mark_night(
        &self,
        night: &Night,
        look: &NightLook,
        reached: &Reached,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let missed = if look.has_missed { ", missed = :begun" } else { "" };
        let marks = format!(", begun = :begun, reached = :reached{missed}");
        let update = self
            .update_of_night(&night.practice, now, &marks)
            .condition_expression("due_at = :seen")
            .expression_attribute_values(":seen", number(night.due.timestamp()))
            .expression_attribute_values(":begun", number(look.begun.timestamp()))
            .expression_attribute_values(":reached", text(&reached.0.sk));
        self.update_if("mark a night", update).await.map(drop)
    }

    /// Plans the next night in place of this one, whose look is over; if somebody else did, it stays as
    /// they planned it. A look that has missed something counts for none: the next one goes by the one
    /// before.
    pub async fn turn_night(
        &self,
        night: &Night,
        look: &NightLook,
        next: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let looked = if look.has_missed { "" } else { ", looked_before = :begun" };
        let marks = format!("{looked} REMOVE begun, reached, missed");
        let update = self
            .update_of_night(&night.practice, next, &marks)
            .condition_expression("due_at = :seen")
            .expression_attribute_values(":seen", number(night.due.timestamp()));
        let update = if look.has_missed {
            update
        } else {
            update.expression_attribute_values(":begun", number(look.begun.timestamp()))
        };
        self.update_if("turn the night", update).await.map(drop)
    }

    fn update_of_night(
        &self,
        practice: &PracticeId,
        due: DateTime<Utc>,
        more: &str,
    ) -> UpdateItemFluentBuilder {
        let key = Key::of_practice(practice, NIGHT);
        self.client
            .update_item()
            .table_name(&self.tables.practices)
            .set_key(Some(key.item()))
            .update_expression(format!(
                "SET {FORM_IF_NEW}, due_shard = :shard, due_at = :due{more}"
            ))
            .expression_attribute_values(":form", number(FORM))
            .expression_attribute_values(":shard", text(&night_shard_of(&key)))
            .expression_attribute_values(":due", number(due.timestamp()))
    }

    /// The practices whose night has come, whoever has waited longest first. They stand in shards of
    /// their own, so that a night never keeps a minute waiting.
    pub async fn nights(&self, now: DateTime<Utc>) -> Result<Vec<Night>, StoreError> {
        let practices = &self.tables.practices;
        let items = self.due_in(practices, DUE_INDEX, "due", night_shards(), now).await?;
        let nights = items.iter().map(|item| {
            let practice = Key::read(item).and_then(|key| PracticeId::parse(&key.pk).ok());
            Some(Night { practice: practice?, due: due_of(item)? })
        });
        Ok(nights.flatten().collect())
    }

    /// When the next night comes, anywhere; for the local house.
    pub async fn next_night(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.first_in(&self.tables.practices, DUE_INDEX, "due", night_shards()).await
    }

    /// The next files of a practice behind `reached`, each with why it cannot be read if it cannot, and
    /// how far the look has come; nowhere, at the end.
    pub async fn files_at_night(
        &self,
        practice: &PracticeId,
        reached: Option<Reached>,
    ) -> Result<(Vec<Result<FileAtNight, StoreError>>, Option<Reached>), StoreError> {
        let attempt = "look through the files of a practice";
        let answer = self
            .client
            .query()
            .table_name(&self.tables.clients)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(practice.as_str()))
            .limit(FILES_AT_ONCE)
            .set_exclusive_start_key(reached.map(|Reached(key)| key.item()))
            .return_consumed_capacity(aws_sdk_dynamodb::types::ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::request(attempt))?;
        self.usage.count(crate::usage::Access::Read, answer.consumed_capacity());
        let next = answer.last_evaluated_key.as_ref().and_then(Key::read).map(Reached);
        let files = answer.items.unwrap_or_default().into_iter().map(read_at_night);
        Ok((files.collect(), next))
    }

    /// Puts a file where it belongs in the indexes; one that was written since it was loaded has
    /// been put there by that.
    pub async fn put_indexed(
        &self,
        practice: &PracticeId,
        client: &ClientId,
        seen: &Loaded,
        indexed: &Indexed,
    ) -> Result<(), StoreError> {
        let key = Key::head(practice, client);
        let mut attributes = indexed.attributes(practice, &key);
        let mut changes = Changes::default();
        for name in INDEXED {
            match attributes.remove(name) {
                Some(value) => changes.set(&[name], value),
                None => changes.remove(&[name]),
            }
        }
        let update = changes.fill(self.client.update_item());
        let update = update
            .table_name(&self.tables.clients)
            .set_key(Some(key.item()))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(seen.version));
        self.update_if("put a file where it belongs", update).await.map(drop)
    }

    /// Letters about a client that were written before `before` and have neither come to an end nor
    /// wait for the clock: whoever should have brought them has not.
    pub async fn stranded_letters(
        &self,
        practice: &PracticeId,
        client: &ClientId,
        before: DateTime<Utc>,
    ) -> Result<Vec<OutgoingKey>, StoreError> {
        self.stranded(&of_client(practice, client), [" ", "~"], before).await
    }

    /// The same for the agendas of these days.
    pub async fn stranded_agendas(
        &self,
        practice: &PracticeId,
        days: RangeInclusive<NaiveDate>,
        before: DateTime<Utc>,
    ) -> Result<Vec<OutgoingKey>, StoreError> {
        let (first, last) = (format!("agenda.{}", days.start()), format!("agenda.{}~", days.end()));
        self.stranded(&of_desk(practice), [&first, &last], before).await
    }

    async fn stranded(
        &self,
        pk: &str,
        [first, last]: [&str; 2],
        before: DateTime<Utc>,
    ) -> Result<Vec<OutgoingKey>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.outbox)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .filter_expression(
                "#state IN (:written, :sending) AND attribute_not_exists(retry_at) \
                 AND written < :before",
            )
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":pk", text(pk))
            .expression_attribute_values(":first", text(first))
            .expression_attribute_values(":last", text(last))
            .expression_attribute_values(":written", text("written"))
            .expression_attribute_values(":sending", text("sending"))
            .expression_attribute_values(":before", number(before.timestamp()));
        let items = self.query_all("look for stranded letters", query, usize::MAX).await?;
        Ok(items.iter().filter_map(Key::read).map(OutgoingKey).collect())
    }

    /// Has the clock bring a letter at `at`, unless it does so anyway, at a time that is none of ours, or
    /// the letter has come to its end. Only attributes are added, so it may be one that a newer version
    /// wrote.
    pub async fn bring_again(
        &self,
        letter: &OutgoingKey,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(letter.0.item()))
            .update_expression("SET retry_shard = :shard, retry_at = :at")
            .condition_expression(
                "#state IN (:written, :sending) AND attribute_not_exists(retry_at)",
            )
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":written", text("written"))
            .expression_attribute_values(":sending", text("sending"))
            .expression_attribute_values(":shard", text(&shard_of(&letter.0)))
            .expression_attribute_values(":at", number(at.timestamp()));
        self.update_if("have a letter brought again", update).await.map(drop)
    }
}

#[derive(Deserialize)]
struct StoredNight {
    due_at: i64,
    begun: Option<i64>,
    reached: Option<String>,
    missed: Option<i64>,
    looked_before: Option<i64>,
}

fn read_at_night(item: Item) -> Result<FileAtNight, StoreError> {
    let item = known(item)?;
    let indexed = Indexed::read(&item);
    let changed = item.get(CHANGED).and_then(|at| at.as_n().ok()?.parse().ok());
    let changed =
        changed.map(instant).transpose().map_err(StoreError::unreadable("client file"))?;
    Ok(FileAtNight { file: read_file(item)?, indexed, changed })
}
