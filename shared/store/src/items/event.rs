//! Events as the journal keeps them.

mod asking;

use chrono_tz::Tz;
use domain::{AppointmentId, Event, LetterKind, Outcome, ProposalId, Rule};
use serde::{Deserialize, Serialize};

use asking::{StoredAsked, StoredCompletion, StoredInvitedTo, StoredOptIn, StoredOptInAgain};

use super::{
    Malformed, parsed,
    parts::{StoredActor, StoredAppointment, StoredProposal, StoredReminder, instant, note},
};

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StoredEvent {
    OptedIn(StoredOptIn),
    OptedInAgain(StoredOptInAgain),
    QuestionnaireCompleted(StoredCompletion),
    AnswersChanged,
    CalendarOpened,
    TimesProposed { proposal: StoredProposal, zone: String },
    StaffReminded { proposal: String },
    RulesSetAside { start: i64, rules: Vec<String>, why: String },
    TimeApproved { appointment: StoredAppointment },
    AppointmentMoved { appointment: StoredAppointment },
    TimesDeclined { proposal: String, note: String },
    ProposalExpired { proposal: String },
    AppointmentCancelled { appointment: StoredAppointment, by: StoredActor, note: String },
    Nudged,
    NudgesEnded,
    ClientReminded { reminder: StoredReminder },
    OutcomeAwaited { appointment: String },
    OutcomeRecorded { appointment: StoredAppointment, outcome: StoredOutcome },
    InvitedAgain,
    InvitedTo(StoredInvitedTo),
    NudgesStopped,
    FileClosed { note: String },
    LetterNotSent { letter: String },
    LettersSettled,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum StoredOutcome {
    Held,
    NoShow,
}

impl From<&Event> for StoredEvent {
    fn from(event: &Event) -> Self {
        match event {
            Event::OptedIn { client, session, person, consent, letters_not_before: at } => {
                Self::OptedIn(StoredAsked::of(session, person, consent, *at).by(client))
            }
            Event::OptedInAgain {
                session,
                questionnaire: asked,
                person,
                consent,
                letters_not_before: at,
            } => Self::OptedInAgain(StoredAsked::of(session, person, consent, *at).again(asked)),
            Event::QuestionnaireCompleted { questionnaire, staff_read_first } => {
                Self::QuestionnaireCompleted(StoredCompletion::of(questionnaire, *staff_read_first))
            }
            Event::AnswersChanged => Self::AnswersChanged,
            Event::CalendarOpened => Self::CalendarOpened,
            Event::TimesProposed { proposal, zone } => {
                Self::TimesProposed { proposal: proposal.into(), zone: zone.name().to_owned() }
            }
            Event::StaffReminded { proposal } => {
                Self::StaffReminded { proposal: proposal.to_string() }
            }
            Event::RulesSetAside { start, rules, why } => Self::RulesSetAside {
                start: start.timestamp(),
                rules: rules.iter().map(|rule| rule.name().to_owned()).collect(),
                why: why.as_str().to_owned(),
            },
            Event::TimeApproved { appointment } => {
                Self::TimeApproved { appointment: appointment.into() }
            }
            Event::AppointmentMoved { appointment } => {
                Self::AppointmentMoved { appointment: appointment.into() }
            }
            Event::TimesDeclined { proposal, note } => Self::TimesDeclined {
                proposal: proposal.to_string(),
                note: note.as_str().to_owned(),
            },
            Event::ProposalExpired { proposal } => {
                Self::ProposalExpired { proposal: proposal.to_string() }
            }
            Event::AppointmentCancelled { appointment, by, note } => Self::AppointmentCancelled {
                appointment: appointment.into(),
                by: by.into(),
                note: note.as_str().to_owned(),
            },
            Event::Nudged => Self::Nudged,
            Event::NudgesEnded => Self::NudgesEnded,
            Event::ClientReminded { reminder } => {
                Self::ClientReminded { reminder: (*reminder).into() }
            }
            Event::OutcomeAwaited { appointment } => {
                Self::OutcomeAwaited { appointment: appointment.to_string() }
            }
            Event::OutcomeRecorded { appointment, outcome } => Self::OutcomeRecorded {
                appointment: appointment.into(),
                outcome: (*outcome).into(),
            },
            Event::InvitedAgain => Self::InvitedAgain,
            Event::InvitedTo { session, questionnaire } => {
                Self::InvitedTo(StoredInvitedTo::of(session, questionnaire))
            }
            Event::NudgesStopped => Self::NudgesStopped,
            Event::FileClosed { note } => Self::FileClosed { note: note.as_str().to_owned() },
            Event::LetterNotSent { letter } => Self::LetterNotSent { letter: letter.name() },
            Event::LettersSettled => Self::LettersSettled,
        }
    }
}

impl TryFrom<StoredEvent> for Event {
    type Error = Malformed;

    fn try_from(stored: StoredEvent) -> Result<Self, Malformed> {
        Ok(match stored {
            StoredEvent::OptedIn(stored) => stored.try_into()?,
            StoredEvent::OptedInAgain(stored) => stored.try_into()?,
            StoredEvent::QuestionnaireCompleted(stored) => stored.try_into()?,
            StoredEvent::AnswersChanged => Self::AnswersChanged,
            StoredEvent::CalendarOpened => Self::CalendarOpened,
            StoredEvent::TimesProposed { proposal, zone } => Self::TimesProposed {
                proposal: proposal.try_into()?,
                zone: parsed("zone", zone.parse::<Tz>())?,
            },
            StoredEvent::StaffReminded { proposal } => {
                Self::StaffReminded { proposal: proposal_id(&proposal)? }
            }
            StoredEvent::RulesSetAside { start, rules, why } => Self::RulesSetAside {
                start: instant(start)?,
                rules: rules.iter().map(|name| rule(name)).collect::<Result<_, _>>()?,
                why: note(&why)?,
            },
            StoredEvent::TimeApproved { appointment } => {
                Self::TimeApproved { appointment: appointment.try_into()? }
            }
            StoredEvent::AppointmentMoved { appointment } => {
                Self::AppointmentMoved { appointment: appointment.try_into()? }
            }
            StoredEvent::TimesDeclined { proposal, note: words } => {
                Self::TimesDeclined { proposal: proposal_id(&proposal)?, note: note(&words)? }
            }
            StoredEvent::ProposalExpired { proposal } => {
                Self::ProposalExpired { proposal: proposal_id(&proposal)? }
            }
            StoredEvent::AppointmentCancelled { appointment, by, note: words } => {
                Self::AppointmentCancelled {
                    appointment: appointment.try_into()?,
                    by: by.try_into()?,
                    note: note(&words)?,
                }
            }
            StoredEvent::Nudged => Self::Nudged,
            StoredEvent::NudgesEnded => Self::NudgesEnded,
            StoredEvent::ClientReminded { reminder } => {
                Self::ClientReminded { reminder: reminder.into() }
            }
            StoredEvent::OutcomeAwaited { appointment } => Self::OutcomeAwaited {
                appointment: parsed("appointment", AppointmentId::parse(&appointment))?,
            },
            StoredEvent::OutcomeRecorded { appointment, outcome } => Self::OutcomeRecorded {
                appointment: appointment.try_into()?,
                outcome: outcome.into(),
            },
            StoredEvent::InvitedAgain => Self::InvitedAgain,
            StoredEvent::InvitedTo(stored) => stored.try_into()?,
            StoredEvent::NudgesStopped => Self::NudgesStopped,
            StoredEvent::FileClosed { note: words } => Self::FileClosed { note: note(&words)? },
            StoredEvent::LetterNotSent { letter } => Self::LetterNotSent {
                letter: LetterKind::from_name(&letter).ok_or(Malformed { what: "letter" })?,
            },
            StoredEvent::LettersSettled => Self::LettersSettled,
        })
    }
}

fn rule(name: &str) -> Result<Rule, Malformed> {
    Rule::from_name(name).ok_or(Malformed { what: "rule" })
}

fn proposal_id(text: &str) -> Result<ProposalId, Malformed> {
    parsed("proposal", ProposalId::parse(text))
}

impl From<Outcome> for StoredOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Held => Self::Held,
            Outcome::NoShow => Self::NoShow,
        }
    }
}

impl From<StoredOutcome> for Outcome {
    fn from(stored: StoredOutcome) -> Self {
        match stored {
            StoredOutcome::Held => Self::Held,
            StoredOutcome::NoShow => Self::NoShow,
        }
    }
}
