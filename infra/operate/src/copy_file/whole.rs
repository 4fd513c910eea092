//! The file of a copy, read to its end before any of it counts.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufRead, BufReader},
    path::Path,
};

use chrono::DateTime;
use domain::{Handbook, PracticeId};
use handbook::Sources;
use sha2::{Digest as _, Sha256};
use store::{Agreement, CopiedItem};

use super::{CopyProblem, CopySummary, FORMAT, Foot, Head, Line, brought::Brought};

/// The longest line: DynamoDB's largest item, in JSON with every character escaped.
const LINE_MAX: u64 = 4 * 1024 * 1024;

/// What a copy is, read to its end.
pub(super) struct Looked {
    pub(super) brought: Brought,
    pub(super) summary: CopySummary,
    pub(super) handbooks: Vec<Handbook>,
}

/// A file that should hold a copy.
pub(super) struct Copy<'a> {
    pub(super) path: &'a Path,
}

impl Copy<'_> {
    pub(super) fn wrong(&self, words: impl Into<String>) -> CopyProblem {
        CopyProblem::NotACopy { path: self.path.to_owned(), words: words.into() }
    }

    /// Reads it to its end, so that nothing of it counts unless all of it is there.
    pub(super) fn look_through(&self) -> Result<Looked, CopyProblem> {
        let mut lines = Lines::of(self)?;
        let cut_off = || self.wrong("it is cut off; take it again, or copy it over whole");
        let first = lines.next_line()?.ok_or_else(cut_off)?;
        let head: Head = serde_json::from_str(&first)
            .ok()
            .filter(|head: &Head| head.anteroom == "copy")
            .ok_or_else(|| self.wrong("it does not begin as one"))?;
        if head.format != FORMAT {
            let words = format!("it has form {}, and this version knows {FORMAT}", head.format);
            return Err(self.wrong(words));
        }
        let brought = Brought::read(&head)
            .ok_or_else(|| self.wrong("the secrets that its links are signed with are damaged"))?;
        let mut hash = Sha256::new();
        hash.update(&first);
        let taken = DateTime::parse_from_rfc3339(&head.taken);
        let taken = taken.map_err(|_| self.wrong("it does not say when it was taken"))?.to_utc();
        let mut summary = CopySummary::new(taken);
        let mut owners = BTreeSet::new();
        let mut handbooks = Vec::new();
        let mut agreement = Agreement::new(taken);
        loop {
            let line = lines.next_line()?.ok_or_else(cut_off)?;
            if let Ok(foot) = serde_json::from_str::<Foot>(&line) {
                if foot.sha256 != hex::encode(hash.finalize()) || foot.items != summary.items {
                    return Err(self.wrong("it was changed since it was taken"));
                }
                let named = head.practice.as_deref();
                let is_named = |id: &PracticeId| named.is_none_or(|named| named == id.as_str());
                if owners != summary.practices || !owners.iter().all(is_named) {
                    return Err(self.wrong("it has items of somebody whose handbook it has not"));
                }
                if lines.next_line()?.is_some() {
                    return Err(self.wrong("there is something behind its end"));
                }
                summary.damage = foot.damage;
                let torn = |source| CopyProblem::Torn { path: self.path.to_owned(), source };
                if summary.damage.is_none() {
                    agreement.judge().map_err(torn)?;
                }
                return Ok(Looked { brought, summary, handbooks });
            }
            hash.update(&line);
            let item = self.item(&line)?;
            let owner = self.owner(&item)?;
            handbooks.extend(self.handbook(&owner, &item, &brought)?);
            owners.insert(owner);
            summary.count(&item);
            agreement.see(&item);
        }
    }

    /// Whose an item is, and nobody else's.
    fn owner(&self, item: &CopiedItem) -> Result<PracticeId, CopyProblem> {
        let owner = item.owner().ok_or_else(|| self.wrong("it has an item of nobody"))?;
        if item.is_of(&owner) { Ok(owner) } else { Err(self.anothers()) }
    }

    fn anothers(&self) -> CopyProblem {
        self.wrong("it has something of a practice that says it is another's")
    }

    /// The handbook that an item is, if it is one.
    fn handbook(
        &self,
        owner: &PracticeId,
        item: &CopiedItem,
        brought: &Brought,
    ) -> Result<Option<Handbook>, CopyProblem> {
        if !item.is_handbook() {
            return Ok(None);
        }
        // It would be in everybody's way where it is taken in.
        let fingerprint = brought.fingerprint_of(owner);
        if item.link_fingerprint().is_some_and(|known| known != fingerprint) {
            let words =
                format!("the links of {owner} were signed with another secret than it brings");
            return Err(self.wrong(words));
        }
        let sources = item.sources().and_then(|text| Sources::from_json(text).ok());
        let handbook = sources.and_then(|sources| handbook::read_again(&sources).ok());
        let handbook =
            handbook.ok_or_else(|| self.wrong("a handbook in it cannot be read here"))?;
        if handbook.practice.id == *owner { Ok(Some(handbook)) } else { Err(self.anothers()) }
    }

    /// Its items, in their order. What is wrong with it has been found before.
    pub(super) fn items(
        &self,
    ) -> Result<impl Iterator<Item = Result<CopiedItem, CopyProblem>>, CopyProblem> {
        let mut lines = Lines::of(self)?;
        lines.next_line()?;
        Ok(std::iter::from_fn(move || match lines.next_line() {
            Ok(line) => {
                let line = line.filter(|line| serde_json::from_str::<Foot>(line).is_err())?;
                Some(self.item(&line))
            }
            Err(problem) => Some(Err(problem)),
        }))
    }

    fn item(&self, line: &str) -> Result<CopiedItem, CopyProblem> {
        let line: Line =
            serde_json::from_str(line).map_err(|_| self.wrong("a line of it is no item"))?;
        let table = format!("it has a table {}", line.table);
        line.item().ok_or_else(|| self.wrong(table))
    }
}

/// The lines of a copy, each with its end.
struct Lines<'a> {
    copy: &'a Copy<'a>,
    file: BufReader<fs::File>,
}

impl<'a> Lines<'a> {
    fn of(copy: &'a Copy<'a>) -> Result<Self, CopyProblem> {
        let file = fs::File::open(copy.path);
        let file =
            file.map_err(|source| CopyProblem::Unread { path: copy.path.to_owned(), source })?;
        Ok(Self { copy, file: BufReader::new(file) })
    }

    fn next_line(&mut self) -> Result<Option<String>, CopyProblem> {
        let mut line = String::new();
        // No file makes us hold more of it than an item can be.
        let read = io::Read::take(&mut self.file, LINE_MAX).read_line(&mut line);
        let path = self.copy.path;
        read.map_err(|source| CopyProblem::Unread { path: path.to_owned(), source })?;
        let is_whole = line.is_empty() || line.ends_with('\n');
        if !is_whole {
            return Err(self.copy.wrong("it is cut off; take it again, or copy it over whole"));
        }
        Ok((!line.is_empty()).then_some(line))
    }
}
