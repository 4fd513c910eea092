//! Shapes that files, events and letters share. Instants are whole seconds since the Unix epoch.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Actor, Appointment, AppointmentId, Buffers, EmailAddress, Note, Offer, Person, PersonName,
    Proposal, ProposalId, QuestionnaireId, Reminder, SessionTypeId, Slot, StaffId,
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

/// What was written before a practice could have several kinds of session does not name one. Like
/// any kind that a handbook does not have, it stands for the first.
const UNNAMED: &str = "unnamed";

pub(crate) fn session(name: Option<&str>) -> Result<SessionTypeId, Malformed> {
    parsed("session", SessionTypeId::parse(name.unwrap_or(UNNAMED)))
}

pub(crate) fn questionnaire(name: Option<&str>) -> Result<QuestionnaireId, Malformed> {
    parsed("questionnaire", QuestionnaireId::parse(name.unwrap_or(UNNAMED)))
}

fn staff(id: &str) -> Result<StaffId, Malformed> {
    parsed("provider", StaffId::parse(id))
}

fn names(providers: &[StaffId]) -> Vec<String> {
    providers.iter().map(ToString::to_string).collect()
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredProposal {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    /// Who gives the session at every time, unless `with` says otherwise.
    provider: String,
    times: Vec<StoredSlot>,
    /// Who gives it at each of the times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    with: Vec<Vec<String>>,
    buffers: StoredBuffers,
    asked: i64,
    expires: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reminded: Option<i64>,
}

impl From<&Proposal> for StoredProposal {
    fn from(proposal: &Proposal) -> Self {
        let first = proposal.times.first().and_then(|offer| offer.providers.first());
        let is_first = |offer: &Offer| offer.providers.iter().eq(first);
        let with = if proposal.times.iter().all(is_first) {
            vec![]
        } else {
            proposal.times.iter().map(|offer| names(&offer.providers)).collect()
        };
        Self {
            id: proposal.id.to_string(),
            session: Some(proposal.session.to_string()),
            provider: first.map(ToString::to_string).unwrap_or_default(),
            times: proposal.slots().map(StoredSlot::from).collect(),
            with,
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
        let mut with = stored.with.iter();
        let times = stored.times.into_iter().map(|slot| {
            let providers = match with.next() {
                Some(with) => with.iter().map(|id| staff(id)).collect::<Result<_, _>>()?,
                None => vec![staff(&stored.provider)?],
            };
            Ok(Offer { slot: slot.try_into()?, providers })
        });
        Ok(Self {
            id: parsed("proposal", ProposalId::parse(&stored.id))?,
            session: session(stored.session.as_deref())?,
            times: times.collect::<Result<_, _>>()?,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    provider: String,
    /// Who else gives it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    together_with: Vec<String>,
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
            session: Some(appointment.session.to_string()),
            provider: appointment.providers.first().map(ToString::to_string).unwrap_or_default(),
            together_with: names(appointment.providers.get(1..).unwrap_or_default()),
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
        let providers = std::iter::once(&stored.provider).chain(&stored.together_with);
        Ok(Self {
            id: parsed("appointment", AppointmentId::parse(&stored.id))?,
            sequence: stored.sequence,
            session: session(stored.session.as_deref())?,
            providers: providers.map(|id| staff(id)).collect::<Result<_, _>>()?,
            slot: stored.slot.try_into()?,
            buffers: stored.buffers.into(),
            booked_at: instant(stored.booked)?,
            reminded: stored.reminded.map(Reminder::from),
            outcome_awaited_since: instant_opt(stored.outcome_awaited)?,
        })
    }
}
