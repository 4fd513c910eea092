//! What wakes the post: the outbox's stream, and the clock.
//!
//! Of a stream record only the key is read. Whether the letter's time has come the outbox knows, and
//! its words are looked up when it is sent.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use shell::{Deadline, PostOffice, Problem, Shell};
use store::{LEASE, OutgoingKey};

use crate::{Delivery, LETTER_MAX, deliver, retry};

/// A run that the clock wakes each minute begins nothing after three quarters of it: it makes room for
/// the next one.
const MINUTE: TimeDelta = TimeDelta::seconds(45 + LETTER_MAX.num_seconds());

/// After so long the clock brings a letter that could not be delivered.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

/// What the post is woken by.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// Something happened in the outbox.
    Stream {
        /// What, in the order in which it happened.
        #[serde(rename = "Records")]
        records: Vec<Record>,
    },
    /// Some time has passed.
    Schedule {
        /// What it is time for.
        schedule: Schedule,
    },
}

/// What it can be time for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Letters that are to be tried again.
    Retry,
}

/// One change in the outbox, as a DynamoDB stream tells it.
#[derive(Debug, Deserialize)]
pub struct Record {
    #[serde(rename = "eventName")]
    name: RecordName,
    #[serde(rename = "dynamodb")]
    change: Change,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum RecordName {
    #[serde(rename = "INSERT")]
    Insert,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Change {
    #[serde(rename = "Keys")]
    key: KeyImage,
    #[serde(rename = "SequenceNumber")]
    sequence: String,
}

#[derive(Debug, Deserialize)]
struct KeyImage {
    pk: Text,
    sk: Text,
}

#[derive(Debug, Deserialize)]
struct Text {
    #[serde(rename = "S")]
    value: String,
}

/// What the post answers: which records of a stream are to be brought again.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    batch_item_failures: Vec<Failed>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failed {
    item_identifier: String,
}

/// Does what the post is woken for, as far as there is time.
pub async fn answer(
    shell: &Shell,
    office: &dyn PostOffice,
    event: Event,
    deadline: Deadline,
) -> Result<Answer, Problem> {
    match event {
        Event::Stream { records } => Ok(deliver_written(shell, office, &records, deadline).await),
        Event::Schedule { schedule: Schedule::Retry } => {
            retry(shell, office, deadline.within(shell.now(), MINUTE)).await?;
            Ok(Answer::default())
        }
    }
}

/// Delivers what was written. A letter that cannot be delivered now is handed to the clock, and keeps
/// nobody: a stream stands still before a record that fails, with the letters of all practices behind it.
async fn deliver_written(
    shell: &Shell,
    office: &dyn PostOffice,
    records: &[Record],
    deadline: Deadline,
) -> Answer {
    let mut answer = Answer::default();
    for change in records.iter().filter_map(Record::written) {
        if !deliver_or_hand_on(shell, office, &change.letter(), deadline).await {
            answer.batch_item_failures.push(Failed { item_identifier: change.sequence.clone() });
        }
    }
    answer
}

/// Delivers a letter that was written, or has the clock bring it again. Answers whether one of the two
/// went well.
pub async fn deliver_or_hand_on(
    shell: &Shell,
    office: &dyn PostOffice,
    letter: &OutgoingKey,
    deadline: Deadline,
) -> bool {
    let again = match deliver_in_time(shell, office, letter, deadline).await {
        Ok(again) => again,
        Err(problem) => {
            let (letter, problem) = (letter.as_text(), problem.for_the_log());
            tracing::error!(letter, problem, "a letter could not be delivered");
            Some(AGAIN_AFTER)
        }
    };
    let Some(pause) = again else { return true };
    match shell.store.bring_again(letter, shell.now() + pause).await {
        Ok(()) => true,
        Err(error) => {
            let (letter, problem) = (letter.as_text(), Problem::from(error).for_the_log());
            tracing::error!(letter, problem, "a letter could not be handed to the clock");
            false
        }
    }
}

/// Delivers a letter; answers after how long the clock is to bring it, if it is.
async fn deliver_in_time(
    shell: &Shell,
    office: &dyn PostOffice,
    letter: &OutgoingKey,
    deadline: Deadline,
) -> Result<Option<TimeDelta>, Problem> {
    if !deadline.leaves(shell.now(), LETTER_MAX) {
        return Ok(Some(TimeDelta::zero()));
    }
    Ok(match deliver(shell, office, letter).await? {
        // Whoever has it may be dead: then it is free when their minute is over.
        Delivery::InOtherHands => Some(LEASE),
        Delivery::Sent
        | Delivery::Stopped(_)
        | Delivery::PutBack
        | Delivery::GivenUp
        | Delivery::NotYet
        | Delivery::Ended => None,
    })
}

impl Record {
    /// The change, if a letter was written.
    fn written(&self) -> Option<&Change> {
        (self.name == RecordName::Insert).then_some(&self.change)
    }
}

impl Change {
    fn letter(&self) -> OutgoingKey {
        OutgoingKey::from_parts(&self.key.pk.value, &self.key.sk.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = include_str!("../events/stream.json");
    const RETRY: &str = include_str!("../events/retry.json");

    #[test]
    fn a_stream_brings_every_letter_that_was_written() {
        let Event::Stream { records } = serde_json::from_str(STREAM).unwrap() else {
            panic!("the example is of a stream");
        };
        let written: Vec<(&str, String)> = records
            .iter()
            .filter_map(Record::written)
            .map(|change| (change.sequence.as_str(), change.letter().as_text()))
            .collect();
        let [(first, welcome), (second, reminder)] = &written[..] else {
            panic!("two of the four are new: {written:?}")
        };
        assert_eq!([*first, *second], ["100000000000000000001", "100000000000000000002"]);
        assert!(welcome.starts_with("harbour#") && welcome.contains("/welcome."), "{welcome}");
        assert!(reminder.contains("/reminder-day."), "{reminder}");
    }

    #[test]
    fn a_schedule_says_what_it_is_time_for() {
        let event: Event = serde_json::from_str(RETRY).unwrap();
        assert!(matches!(event, Event::Schedule { schedule: Schedule::Retry }));
        assert!(serde_json::from_str::<Event>(r#"{"schedule": "tea"}"#).is_err());
    }

    #[test]
    fn what_failed_is_named_as_lambda_reads_it() {
        let failed = Failed { item_identifier: "7".to_owned() };
        let answer = serde_json::to_value(Answer { batch_item_failures: vec![failed] }).unwrap();
        let expected = serde_json::json!({ "batchItemFailures": [{ "itemIdentifier": "7" }] });
        assert_eq!(answer, expected);
    }
}
