//! Copies of what is remembered: everything, or one practice, item by item.
//!
//! An item is copied as it is, attribute by attribute, in DynamoDB's own JSON, so a copy holds what
//! this program does not know as well. It is read and written with the rights of an operator; no
//! function has any use for this.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use domain::PracticeId;
use serde_json::{Map, Value, json};

use crate::{
    CopiedItem, Store, StoreError, StoredHandbook,
    form::known,
    handbook::IN_FORCE,
    items::Malformed,
    keys::{Item, Key, text},
};

/// How many items DynamoDB writes in one batch (AWS, `BatchWriteItem`).
const BATCH_MAX: usize = 25;

/// How often the tables are looked through for what is left of a practice.
const REMOVALS_MAX: usize = 3;

/// How often items that the tables left unwritten are written again.
const ROUNDS_MAX: u32 = 20;

/// A table, by what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CopiedTable {
    /// What belongs to the practices.
    Practices,
    /// Client files, journals, answers.
    Clients,
    /// Day sheets.
    Calendar,
    /// Letters.
    Outbox,
}

impl CopiedTable {
    /// All of them, in the order in which they are copied.
    pub const ALL: [Self; 4] = [Self::Practices, Self::Clients, Self::Calendar, Self::Outbox];

    /// Its name, without that of the deployment.
    pub fn name(self) -> &'static str {
        match self {
            Self::Practices => "practices",
            Self::Clients => "clients",
            Self::Calendar => "calendar",
            Self::Outbox => "outbox",
        }
    }

    /// The table of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
}

/// New tables take little at first: what they did not take is tried again after a tenth of a second,
/// then twice as long each time, at most five seconds.
fn pause_before(round: u32) -> Duration {
    match round {
        0 => Duration::ZERO,
        round => Duration::from_millis(100 << (round - 1).min(6)).min(Duration::from_secs(5)),
    }
}

impl Store {
    /// The next items of a table behind `reached`, of everybody or of one practice, and how far the
    /// copy has come; nowhere, at the end. Reads the whole table, whoever is asked for.
    pub async fn copy_out(
        &self,
        table: CopiedTable,
        practice: Option<&PracticeId>,
        reached: Option<Copied>,
    ) -> Result<(Vec<Value>, Option<Copied>), StoreError> {
        let mut scan = self
            .client
            .scan()
            .table_name(self.name_of(table))
            .consistent_read(true)
            .set_exclusive_start_key(reached.map(|Copied(key)| key));
        if let Some(practice) = practice {
            // No practice's name has a `#`, so none begins with another's and it.
            scan = scan
                .filter_expression("pk = :practice OR begins_with(pk, :parts)")
                .expression_attribute_values(":practice", text(practice.as_str()))
                .expression_attribute_values(":parts", text(&format!("{practice}#")));
        }
        let answer = scan.send().await.map_err(StoreError::request("copy a table"))?;
        let next = answer.last_evaluated_key.filter(|key| !key.is_empty()).map(Copied);
        let items = answer.items.unwrap_or_default();
        let items: Result<Vec<Value>, Malformed> = items.iter().map(to_json).collect();
        Ok((items.map_err(StoreError::unreadable("item"))?, next))
    }

