//! Whether the items of a copy agree with each other.
//!
//! What one commit wrote belongs together: a head and the last entry of its journal, a letter and the
//! entry that caused it, a file and the day sheets that list what it takes. Tables are copied one
//! after another, and AWS brings them back one by one, so a copy may have one half of a commit. A file
//! that came out of such a copy could never be written again, because the entry that is next is
//! there already, and a time that is held would be offered.
//!
//! Only what is proven to disagree is told: what this version cannot read is passed over.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{SheetDay, StaffId, Taken};

use crate::{
    CopiedItem, CopiedTable,
    copy::from_json,
    items::{StoredEntry, entry_key, read_sheet},
    keys::JOURNAL,
    load::read_file,
};

/// What does not agree in a copy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// A file and its journal are not of the same moment.
    #[error("the file {file} is at commit {version}, and its journal ends at {journal}")]
    Journal {
        /// Whose file: practice and client.
        file: String,
        /// The head's; 0 if there is none.
        version: u64,
        /// The last entry of those that follow on one another.
        journal: u64,
    },
    /// A letter was caused by a commit that is not there.
    #[error("a letter about the file {0} is of a commit that it has not")]
    Letter(String),
    /// A file and a day sheet are not of the same moment.
    #[error("the file {file} and the day sheet of {date} do not say the same")]
    Sheet {
        /// Whose file: practice and client.
        file: String,
        /// Of which day.
        date: NaiveDate,
    },
}

/// What was seen of a copy so far.
#[derive(Debug)]
pub struct Agreement {
    /// The moment of the copy, or of the latest commit in it: a house may go by a clock of its own.
    now: DateTime<Utc>,
    files: BTreeMap<String, File>,
    /// What is listed on the sheets, with the file it is of.
    listed: BTreeMap<Entry, (String, Taken)>,
}

/// A file, by what has been seen of it.
#[derive(Debug, Default)]
struct File {
    version: Option<u64>,
    hash: String,
    /// What it takes and counts; nothing, if that cannot be read.
    taken: Option<Vec<Taken>>,
    numbers: BTreeSet<u64>,
    last_hash: String,
    committed: Option<DateTime<Utc>>,
    /// When its latest letter was written.
    written: Option<i64>,
}

/// An entry of a day sheet: practice, provider, day, and its name there.
type Entry = (String, StaffId, NaiveDate, String);

impl Agreement {
    /// Nothing is seen yet of a copy of this moment.
    pub fn new(taken: DateTime<Utc>) -> Self {
        Self { now: taken, files: BTreeMap::new(), listed: BTreeMap::new() }
    }

    /// Looks at the next item, in whatever order they come.
    pub fn see(&mut self, item: &CopiedItem) {
        let (Some(pk), Some(sk)) = (item.partition(), item.text("sk")) else { return };
        match item.table {
            CopiedTable::Clients if sk.starts_with(JOURNAL) => self.see_entry(pk, item),
            CopiedTable::Clients if !pk.contains('#') => self.see_head(format!("{pk}#{sk}"), item),
            CopiedTable::Outbox if !pk.contains('@') => {
                let file = self.files.entry(pk.to_owned()).or_default();
                file.written = file.written.max(item.number("written"));
            }
            CopiedTable::Calendar => self.see_sheet(pk, item),
            CopiedTable::Clients | CopiedTable::Outbox | CopiedTable::Practices => {}
        }
    }

    fn see_head(&mut self, name: String, item: &CopiedItem) {
        let read = from_json(&item.attributes).ok().and_then(|item| read_file(item).ok());
        let taken =
            read.map(|file| file.taken().into_iter().filter(|one| self.counts(one)).collect());
        let file = self.files.entry(name).or_default();
        file.version = item.number("version").and_then(|version| u64::try_from(version).ok());
        item.text("hash").unwrap_or_default().clone_into(&mut file.hash);
        file.taken = taken;
    }

