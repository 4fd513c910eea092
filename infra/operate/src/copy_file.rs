//! A copy of a house, or of one practice, as a file: one line of JSON for each item.
//!
//! ```text
//! {"anteroom":"copy","format":1,"taken":"2026-11-23T10:00:00Z","practice":null,"link_keys":"07…"}
//! {"table":"clients","item":{"pk":{"S":"harbour"},…}}
//! {"items":1,"sha256":"…"}
//! ```
//!
//! The first line has the secrets that links are signed with: all of them ([`LinkKeys`]), or the one of
//! the practice that is copied (`link_secret`). Without them no link in a letter would open and no client
//! be known again; so the file is written for its owner's eyes only. The last line has a SHA-256 over all bytes before it: a copy is read whole before any of it counts.
//!
//! Nothing is sent from a copy until an operator says so (`anteroom resume`).

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use domain::PracticeId;
use handbook::Sources;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use shell::{LinkKeys, LinkSecret};
use store::{CopiedTable, Standing, Store, StoreError};

use crate::{OperateProblem, Premises, new_private_file};

/// The form of the file. A later form is refused by name.
const FORMAT: u32 = 1;

/// How many items are written at once.
const WRITTEN_AT_ONCE: usize = 500;

/// The longest line: DynamoDB's largest item, in JSON with every character escaped.
const LINE_MAX: u64 = 4 * 1024 * 1024;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    anteroom: String,
    format: u32,
    taken: String,
    practice: Option<String>,
    #[serde(flatten)]
    secrets: Secrets,
}

/// The secrets that the links of a copy are signed with. That of the house is no business of somebody
/// who has a copy of one practice: it signs for all.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Secrets {
    /// All of a house, as text.
    LinkKeys(String),
    /// That of the practice, as hexadecimal digits.
    LinkSecret(String),
}

/// A line for an item.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    table: String,
    item: Value,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
struct Foot {
    items: u64,
    sha256: String,
}

/// What a copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopySummary {
    /// When it was taken.
    pub taken: DateTime<Utc>,
    /// Whose practices are in it.
    pub practices: BTreeSet<PracticeId>,
    /// How many items.
    pub items: u64,
}

/// Why there is no copy, or why it is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum CopyProblem {
    /// The file.
    #[error("cannot use the file {}: is the folder there, and the file not?", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is not a whole copy.
    #[error("{} is not a copy that can be used: {words}", path.display())]
    NotACopy {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        words: String,
    },
    /// It would be overwritten.
    #[error("the practice {0} is here already; nothing was changed")]
    IsHereAlready(PracticeId),
    /// The tables.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies everything, or one practice, into a new file.
///
/// # Errors
/// The practice is not here, the file is, or one of them cannot be used.
pub async fn write_copy(
    store: &Store,
    practice: Option<&PracticeId>,
    keys: &LinkKeys,
    now: DateTime<Utc>,
    path: &Path,
) -> Result<CopySummary, OperateProblem> {
    if let Some(practice) = practice
        && store.handbook(practice).await?.is_none()
    {
        return Err(OperateProblem::NoPractice(practice.clone()));
    }
    let of_whom: BTreeSet<PracticeId> = match practice {
        Some(practice) => [practice.clone()].into(),
        None => store.practices().await?.into_iter().map(|(id, _)| id).collect(),
    };
    let head = Head {
        anteroom: "copy".to_owned(),
        format: FORMAT,
        taken: now.to_rfc3339(),
        practice: practice.map(ToString::to_string),
        secrets: match practice {
            Some(practice) => Secrets::LinkSecret(keys.of(practice).to_hex()),
            None => Secrets::LinkKeys(keys.to_text()),
        },
    };
    let unusable = |source| CopyProblem::File { path: path.to_owned(), source };
    let file = new_private_file(path).map_err(unusable)?;
    let copied = copy_items(store, practice, &of_whom, head, now, file).await;
    copied.map_err(|problem| {
        // Half a copy is none, and would stand in the way of the next.
        drop(fs::remove_file(path));
        match problem {
            NotCopied::File(source) => unusable(source).into(),
            NotCopied::Store(problem) => problem.into(),
        }
    })
}

