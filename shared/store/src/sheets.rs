//! Changing day sheets: what is added must be on sheets that nobody has written meanwhile.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::{
    error::SdkError,
    types::{AttributeValue, ReturnConsumedCapacity, TransactWriteItem, builders::UpdateBuilder},
};
use chrono::{DateTime, Utc};
use domain::{DaySheet, DaySheets, PracticeId, SheetDay, Taken};

use crate::{
    CommitError, Store, StoreError,
    changes::Changes,
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
        let mut changes = Changes::default();
        remove_all(&mut changes, &change.released);
        let update = self.sheet_update(key, changes).condition_expression("attribute_exists(pk)");
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
        item.insert(TAKEN.to_owned(), AttributeValue::M(taken));
        put_new(&self.tables.calendar, item)
    }

    fn change_sheet(
        &self,
        key: &Key,
        sheet: &DaySheet,
        change: &SheetChange<'_>,
        now: DateTime<Utc>,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut changes = Changes::default();
        let dead = sheet.taken.iter().filter(|taken| !taken.is_live(now)).map(entry_key);
        let mut gone: BTreeSet<String> = change.released.iter().cloned().chain(dead).collect();
        for taken in &change.added {
            gone.remove(&entry_key(taken));
            changes.set(&[TAKEN, &entry_key(taken)], text(&entry_line(taken)));
        }
        remove_all(&mut changes, &gone);
        let update = self
            .sheet_update(key, changes)
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(sheet.version));
        Ok(TransactWriteItem::builder().update(built(update.build())?).build())
    }

    fn sheet_update(&self, key: &Key, mut changes: Changes) -> UpdateBuilder {
        changes.count("version");
        changes.update().table_name(&self.tables.calendar).set_key(Some(key.item()))
    }
}

/// The map of what is taken.
const TAKEN: &str = "taken";

/// Takes these entries off a day sheet.
fn remove_all<'a>(changes: &mut Changes, entries: impl IntoIterator<Item = &'a String>) {
    for entry in entries {
        changes.remove(&[TAKEN, entry]);
    }
}