    fn see_entry(&mut self, pk: &str, item: &CopiedItem) {
        let file = self.files.entry(pk.to_owned()).or_default();
        let read = from_json(&item.attributes).ok();
        let entry = read.and_then(|item| serde_dynamo::from_item::<_, StoredEntry>(item).ok());
        let Some(entry) = entry else { return };
        if file.numbers.last().is_none_or(|last| *last < entry.number()) {
            entry.hash().clone_into(&mut file.last_hash);
        }
        file.numbers.insert(entry.number());
        file.committed = file.committed.max(entry.at());
        self.now = self.now.max(entry.at().unwrap_or(self.now));
    }

    fn see_sheet(&mut self, pk: &str, item: &CopiedItem) {
        let Some((practice, _)) = pk.split_once('#') else { return };
        let sheet = from_json(&item.attributes).ok().and_then(|item| read_sheet(item).ok());
        let Some(sheet) = sheet else { return };
        for taken in sheet.taken {
            let Some(client) = taken.client().filter(|_| self.counts(&taken)) else { continue };
            let file = format!("{practice}#{client}");
            let entry =
                (practice.to_owned(), sheet.provider.clone(), sheet.date, entry_key(&taken));
            self.listed.insert(entry, (file, taken));
        }
    }

    /// Whether everything that was seen agrees.
    ///
    /// # Errors
    /// The first thing that does not.
    pub fn judge(&self) -> Result<(), Disagreement> {
        self.files.iter().try_for_each(|(name, file)| file.judge(name))?;
        self.judge_listed()?;
        self.files.iter().try_for_each(|(name, file)| self.judge_taken(name, file))
    }

    /// What has begun stays on its sheet, and what has expired until somebody tidies it up: neither says
    /// anything of the file. The moment only moves on, so what does not count never will.
    fn counts(&self, taken: &Taken) -> bool {
        self.now < taken.slot.start && taken.is_live(self.now)
    }

    fn judge_listed(&self) -> Result<(), Disagreement> {
        for ((_, _, date, _), (name, listed)) in &self.listed {
            let taken = match self.files.get(name) {
                Some(File { version: Some(_), taken: None, .. }) => continue,
                Some(File { version: Some(_), taken: Some(taken), .. }) => taken.as_slice(),
                Some(_) | None => &[],
            };
            let is_same = |one: &Taken| {
                one.provider == listed.provider && entry_key(one) == entry_key(listed)
            };
            if self.counts(listed) && !taken.iter().any(is_same) {
                return Err(Disagreement::Sheet { file: name.clone(), date: *date });
            }
        }
        Ok(())
    }

    fn judge_taken(&self, name: &str, file: &File) -> Result<(), Disagreement> {
        let practice = name.split('#').next().unwrap_or_default();
        let ahead = file.taken.iter().flatten().filter(|taken| self.counts(taken));
        for taken in ahead {
            let is_listed = |(provider, date): SheetDay| {
                let entry = (practice.to_owned(), provider, date, entry_key(taken));
                self.listed.contains_key(&entry).then_some(()).ok_or(date)
            };
            if let Err(date) = taken.days().try_for_each(is_listed) {
                return Err(Disagreement::Sheet { file: name.to_owned(), date });
            }
        }
        Ok(())
    }
}

impl File {
    fn judge(&self, name: &str) -> Result<(), Disagreement> {
        let version = self.version.unwrap_or(0);
        let journal = (1..).zip(&self.numbers).take_while(|(expected, found)| expected == *found);
        let journal = journal.last().map_or(0, |(number, _)| number);
        let is_whole = journal == version
            && self.numbers.last().is_none_or(|last| *last == version)
            && self.hash == self.last_hash;
        if !is_whole {
            let last = self.numbers.last().copied().unwrap_or(0);
            // A gap ends the journal; what lies beyond the head is said as it is.
            let journal = if journal == version { last } else { journal };
            return Err(Disagreement::Journal { file: name.to_owned(), version, journal });
        }
        let committed = self.committed.map(|at| at.timestamp());
        if committed < self.written {
            return Err(Disagreement::Letter(name.to_owned()));
        }
        Ok(())
    }
}