    /// Writes items of a copy, each in place of whatever is there.
    pub async fn copy_in(&self, table: CopiedTable, items: &[Value]) -> Result<(), StoreError> {
        let attempt = "write a copy";
        let items: Vec<Item> = items
            .iter()
            .map(from_json)
            .collect::<Result<_, _>>()
            .map_err(StoreError::unreadable("item of a copy"))?;
        for batch in items.chunks(BATCH_MAX) {
            let write = |item: &Item| {
                let put = PutRequest::builder().set_item(Some(item.clone())).build();
                let put = put.map_err(StoreError::request(attempt))?;
                Ok(WriteRequest::builder().put_request(put).build())
            };
            let writes: Vec<WriteRequest> =
                batch.iter().map(write).collect::<Result<_, StoreError>>()?;
            let name = self.name_of(table).to_owned();
            let mut unwritten = HashMap::from([(name, writes)]);
            for round in 0..ROUNDS_MAX {
                tokio::time::sleep(pause_before(round)).await;
                let sent = self.client.batch_write_item().set_request_items(Some(unwritten));
                let answer = sent.send().await.map_err(StoreError::request(attempt))?;
                unwritten = answer.unprocessed_items.unwrap_or_default();
                if unwritten.is_empty() {
                    break;
                }
            }
            if !unwritten.is_empty() {
                return Err(StoreError::request(attempt)(StillUnwritten));
            }
        }
        Ok(())
    }

    /// The handbook in force of a practice, as an item of a copy.
    pub async fn copied_handbook(
        &self,
        practice: &PracticeId,
    ) -> Result<Option<CopiedItem>, StoreError> {
        let key = Key::of_practice(practice, IN_FORCE);
        let item = self.get("load a handbook", &self.tables.practices, &key).await?;
        let attributes = item.as_ref().map(to_json).transpose();
        let attributes = attributes.map_err(StoreError::unreadable("handbook"))?;
        Ok(attributes.map(|attributes| CopiedItem { table: CopiedTable::Practices, attributes }))
    }

    /// Removes every item of a practice but its handbook in force; answers how many there were. Reads
    /// the whole tables, and again for what was written meanwhile, until nothing is left.
    ///
    /// # Errors
    /// The tables do not answer, or somebody goes on writing.
    pub async fn remove_all_but_handbook(&self, practice: &PracticeId) -> Result<u64, StoreError> {
        let mut removed = 0;
        for _ in 0..REMOVALS_MAX {
            let more = self.remove_what_is_there(practice).await?;
            removed += more;
            if more == 0 {
                return Ok(removed);
            }
        }
        Err(StoreError::request("remove a practice")(StillWritten))
    }

    async fn remove_what_is_there(&self, practice: &PracticeId) -> Result<u64, StoreError> {
        let mut removed = 0;
        for table in CopiedTable::ALL.into_iter().rev() {
            let mut keys = Vec::new();
            let mut reached = None;
            loop {
                let (items, next) = self.copy_out(table, Some(practice), reached).await?;
                let keys_of = items.iter().map(|item| [&item["pk"], &item["sk"]].map(Value::clone));
                keys.extend(keys_of.filter(|[_, sk]| sk["S"] != IN_FORCE));
                reached = next;
                if reached.is_none() {
                    break;
                }
            }
            removed += self.remove(table, &keys).await?;
        }
        Ok(removed)
    }

    /// Removes the handbook in force: then nobody knows the practice any more.
    pub async fn remove_handbook(&self, practice: &PracticeId) -> Result<(), StoreError> {
        let key = Key::of_practice(practice, IN_FORCE).item();
        let request = self.client.delete_item().table_name(&self.tables.practices);
        let sent = request.set_key(Some(key)).send().await;
        sent.map(drop).map_err(StoreError::request("remove a handbook"))
    }

    async fn remove(&self, table: CopiedTable, keys: &[[Value; 2]]) -> Result<u64, StoreError> {
        let attempt = "remove a practice";
        let mut removed = 0;
        for [pk, sk] in keys {
            let key = from_json(&json!({ "pk": pk, "sk": sk }));
            let key = key.map_err(StoreError::unreadable("key of an item"))?;
            let request = self.client.delete_item().table_name(self.name_of(table));
            let sent = request.set_key(Some(key)).send().await;
            sent.map_err(StoreError::request(attempt))?;
            removed += 1;
        }
        Ok(removed)
    }

