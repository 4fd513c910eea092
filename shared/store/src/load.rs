//! Loading: everything a command needs, in one consistent read.

use domain::{ClientFile, ClientId, CommandId, DaySheet, DaySheets, PracticeId, SheetDay, StaffId};
use serde::Deserialize;

use crate::{
    Draft, Indexed, Limit, Store, StoreError,
    answers::read_draft,
    form::Unknown,
    items::{Malformed, StoredFile, first_hash, parsed, read_sheet},
    keys::{Item, Key, LIMITS, of_calendar, text},
    limit::read_count,
    other_calendars::{ELSEWHERE, read_elsewhere},
};

/// What is to be loaded along with the head.
#[derive(Debug, Clone, Default)]
pub struct Want {
    /// These day sheets.
    pub sheets: Vec<SheetDay>,
    /// The guards of the limits of these calendars. Whoever counts what is taken reads them first and
    /// the sheets after them, so that nothing that was taken in between goes unnoticed.
    pub limits_of: Vec<StaffId>,
    /// What other calendars say of these providers.
    pub elsewhere_of: Vec<StaffId>,
    /// The answers on file.
    pub answers: bool,
    /// This counter.
    pub limit: Option<Limit>,
}

/// A client file as it was read, and on what condition it may be written.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The file; none if this client is not known.
    pub file: Option<ClientFile>,
    /// How many commits made it; 0 if it is not known.
    pub version: u64,
    /// The last wishes that were carried out, so that none is carried out twice.
    pub seen: Vec<CommandId>,
    /// Where it stands in the indexes.
    pub indexed: Indexed,
    /// What the head has besides, from a newer version.
    pub(crate) unknown: Unknown,
    /// The hash of the last journal entry.
    pub(crate) hash: String,
    /// The sheets that were asked for.
    pub sheets: DaySheets,
    /// The guards of limits that were asked for.
    pub guards: Vec<Guard>,
    /// The answers on file, if they were asked for.
    pub draft: Option<Draft>,
    /// Where the counter stood, if it was asked for.
    pub count: u64,
}

/// The guard of a calendar's limits: everybody who takes time under a limit moves it on, so that of
/// two who counted the same sheets only one can write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// Whose calendar.
    pub provider: StaffId,
    /// How often it was moved on; 0 if never.
    pub version: u64,
}

#[derive(Deserialize)]
struct StoredHead {
    version: u64,
    #[serde(default)]
    seen: Vec<String>,
    hash: String,
    file: StoredFile,
}

impl Store {
    /// Loads a file and what else is wanted.
    pub async fn load(
        &self,
        practice: &PracticeId,
        client: &ClientId,
        want: &Want,
    ) -> Result<Loaded, StoreError> {
        let mut keys = vec![(self.tables.clients.as_str(), Key::head(practice, client))];
        let mut days = want.sheets.clone();
        days.sort_unstable();
        days.dedup();
        let sheets = days.iter().map(|day| Key::sheet(practice, day));
        keys.extend(sheets.map(|key| (self.tables.calendar.as_str(), key)));
        let guards = want.limits_of.iter().map(|provider| Key::limits(practice, provider));
        keys.extend(guards.map(|key| (self.tables.calendar.as_str(), key)));
        let elsewhere = want.elsewhere_of.iter().map(|provider| Key::elsewhere(practice, provider));
        keys.extend(elsewhere.map(|key| (self.tables.calendar.as_str(), key)));
        if want.answers {
            keys.push((&self.tables.clients, Key::answers(practice, client)));
        }
        if let Some(limit) = &want.limit {
            keys.push((&self.tables.practices, limit.key(practice)));
        }
        let mut found = self.get_all("load a client file", &keys).await?;
        let mut take = |table: &str| found.remove(table).unwrap_or_default();

        let mut loaded = Loaded::unknown();
        for item in take(&self.tables.clients) {
            let is_answers =
                item.get("sk").and_then(|sk| sk.as_s().ok()).is_some_and(|sk| sk == "ANSWERS");
            if is_answers {
                loaded.draft = Some(read_draft(item)?);
            } else {
                loaded.read_head(item)?;
            }
        }
        let mut sheets = take(&self.tables.calendar);
        let mut taken_out = |sk: &str| -> Vec<Item> {
            sheets.extract_if(.., |item| item.get("sk") == Some(&text(sk))).collect()
        };
        let (guards, elsewhere) = (taken_out(LIMITS), taken_out(ELSEWHERE));
        let guard = |provider: &StaffId| {
            let pk = text(&of_calendar(practice, provider));
            let found = guards.iter().find(|item| item.get("pk") == Some(&pk));
            Guard { provider: provider.clone(), version: found.map_or(0, read_count) }
        };
        loaded.guards = want.limits_of.iter().map(guard).collect();
        let sheets: Vec<DaySheet> = sheets.into_iter().map(read_sheet).collect::<Result<_, _>>()?;
        let elsewhere: Vec<_> =
            elsewhere.into_iter().map(read_elsewhere).collect::<Result<_, _>>()?;
        loaded.sheets = DaySheets::new(days, sheets).with_elsewhere(elsewhere.concat());
        loaded.count = take(&self.tables.practices).first().map_or(0, read_count);
        Ok(loaded)
    }
}

impl Loaded {
    fn unknown() -> Self {
        Self {
            file: None,
            version: 0,
            seen: Vec::new(),
            indexed: Indexed::default(),
            unknown: Unknown::default(),
            hash: first_hash(),
            sheets: DaySheets::default(),
            guards: Vec::new(),
            draft: None,
            count: 0,
        }
    }

    fn read_head(&mut self, item: Item) -> Result<(), StoreError> {
        self.indexed = Indexed::read(&item);
        let head: StoredHead =
            serde_dynamo::from_item(item.clone()).map_err(StoreError::unreadable("client file"))?;
        let known = serde_dynamo::to_attribute_value(&head.file);
        self.unknown =
            Unknown::besides(item, &known.map_err(StoreError::unreadable("client file"))?);
        let seen = head.seen.iter().map(|id| parsed("command", CommandId::parse(id)));
        self.seen =
            seen.collect::<Result<_, _>>().map_err(StoreError::unreadable("client file"))?;
        self.file = Some(head.file.try_into().map_err(StoreError::unreadable("client file"))?);
        self.version = head.version;
        self.hash = head.hash;
        Ok(())
    }
}

/// The file of a head that was read on its own.
pub(crate) fn read_file(item: Item) -> Result<ClientFile, StoreError> {
    let mut loaded = Loaded::unknown();
    loaded.read_head(item)?;
    loaded.file.ok_or_else(|| StoreError::unreadable("client file")(Malformed { what: "head" }))
}
