//! What wakes the post: the outbox's stream, and the clock.
//!
//! Of a stream record only the key, the state and the time of the next try are read. The words
//! of a letter are looked up when it is sent.

use chrono::{DateTime, Utc};
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
    #[serde(rename = "NewImage")]
    image: Option<LetterImage>,
    #[serde(rename = "SequenceNumber")]
    sequence: String,
}

#[derive(Debug, Deserialize)]
struct KeyImage {
    pk: Text,
    sk: Text,
}

#[derive(Debug, Deserialize)]
struct LetterImage {
    state: Text,
    retry_at: Option<Number>,
}

#[derive(Debug, Deserialize)]
struct Text {
    #[serde(rename = "S")]
    value: String,
}

#[derive(Debug, Deserialize)]
struct Number {
    #[serde(rename = "N")]
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
    let now = shell.now();
    for change in records.iter().filter_map(|record| record.to_deliver(now)) {
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
    /// The change, if it is a letter that should leave now. A stream that tells no more than
    /// keys leaves that to the outbox.
    fn to_deliver(&self, now: DateTime<Utc>) -> Option<&Change> {
        let is_for_now = self.change.image.as_ref().is_none_or(|letter| letter.is_for(now));
        (self.name == RecordName::Insert && is_for_now).then_some(&self.change)
    }
}

impl Change {
    fn letter(&self) -> OutgoingKey {
        OutgoingKey::from_parts(&self.key.pk.value, &self.key.sk.value)
    }
}

impl LetterImage {
    /// A letter for later is left to the clock.
    fn is_for(&self, now: DateTime<Utc>) -> bool {
        let retry_at: Option<i64> =
            self.retry_at.as_ref().and_then(|number| number.value.parse().ok());
        self.state.value == "written" && retry_at.is_none_or(|at| at <= now.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = include_str!("../events/stream.json");
    const RETRY: &str = include_str!("../events/retry.json");

    fn to_deliver(now: i64) -> Vec<(String, String)> {
        let Event::Stream { records } = serde_json::from_str(STREAM).unwrap() else {
            panic!("the example is of a stream");
        };
        let now = DateTime::from_timestamp(now, 0).unwrap();
        records
            .iter()
            .filter_map(|record| record.to_deliver(now))
            .map(|change| (change.sequence.clone(), change.letter().as_text()))
            .collect()
    }

    #[test]
    fn a_stream_brings_new_letters_for_now() {
        let delivered = to_deliver(1_795_435_200);
        let [(sequence, letter)] = &delivered[..] else { panic!("one of the four: {delivered:?}") };
        assert_eq!(sequence, "100000000000000000001");
        assert!(letter.starts_with("harbour#") && letter.contains("/welcome."), "{letter}");
    }

    #[test]
    fn a_letter_for_later_leaves_when_it_is_later() {
        let sequences: Vec<String> =
            to_deliver(1_795_521_600).into_iter().map(|(s, _)| s).collect();
        assert_eq!(sequences, ["100000000000000000001", "100000000000000000002"]);
    }

    #[test]
    fn a_stream_of_keys_brings_every_new_letter() {
        let keys_only = r#"{"Records": [{"eventName": "INSERT", "dynamodb": {
            "Keys": {"pk": {"S": "harbour#c"}, "sk": {"S": "welcome.1"}}, "SequenceNumber": "7"}}]}"#;
        let Event::Stream { records } = serde_json::from_str(keys_only).unwrap() else {
            panic!("this is of a stream");
        };
        assert!(records[0].to_deliver(DateTime::UNIX_EPOCH).is_some());
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
