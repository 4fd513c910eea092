//! What wakes the post: the outbox's stream, and the clock.
//!
//! Of a stream record only the key is read. Whether the letter's time has come the outbox knows, and
//! its words are looked up when it is sent.

use serde::{Deserialize, Serialize};
use shell::{PostOffice, Problem, Shell};
use store::OutgoingKey;

use crate::{Delivery, deliver, retry};

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

/// Does what the post is woken for.
pub async fn answer(
    shell: &Shell,
    office: &dyn PostOffice,
    event: Event,
) -> Result<Answer, Problem> {
    match event {
        Event::Stream { records } => Ok(deliver_written(shell, office, &records).await),
        Event::Schedule { schedule: Schedule::Retry } => {
            retry(shell, office).await?;
            Ok(Answer::default())
        }
    }
}

/// Delivers what was written. One letter that fails does not keep those behind it; whatever
/// comes again with it has come to its end.
async fn deliver_written(shell: &Shell, office: &dyn PostOffice, records: &[Record]) -> Answer {
    let mut answer = Answer::default();
    for change in records.iter().filter_map(Record::written) {
        let letter = change.letter();
        let is_done = match deliver(shell, office, &letter).await {
            Ok(delivery) => delivery != Delivery::InOtherHands,
            Err(problem) => {
                let problem = problem.for_the_log();
                tracing::error!(
                    letter = letter.as_text(),
                    problem,
                    "a letter could not be delivered"
                );
                false
            }
        };
        if !is_done {
            answer.batch_item_failures.push(Failed { item_identifier: change.sequence.clone() });
        }
    }
    answer
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
