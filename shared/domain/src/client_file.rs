//! Everything known of one client: the unit that is decided on and committed.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    Appointment, ClientId, EmailAddress, LetterKind, Offer, PersonName, Proposal, QuestionnaireId,
    Refusal, SessionTypeId, Stage, Taken, TakenFor, Task, TaskKind,
};

/// The client file, as its journal folds to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientFile {
    /// Its name.
    pub id: ClientId,
    /// Who the client is.
    pub person: Person,
    /// What kind of session they are asking for, or have.
    pub session: SessionTypeId,
    /// When they first asked.
    pub opted_in_at: DateTime<Utc>,
    /// The last occasions on which they asked, the latest last; at most three are kept.
    pub asked_at: Vec<DateTime<Utc>>,
    /// The last occasions on which they proposed times, the latest last; at most six are kept.
    pub proposed_at: Vec<DateTime<Utc>>,
    /// The zone in which they read times, once they have told.
    pub zone: Option<Tz>,
    /// The answers on file, if the questionnaire was ever completed.
    pub answers: Option<Entry>,
    /// Where they stand.
    pub stage: Stage,
    /// Whether they asked for no more nudges.
    pub nudges_stopped: bool,
    /// Letters that could not be sent, and since when.
    pub letters_not_sent: Vec<(LetterKind, DateTime<Utc>)>,
}

/// Who a client is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name they gave.
    pub name: PersonName,
    /// Where letters reach them.
    pub email: EmailAddress,
}

/// Answers on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// To which questionnaire.
    pub questionnaire: QuestionnaireId,
    /// How often they were changed after they were complete.
    pub revision: u32,
    /// When they were first complete.
    pub completed_at: DateTime<Utc>,
}

impl ClientFile {
    /// Whether answers may still be written: until the call begins.
    pub fn answers_open(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        match &self.stage {
            Stage::Booked { appointment, .. } if appointment.slot.start <= now => {
                Err(Refusal::CallBegun)
            }
            Stage::Closed { .. } => Err(Refusal::FileClosed),
            Stage::Invited(_)
            | Stage::Reading { .. }
            | Stage::Choosing { .. }
            | Stage::Listed(_)
            | Stage::Asked(_)
            | Stage::Booked { .. } => Ok(()),
        }
    }

    /// The answers on file, if they are complete ones to this questionnaire.
    pub fn answers_to(&self, questionnaire: &QuestionnaireId) -> Option<&Entry> {
        self.answers.as_ref().filter(|entry| entry.questionnaire == *questionnaire)
    }

    /// The booked appointment.
    pub fn appointment(&self) -> Option<&Appointment> {
        match &self.stage {
            Stage::Booked { appointment, .. } => Some(appointment),
            Stage::Invited(_)
            | Stage::Reading { .. }
            | Stage::Choosing { .. }
            | Stage::Listed(_)
            | Stage::Asked(_)
            | Stage::Closed { .. } => None,
        }
    }

    /// The proposal that awaits an answer of staff.
    pub fn request(&self) -> Option<&Proposal> {
        match &self.stage {
            Stage::Asked(proposal) => Some(proposal),
            Stage::Booked { change, .. } => change.as_ref(),
            Stage::Invited(_)
            | Stage::Reading { .. }
            | Stage::Choosing { .. }
            | Stage::Listed(_)
            | Stage::Closed { .. } => None,
        }
    }

    /// What only a person can do for this client now, the oldest first.
    pub fn tasks(&self) -> Vec<Task> {
        let stage_task = match &self.stage {
            Stage::Invited(waiting) | Stage::Choosing { waiting, .. } => {
                waiting.ended_at.map(|since| Task { kind: TaskKind::StoppedHalfWay, since })
            }
            Stage::Reading { since } => Some(Task { kind: TaskKind::ReadAnswers, since: *since }),
            Stage::Booked { appointment, .. } => appointment
                .outcome_awaited_since
                .map(|since| Task { kind: TaskKind::RecordOutcome(appointment.id.clone()), since }),
            Stage::Listed(_) | Stage::Asked(_) | Stage::Closed { .. } => None,
        };
        let letters = self.letters_not_sent.iter();
        let mut tasks: Vec<Task> = letters
            .map(|(kind, since)| Task { kind: TaskKind::LetterNotSent(*kind), since: *since })
            .collect();
        tasks.extend(stage_task);
        tasks.sort_by_key(|task| task.since);
        tasks
    }

    /// The times that a request holds, in each calendar they would take place in.
    fn held(&self, proposal: &Proposal) -> impl Iterator<Item = Taken> {
        let takes = |offer: &Offer| {
            let slot = offer.slot;
            offer.providers.clone().into_iter().map(move |provider| (provider, slot))
        };
        proposal.times.iter().flat_map(takes).map(|(provider, slot)| Taken {
            provider,
            slot,
            buffers: proposal.buffers,
            what: TakenFor::Hold {
                client: self.id.clone(),
                session: proposal.session.clone(),
                proposal: proposal.id.clone(),
                until: proposal.expires_at,
            },
        })
    }

    /// What this client takes of the calendars. The day sheets list exactly this, for every client.
    pub fn taken(&self) -> Vec<Taken> {
        let mut taken = Vec::new();
        if let Some(appointment) = self.appointment() {
            let Appointment { id, session, slot, buffers, .. } = appointment;
            taken.extend(appointment.providers.iter().map(|provider| Taken {
                provider: provider.clone(),
                slot: *slot,
                buffers: *buffers,
                what: TakenFor::Appointment {
                    client: self.id.clone(),
                    session: session.clone(),
                    id: id.clone(),
                },
            }));
        }
        if let Some(proposal) = self.request() {
            // A time that is both booked and proposed again stays booked.
            let is_booked = |taken: &Taken| {
                self.appointment().is_some_and(|booked| {
                    booked.slot == taken.slot && booked.providers.contains(&taken.provider)
                })
            };
            taken.extend(self.held(proposal).filter(|taken| !is_booked(taken)));
        }
        taken.extend(self.offered().into_iter().flat_map(|offer| self.held(offer)));
        taken
    }
}
