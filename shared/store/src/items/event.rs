//! Events as the journal keeps them.

mod asking;

use chrono_tz::Tz;
use domain::{Appointment, AppointmentId, Event, LetterKind, Outcome, ProposalId, Rule};
use serde::{Deserialize, Serialize};

use asking::{StoredAsked, StoredCompletion, StoredInvitedTo, StoredOptIn, StoredOptInAgain};

use super::{
    Malformed, parsed,
    parts::{StoredActor, StoredAppointment, StoredProposal, StoredReminder, instant, note},
    waiting_list::StoredWishes,
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
    WishesLeft(StoredWishes),
    WishesWithdrawn,
    WishesEnded,
    TimeOffered(StoredProposal),
    OfferPassed(String),
    OfferExpired(String),
    StaffReminded(StoredOfRequest),
    RulesSetAside { start: i64, rules: Vec<String>, why: String },
    TimeApproved(StoredBooking),
    AppointmentMoved(StoredBooking),
    TimesDeclined { proposal: String, note: String },
    ProposalExpired(StoredOfRequest),
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

/// What is about one request.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct StoredOfRequest {
    proposal: String,
}

/// What is about one booked time.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct StoredBooking {
    appointment: StoredAppointment,
}

impl From<&ProposalId> for StoredOfRequest {
    fn from(proposal: &ProposalId) -> Self {
        Self { proposal: proposal.to_string() }
    }
}

impl From<&Appointment> for StoredBooking {
    fn from(appointment: &Appointment) -> Self {
        Self { appointment: appointment.into() }
    }
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
            Event::WishesLeft { wishes } => Self::WishesLeft(wishes.into()),
            Event::WishesWithdrawn => Self::WishesWithdrawn,
            Event::WishesEnded => Self::WishesEnded,
            Event::TimeOffered { proposal } => Self::TimeOffered(proposal.into()),
            Event::OfferPassed { proposal } => Self::OfferPassed(proposal.to_string()),
            Event::OfferExpired { proposal } => Self::OfferExpired(proposal.to_string()),
            Event::StaffReminded { proposal } => Self::StaffReminded(proposal.into()),
            Event::RulesSetAside { start, rules, why } => Self::RulesSetAside {
                start: start.timestamp(),
                rules: rules.iter().map(|rule| rule.name().to_owned()).collect(),
                why: why.as_str().to_owned(),
            },
            Event::TimeApproved { appointment } => Self::TimeApproved(appointment.into()),
            Event::AppointmentMoved { appointment } => Self::AppointmentMoved(appointment.into()),
            Event::TimesDeclined { proposal, note } => {
                let (proposal, note) = (proposal.to_string(), note.as_str().to_owned());
                Self::TimesDeclined { proposal, note }
            }
            Event::ProposalExpired { proposal } => Self::ProposalExpired(proposal.into()),
            Event::AppointmentCancelled { appointment, by, note } => {
                let (appointment, note) = (appointment.into(), note.as_str().to_owned());
                Self::AppointmentCancelled { appointment, by: by.into(), note }
            }
            Event::Nudged => Self::Nudged,
            Event::NudgesEnded => Self::NudgesEnded,
            Event::ClientReminded { reminder: it } => {
                Self::ClientReminded { reminder: (*it).into() }
            }
            Event::OutcomeAwaited { appointment: id } => {
                Self::OutcomeAwaited { appointment: id.to_string() }
            }
            Event::OutcomeRecorded { appointment, outcome } => {
                let (appointment, outcome) = (appointment.into(), (*outcome).into());
                Self::OutcomeRecorded { appointment, outcome }
            }
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
            StoredEvent::WishesLeft(wishes) => Self::WishesLeft { wishes: wishes.try_into()? },
            StoredEvent::WishesWithdrawn => Self::WishesWithdrawn,
            StoredEvent::WishesEnded => Self::WishesEnded,
            StoredEvent::TimeOffered(offer) => Self::TimeOffered { proposal: offer.try_into()? },
            StoredEvent::OfferPassed(id) => Self::OfferPassed { proposal: proposal_id(&id)? },
            StoredEvent::OfferExpired(id) => Self::OfferExpired { proposal: proposal_id(&id)? },
            StoredEvent::StaffReminded(of) => {
                Self::StaffReminded { proposal: proposal_id(&of.proposal)? }
            }
            StoredEvent::RulesSetAside { start, rules, why } => Self::RulesSetAside {
                start: instant(start)?,
                rules: rules.iter().map(|name| rule(name)).collect::<Result<_, _>>()?,
                why: note(&why)?,
            },
            StoredEvent::TimeApproved(booking) => {
                Self::TimeApproved { appointment: booking.appointment.try_into()? }
            }
            StoredEvent::AppointmentMoved(booking) => {
                Self::AppointmentMoved { appointment: booking.appointment.try_into()? }
            }
            StoredEvent::TimesDeclined { proposal, note: words } => {
                Self::TimesDeclined { proposal: proposal_id(&proposal)?, note: note(&words)? }
            }
            StoredEvent::ProposalExpired(of) => {
                Self::ProposalExpired { proposal: proposal_id(&of.proposal)? }
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
