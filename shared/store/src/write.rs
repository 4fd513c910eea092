//! Writing items outside a commit: one, or all or none.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{
        transact_write_items::TransactWriteItemsError,
        update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    },
    types::{ReturnConsumedCapacity, TransactWriteItem, error::TransactionCanceledException},
};

use crate::{Store, StoreError, keys::Item, usage::Access};

impl Store {
    /// Puts an item in place of whatever is there.
    pub(crate) async fn put(
        &self,
        attempt: &'static str,
        table: &str,
        item: Item,
    ) -> Result<(), StoreError> {
        let answer = self
            .client
            .put_item()
            .table_name(table)
            .set_item(Some(item))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::request(attempt))?;
        self.usage.count(Access::Write, answer.consumed_capacity());
        Ok(())
    }

    /// Changes an item if its condition holds; answers whether it did.
    pub(crate) async fn update_if(
        &self,
        attempt: &'static str,
        update: UpdateItemFluentBuilder,
    ) -> Result<bool, StoreError> {
        let sent = update.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await;
        match sent.map_err(SdkError::into_service_error) {
            Ok(answer) => {
                self.usage.count(Access::Write, answer.consumed_capacity());
                Ok(true)
            }
            Err(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
            Err(error) => Err(StoreError::request(attempt)(error)),
        }
    }

    /// Writes all or, where a condition is refused, nothing; answers which.
    pub(crate) async fn write_all(
        &self,
        attempt: &'static str,
        writes: Vec<TransactWriteItem>,
    ) -> Result<bool, StoreError> {
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match sent.map_err(SdkError::into_service_error) {
            Ok(answer) => {
                self.usage.count(Access::Write, answer.consumed_capacity());
                Ok(true)
            }
            Err(TransactWriteItemsError::TransactionCanceledException(cancelled))
                if is_refused(&cancelled) =>
            {
                Ok(false)
            }
            Err(error) => Err(StoreError::request(attempt)(error)),
        }
    }
}

/// Whether a condition did not hold. Throttling and a conflict with another transaction cancel
/// too, and say nothing about the conditions.
fn is_refused(cancelled: &TransactionCanceledException) -> bool {
    let mut codes = cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code());
    codes.any(|code| code == "ConditionalCheckFailed")
}
