//! Counters that keep a form from being used to flood somebody.

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValue};
use chrono::{DateTime, Utc};
use domain::PracticeId;

use crate::{
    Store, StoreError,
    keys::{Apart, Key, number},
    usage::Access,
};

/// A counter of one kind of deed by one source within one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// What is counted, such as `opt-in`.
    pub deed: &'static str,
    /// Who does it: an opaque text, never an address as such.
    pub source: String,
    /// Within the hour of this instant.
    pub at: DateTime<Utc>,
}

impl Limit {
    pub(crate) fn key(&self, practice: &PracticeId) -> Key {
        let hour = self.at.format("%Y%m%d%H");
        let sk = format!("LIMIT#{}#{}#{hour}", self.deed, self.source);
        Key::apart(practice, Apart::Limits, &sk)
    }

    /// When the counter may be tidied away, in seconds since the epoch.
    pub(crate) fn expires(&self) -> i64 {
        self.at.timestamp() + 2 * 3_600
    }
}

impl Store {
    /// Moves a counter on; answers where it stands now.
    pub async fn count(&self, practice: &PracticeId, limit: &Limit) -> Result<u64, StoreError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.tables.practices)
            .set_key(Some(limit.key(practice).item()))
            .update_expression("ADD n :one SET expires = :expires")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":expires", number(limit.expires()))
            .return_values(ReturnValue::UpdatedNew)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::request("count"))?;
        self.usage.count(Access::Write, answer.consumed_capacity());
        Ok(answer.attributes().map_or(0, read_count))
    }
}

/// Where a counter stands.
pub(crate) fn read_count(item: &crate::keys::Item) -> u64 {
    item.get("n").and_then(|n| n.as_n().ok()).and_then(|n| n.parse().ok()).unwrap_or(0)
}
