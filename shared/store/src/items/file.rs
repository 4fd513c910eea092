//! The head: the folded client file.

use chrono_tz::Tz;
use domain::{ClientFile, ClientId, CloseReason, Entry, Invitation, LetterKind, Stage, Waiting};
use serde::{Deserialize, Serialize};

use super::{
    Malformed, parsed,
    parts::{
        StoredAppointment, StoredPerson, StoredProposal, instant, instant_opt, instants, note,
        questionnaire, seconds_all, seconds_opt, session,
    },
    waiting_list::StoredListed,
};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    id: String,
    person: StoredPerson,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    opted_in: i64,
    asked: Vec<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    proposed: Vec<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answers: Option<StoredAnswersEntry>,
    stage: StoredStage,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    nudges_stopped: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    letters_not_sent: Vec<(String, i64)>,
}

#[derive(Clone, Serialize, Deserialize)]
struct StoredAnswersEntry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    questionnaire: Option<String>,
    revision: u32,
    completed: i64,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredStage {
    Invited(StoredWaiting),
    Reading { since: i64 },
    Choosing { invitation: StoredInvitation, waiting: StoredWaiting },
    Listed(StoredListed),
    Asked(StoredProposal),
    Booked { appointment: StoredAppointment, change: Option<StoredProposal> },
    Closed { reason: StoredCloseReason, at: i64 },
}

