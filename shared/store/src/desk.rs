//! What the desk shows: files that need somebody, all files, the journal, the calendar.

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::NaiveDate;
use domain::{ClientFile, ClientId, DaySheet, DaySheets, PracticeId, SheetDay, StaffId};

use crate::{
    JournalEntry, JournalProblem, Store, StoreError,
    items::{StoredEntry, read_sheet, verify},
    keys::{JOURNAL, Key, of_calendar, of_client, text},
    load::read_file,
    tables::DESK_INDEX,
};

/// How many files a page of the desk takes.
const FILES_MAX: usize = 100;

/// How many items DynamoDB reads in one batch (AWS, `BatchGetItem`).
const BATCH_MAX: usize = 100;

/// How many files are sorted for the list of all: a few megabytes to read, and more than a small
/// practice has.
const ALL_FILES_MAX: usize = 5_000;

impl Store {
    /// Files with an open request, with a task, or on the waiting list: in this order, the oldest of
    /// each first.
    pub async fn files_for_desk(
        &self,
        practice: &PracticeId,
    ) -> Result<Vec<ClientFile>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.clients)
            .index_name(DESK_INDEX)
            .key_condition_expression("desk = :practice")
            .expression_attribute_values(":practice", text(practice.as_str()));
        let items = self.query_all("list what waits at the desk", query, FILES_MAX).await?;
        let clients: Vec<ClientId> = items
            .iter()
            .filter_map(Key::read)
            .filter_map(|key| ClientId::parse(&key.sk).ok())
            .collect();
        let mut files = self.files(practice, &clients).await?;
        let place = |file: &ClientFile| clients.iter().position(|client| *client == file.id);
        files.sort_by_key(place);
        Ok(files)
    }

    /// These files, at most 100.
    pub async fn files(
        &self,
        practice: &PracticeId,
        clients: &[ClientId],
    ) -> Result<Vec<ClientFile>, StoreError> {
        if clients.is_empty() {
            return Ok(vec![]);
        }
        let keys: Vec<_> = clients
            .iter()
            .take(FILES_MAX)
            .map(|client| (self.tables.clients.as_str(), Key::head(practice, client)))
            .collect();
        let found = self.get_all("load client files", &keys).await?;
        found.into_values().flatten().map(read_file).collect()
    }

    /// All files of a practice, in no order that means anything; of very many, some 5,000.
    pub async fn all_files(&self, practice: &PracticeId) -> Result<Vec<ClientFile>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.clients)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(practice.as_str()));
        let items = self.query_all("list client files", query, ALL_FILES_MAX).await?;
        items.into_iter().map(read_file).collect()
    }

    /// The sheets of these days, eventually consistent, in one query: enough to show times,
    /// not to grant them.
    pub async fn sheets(
        &self,
        practice: &PracticeId,
        provider: &StaffId,
        days: RangeInclusive<NaiveDate>,
    ) -> Result<DaySheets, StoreError> {
        self.sheets_of(practice, provider, days, false).await
    }

    /// The sheets of these days as they are now, in one query: enough to grant times.
    pub async fn sheets_now(
        &self,
        practice: &PracticeId,
        provider: &StaffId,
        days: RangeInclusive<NaiveDate>,
    ) -> Result<DaySheets, StoreError> {
        self.sheets_of(practice, provider, days, true).await
    }

    /// The sheets of single days, eventually consistent, in one request for each hundred of them
    /// however far they lie apart.
    pub async fn sheets_on(
        &self,
        practice: &PracticeId,
        days: BTreeSet<SheetDay>,
    ) -> Result<DaySheets, StoreError> {
        let key = |day| (self.tables.calendar.as_str(), Key::sheet(practice, day));
        let keys: Vec<_> = days.iter().map(key).collect();
        let mut sheets = Vec::new();
        for keys in keys.chunks(BATCH_MAX) {
            let found = self.get_all_eventually("load day sheets", keys).await?;
            sheets.extend(found.into_values().flatten().map(read_sheet));
        }
        Ok(DaySheets::new(days, sheets.into_iter().collect::<Result<_, _>>()?))
    }

    async fn sheets_of(
        &self,
        practice: &PracticeId,
        provider: &StaffId,
        days: RangeInclusive<NaiveDate>,
        is_consistent: bool,
    ) -> Result<DaySheets, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.calendar)
            .consistent_read(is_consistent)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", text(&of_calendar(practice, provider)))
            .expression_attribute_values(":first", text(&days.start().to_string()))
            .expression_attribute_values(":last", text(&days.end().to_string()));
        let items = self.query_all("list day sheets", query, 1_000).await?;
        let sheets: Vec<DaySheet> = items.into_iter().map(read_sheet).collect::<Result<_, _>>()?;
        let dates = days.start().iter_days().take_while(|day| day <= days.end());
        let all_days = dates.map(|date| (provider.clone(), date));
        Ok(DaySheets::new(all_days, sheets))
    }

    /// The journal of a file, oldest first.
    pub async fn journal(
        &self,
        practice: &PracticeId,
        client: &ClientId,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        let entries = self.stored_journal(practice, client).await?;
        let read = entries.iter().map(StoredEntry::read);
        read.collect::<Result<_, _>>().map_err(StoreError::unreadable("journal entry"))
    }

    /// Whether a file's journal is whole, unaltered, and folds to its head.
    pub async fn verify(
        &self,
        practice: &PracticeId,
        client: &ClientId,
    ) -> Result<Result<(), JournalProblem>, StoreError> {
        let entries = self.stored_journal(practice, client).await?;
        let loaded = self.load(practice, client, &crate::Want::default()).await?;
        Ok(verify(&entries, loaded.file.as_ref()))
    }

    async fn stored_journal(
        &self,
        practice: &PracticeId,
        client: &ClientId,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.clients)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND begins_with(sk, :journal)")
            .expression_attribute_values(":pk", text(&of_client(practice, client)))
            .expression_attribute_values(":journal", text(JOURNAL));
        let items = self.query_all("read a journal", query, usize::MAX).await?;
        let read = items.into_iter().map(serde_dynamo::from_item);
        read.collect::<Result<_, _>>().map_err(StoreError::unreadable("journal entry"))
    }
}
