//! The commit: head, journal, letters, day sheets and answers in one transaction on one version.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, Put, ReturnConsumedCapacity, TransactWriteItem, Update},
};
use chrono::{DateTime, Utc};
use domain::{Answers, ClientFile, CommandId, Letter, PracticeId, SheetDay};

use crate::{
    Guard, Indexed, JournalEntry, Limit, Loaded, Store, StoreError,
    fingerprint::fingerprint,
    form::CHANGED,
    items::{StoredEntry, StoredFile},
    keys::{Item, Key, number, text},
    outbox,
    sheets::SheetsChange,
    usage::Access,
};

/// How many carried-out wishes a head remembers.
const SEEN_MAX: usize = 12;

/// Everything one command writes.
#[derive(Debug)]
pub struct Commit<'a> {
    /// Whose client.
    pub practice: &'a PracticeId,
    /// What the decision was made on.
    pub before: &'a Loaded,
    /// The file after it.
    pub after: &'a ClientFile,
    /// When the file is to be looked at again.
    pub next_due: Option<DateTime<Utc>>,
    /// What happened.
    pub entry: JournalEntry,
    /// Whether the wish is remembered, so that its repetition is harmless. The clock's are not:
    /// what they do is guarded by the version alone.
    pub remember: bool,
    /// The letters it causes.
    pub letters: &'a [Letter],
    /// The answers to keep, if they changed.
    pub answers: Option<&'a Answers>,
    /// The counter to move on.
    pub limit: Option<&'a Limit>,
    /// The request that brought the wish, as the log names it; its letters keep it.
    pub request: Option<&'a str>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else wrote the file or a sheet meanwhile: load and decide again.
    #[error("somebody else was faster")]
    Conflict,
    /// A day whose sheet must be written was not loaded: load it and decide again.
    #[error("the sheet of {day} is needed", day = .0.1)]
    SheetNeeded(SheetDay),
    /// The request failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Writes everything or nothing.
    pub async fn commit(&self, commit: &Commit<'_>) -> Result<(), CommitError> {
        let attempt = "commit a client file";
        let entry = StoredEntry::chain(&commit.entry, &commit.before.hash)
            .map_err(StoreError::unreadable("journal entry"))?;
        let mut writes = vec![self.head_write(commit, &entry)?, self.journal_write(commit, entry)?];
        writes.extend(self.sheet_writes(commit)?);
        writes.extend(self.guard_writes(commit)?);
        for letter in commit.letters {
            let item = outbox::item_of(commit.practice, &commit.after.id, letter, commit.request)?;
            writes.push(put_new(&self.tables.outbox, item)?);
        }
        if let Some(answers) = commit.answers {
            let (client, at) = (&commit.after.id, commit.entry.at);
            let update = self.answers_update(commit.practice, client, answers, at).build();
            writes.push(TransactWriteItem::builder().update(built(update)?).build());
        }
        if let Some(limit) = commit.limit {
            writes.push(self.count_write(commit.practice, limit)?);
        }
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .client_request_token(token(commit))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match sent.map_err(SdkError::into_service_error) {
            Ok(answer) => {
                self.usage.count(Access::Write, answer.consumed_capacity());
                for letter in commit.letters {
                    self.announce(outbox::key_of(commit.practice, &commit.after.id, letter));
                }
                Ok(())
            }
            Err(error) if is_conflict(&error) => Err(CommitError::Conflict),
            Err(error) => Err(StoreError::request(attempt)(error).into()),
        }
    }

    fn head_write(
        &self,
        commit: &Commit<'_>,
        entry: &StoredEntry,
    ) -> Result<TransactWriteItem, StoreError> {
        let key = Key::head(commit.practice, &commit.after.id);
        let mut item = key.new_item();
        item.insert("version".to_owned(), number(commit.entry.number));
        item.insert("hash".to_owned(), text(entry.hash()));
        item.insert("seen".to_owned(), seen(commit));
        item.insert(CHANGED.to_owned(), number(commit.entry.at.timestamp()));
        let file = serde_dynamo::to_attribute_value(StoredFile::from(commit.after))
            .map_err(StoreError::unreadable("client file"))?;
        item.insert("file".to_owned(), file);
        let indexed = Indexed::of(commit.after, commit.next_due);
        item.extend(indexed.attributes(commit.practice, &key));
        commit.before.unknown.put_back(&mut item);
        let put = Put::builder().table_name(&self.tables.clients).set_item(Some(item));
        let put = if commit.before.version == 0 {
            put.condition_expression("attribute_not_exists(pk)")
        } else {
            put.condition_expression("version = :version")
                .expression_attribute_values(":version", number(commit.before.version))
        };
        Ok(TransactWriteItem::builder().put(built(put.build())?).build())
    }

    fn journal_write(
        &self,
        commit: &Commit<'_>,
        entry: StoredEntry,
    ) -> Result<TransactWriteItem, StoreError> {
        let key = Key::journal(commit.practice, &commit.after.id, commit.entry.number);
        let mut item: Item =
            serde_dynamo::to_item(entry).map_err(StoreError::unreadable("journal entry"))?;
        item.extend(key.new_item());
        put_new(&self.tables.clients, item)
    }

    /// Brings the day sheets from what the client took to what they take.
    fn sheet_writes(&self, commit: &Commit<'_>) -> Result<Vec<TransactWriteItem>, CommitError> {
        let before = commit.before.file.as_ref().map(ClientFile::taken).unwrap_or_default();
        let after = commit.after.taken();
        let change = SheetsChange {
            practice: commit.practice,
            sheets: &commit.before.sheets,
            now: commit.entry.at,
        };
        self.change_sheets(&change, &before, &after)
    }

    /// Moves on the guards of those limits under which something is taken anew.
    fn guard_writes(&self, commit: &Commit<'_>) -> Result<Vec<TransactWriteItem>, StoreError> {
        let before = commit.before.file.as_ref().map(ClientFile::taken).unwrap_or_default();
        let after = commit.after.taken();
        let new: Vec<_> = after.iter().filter(|taken| !before.contains(taken)).collect();
        let takes = |guard: &&Guard| new.iter().any(|taken| taken.provider == guard.provider);
        let guards = commit.before.guards.iter().filter(takes);
        guards.map(|guard| self.guard_write(commit.practice, guard)).collect()
    }

    fn guard_write(
        &self,
        practice: &PracticeId,
        guard: &Guard,
    ) -> Result<TransactWriteItem, StoreError> {
        let key = Key::limits(practice, &guard.provider);
        let update = Update::builder()
            .table_name(&self.tables.calendar)
            .set_key(Some(key.item()))
            .update_expression("ADD n :one")
            .expression_attribute_values(":one", number(1));
        let update = if guard.version == 0 {
            update.condition_expression("attribute_not_exists(pk)")
        } else {
            update
                .condition_expression("n = :version")
                .expression_attribute_values(":version", number(guard.version))
        };
        Ok(TransactWriteItem::builder().update(built(update.build())?).build())
    }

    fn count_write(
        &self,
        practice: &PracticeId,
        limit: &Limit,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.tables.practices)
            .set_key(Some(limit.key(practice).item()))
            .update_expression("ADD n :one SET expires = :expires")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":expires", number(limit.expires()));
        Ok(TransactWriteItem::builder().update(built(update.build())?).build())
    }
}

