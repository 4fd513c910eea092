//! Handbooks: the one in force, every version that ever was, and who put it in force.

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{Put, TransactWriteItem, Update},
};
use chrono::{DateTime, Utc};
use domain::{PracticeId, StaffId};
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError,
    form::{FORM, FORM_ATTRIBUTE},
    items::{instant, parsed},
    keys::{Item, Key, number, text},
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
    /// What the practice does at present. It is written with the first handbook;
    /// [`Store::set_standing`] changes it.
    #[serde(default, skip_serializing)]
    pub standing: Standing,
    /// What tells the secret that the practice's links are signed with from every other;
    /// [`Store::keep_link_fingerprint`] writes it.
    #[serde(default, skip_serializing)]
    pub link_fingerprint: Option<String>,
}

/// What a practice does at present, as an operator says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Everything.
    #[default]
    Open,
    /// Everything, but its letters wait until they are let go: so with a copy, whose letters may have
    /// left from where it was taken.
    Paused,
    /// Its pages are closed besides, for visitors and for staff.
    Suspended,
}

impl Standing {
    /// As it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paused => "paused",
            Self::Suspended => "suspended",
        }
    }
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

/// The sort key of the handbook in force.
pub(crate) const IN_FORCE: &str = "HANDBOOK";
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
        let put =
            |item: Item| Put::builder().table_name(&self.tables.practices).set_item(Some(item));
        let mut version: Item =
            serde_dynamo::to_item(handbook).map_err(StoreError::unreadable("handbook"))?;
        let sk = format!("{IN_FORCE}#{}", handbook.version);
        version.extend(Key::of_practice(practice, &sk).new_item());
        let current = self.current_write(practice, handbook, seen)?;
        let mut changed: Item = serde_dynamo::to_item(StoredChange {
            version: change.version.clone(),
            at: change.at.timestamp(),
            by: change.by.as_ref().map(ToString::to_string),
        })
        .map_err(unusable)?;
        let sk = format!("{CHANGE}{:012}", change.at.timestamp());
        changed.extend(Key::of_practice(practice, &sk).new_item());
        let mut writes = vec![current];
        for put in [put(version), put(changed)] {
            let put = put.build().map_err(StoreError::request(attempt))?;
            writes.push(TransactWriteItem::builder().put(put).build());
        }
        self.write_all(attempt, writes).await
    }

    /// Changes what is in force, and leaves what else is known of the practice as it is.
    fn current_write(
        &self,
        practice: &PracticeId,
        handbook: &StoredHandbook,
        seen: Option<&str>,
    ) -> Result<TransactWriteItem, StoreError> {
        let folder = handbook.folder.as_deref();
        let change = if folder.is_some() { ", folder = :folder" } else { " REMOVE folder" };
        // Nobody gets to see a new practice otherwise than it is meant to be.
        let standing = if seen.is_none() { ", standing = :standing" } else { "" };
        let update = Update::builder()
            .table_name(&self.tables.practices)
            .set_key(Some(Key::of_practice(practice, IN_FORCE).item()))
            .update_expression(format!(
                "SET {FORM_ATTRIBUTE} = :form, version = :version, \
                 sources = :sources{standing}{change}"
            ))
            .expression_attribute_values(":form", number(FORM))
            .expression_attribute_values(":version", text(&handbook.version))
            .expression_attribute_values(":sources", text(&handbook.sources));
        let update = match folder {
            Some(folder) => update.expression_attribute_values(":folder", text(folder)),
            None => update,
        };
        let update = match seen {
            None => update
                .condition_expression("attribute_not_exists(pk)")
                .expression_attribute_values(":standing", text(handbook.standing.name())),
            Some(seen) => update
                .condition_expression("version = :seen")
                .expression_attribute_values(":seen", text(seen)),
        };
        let update = update.build().map_err(StoreError::request("put a handbook in force"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// The handbook in force.
    pub async fn handbook(
        &self,
        practice: &PracticeId,
    ) -> Result<Option<StoredHandbook>, StoreError> {
        let key = Key::of_practice(practice, IN_FORCE);
        let item = self.get("load a handbook", &self.tables.practices, &key).await?;
        let read = item.map(serde_dynamo::from_item).transpose();
        read.map_err(StoreError::unreadable("handbook"))
    }

    /// Says what a practice does from now on. Answers whether the practice is known here.
    pub async fn set_standing(
        &self,
        practice: &PracticeId,
        standing: Standing,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let update = self
            .update_of_handbook(practice)
            .update_expression("SET standing = :standing, standing_since = :now")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":standing", text(standing.name()))
            .expression_attribute_values(":now", number(now.timestamp()));
        self.update_if("change what a practice does", update).await
    }

    /// Remembers which secret the links of a practice are signed with, by its fingerprint. Answers
    /// whether it is the one that was remembered, if one was.
    pub async fn keep_link_fingerprint(
        &self,
        practice: &PracticeId,
        fingerprint: &str,
    ) -> Result<bool, StoreError> {
        let update = self
            .update_of_handbook(practice)
            .update_expression("SET link_fingerprint = :fingerprint")
            .condition_expression(
                "attribute_exists(pk) AND \
                 (attribute_not_exists(link_fingerprint) OR link_fingerprint = :fingerprint)",
            )
            .expression_attribute_values(":fingerprint", text(fingerprint));
        self.update_if("remember which secret signs links", update).await
    }

    /// Remembers no secret of a practice any more.
    pub async fn forget_link_fingerprint(&self, practice: &PracticeId) -> Result<(), StoreError> {
        let update = self
            .update_of_handbook(practice)
            .update_expression("REMOVE link_fingerprint")
            .condition_expression("attribute_exists(pk)");
        self.update_if("forget which secret signs links", update).await.map(drop)
    }

    fn update_of_handbook(&self, practice: &PracticeId) -> UpdateItemFluentBuilder {
        let key = Key::of_practice(practice, IN_FORCE).item();
        self.client.update_item().table_name(&self.tables.practices).set_key(Some(key))
    }

    /// Since when a practice has done what it does, if that was ever changed.
    pub async fn standing_since(
        &self,
        practice: &PracticeId,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        #[derive(Deserialize)]
        struct Stored {
            standing_since: Option<i64>,
        }
        let key = Key::of_practice(practice, IN_FORCE);
        let Some(item) = self.get("load a handbook", &self.tables.practices, &key).await? else {
            return Ok(None);
        };
        let unreadable = StoreError::unreadable("handbook");
        let stored: Stored = serde_dynamo::from_item(item).map_err(unreadable)?;
        let since = stored.standing_since.map(instant).transpose();
        since.map_err(StoreError::unreadable("handbook"))
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