/// Why a copy was not written.
#[derive(Debug, thiserror::Error)]
enum NotCopied {
    #[error(transparent)]
    File(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn copy_items(
    store: &Store,
    practice: Option<&PracticeId>,
    of_whom: &BTreeSet<PracticeId>,
    head: Head,
    now: DateTime<Utc>,
    file: fs::File,
) -> Result<CopySummary, NotCopied> {
    let mut file = Hashed::new(BufWriter::new(file));
    file.line(&head)?;
    let mut summary = CopySummary { taken: now, practices: BTreeSet::new(), items: 0 };
    for table in CopiedTable::ALL {
        let mut reached = None;
        loop {
            let (items, next) = store.copy_out(table, practice, reached).await?;
            // What a removed practice may have left behind is nobody's.
            let is_somebodys = |item: &Value| owner(item).is_some_and(|id| of_whom.contains(&id));
            for item in items.into_iter().filter(is_somebodys) {
                summary.count(table, &item);
                file.line(&Line { table: table.name().to_owned(), item })?;
            }
            reached = next;
            if reached.is_none() {
                break;
            }
        }
    }
    let foot = Foot { items: summary.items, sha256: hex::encode(file.hash.clone().finalize()) };
    file.line(&foot)?;
    let file = file.inner.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(summary)
}

/// The practice that an item belongs to: what its key begins with.
fn owner(item: &Value) -> Option<PracticeId> {
    let partition = item["pk"]["S"].as_str()?;
    PracticeId::parse(partition.split('#').next()?).ok()
}

/// Whether what an item says of whose it is agrees with its key: files come from strangers, too.
fn is_of(owner: &PracticeId, table: CopiedTable, item: &Value) -> bool {
    let named = ["practice", "desk"].map(|name| item[name]["S"].as_str());
    let is_owner = |name: &str| name == owner.as_str();
    named.into_iter().flatten().all(is_owner)
        && (!is_handbook(table, item) || is_handbook_of(owner, item).is_some_and(|is_it| is_it))
}

fn is_handbook_of(owner: &PracticeId, item: &Value) -> Option<bool> {
    let sources = Sources::from_json(item["sources"]["S"].as_str()?).ok()?;
    Some(handbook::read_again(&sources).ok()?.practice.id == *owner)
}

/// Takes a copy in, beside whatever is here; its letters wait, and a practice that was suspended stays
/// so. What was cut off can be done again: a practice is here only when all of it is.
///
/// # Errors
/// The file is not a whole copy, or a practice of it is here already; nothing was changed then.
pub async fn read_copy(
    premises: &impl Premises,
    path: &Path,
) -> Result<CopySummary, OperateProblem> {
    let copy = Copy { path };
    let (head, summary) = copy.look_through()?;
    let brought = Brought::read(&head)
        .ok_or_else(|| copy.wrong("the secrets that its links are signed with are damaged"))?;
    let store = premises.store();
    for practice in &summary.practices {
        if store.handbook(practice).await?.is_some() {
            return Err(CopyProblem::IsHereAlready(practice.clone()).into());
        }
    }
    keep_link_keys(premises, brought, &summary).await?;
    // Without its handbook a practice is not there for anybody: no page, no clock, no letter touches
    // what is still incomplete.
    write_items(store, &copy, |table, item| !is_handbook(table, item)).await?;
    write_items(store, &copy, is_handbook).await?;
    Ok(summary)
}

/// The secrets that came with a copy.
enum Brought {
    House(LinkKeys),
    Practice(PracticeId, LinkSecret),
}

impl Brought {
    fn read(head: &Head) -> Option<Self> {
        match (&head.practice, &head.secrets) {
            (None, Secrets::LinkKeys(text)) => LinkKeys::parse(text).ok().map(Self::House),
            (Some(practice), Secrets::LinkSecret(digits)) => {
                let practice = PracticeId::parse(practice).ok()?;
                Some(Self::Practice(practice, LinkSecret::from_hex(digits)?))
            }
            (None, Secrets::LinkSecret(_)) | (Some(_), Secrets::LinkKeys(_)) => None,
        }
    }
}

/// Each practice keeps the secret that its letters were signed with.
async fn keep_link_keys(
    premises: &impl Premises,
    brought: Brought,
    summary: &CopySummary,
) -> Result<(), OperateProblem> {
    let has_signed = !premises.store().practices().await?.is_empty();
    let keys = match brought {
        // A house that has signed nothing becomes the one that was copied.
        Brought::House(keys) if !has_signed => keys,
        Brought::House(keys) => {
            let own = premises.link_keys().await?;
            let keep = |own: LinkKeys, practice: &PracticeId| {
                own.with(practice.clone(), keys.of(practice))
            };
            summary.practices.iter().fold(own, keep)
        }
        Brought::Practice(practice, secret) => premises.link_keys().await?.with(practice, secret),
    };
    premises.keep_link_keys(&keys).await
}

/// Writes those items of a copy that are wanted now.
async fn write_items(
    store: &Store,
    copy: &Copy<'_>,
    is_wanted: impl Fn(CopiedTable, &Value) -> bool,
) -> Result<(), CopyProblem> {
    let mut written: Vec<(CopiedTable, Value)> = Vec::new();
    for line in copy.items()? {
        let (table, mut item) = line?;
        if !is_wanted(table, &item) {
            continue;
        }
        if is_handbook(table, &item) && item["standing"]["S"] != Standing::Suspended.name() {
            item["standing"] = json!({ "S": Standing::Paused.name() });
        }
        let is_full = WRITTEN_AT_ONCE <= written.len();
        if is_full || written.last().is_some_and(|(last, _)| *last != table) {
            write(store, &mut written).await?;
        }
        written.push((table, item));
    }
    write(store, &mut written).await
}

async fn write(store: &Store, written: &mut Vec<(CopiedTable, Value)>) -> Result<(), CopyProblem> {
    let Some((table, _)) = written.first() else { return Ok(()) };
    let table = *table;
    let items: Vec<Value> = written.drain(..).map(|(_, item)| item).collect();
    Ok(store.copy_in(table, &items).await?)
}

impl CopySummary {
    fn count(&mut self, table: CopiedTable, item: &Value) {
        self.items += 1;
        if is_handbook(table, item) {
            let practice = item["pk"]["S"].as_str().and_then(|id| PracticeId::parse(id).ok());
            self.practices.extend(practice);
        }
    }
}

fn is_handbook(table: CopiedTable, item: &Value) -> bool {
    table == CopiedTable::Practices && item["sk"]["S"] == "HANDBOOK"
}

/// A file that should hold a copy.
struct Copy<'a> {
    path: &'a Path,
}

impl Copy<'_> {
    fn wrong(&self, words: impl Into<String>) -> CopyProblem {
        CopyProblem::NotACopy { path: self.path.to_owned(), words: words.into() }
    }

