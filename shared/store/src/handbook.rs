//! Handbooks: the one in force, every version that ever was, and who put it in force.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use chrono::{DateTime, Utc};
use domain::{PracticeId, StaffId};
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError,
    items::{instant, parsed},
    keys::{Item, Key, text},
};

/// One version of a handbook: the text of its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredHandbook {
    /// The version, made from the text.
    pub version: String,
    /// The files, as one text.
    pub sources: String,
    /// The version of the folder that was last loaded: what is changed at the desk stays in force
    /// until the folder itself is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
}

/// A version that was put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandbookChange {
    /// Which.
    pub version: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; nobody, if it came with the folder.
    pub by: Option<StaffId>,
}

#[derive(Serialize, Deserialize)]
struct StoredChange {
    version: String,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

const CURRENT: &str = "HANDBOOK";
const CHANGE: &str = "HANDBOOKCHANGE#";

/// How many changes are listed.
const CHANGES_MAX: usize = 20;

impl Store {
    /// Puts a version in force if `seen` is the one that is in force, none for the first. Earlier
    /// versions stay. Answers whether nobody else was faster.
    pub async fn put_handbook(
        &self,
        practice: &PracticeId,
        handbook: &StoredHandbook,
        seen: Option<&str>,
        change: &HandbookChange,
    ) -> Result<bool, StoreError> {
        let attempt = "put a handbook in force";
        let unusable = StoreError::unreadable("handbook");
        let item = |sk: &str| -> Result<Item, StoreError> {
            let mut item: Item =
                serde_dynamo::to_item(handbook).map_err(StoreError::unreadable("handbook"))?;
            item.extend(Key::of_practice(practice, sk).item());
            Ok(item)
        };
        let put =
            |item: Item| Put::builder().table_name(&self.tables.practices).set_item(Some(item));
        let current = put(item(CURRENT)?);
        let current = match seen {
            None => current.condition_expression("attribute_not_exists(pk)"),
            Some(seen) => current
                .condition_expression("version = :seen")
                .expression_attribute_values(":seen", text(seen)),
        };
        let mut changed: Item = serde_dynamo::to_item(StoredChange {
            version: change.version.clone(),
            at: change.at.timestamp(),
            by: change.by.as_ref().map(ToString::to_string),
        })
        .map_err(unusable)?;
        let sk = format!("{CHANGE}{:012}", change.at.timestamp());
        changed.extend(Key::of_practice(practice, &sk).item());
        let version = put(item(&format!("{CURRENT}#{}", handbook.version))?);
        let writes = [current, version, put(changed)].map(|put| {
            let put = put.build().map_err(StoreError::request(attempt))?;
            Ok(TransactWriteItem::builder().put(put).build())
        });
        self.write_all(attempt, writes.into_iter().collect::<Result<_, StoreError>>()?).await
    }

    /// The handbook in force.
    pub async fn handbook(
        &self,
        practice: &PracticeId,
    ) -> Result<Option<StoredHandbook>, StoreError> {
        let key = Key::of_practice(practice, CURRENT);
        let item = self.get("load a handbook", &self.tables.practices, &key).await?;
        let read = item.map(serde_dynamo::from_item).transpose();
        read.map_err(StoreError::unreadable("handbook"))
    }

    /// The last versions that were put in force, the latest first.
    pub async fn handbook_changes(
        &self,
        practice: &PracticeId,
    ) -> Result<Vec<HandbookChange>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.practices)
            .key_condition_expression("pk = :pk AND begins_with(sk, :change)")
            .expression_attribute_values(":pk", text(practice.as_str()))
            .expression_attribute_values(":change", text(CHANGE))
            .scan_index_forward(false);
        let items = self.query_all("list changes of a handbook", query, CHANGES_MAX).await?;
        items.into_iter().map(read_change).collect()
    }
}

fn read_change(item: Item) -> Result<HandbookChange, StoreError> {
    let stored: StoredChange =
        serde_dynamo::from_item(item).map_err(StoreError::unreadable("change of a handbook"))?;
    let by = stored.by.map(|by| parsed("staff", StaffId::parse(&by))).transpose();
    Ok(HandbookChange {
        version: stored.version,
        at: instant(stored.at).map_err(StoreError::unreadable("change of a handbook"))?,
        by: by.map_err(StoreError::unreadable("change of a handbook"))?,
    })
}
