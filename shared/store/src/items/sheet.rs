//! Day sheets: a version and a map of what is taken.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    AppointmentId, BlockId, ClientId, DaySheet, ProposalId, Slot, StaffId, Taken, TakenFor,
};
use serde::{Deserialize, Serialize};

use super::{
    Malformed, parsed,
    parts::{StoredBuffers, StoredSlot, instant, note, session},
};
use crate::{
    StoreError,
    keys::{Item, provider_of_calendar},
};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredTaken {
    slot: StoredSlot,
    buffers: StoredBuffers,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    what: StoredTakenFor,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredTakenFor {
    Hold { proposal: String, until: i64 },
    Appointment(String),
    Block { id: String, why: String },
}

#[derive(Deserialize)]
struct StoredSheet {
    pk: String,
    sk: String,
    version: u64,
    taken: BTreeMap<String, StoredTaken>,
}

/// Under which name a sheet lists what a client has taken. A booked hour and a wish for fifty
/// minutes from the same start on are two things: giving one back leaves the other.
pub(crate) fn entry_key(taken: &Taken) -> String {
    let Slot { start, end } = taken.slot;
    match &taken.what {
        TakenFor::Hold { client, .. } | TakenFor::Appointment { client, .. } => {
            format!("{client}.{}.{}", start.timestamp(), end.timestamp())
        }
        TakenFor::Block { id, .. } => format!("block.{id}"),
    }
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
        let provider = provider_of_calendar(&stored.pk).ok_or(Malformed { what: "calendar" })?;
        let taken = stored.taken.into_values().map(|taken| taken.read(&provider));
        Ok(Self {
            date: parsed("date", stored.sk.parse::<NaiveDate>())?,
            version: stored.version,
            taken: taken.collect::<Result<_, _>>()?,
            provider,
        })
    }
}

impl From<&Taken> for StoredTaken {
    fn from(taken: &Taken) -> Self {
        Self {
            slot: taken.slot.into(),
            buffers: taken.buffers.into(),
            client: taken.client().map(ToString::to_string),
            session: taken.session().map(ToString::to_string),
            what: match &taken.what {
                TakenFor::Hold { proposal, until, .. } => StoredTakenFor::Hold {
                    proposal: proposal.to_string(),
                    until: until.timestamp(),
                },
                TakenFor::Appointment { id, .. } => StoredTakenFor::Appointment(id.to_string()),
                TakenFor::Block { id, why } => {
                    StoredTakenFor::Block { id: id.to_string(), why: why.as_str().to_owned() }
                }
            },
        }
    }
}

impl StoredTaken {
    fn read(self, provider: &StaffId) -> Result<Taken, Malformed> {
        let client = || {
            let client = self.client.as_deref().ok_or(Malformed { what: "client" })?;
            parsed("client", ClientId::parse(client))
        };
        let what = match self.what {
            StoredTakenFor::Hold { proposal, until } => TakenFor::Hold {
                client: client()?,
                session: session(self.session.as_deref())?,
                proposal: parsed("proposal", ProposalId::parse(&proposal))?,
                until: instant(until)?,
            },
            StoredTakenFor::Appointment(id) => TakenFor::Appointment {
                client: client()?,
                session: session(self.session.as_deref())?,
                id: parsed("appointment", AppointmentId::parse(&id))?,
            },
            StoredTakenFor::Block { id, why } => {
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