    /// The practices that are here, by their ids, each with the handbook in force. Reads the whole
    /// table.
    pub async fn practices(&self) -> Result<Vec<(PracticeId, StoredHandbook)>, StoreError> {
        let mut practices = Vec::new();
        let mut start = None;
        loop {
            let answer = self
                .client
                .scan()
                .table_name(&self.tables.practices)
                .consistent_read(true)
                .filter_expression("sk = :handbook")
                .expression_attribute_values(":handbook", text(IN_FORCE))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(StoreError::request("list practices"))?;
            for item in answer.items.unwrap_or_default() {
                let item = known(item)?;
                let unreadable = || StoreError::unreadable("practice")(Malformed { what: "key" });
                let key = Key::read(&item).ok_or_else(unreadable)?;
                let practice = PracticeId::parse(&key.pk).map_err(|_| unreadable())?;
                let stored =
                    serde_dynamo::from_item(item).map_err(StoreError::unreadable("handbook"))?;
                practices.push((practice, stored));
            }
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                practices.sort_by(|(a, _), (b, _)| a.cmp(b));
                return Ok(practices);
            }
        }
    }

    fn name_of(&self, table: CopiedTable) -> &str {
        match table {
            CopiedTable::Practices => &self.tables.practices,
            CopiedTable::Clients => &self.tables.clients,
            CopiedTable::Calendar => &self.tables.calendar,
            CopiedTable::Outbox => &self.tables.outbox,
        }
    }
}

/// How far a copy has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied(Item);

/// Something was there again each time a practice was removed.
#[derive(Debug, thiserror::Error)]
#[error(
    "after {REMOVALS_MAX} looks there was still something of it: somebody writes, so see that it is \
     suspended, and do it again"
)]
struct StillWritten;

/// The tables kept leaving items unwritten.
#[derive(Debug, thiserror::Error)]
#[error("some items stayed unwritten after {ROUNDS_MAX} requests")]
struct StillUnwritten;

fn to_json(item: &Item) -> Result<Value, Malformed> {
    let attributes = item.iter().map(|(name, value)| Ok((name.clone(), value_to_json(value)?)));
    Ok(Value::Object(attributes.collect::<Result<_, Malformed>>()?))
}

fn value_to_json(value: &AttributeValue) -> Result<Value, Malformed> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the SDK may add kinds; ours are these")]
    Ok(match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::Null(value) => json!({ "NULL": value }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::L(values) => {
            let values: Vec<Value> = values.iter().map(value_to_json).collect::<Result<_, _>>()?;
            json!({ "L": values })
        }
        AttributeValue::M(item) => json!({ "M": to_json(item)? }),
        _ => return Err(Malformed { what: "attribute of a kind that is never stored" }),
    })
}

pub(crate) fn from_json(item: &Value) -> Result<Item, Malformed> {
    let attributes = item.as_object().ok_or(Malformed { what: "item" })?.iter();
    attributes.map(|(name, value)| Ok((name.clone(), value_from_json(value)?))).collect()
}

fn value_from_json(value: &Value) -> Result<AttributeValue, Malformed> {
    let malformed = || Malformed { what: "attribute" };
    let pair: Option<&Map<String, Value>> = value.as_object().filter(|pair| pair.len() == 1);
    let (kind, value) = pair.and_then(|pair| pair.iter().next()).ok_or_else(malformed)?;
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(malformed);
    let list = || value.as_array().ok_or_else(malformed);
    Ok(match kind.as_str() {
        "S" => AttributeValue::S(text(value)?),
        "N" => AttributeValue::N(text(value)?),
        "BOOL" => AttributeValue::Bool(value.as_bool().ok_or_else(malformed)?),
        "NULL" => AttributeValue::Null(value.as_bool().ok_or_else(malformed)?),
        "SS" => AttributeValue::Ss(list()?.iter().map(text).collect::<Result<_, _>>()?),
        "L" => AttributeValue::L(list()?.iter().map(value_from_json).collect::<Result<_, _>>()?),
        "M" => AttributeValue::M(from_json(value)?),
        _ => return Err(malformed()),
    })
}
