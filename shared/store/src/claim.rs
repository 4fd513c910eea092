//! How a letter leaves the outbox.
//!
//! It is claimed with a lease before it is sent, so that two posts never send it at once.
//! Whoever claims it and dies loses it again when the lease is over.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::UpdateItemError,
    types::{
        AttributeValue, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure,
    },
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Outgoing, OutgoingKey, Store, StoreError,
    form::{FORM, known},
    keys::{Key, number, shard_of, text},
    outbox::read,
    usage::Access,
};

/// For how long a claim keeps others away.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);

/// What became of an attempt to claim a letter.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// The letter is ours for a minute.
    Ours(Box<Outgoing>),
    /// It waits for its time: the clock comes back to it.
    NotYet,
    /// Somebody is sending it, or died while sending it: look again when their minute is over.
    InOtherHands,
    /// It has left, was stopped or given up, or never was.
    Ended,
}

/// How a claim ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending<'a> {
    /// The mail service has the letter.
    Sent {
        /// What the mail service calls it.
        message_id: &'a str,
    },
    /// It is not sent: nobody wants it any more.
    Stopped {
        /// Why.
        reason: &'a str,
    },
    /// It could not be sent and is not tried again.
    GivenUp {
        /// Why.
        reason: &'a str,
    },
    /// It waits again.
    PutBack {
        /// Until then.
        retry_at: DateTime<Utc>,
    },
    /// It was not tried at all, because sending is paused, and waits again.
    Held {
        /// Until then.
        retry_at: DateTime<Utc>,
    },
    /// It was not tried at all, because what it needs cannot be looked up, and waits again.
    NotTried {
        /// Until then.
        retry_at: DateTime<Utc>,
    },
}

impl Store {
    /// Claims a letter for a minute.
    pub async fn claim(&self, key: &OutgoingKey, now: DateTime<Utc>) -> Result<Claim, StoreError> {
        let attempt = "claim a letter";
        let claimed = self
            .client
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(key.0.item()))
            .update_expression("SET #state = :sending, lease_until = :until ADD attempts :one")
            .condition_expression(
                "(attribute_not_exists(form) OR form <= :form) AND \
                 ((#state = :written AND (attribute_not_exists(retry_at) OR retry_at <= :now)) \
                 OR (#state = :sending AND lease_until <= :now))",
            )
            .expression_attribute_values(":form", number(FORM))
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
                // A letter that only a newer version can read is left to it, unclaimed.
                let item = known(refused.item().cloned().unwrap_or_default())?;
                let state = item.get("state").and_then(|state| state.as_s().ok());
                Ok(match state.map(String::as_str) {
                    Some("written") => Claim::NotYet,
                    Some("sending") => Claim::InOtherHands,
                    _ => Claim::Ended,
                })
            }
            Err(error) => Err(StoreError::request(attempt)(error)),
        }
    }

    /// Ends a claim, unless its lease ran out and somebody else has the letter now.
    pub async fn end_claim(
        &self,
        letter: &Outgoing,
        ending: &Ending<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (state, change, values) = ending.written(&letter.key.0);
        let mut request = self
            .client
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(letter.key.0.item()))
            .update_expression(format!("SET #state = :state, ended = :now, {change}"))
            .condition_expression("#state = :sending AND attempts = :attempts")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":sending", text("sending"))
            .expression_attribute_values(":attempts", number(letter.attempts))
            .expression_attribute_values(":state", text(state))
            .expression_attribute_values(":now", number(now.timestamp()));
        for (name, value) in values {
            request = request.expression_attribute_values(name, value);
        }
        self.update_if("end the claim of a letter", request).await?;
        Ok(())
    }
}

/// How a letter is written that the clock comes back to.
fn waits(key: &Key, retry_at: &DateTime<Utc>, more: &str) -> Written {
    (
        "written",
        format!("retry_shard = :shard, retry_at = :at {more}"),
        vec![(":shard", text(&shard_of(key))), (":at", number(retry_at.timestamp()))],
    )
}

/// The same, where a claim counted as an attempt that was none.
fn waits_untried(key: &Key, retry_at: &DateTime<Utc>, more: &str) -> Written {
    let (state, change, mut values) = waits(key, retry_at, &format!("{more} ADD attempts :none"));
    values.push((":none", number(-1)));
    (state, change, values)
}

/// The state a letter comes to, how that is written besides, and with which values.
type Written = (&'static str, String, Vec<(&'static str, AttributeValue)>);

impl Ending<'_> {
    /// What it comes to. Only a letter that goes back is in the index of retries afterwards.
    fn written(&self, key: &Key) -> Written {
        let over = |more| format!("{more} REMOVE lease_until, retry_shard, retry_at");
        match self {
            Self::Sent { message_id } => {
                ("sent", over("message_id = :id"), vec![(":id", text(message_id))])
            }
            Self::Stopped { reason } => {
                ("stopped", over("reason = :reason"), vec![(":reason", text(reason))])
            }
            Self::GivenUp { reason } => {
                ("given-up", over("reason = :reason"), vec![(":reason", text(reason))])
            }
            Self::PutBack { retry_at } => waits(key, retry_at, "REMOVE lease_until"),
            // It was not late until now either.
            Self::Held { retry_at } => {
                waits_untried(key, retry_at, ", held = :now REMOVE lease_until")
            }
            Self::NotTried { retry_at } => waits_untried(key, retry_at, "REMOVE lease_until"),
        }
    }
}
