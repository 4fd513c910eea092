//! How facts change what is known: the fold of the journal.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    Actor, ClientFile, CloseReason, Entry, Event, Invitation, Listed, Outcome, Person, Proposal,
    QuestionnaireId, Reminder, SessionTypeId, Stage, Waiting, Wishes,
};

/// The file as it is after `event`, which happened `at`.
///
/// # Panics
/// If the first event of a file is not [`Event::OptedIn`]: such a journal was never written.
#[must_use]
pub fn evolve(file: Option<ClientFile>, event: &Event, at: DateTime<Utc>) -> ClientFile {
    match (file, event) {
        (_, Event::OptedIn { client, session, person, .. }) => ClientFile {
            id: client.clone(),
            person: person.clone(),
            session: session.clone(),
            opted_in_at: at,
            asked_at: vec![at],
            proposed_at: Vec::new(),
            zone: None,
            answers: None,
            stage: Stage::Invited(Waiting::since(at)),
            nudges_stopped: false,
            letters_not_sent: Vec::new(),
        },
        (Some(file), event) => file.after(event, at),
        (None, event) => unreachable!("a journal begins with the opt-in, not with {event:?}"),
    }
}

/// The file that a whole journal makes.
pub fn fold<'a>(
    journal: impl IntoIterator<Item = (DateTime<Utc>, &'a Event)>,
) -> Option<ClientFile> {
    journal.into_iter().fold(None, |file, (at, event)| Some(evolve(file, event, at)))
}

impl ClientFile {
    fn after(mut self, event: &Event, at: DateTime<Utc>) -> Self {
        match event {
            Event::OptedIn { .. } | Event::RulesSetAside { .. } => {}
            Event::OptedInAgain { session, questionnaire, person, .. } => {
                self.came_back(person, session, questionnaire, at);
            }
            Event::QuestionnaireCompleted { questionnaire, staff_read_first } => {
                self.questionnaire_completed(questionnaire, *staff_read_first, at);
            }
            Event::AnswersChanged => {
                if let Some(entry) = &mut self.answers {
                    entry.revision += 1;
                }
            }
            Event::CalendarOpened => self.stage = choosing(Invitation::First, at),
            Event::TimesProposed { proposal, zone } => self.times_proposed(proposal, *zone, at),
            Event::WishesLeft { wishes } => self.wishes_left(wishes, at),
            Event::WishesWithdrawn | Event::WishesEnded => {
                self.stage = choosing(Invitation::Unlisted, at);
            }
            Event::TimeOffered { proposal } => {
                self.listed_mut(|listed| listed.offered = Some(proposal.clone()));
            }
            Event::OfferPassed { .. } => self.listed_mut(|listed| listed.let_pass(at)),
            Event::OfferExpired { .. } => self.listed_mut(|listed| listed.let_expire(at)),
            Event::StaffReminded { .. } => self.staff_reminded(at),
            Event::TimeApproved { appointment } | Event::AppointmentMoved { appointment } => {
                self.stage = Stage::Booked { appointment: appointment.clone(), change: None };
            }
            Event::TimesDeclined { .. } => self.request_ended(Invitation::Declined, at),
            Event::ProposalExpired { .. } => self.request_ended(Invitation::Expired, at),
            Event::AppointmentCancelled { by, .. } => {
                let invitation = match by {
                    Actor::Client => Invitation::CancelledByClient,
                    Actor::Staff(_) | Actor::Clock => Invitation::CancelledByPractice,
                };
                self.stage = choosing(invitation, at);
            }
            Event::Nudged => self.waiting_mut(|waiting| {
                waiting.nudges += 1;
                waiting.nudged_at = Some(at);
            }),
            Event::NudgesEnded => self.waiting_mut(|waiting| waiting.ended_at = Some(at)),
            Event::ClientReminded { reminder } => self.client_reminded(*reminder),
            Event::OutcomeAwaited { .. } => {
                if let Stage::Booked { appointment, change } = &mut self.stage {
                    appointment.outcome_awaited_since = Some(at);
                    *change = None;
                }
            }
            Event::OutcomeRecorded { outcome, .. } => {
                self.stage = match outcome {
                    Outcome::Held => Stage::Closed { reason: CloseReason::Held, at },
                    Outcome::NoShow => choosing(Invitation::Missed, at),
                };
            }
            Event::InvitedTo { session, questionnaire } => {
                self.invited_to(session, questionnaire, at);
            }
            Event::InvitedAgain => self.waiting_mut(|waiting| *waiting = Waiting::since(at)),
            Event::NudgesStopped => self.nudges_stopped(at),
            Event::FileClosed { note } => {
                self.stage = Stage::Closed { reason: CloseReason::ByStaff(note.clone()), at };
            }
            Event::LetterNotSent { letter } => self.letters_not_sent.push((*letter, at)),
            Event::LettersSettled => self.letters_not_sent.clear(),
        }
        self
    }

