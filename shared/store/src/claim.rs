//! How a letter leaves the outbox.
//!
//! It is claimed with a lease before it is sent, so that two posts never send it at once.
//! Whoever claims it and dies loses it again when the lease is over.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::{UpdateItemError, UpdateItemOutput},
    types::{
        AttributeValue, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure,
    },
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Outgoing, OutgoingKey, Store, StoreError,
    keys::{number, shard_of, text},
    outbox::read,
    usage::Access,
};

/// For how long a claim keeps others away.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// What became of an attempt to claim a letter.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// The letter is ours for a minute.
    Ours(Box<Outgoing>),
    /// Somebody is sending it, or died while sending it: look again when their minute is over.
    InOtherHands,
    /// It has left, was stopped or given up, or never was.
    Ended,
}

impl Store {
    /// Claims a letter for a minute.
    pub async fn claim(&self, key: &OutgoingKey, now: DateTime<Utc>) -> Result<Claim, StoreError> {
        let attempt = "claim a letter";
        let claimed = self
            .client
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(key.key().item()))
            .update_expression("SET #state = :sending, lease_until = :until ADD attempts :one")
            .condition_expression(
                "attribute_exists(pk) AND (#state = :written OR (#state = :sending AND lease_until <= :now))",
            )
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":sending", text("sending"))
            .expression_attribute_values(":written", text("written"))
            .expression_attribute_values(":until", number((now + LEASE).timestamp()))
            .expression_attribute_values(":now", number(now.timestamp()))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match claimed.map_err(SdkError::into_service_error) {
            Ok(answer) => {
                self.usage.count(Access::Write, answer.consumed_capacity());
                let item = answer.attributes.unwrap_or_default();
                Ok(Claim::Ours(Box::new(read(item)?)))
            }
            Err(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                let state = refused.item().and_then(|item| item.get("state")?.as_s().ok().cloned());
                let is_being_sent = state.is_some_and(|state| state == "sending");
                Ok(if is_being_sent { Claim::InOtherHands } else { Claim::Ended })
            }
            Err(error) => Err(StoreError::request(attempt)(error)),
        }
    }

    /// The mail service has the letter, under this id.
    pub async fn mark_sent(
        &self,
        letter: &Outgoing,
        message_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let more = [(":more".to_owned(), text(message_id))];
        self.end(letter, "SET #state = :state, ended = :now, message_id = :more", "sent", more, now)
            .await
    }

    /// The letter is not sent, for this reason.
    pub async fn mark_stopped(
        &self,
        letter: &Outgoing,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let more = [(":more".to_owned(), text(reason))];
        self.end(letter, "SET #state = :state, ended = :now, reason = :more", "stopped", more, now)
            .await
    }

    /// The letter could not be sent and is not tried again.
    pub async fn mark_given_up(
        &self,
        letter: &Outgoing,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let more = [(":more".to_owned(), text(reason))];
        self.end(letter, "SET #state = :state, ended = :now, reason = :more", "given-up", more, now)
            .await
    }

    /// The letter goes back, to be tried again then.
    pub async fn put_back(
        &self,
        letter: &Outgoing,
        retry_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let key = letter.key.key();
        let more = [
            (":more".to_owned(), text(&shard_of(&key))),
            (":retry".to_owned(), number(retry_at.timestamp())),
        ];
        let change = "SET #state = :state, ended = :now, retry_shard = :more, retry_at = :retry";
        self.end(letter, change, "written", more, now).await
    }

    /// Ends a claim. A letter that is being retried leaves the retry index unless put back.
    async fn end(
        &self,
        letter: &Outgoing,
        change: &str,
        state: &str,
        values: impl IntoIterator<Item = (String, AttributeValue)>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let attempt = "end the claim of a letter";
        let remove = if state == "written" { "" } else { ", retry_shard, retry_at" };
        let mut request = self
            .client
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(letter.key.key().item()))
            .update_expression(format!("{change} REMOVE lease_until{remove}"))
            .condition_expression("#state = :sending AND attempts = :attempts")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":sending", text("sending"))
            .expression_attribute_values(":attempts", number(letter.attempts))
            .expression_attribute_values(":state", text(state))
            .expression_attribute_values(":now", number(now.timestamp()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        for (name, value) in values {
            request = request.expression_attribute_values(name, value);
        }
        // A refusal means that the lease ran out and somebody else has the letter now.
        self.unless_refused(attempt, request.send().await)?;
        Ok(())
    }

    fn unless_refused<R>(
        &self,
        attempt: &'static str,
        result: Result<UpdateItemOutput, SdkError<UpdateItemError, R>>,
    ) -> Result<Option<UpdateItemOutput>, StoreError>
    where
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        match result.map_err(SdkError::into_service_error) {
            Ok(answer) => {
                self.usage.count(Access::Write, answer.consumed_capacity());
                Ok(Some(answer))
            }
            Err(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(None),
            Err(error) => Err(StoreError::request(attempt)(error)),
        }
    }
}
