//! Day sheets: a version and a map of what is taken.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::NaiveDate;
use domain::{AppointmentId, BlockId, ClientId, DaySheet, ProposalId, StaffId, Taken, TakenFor};
use serde::Deserialize;

use super::{
    Malformed, parsed,
    parts::{StoredBuffers, StoredSlot, instant, note, session},
    taken::read_entry,
};
use crate::{
    StoreError,
    keys::{Item, Key, provider_of_calendar},
};

/// An entry as it was written before entries were lines. It is read for as long as there may be
/// one, and never written.
#[derive(Deserialize)]
struct EntryAsMap {
    slot: StoredSlot,
    buffers: StoredBuffers,
    #[serde(default)]
    client: Option<String>,
    what: EntryAsMapFor,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum EntryAsMapFor {
    Hold { proposal: String, until: i64 },
    Appointment(String),
    Block { id: String, why: String },
}

/// Reads a day sheet.
///
/// By hand, attribute by attribute: a page of the calendar reads dozens of sheets, and nothing
/// else that it does costs as much.
pub(crate) fn read_sheet(item: Item) -> Result<DaySheet, StoreError> {
    read(item).map_err(StoreError::unreadable("day sheet"))
}

fn read(mut item: Item) -> Result<DaySheet, Malformed> {
    let key = Key::read(&item).ok_or(Malformed { what: "key" })?;
    let provider = provider_of_calendar(&key.pk).ok_or(Malformed { what: "calendar" })?;
    let version = item.get("version").and_then(|version| version.as_n().ok());
    let version = version.and_then(|version| version.parse().ok());
    let Some(AttributeValue::M(taken)) = item.remove("taken") else {
        return Err(Malformed { what: "taken" });
    };
    // A sheet reads the same every time, though maps come in no order.
    let taken: BTreeMap<String, AttributeValue> = taken.into_iter().collect();
    let taken = taken.into_iter().map(|(key, value)| read_taken(&key, value, &provider));
    Ok(DaySheet {
        date: parsed("date", key.sk.parse::<NaiveDate>())?,
        version: version.ok_or(Malformed { what: "version" })?,
        taken: taken.collect::<Result<_, _>>()?,
        provider,
    })
}

fn read_taken(key: &str, value: AttributeValue, provider: &StaffId) -> Result<Taken, Malformed> {
    if let AttributeValue::S(line) = &value {
        return read_entry(key, line, provider);
    }
    let entry: EntryAsMap = parsed("taken time", serde_dynamo::from_attribute_value(value))?;
    entry.read(provider)
}

impl EntryAsMap {
    fn read(self, provider: &StaffId) -> Result<Taken, Malformed> {
        let client = || {
            let client = self.client.as_deref().ok_or(Malformed { what: "client" })?;
            parsed("client", ClientId::parse(client))
        };
        let what = match self.what {
            EntryAsMapFor::Hold { proposal, until } => TakenFor::Hold {
                client: client()?,
                session: session(None)?,
                proposal: parsed("proposal", ProposalId::parse(&proposal))?,
                until: instant(until)?,
            },
            EntryAsMapFor::Appointment(id) => TakenFor::Appointment {
                client: client()?,
                session: session(None)?,
                id: parsed("appointment", AppointmentId::parse(&id))?,
            },
            EntryAsMapFor::Block { id, why } => {
                TakenFor::Block { id: parsed("block", BlockId::parse(&id))?, why: note(&why)? }
            }
        };
        Ok(Taken {
            provider: provider.clone(),
            slot: self.slot.try_into()?,
            buffers: self.buffers.into(),
            what,
        })
    }
}

#[cfg(test)]
mod tests;