fn seen(commit: &Commit<'_>) -> AttributeValue {
    let mut seen: Vec<&CommandId> = commit.before.seen.iter().collect();
    if commit.remember {
        seen.push(&commit.entry.command);
    }
    let kept = seen.len().saturating_sub(SEEN_MAX);
    AttributeValue::L(seen[kept..].iter().map(|id| text(id.as_str())).collect())
}

pub(crate) fn put_new(table: &str, item: Item) -> Result<TransactWriteItem, StoreError> {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .condition_expression("attribute_not_exists(pk)");
    Ok(TransactWriteItem::builder().put(built(put.build())?).build())
}

pub(crate) fn built<T>(
    result: Result<T, aws_sdk_dynamodb::error::BuildError>,
) -> Result<T, StoreError> {
    result.map_err(StoreError::request("build a transaction"))
}

/// The same decision on the same versions is the same transaction, whoever sends it again
/// (idempotent for ten minutes; after that the conditions hold on their own).
fn token(commit: &Commit<'_>) -> String {
    let versions: Vec<String> =
        commit.before.sheets.iter().map(|sheet| sheet.version.to_string()).collect();
    fingerprint(&[
        commit.practice.as_str(),
        commit.after.id.as_str(),
        commit.entry.command.as_str(),
        &commit.before.version.to_string(),
        &commit.entry.at.timestamp().to_string(),
        &versions.join("."),
    ])
}

/// Whether loading and deciding again may help. A refused condition means that somebody wrote
/// meanwhile; a conflict or throttling, that somebody is writing just now.
pub(crate) fn is_conflict(error: &TransactWriteItemsError) -> bool {
    let retryable = [
        "None",
        "ConditionalCheckFailed",
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    ];
    if let TransactWriteItemsError::TransactionCanceledException(cancelled) = error {
        let mut reasons =
            cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code());
        return reasons.all(|code| retryable.contains(&code));
    }
    error.is_transaction_in_progress_exception()
        || error.is_idempotent_parameter_mismatch_exception()
        || error.meta().code() == Some("TransactionConflictException")
}