    /// Reads it to its end, so that nothing of it counts unless all of it is there.
    fn look_through(&self) -> Result<(Head, CopySummary), CopyProblem> {
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
        let mut hash = Sha256::new();
        hash.update(&first);
        let taken = DateTime::parse_from_rfc3339(&head.taken);
        let taken = taken.map_err(|_| self.wrong("it does not say when it was taken"))?.to_utc();
        let mut summary = CopySummary { taken, practices: BTreeSet::new(), items: 0 };
        let mut owners = BTreeSet::new();
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
                return Ok((head, summary));
            }
            hash.update(&line);
            let (table, item) = self.item(&line)?;
            let nobodys = || self.wrong("it has an item of nobody");
            let owner = owner(&item).ok_or_else(nobodys)?;
            if !is_of(&owner, table, &item) {
                let words = "it has something of a practice that says it is another's";
                return Err(self.wrong(words));
            }
            owners.insert(owner);
            summary.count(table, &item);
        }
    }

    /// Its items, in their order. What is wrong with it has been found before.
    fn items(
        &self,
    ) -> Result<impl Iterator<Item = Result<(CopiedTable, Value), CopyProblem>>, CopyProblem> {
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

    fn item(&self, line: &str) -> Result<(CopiedTable, Value), CopyProblem> {
        let line: Line =
            serde_json::from_str(line).map_err(|_| self.wrong("a line of it is no item"))?;
        let table = CopiedTable::from_name(&line.table);
        let table = table.ok_or_else(|| self.wrong(format!("it has a table {}", line.table)))?;
        Ok((table, line.item))
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
            file.map_err(|source| CopyProblem::File { path: copy.path.to_owned(), source })?;
        Ok(Self { copy, file: BufReader::new(file) })
    }

    fn next_line(&mut self) -> Result<Option<String>, CopyProblem> {
        let mut line = String::new();
        // No file makes us hold more of it than an item can be.
        let read = io::Read::take(&mut self.file, LINE_MAX).read_line(&mut line);
        let path = self.copy.path;
        read.map_err(|source| CopyProblem::File { path: path.to_owned(), source })?;
        let is_whole = line.is_empty() || line.ends_with('\n');
        if !is_whole {
            return Err(self.copy.wrong("it is cut off; take it again, or copy it over whole"));
        }
        Ok((!line.is_empty()).then_some(line))
    }
}

/// A file whose bytes are summed up as they are written.
struct Hashed<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Hashed<W> {
    fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        self.hash.update(&text);
        self.inner.write_all(text.as_bytes())
    }
}
