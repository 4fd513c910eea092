//! Reading items: by keys, or page by page.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::{
    operation::query::builders::QueryFluentBuilder,
    types::{KeysAndAttributes, ReturnConsumedCapacity},
};

use crate::{
    Store, StoreError,
    form::known,
    keys::{Item, Key},
    usage::Access,
};

/// How often keys that the tables left unread are asked for again.
const ROUNDS_MAX: usize = 5;

impl Store {
    /// Reads these items, at most 100, with one strongly consistent request (more only if the
    /// tables leave some unread). Items that are not there are not in the answer.
    pub(crate) async fn get_all(
        &self,
        attempt: &'static str,
        keys: &[(&str, Key)],
    ) -> Result<HashMap<String, Vec<Item>>, StoreError> {
        self.get_batch(attempt, keys, true).await
    }

    /// The same, eventually consistent: for half the price what may be a moment old.
    pub(crate) async fn get_all_eventually(
        &self,
        attempt: &'static str,
        keys: &[(&str, Key)],
    ) -> Result<HashMap<String, Vec<Item>>, StoreError> {
        self.get_batch(attempt, keys, false).await
    }

    async fn get_batch(
        &self,
        attempt: &'static str,
        keys: &[(&str, Key)],
        is_consistent: bool,
    ) -> Result<HashMap<String, Vec<Item>>, StoreError> {
        let mut by_table: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
        for (table, key) in keys {
            by_table.entry(table).or_default().push(key.item());
        }
        let mut wanted: HashMap<String, KeysAndAttributes> = HashMap::new();
        for (table, keys) in by_table {
            let keys = KeysAndAttributes::builder().set_keys(Some(keys));
            let keys = keys
                .consistent_read(is_consistent)
                .build()
                .map_err(StoreError::request(attempt))?;
            wanted.insert(table.to_owned(), keys);
        }
        let mut found: HashMap<String, Vec<Item>> = HashMap::new();
        for _ in 0..ROUNDS_MAX {
            if wanted.is_empty() {
                return Ok(found);
            }
            let answer = self
                .client
                .batch_get_item()
                .set_request_items(Some(wanted))
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(StoreError::request(attempt))?;
            self.usage.count(Access::Read, answer.consumed_capacity());
            let responses: BTreeMap<_, _> =
                answer.responses.unwrap_or_default().into_iter().collect();
            for (table, items) in responses {
                let items: Vec<Item> = items.into_iter().map(known).collect::<Result<_, _>>()?;
                found.entry(table).or_default().extend(items);
            }
            wanted = answer.unprocessed_keys.unwrap_or_default();
        }
        Err(StoreError::request(attempt)(StillUnread))
    }

    /// Reads one item, strongly consistent.
    pub(crate) async fn get(
        &self,
        attempt: &'static str,
        table: &str,
        key: &Key,
    ) -> Result<Option<Item>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(table)
            .set_key(Some(key.item()))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::request(attempt))?;
        self.usage.count(Access::Read, answer.consumed_capacity());
        answer.item.map(known).transpose()
    }

    /// Reads a query to its end, or until there are `most` items.
    pub(crate) async fn query_all(
        &self,
        attempt: &'static str,
        query: QueryFluentBuilder,
        most: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let missing = i32::try_from(most - items.len()).unwrap_or(i32::MAX);
            let answer = query
                .clone()
                .limit(missing)
                .set_exclusive_start_key(start)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(StoreError::request(attempt))?;
            self.usage.count(Access::Read, answer.consumed_capacity());
            for item in answer.items.unwrap_or_default() {
                items.push(known(item)?);
            }
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() || most <= items.len() {
                return Ok(items);
            }
        }
    }
}

/// The tables kept leaving keys unread.
#[derive(Debug, thiserror::Error)]
#[error("some items stayed unread after {ROUNDS_MAX} requests")]
struct StillUnread;
