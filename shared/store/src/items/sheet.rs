//! Day sheets: a version and a map of what is taken.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{AppointmentId, ClientId, DaySheet, ProposalId, Slot, Taken, TakenFor};
use serde::{Deserialize, Serialize};

use super::{
    Malformed, parsed,
    parts::{StoredBuffers, StoredSlot, instant},
};
use crate::{StoreError, keys::Item};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredTaken {
    slot: StoredSlot,
    buffers: StoredBuffers,
    client: String,
    what: StoredTakenFor,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredTakenFor {
    Hold { proposal: String, until: i64 },
    Appointment(String),
}

#[derive(Deserialize)]
struct StoredSheet {
    sk: String,
    version: u64,
    taken: BTreeMap<String, StoredTaken>,
}

/// Under which name a sheet lists what a client has taken. A booked hour and a wish for fifty
/// minutes from the same start on are two things: giving one back leaves the other.
pub(crate) fn entry_key(taken: &Taken) -> String {
    let Slot { start, end } = taken.slot;
    format!("{}.{}.{}", taken.client, start.timestamp(), end.timestamp())
}

/// Reads a day sheet.
pub(crate) fn read_sheet(item: Item) -> Result<DaySheet, StoreError> {
    let stored: StoredSheet =
        serde_dynamo::from_item(item).map_err(StoreError::unreadable("day sheet"))?;
    stored.try_into().map_err(StoreError::unreadable("day sheet"))
}

impl TryFrom<StoredSheet> for DaySheet {
    type Error = Malformed;

    fn try_from(stored: StoredSheet) -> Result<Self, Malformed> {
        Ok(Self {
            date: parsed("date", stored.sk.parse::<NaiveDate>())?,
            version: stored.version,
            taken: stored.taken.into_values().map(Taken::try_from).collect::<Result<_, _>>()?,
        })
    }
}

impl From<&Taken> for StoredTaken {
    fn from(taken: &Taken) -> Self {
        Self {
            slot: taken.slot.into(),
            buffers: taken.buffers.into(),
            client: taken.client.to_string(),
            what: match &taken.what {
                TakenFor::Hold { proposal, until } => StoredTakenFor::Hold {
                    proposal: proposal.to_string(),
                    until: until.timestamp(),
                },
                TakenFor::Appointment(id) => StoredTakenFor::Appointment(id.to_string()),
            },
        }
    }
}

impl TryFrom<StoredTaken> for Taken {
    type Error = Malformed;

    fn try_from(stored: StoredTaken) -> Result<Self, Malformed> {
        Ok(Self {
            slot: stored.slot.try_into()?,
            buffers: stored.buffers.into(),
            client: parsed("client", ClientId::parse(&stored.client))?,
            what: match stored.what {
                StoredTakenFor::Hold { proposal, until } => TakenFor::Hold {
                    proposal: parsed("proposal", ProposalId::parse(&proposal))?,
                    until: instant(until)?,
                },
                StoredTakenFor::Appointment(id) => {
                    TakenFor::Appointment(parsed("appointment", AppointmentId::parse(&id))?)
                }
            },
        })
    }
}