    fn questionnaire_completed(
        &mut self,
        questionnaire: &QuestionnaireId,
        staff_read_first: bool,
        at: DateTime<Utc>,
    ) {
        let questionnaire = questionnaire.clone();
        self.answers = Some(Entry { questionnaire, revision: 0, completed_at: at });
        // For whom staff have booked a time already, the calendar need not open.
        if let Stage::Invited(_) = self.stage {
            self.stage = if staff_read_first {
                Stage::Reading { since: at }
            } else {
                choosing(Invitation::First, at)
            };
        }
    }

    fn came_back(
        &mut self,
        person: &Person,
        session: &SessionTypeId,
        questionnaire: &QuestionnaireId,
        at: DateTime<Utc>,
    ) {
        // Until the questionnaire is complete nobody has proven who reads at this address: the
        // last word counts, and a misspelt name is mended by asking again.
        if self.answers.is_none() {
            self.person = person.clone();
        }
        keep_last(&mut self.asked_at, at, Self::ASKED_KEPT);
        self.nudges_stopped = false;
        match &mut self.stage {
            // Anybody can type an address into the form: what somebody is in the middle of goes on.
            Stage::Choosing { waiting, .. } => *waiting = Waiting::since(at),
            Stage::Reading { .. } | Stage::Listed(_) | Stage::Asked(_) | Stage::Booked { .. } => {}
            Stage::Invited(_) | Stage::Closed { .. } => {
                self.session = session.clone();
                self.stage = self.beginning(self.answers_to(questionnaire).is_some(), at);
            }
        }
    }

    /// Where somebody begins anew, who has answered what comes first or has not.
    fn beginning(&self, is_answered: bool, at: DateTime<Utc>) -> Stage {
        match &self.stage {
            _ if !is_answered => Stage::Invited(Waiting::since(at)),
            // Whom staff let go, staff let in again.
            Stage::Closed { reason: CloseReason::ByStaff(_), .. } => Stage::Reading { since: at },
            Stage::Closed { .. }
            | Stage::Invited(_)
            | Stage::Reading { .. }
            | Stage::Choosing { .. }
            | Stage::Listed(_)
            | Stage::Asked(_)
            | Stage::Booked { .. } => choosing(Invitation::Again, at),
        }
    }

    fn invited_to(
        &mut self,
        session: &SessionTypeId,
        questionnaire: &QuestionnaireId,
        at: DateTime<Utc>,
    ) {
        self.session = session.clone();
        self.stage = match self.answers_to(questionnaire) {
            Some(_) => choosing(Invitation::Again, at),
            None => Stage::Invited(Waiting::since(at)),
        };
    }

    fn times_proposed(&mut self, proposal: &Proposal, zone: Tz, at: DateTime<Utc>) {
        self.zone = Some(zone);
        keep_last(&mut self.proposed_at, at, Self::PROPOSED_KEPT);
        match &mut self.stage {
            Stage::Booked { change, .. } => *change = Some(proposal.clone()),
            Stage::Invited(_)
            | Stage::Reading { .. }
            | Stage::Choosing { .. }
            | Stage::Listed(_)
            | Stage::Asked(_)
            | Stage::Closed { .. } => self.stage = Stage::Asked(proposal.clone()),
        }
    }

