//! Everything known of one client: the unit that is decided on and committed.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    Appointment, ClientId, EmailAddress, LetterKind, PersonName, Proposal, Refusal, Slot, Stage,
    Taken, TakenFor, Task, TaskKind,
};

/// The client file, as its journal folds to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientFile {
    /// Its name.
    pub id: ClientId,
    /// Who the client is.
    pub person: Person,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
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
            | Stage::Asked(_)
            | Stage::Booked { .. } => Ok(()),
        }
    }

    /// The booked appointment.
    pub fn appointment(&self) -> Option<&Appointment> {
        match &self.stage {
            Stage::Booked { appointment, .. } => Some(appointment),
            Stage::Invited(_)
            | Stage::Reading { .. }
            | Stage::Choosing { .. }
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
            Stage::Asked(_) | Stage::Closed { .. } => None,
        };
        let letters = self.letters_not_sent.iter();
        let mut tasks: Vec<Task> = letters
            .map(|(kind, since)| Task { kind: TaskKind::LetterNotSent(*kind), since: *since })
            .collect();
        tasks.extend(stage_task);
        tasks.sort_by_key(|task| task.since);
        tasks
    }

    /// What this client takes of the calendar. The day sheets list exactly this, for every client.
    pub fn taken(&self) -> Vec<Taken> {
        let mut taken = Vec::new();
        if let Some(appointment) = self.appointment() {
            taken.push(Taken {
                provider: appointment.provider.clone(),
                slot: appointment.slot,
                buffers: appointment.buffers,
                what: TakenFor::Appointment { client: self.id.clone(), id: appointment.id.clone() },
            });
        }
        if let Some(proposal) = self.request() {
            // A time that is both booked and proposed again stays booked.
            let is_booked = |slot: &Slot| {
                self.appointment().is_some_and(|booked| {
                    booked.slot == *slot && booked.provider == proposal.provider
                })
            };
            taken.extend(proposal.times.iter().filter(|slot| !is_booked(slot)).map(|slot| Taken {
                provider: proposal.provider.clone(),
                slot: *slot,
                buffers: proposal.buffers,
                what: TakenFor::Hold {
                    client: self.id.clone(),
                    proposal: proposal.id.clone(),
                    until: proposal.expires_at,
                },
            }));
        }
        taken
    }
}
