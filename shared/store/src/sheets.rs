//! Changing day sheets: what is added must be on sheets that nobody has written meanwhile.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::{
    error::SdkError,
    types::{AttributeValue, ReturnConsumedCapacity, TransactWriteItem, Update},
};
use chrono::{DateTime, Utc};
use domain::{DaySheet, DaySheets, PracticeId, SheetDay, Taken};

use crate::{
    CommitError, Store, StoreError,
    commit::{built, is_conflict, put_new},
    items::{entry_key, entry_line},
    keys::{Key, number, text},
    usage::Access,
};

/// What a change of day sheets was decided on.
#[derive(Debug, Clone, Copy)]
pub struct SheetsChange<'a> {
    /// Whose calendars.
    pub practice: &'a PracticeId,
    /// The sheets as they were seen.
    pub sheets: &'a DaySheets,
    /// When it was decided.
    pub now: DateTime<Utc>,
}

/// What changes on one day sheet.
#[derive(Debug, Default)]
struct SheetChange<'a> {
    released: BTreeSet<String>,
    added: Vec<&'a Taken>,
}

impl Store {
    /// Takes time for nobody in particular, or gives it back: everything or nothing.
    pub async fn commit_sheets(
        &self,
        change: &SheetsChange<'_>,
        before: &[Taken],
        after: &[Taken],
    ) -> Result<(), CommitError> {
        let writes = self.change_sheets(change, before, after)?;
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
                Ok(())
            }
            Err(error) if is_conflict(&error) => Err(CommitError::Conflict),
            Err(error) => Err(StoreError::request("change day sheets")(error).into()),
        }
    }

    /// The writes that bring day sheets from what somebody took to what they take.
    pub(crate) fn change_sheets(
        &self,
        change: &SheetsChange<'_>,
        before: &[Taken],
        after: &[Taken],
    ) -> Result<Vec<TransactWriteItem>, CommitError> {
        // What has begun stays on its sheet: it counts against the limits of its week and month.
        let is_ahead = |taken: &&Taken| change.now < taken.slot.start || taken.client().is_none();
        let mut days: BTreeMap<SheetDay, SheetChange<'_>> = BTreeMap::new();
        for taken in before.iter().filter(|taken| !after.contains(taken)).filter(is_ahead) {
            for day in taken.days() {
                days.entry(day).or_default().released.insert(entry_key(taken));
            }
        }
        for taken in after.iter().filter(|taken| !before.contains(taken)) {
            for day in taken.days() {
                let change = days.entry(day).or_default();
                change.released.remove(&entry_key(taken));
                change.added.push(taken);
            }
        }
        days.into_iter().map(|(day, of_day)| self.sheet_write(change, day, &of_day)).collect()
    }

    fn sheet_write(
        &self,
        change: &SheetsChange<'_>,
        day: SheetDay,
        of_day: &SheetChange<'_>,
    ) -> Result<TransactWriteItem, CommitError> {
        let key = Key::sheet(change.practice, &day);
        if of_day.added.is_empty() {
            return Ok(self.release(&key, of_day)?);
        }
        let sheet = change.sheets.day(&day).ok_or(CommitError::SheetNeeded(day))?;
        let write = if sheet.version == 0 {
            self.new_sheet(&key, of_day)?
        } else {
            self.change_sheet(&key, sheet, of_day, change.now)?
        };
        Ok(write)
    }

    /// Time that is given back needs no look at the sheet: taking less never collides.
    fn release(
        &self,
        key: &Key,
        change: &SheetChange<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut update = SheetUpdate::default();
        update.remove_all(&change.released);
        let update =
            update.builder(&self.tables.calendar, key).condition_expression("attribute_exists(pk)");
        Ok(TransactWriteItem::builder().update(built(update.build())?).build())
    }

    fn new_sheet(
        &self,
        key: &Key,
        change: &SheetChange<'_>,
    ) -> Result<TransactWriteItem, StoreError> {
        let entry = |taken: &&Taken| (entry_key(taken), text(&entry_line(taken)));
        let taken: HashMap<_, _> = change.added.iter().map(entry).collect();
        let mut item = key.new_item();
        item.insert("version".to_owned(), number(1));
        item.insert("taken".to_owned(), AttributeValue::M(taken));
        put_new(&self.tables.calendar, item)
    }

    fn change_sheet(
        &self,
        key: &Key,
        sheet: &DaySheet,
        change: &SheetChange<'_>,
        now: DateTime<Utc>,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut update = SheetUpdate::default();
        let dead = sheet.taken.iter().filter(|taken| !taken.is_live(now)).map(entry_key);
        let mut gone: BTreeSet<String> = change.released.iter().cloned().chain(dead).collect();
        for taken in &change.added {
            gone.remove(&entry_key(taken));
            update.set(&entry_key(taken), text(&entry_line(taken)));
        }
        update.remove_all(&gone);
        let update = update
            .builder(&self.tables.calendar, key)
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(sheet.version));
        Ok(TransactWriteItem::builder().update(built(update.build())?).build())
    }
}

/// An update expression over the map of a day sheet.
#[derive(Debug, Default)]
struct SheetUpdate {
    sets: Vec<String>,
    removes: Vec<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl SheetUpdate {
    fn set(&mut self, entry: &str, value: AttributeValue) {
        let at = self.names.len();
        self.names.insert(format!("#e{at}"), entry.to_owned());
        self.values.insert(format!(":e{at}"), value);
        self.sets.push(format!("taken.#e{at} = :e{at}"));
    }

    fn remove_all<'a>(&mut self, entries: impl IntoIterator<Item = &'a String>) {
        for entry in entries {
            let at = self.names.len();
            self.names.insert(format!("#e{at}"), entry.clone());
            self.removes.push(format!("taken.#e{at}"));
        }
    }

    fn builder(
        mut self,
        table: &str,
        key: &Key,
    ) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        self.values.insert(":one".to_owned(), number(1));
        let mut expression = "ADD version :one".to_owned();
        for (clause, parts) in [("SET", &self.sets), ("REMOVE", &self.removes)] {
            if !parts.is_empty() {
                expression = format!("{expression} {clause} {}", parts.join(", "));
            }
        }
        Update::builder()
            .table_name(table)
            .set_key(Some(key.item()))
            .update_expression(expression)
            .set_expression_attribute_names(Some(self.names))
            .set_expression_attribute_values(Some(self.values))
    }
}
