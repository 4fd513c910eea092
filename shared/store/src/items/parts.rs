//! Shapes that files, events and letters share. Instants are whole seconds since the Unix epoch.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Actor, Appointment, AppointmentId, Buffers, EmailAddress, Note, Person, PersonName, Proposal,
    ProposalId, Reminder, Slot, StaffId,
};
use serde::{Deserialize, Serialize};

use super::{Malformed, parsed};

pub(crate) fn instant(seconds: i64) -> Result<DateTime<Utc>, Malformed> {
    DateTime::from_timestamp(seconds, 0).ok_or(Malformed { what: "instant" })
}

pub(super) fn instant_opt(seconds: Option<i64>) -> Result<Option<DateTime<Utc>>, Malformed> {
    seconds.map(instant).transpose()
}

pub(super) fn instants(seconds: Vec<i64>) -> Result<Vec<DateTime<Utc>>, Malformed> {
    seconds.into_iter().map(instant).collect()
}

pub(super) fn seconds_all(instants: &[DateTime<Utc>]) -> Vec<i64> {
    instants.iter().map(DateTime::timestamp).collect()
}

pub(super) fn seconds_opt(at: Option<DateTime<Utc>>) -> Option<i64> {
    at.map(|at| at.timestamp())
}

pub(super) fn note(text: &str) -> Result<Note, Malformed> {
    parsed("note", Note::parse(text))
}

/// A slot: start and end.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct StoredSlot(i64, i64);

impl From<Slot> for StoredSlot {
    fn from(slot: Slot) -> Self {
        Self(slot.start.timestamp(), slot.end.timestamp())
    }
}

impl TryFrom<StoredSlot> for Slot {
    type Error = Malformed;

    fn try_from(StoredSlot(start, end): StoredSlot) -> Result<Self, Malformed> {
        Ok(Self { start: instant(start)?, end: instant(end)? })
    }
}

/// Buffers: minutes before and after.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct StoredBuffers(pub(super) i64, pub(super) i64);

impl From<Buffers> for StoredBuffers {
    fn from(buffers: Buffers) -> Self {
        Self(buffers.before.num_minutes(), buffers.after.num_minutes())
    }
}

impl From<StoredBuffers> for Buffers {
    fn from(StoredBuffers(before, after): StoredBuffers) -> Self {
        Self { before: TimeDelta::minutes(before), after: TimeDelta::minutes(after) }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredPerson {
    name: String,
    email: String,
}

impl From<&Person> for StoredPerson {
    fn from(person: &Person) -> Self {
        Self { name: person.name.as_str().to_owned(), email: person.email.as_str().to_owned() }
    }
}

impl TryFrom<StoredPerson> for Person {
    type Error = Malformed;

    fn try_from(stored: StoredPerson) -> Result<Self, Malformed> {
        Ok(Self {
            name: parsed("name", PersonName::parse(&stored.name))?,
            email: parsed("email", EmailAddress::parse(&stored.email))?,
        })
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StoredActor {
    Client,
    Staff(String),
    Clock,
}

impl From<&Actor> for StoredActor {
    fn from(actor: &Actor) -> Self {
        match actor {
            Actor::Client => Self::Client,
            Actor::Staff(staff) => Self::Staff(staff.to_string()),
            Actor::Clock => Self::Clock,
        }
    }
}

impl TryFrom<StoredActor> for Actor {
    type Error = Malformed;

    fn try_from(stored: StoredActor) -> Result<Self, Malformed> {
        Ok(match stored {
            StoredActor::Client => Self::Client,
            StoredActor::Staff(staff) => Self::Staff(parsed("staff", StaffId::parse(&staff))?),
            StoredActor::Clock => Self::Clock,
        })
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredProposal {
    id: String,
    provider: String,
    times: Vec<StoredSlot>,
    buffers: StoredBuffers,
    asked: i64,
    expires: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reminded: Option<i64>,
}

impl From<&Proposal> for StoredProposal {
    fn from(proposal: &Proposal) -> Self {
        Self {
            id: proposal.id.to_string(),
            provider: proposal.provider.to_string(),
            times: proposal.times.iter().copied().map(StoredSlot::from).collect(),
            buffers: proposal.buffers.into(),
            asked: proposal.asked_at.timestamp(),
            expires: proposal.expires_at.timestamp(),
            reminded: seconds_opt(proposal.reminded_at),
        }
    }
}

impl TryFrom<StoredProposal> for Proposal {
    type Error = Malformed;

    fn try_from(stored: StoredProposal) -> Result<Self, Malformed> {
        Ok(Self {
            id: parsed("proposal", ProposalId::parse(&stored.id))?,
            provider: parsed("provider", StaffId::parse(&stored.provider))?,
            times: stored.times.into_iter().map(Slot::try_from).collect::<Result<_, _>>()?,
            buffers: stored.buffers.into(),
            asked_at: instant(stored.asked)?,
            expires_at: instant(stored.expires)?,
            reminded_at: instant_opt(stored.reminded)?,
        })
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StoredReminder {
    DayBefore,
    HourBefore,
}

impl From<Reminder> for StoredReminder {
    fn from(reminder: Reminder) -> Self {
        match reminder {
            Reminder::DayBefore => Self::DayBefore,
            Reminder::HourBefore => Self::HourBefore,
        }
    }
}

impl From<StoredReminder> for Reminder {
    fn from(stored: StoredReminder) -> Self {
        match stored {
            StoredReminder::DayBefore => Self::DayBefore,
            StoredReminder::HourBefore => Self::HourBefore,
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredAppointment {
    id: String,
    sequence: u32,
    provider: String,
    slot: StoredSlot,
    buffers: StoredBuffers,
    booked: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reminded: Option<StoredReminder>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outcome_awaited: Option<i64>,
}

impl From<&Appointment> for StoredAppointment {
    fn from(appointment: &Appointment) -> Self {
        Self {
            id: appointment.id.to_string(),
            sequence: appointment.sequence,
            provider: appointment.provider.to_string(),
            slot: appointment.slot.into(),
            buffers: appointment.buffers.into(),
            booked: appointment.booked_at.timestamp(),
            reminded: appointment.reminded.map(StoredReminder::from),
            outcome_awaited: seconds_opt(appointment.outcome_awaited_since),
        }
    }
}

impl TryFrom<StoredAppointment> for Appointment {
    type Error = Malformed;

    fn try_from(stored: StoredAppointment) -> Result<Self, Malformed> {
        Ok(Self {
            id: parsed("appointment", AppointmentId::parse(&stored.id))?,
            sequence: stored.sequence,
            provider: parsed("provider", StaffId::parse(&stored.provider))?,
            slot: stored.slot.try_into()?,
            buffers: stored.buffers.into(),
            booked_at: instant(stored.booked)?,
            reminded: stored.reminded.map(Reminder::from),
            outcome_awaited_since: instant_opt(stored.outcome_awaited)?,
        })
    }
}