#[derive(Clone, Serialize, Deserialize)]
struct StoredWaiting {
    since: i64,
    nudges: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nudged: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<i64>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredInvitation {
    First,
    Declined,
    Expired,
    CancelledByClient,
    CancelledByPractice,
    Missed,
    Again,
    Unlisted,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredCloseReason {
    Held,
    ClientStopped,
    ByStaff(String),
}

impl From<&ClientFile> for StoredFile {
    fn from(file: &ClientFile) -> Self {
        Self {
            id: file.id.to_string(),
            person: (&file.person).into(),
            session: Some(file.session.to_string()),
            opted_in: file.opted_in_at.timestamp(),
            asked: seconds_all(&file.asked_at),
            proposed: seconds_all(&file.proposed_at),
            zone: file.zone.map(|zone| zone.name().to_owned()),
            answers: file.answers.as_ref().map(|entry| StoredAnswersEntry {
                questionnaire: Some(entry.questionnaire.to_string()),
                revision: entry.revision,
                completed: entry.completed_at.timestamp(),
            }),
            stage: (&file.stage).into(),
            nudges_stopped: file.nudges_stopped,
            letters_not_sent: file
                .letters_not_sent
                .iter()
                .map(|(kind, since)| (kind.name(), since.timestamp()))
                .collect(),
        }
    }
}

impl TryFrom<StoredFile> for ClientFile {
    type Error = Malformed;

    fn try_from(stored: StoredFile) -> Result<Self, Malformed> {
        let letters = stored.letters_not_sent.into_iter().map(|(name, since)| {
            let kind = LetterKind::from_name(&name).ok_or(Malformed { what: "letter" })?;
            Ok((kind, instant(since)?))
        });
        let answers = stored.answers.map(|entry| {
            Ok(Entry {
                questionnaire: questionnaire(entry.questionnaire.as_deref())?,
                revision: entry.revision,
                completed_at: instant(entry.completed)?,
            })
        });
        Ok(Self {
            id: parsed("client", ClientId::parse(&stored.id))?,
            person: stored.person.try_into()?,
            session: session(stored.session.as_deref())?,
            opted_in_at: instant(stored.opted_in)?,
            asked_at: instants(stored.asked)?,
            proposed_at: instants(stored.proposed)?,
            zone: stored.zone.map(|name| parsed("zone", name.parse::<Tz>())).transpose()?,
            answers: answers.transpose()?,
            stage: stored.stage.try_into()?,
            nudges_stopped: stored.nudges_stopped,
            letters_not_sent: letters.collect::<Result<_, Malformed>>()?,
        })
    }
}

impl From<&Stage> for StoredStage {
    fn from(stage: &Stage) -> Self {
        match stage {
            Stage::Invited(waiting) => Self::Invited(waiting.into()),
            Stage::Reading { since } => Self::Reading { since: since.timestamp() },
            Stage::Choosing { invitation, waiting } => {
                Self::Choosing { invitation: (*invitation).into(), waiting: waiting.into() }
            }
            Stage::Listed(listed) => Self::Listed(listed.into()),
            Stage::Asked(proposal) => Self::Asked(proposal.into()),
            Stage::Booked { appointment, change } => Self::Booked {
                appointment: appointment.into(),
                change: change.as_ref().map(StoredProposal::from),
            },
            Stage::Closed { reason, at } => {
                Self::Closed { reason: reason.into(), at: at.timestamp() }
            }
        }
    }
}

impl TryFrom<StoredStage> for Stage {
    type Error = Malformed;

    fn try_from(stored: StoredStage) -> Result<Self, Malformed> {
        Ok(match stored {
            StoredStage::Invited(waiting) => Self::Invited(waiting.try_into()?),
            StoredStage::Reading { since } => Self::Reading { since: instant(since)? },
            StoredStage::Choosing { invitation, waiting } => {
                Self::Choosing { invitation: invitation.into(), waiting: waiting.try_into()? }
            }
            StoredStage::Listed(listed) => Self::Listed(listed.try_into()?),
            StoredStage::Asked(proposal) => Self::Asked(proposal.try_into()?),
            StoredStage::Booked { appointment, change } => Self::Booked {
                appointment: appointment.try_into()?,
                change: change.map(TryInto::try_into).transpose()?,
            },
            StoredStage::Closed { reason, at } => {
                Self::Closed { reason: reason.try_into()?, at: instant(at)? }
            }
        })
    }
}

impl From<&Waiting> for StoredWaiting {
    fn from(waiting: &Waiting) -> Self {
        Self {
            since: waiting.since.timestamp(),
            nudges: waiting.nudges,
            nudged: seconds_opt(waiting.nudged_at),
            ended: seconds_opt(waiting.ended_at),
        }
    }
}

impl TryFrom<StoredWaiting> for Waiting {
    type Error = Malformed;

    fn try_from(stored: StoredWaiting) -> Result<Self, Malformed> {
        Ok(Self {
            since: instant(stored.since)?,
            nudges: stored.nudges,
            nudged_at: instant_opt(stored.nudged)?,
            ended_at: instant_opt(stored.ended)?,
        })
    }
}

impl From<Invitation> for StoredInvitation {
    fn from(invitation: Invitation) -> Self {
        match invitation {
            Invitation::First => Self::First,
            Invitation::Declined => Self::Declined,
            Invitation::Expired => Self::Expired,
            Invitation::CancelledByClient => Self::CancelledByClient,
            Invitation::CancelledByPractice => Self::CancelledByPractice,
            Invitation::Missed => Self::Missed,
            Invitation::Again => Self::Again,
            Invitation::Unlisted => Self::Unlisted,
        }
    }
}

impl From<StoredInvitation> for Invitation {
    fn from(stored: StoredInvitation) -> Self {
        match stored {
            StoredInvitation::First => Self::First,
            StoredInvitation::Declined => Self::Declined,
            StoredInvitation::Expired => Self::Expired,
            StoredInvitation::CancelledByClient => Self::CancelledByClient,
            StoredInvitation::CancelledByPractice => Self::CancelledByPractice,
            StoredInvitation::Missed => Self::Missed,
            StoredInvitation::Again => Self::Again,
            StoredInvitation::Unlisted => Self::Unlisted,
        }
    }
}

impl From<&CloseReason> for StoredCloseReason {
    fn from(reason: &CloseReason) -> Self {
        match reason {
            CloseReason::Held => Self::Held,
            CloseReason::ClientStopped => Self::ClientStopped,
            CloseReason::ByStaff(why) => Self::ByStaff(why.as_str().to_owned()),
        }
    }
}

impl TryFrom<StoredCloseReason> for CloseReason {
    type Error = Malformed;

    fn try_from(stored: StoredCloseReason) -> Result<Self, Malformed> {
        Ok(match stored {
            StoredCloseReason::Held => Self::Held,
            StoredCloseReason::ClientStopped => Self::ClientStopped,
            StoredCloseReason::ByStaff(why) => Self::ByStaff(note(&why)?),
        })
    }
}
