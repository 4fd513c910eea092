//! Answers as typed: each is an attribute of its own, so that it is saved without the others, and what
//! was typed in another place, or for a question that is no longer asked, stays.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, builders::UpdateBuilder};
use chrono::{DateTime, Utc};
use domain::{Answers, ClientId, PracticeId, QuestionId};
use serde::Deserialize;

use crate::{
    Store, StoreError,
    changes::Changes,
    items::instant,
    keys::{Item, Key, number, text},
    usage::Access,
};

/// Answers as typed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The answers.
    pub answers: Answers,
    /// When they were last saved.
    pub saved_at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct StoredDraft {
    saved: i64,
}

/// What the names of these attributes begin with.
const ANSWER: &str = "a:";

impl Store {
    /// Saves typed answers, each on its own: what another device saved meanwhile stays.
    pub async fn save_answers(
        &self,
        practice: &PracticeId,
        client: &ClientId,
        answers: &Answers,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.clients)
            .set_key(Some(Key::answers(practice, client).item()));
        let answer = changes(answers, now)
            .fill(update)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::request("save answers"))?;
        self.usage.count(Access::Write, answer.consumed_capacity());
        Ok(())
    }

    /// The same, as part of a transaction.
    pub(crate) fn answers_update(
        &self,
        practice: &PracticeId,
        client: &ClientId,
        answers: &Answers,
        now: DateTime<Utc>,
    ) -> UpdateBuilder {
        changes(answers, now)
            .update()
            .table_name(&self.tables.clients)
            .set_key(Some(Key::answers(practice, client).item()))
    }
}

fn changes(answers: &Answers, now: DateTime<Utc>) -> Changes {
    let mut changes = Changes::of_part();
    changes.set(&["saved"], number(now.timestamp()));
    for (question, typed) in answers.iter() {
        let name = format!("{ANSWER}{question}");
        if typed.is_empty() {
            changes.remove(&[&name]);
        } else {
            let values = typed.iter().map(|value| text(value)).collect();
            changes.set(&[&name], AttributeValue::L(values));
        }
    }
    changes
}

pub(crate) fn read_draft(mut item: Item) -> Result<Draft, StoreError> {
    let typed = item
        .extract_if(|name, _| name.starts_with(ANSWER))
        .map(|(name, value)| {
            let values: Vec<String> = serde_dynamo::from_attribute_value(value)
                .map_err(StoreError::unreadable("answer"))?;
            Ok((name[ANSWER.len()..].to_owned(), values))
        })
        .collect::<Result<BTreeMap<_, _>, StoreError>>()?;
    let stored: StoredDraft =
        serde_dynamo::from_item(item).map_err(StoreError::unreadable("draft"))?;
    let typed = typed.into_iter().flat_map(|(question, values)| {
        let question = QuestionId::parse(&question).ok();
        values.into_iter().filter_map(move |value| Some((question.clone()?, value)))
    });
    // No limit here: what was once written is read.
    let saved_at = instant(stored.saved).map_err(StoreError::unreadable("draft"))?;
    Ok(Draft { answers: Answers::collect(typed), saved_at })
}
