//! A letter's facts as the outbox keeps them.

use domain::{
    AppointmentId, Letter, LetterKind, Matter, ProposalId, Recipient, SessionTypeId, StaffId,
};
use serde::{Deserialize, Serialize};

use super::{
    Malformed, parsed,
    parts::{StoredSlot, instant, instant_opt, note, seconds_opt},
};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredLetter {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    staff: Option<String>,
    matter: StoredMatter,
    written: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_before: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_after: Option<i64>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StoredMatter {
    File {
        since: i64,
    },
    Request {
        proposal: String,
        note: String,
    },
    Appointment {
        id: String,
        sequence: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<String>,
        slot: StoredSlot,
        #[serde(default)]
        providers: Vec<String>,
        note: String,
    },
}

impl From<&Letter> for StoredLetter {
    fn from(letter: &Letter) -> Self {
        Self {
            kind: letter.kind.name(),
            staff: match &letter.to {
                Recipient::Client => None,
                Recipient::Staff(staff) => Some(staff.to_string()),
            },
            matter: (&letter.matter).into(),
            written: letter.written_at.timestamp(),
            not_before: seconds_opt(letter.not_before),
            not_after: seconds_opt(letter.not_after),
        }
    }
}

impl TryFrom<StoredLetter> for Letter {
    type Error = Malformed;

    fn try_from(stored: StoredLetter) -> Result<Self, Malformed> {
        let staff =
            stored.staff.map(|staff| parsed("staff", StaffId::parse(&staff))).transpose()?;
        Ok(Self {
            kind: LetterKind::from_name(&stored.kind).ok_or(Malformed { what: "letter" })?,
            to: staff.map_or(Recipient::Client, Recipient::Staff),
            matter: stored.matter.try_into()?,
            written_at: instant(stored.written)?,
            not_before: instant_opt(stored.not_before)?,
            not_after: instant_opt(stored.not_after)?,
        })
    }
}

impl From<&Matter> for StoredMatter {
    fn from(matter: &Matter) -> Self {
        match matter {
            Matter::File { since } => Self::File { since: since.timestamp() },
            Matter::Request { proposal, note } => {
                Self::Request { proposal: proposal.to_string(), note: note.as_str().to_owned() }
            }
            Matter::Appointment { id, sequence, session, slot, providers, note } => {
                Self::Appointment {
                    id: id.to_string(),
                    sequence: *sequence,
                    session: session.as_ref().map(ToString::to_string),
                    slot: (*slot).into(),
                    providers: providers.iter().map(ToString::to_string).collect(),
                    note: note.as_str().to_owned(),
                }
            }
        }
    }
}

impl TryFrom<StoredMatter> for Matter {
    type Error = Malformed;

    fn try_from(stored: StoredMatter) -> Result<Self, Malformed> {
        Ok(match stored {
            StoredMatter::File { since } => Self::File { since: instant(since)? },
            StoredMatter::Request { proposal, note: words } => Self::Request {
                proposal: parsed("proposal", ProposalId::parse(&proposal))?,
                note: note(&words)?,
            },
            StoredMatter::Appointment { id, sequence, session, slot, providers, note: words } => {
                let session = session.map(|id| parsed("session", SessionTypeId::parse(&id)));
                let providers = providers.iter().map(|id| parsed("provider", StaffId::parse(id)));
                Self::Appointment {
                    id: parsed("appointment", AppointmentId::parse(&id))?,
                    sequence,
                    session: session.transpose()?,
                    slot: slot.try_into()?,
                    providers: providers.collect::<Result<_, _>>()?,
                    note: note(&words)?,
                }
            }
        })
    }
}