    fn wishes_left(&mut self, wishes: &Wishes, at: DateTime<Utc>) {
        self.zone = Some(wishes.zone);
        match &mut self.stage {
            // Who changes what they wish for keeps their turn, unless it has just come.
            Stage::Listed(listed) => {
                listed.wishes = wishes.clone();
                if listed.offered.is_some() {
                    listed.let_pass(at);
                }
            }
            Stage::Invited(_)
            | Stage::Reading { .. }
            | Stage::Choosing { .. }
            | Stage::Asked(_)
            | Stage::Booked { .. }
            | Stage::Closed { .. } => self.stage = Stage::Listed(Listed::new(wishes.clone(), at)),
        }
    }

    fn listed_mut(&mut self, change: impl FnOnce(&mut Listed)) {
        if let Stage::Listed(listed) = &mut self.stage {
            change(listed);
        }
    }

    fn request_ended(&mut self, invitation: Invitation, at: DateTime<Utc>) {
        match &mut self.stage {
            Stage::Booked { change, .. } => *change = None,
            Stage::Invited(_)
            | Stage::Reading { .. }
            | Stage::Choosing { .. }
            | Stage::Listed(_)
            | Stage::Asked(_)
            | Stage::Closed { .. } => self.stage = choosing(invitation, at),
        }
    }

    fn staff_reminded(&mut self, at: DateTime<Utc>) {
        let request = match &mut self.stage {
            Stage::Asked(proposal) => Some(proposal),
            Stage::Booked { change, .. } => change.as_mut(),
            Stage::Invited(_)
            | Stage::Reading { .. }
            | Stage::Choosing { .. }
            | Stage::Listed(_)
            | Stage::Closed { .. } => None,
        };
        if let Some(proposal) = request {
            proposal.reminded_at = Some(at);
        }
    }

    fn client_reminded(&mut self, reminder: Reminder) {
        if let Stage::Booked { appointment, .. } = &mut self.stage {
            appointment.reminded = appointment.reminded.max(Some(reminder));
        }
    }

    fn nudges_stopped(&mut self, at: DateTime<Utc>) {
        self.nudges_stopped = true;
        if matches!(self.stage, Stage::Invited(_) | Stage::Choosing { .. }) {
            self.stage = Stage::Closed { reason: CloseReason::ClientStopped, at };
        }
    }

    fn waiting_mut(&mut self, change: impl FnOnce(&mut Waiting)) {
        match &mut self.stage {
            Stage::Invited(waiting) | Stage::Choosing { waiting, .. } => change(waiting),
            Stage::Reading { .. }
            | Stage::Listed(_)
            | Stage::Asked(_)
            | Stage::Booked { .. }
            | Stage::Closed { .. } => {}
        }
    }

    /// How many occasions of asking are remembered.
    pub const ASKED_KEPT: usize = 3;

    /// How many occasions of proposing times are remembered.
    pub const PROPOSED_KEPT: usize = 6;
}

fn choosing(invitation: Invitation, since: DateTime<Utc>) -> Stage {
    Stage::Choosing { invitation, waiting: Waiting::since(since) }
}

impl Listed {
    /// The offered time goes on to somebody else; the next turn comes after everybody else's.
    fn let_pass(&mut self, at: DateTime<Utc>) {
        if let Some(offered) = self.offered.take() {
            for slot in offered.slots() {
                keep_last(&mut self.passed, slot.start, Self::PASSED_KEPT);
            }
        }
        self.since = at;
        self.unanswered = 0;
    }

    /// The same without a word from the client.
    fn let_expire(&mut self, at: DateTime<Utc>) {
        let unanswered = self.unanswered.saturating_add(1);
        self.let_pass(at);
        self.unanswered = unanswered;
    }
}

/// Adds an instant to those that are remembered, of which the oldest go.
fn keep_last(instants: &mut Vec<DateTime<Utc>>, at: DateTime<Utc>, most: usize) {
    instants.push(at);
    instants.drain(..instants.len().saturating_sub(most));
}
