//! Which letters follow from a fact.

use chrono::{DateTime, Utc};

use crate::timers::{in_nudge_hours, reminder_not_after};
use crate::{
    Actor, Appointment, ClientFile, Event, Handbook, Letter, LetterKind, Matter, Note, Outcome,
    Proposal, ProposalId, Recipient, Reminder, Role, StaffId, Stage,
};

/// The letters that `event`, which happened `at` and made the file what it is, causes.
pub fn consequences(
    event: &Event,
    file: &ClientFile,
    handbook: &Handbook,
    at: DateTime<Utc>,
) -> Vec<Letter> {
    let write = Writer { at };
    let assistant = || handbook.in_role(Role::Assistant).id.clone();
    match event {
        Event::OptedIn { letters_not_before, .. } => {
            vec![Letter { not_before: *letters_not_before, ..write.to_client(LetterKind::Welcome) }]
        }
        Event::OptedInAgain { letters_not_before, .. } => {
            vec![Letter {
                not_before: *letters_not_before,
                ..write.to_client(LetterKind::WelcomeBack)
            }]
        }
        Event::QuestionnaireCompleted { .. } | Event::CalendarOpened | Event::InvitedAgain => {
            write.next_step(file)
        }
        Event::InvitedTo { .. } => vec![write.to_client(LetterKind::Invitation)],
        Event::TimesProposed { proposal, .. } => write.request(file, proposal, assistant()),
        Event::TimeOffered { proposal } => vec![write.offer(proposal, handbook)],
        Event::WishesEnded => vec![write.to_client(LetterKind::WaitEnded)],
        Event::StaffReminded { proposal } => {
            vec![write.about_request(
                LetterKind::RequestReminder,
                proposal,
                Some(assistant()),
                &Note::default(),
            )]
        }
        Event::TimeApproved { appointment } => {
            vec![write.about_call(LetterKind::Confirmation, appointment, &Note::default())]
        }
        Event::AppointmentMoved { appointment } => {
            vec![write.about_call(LetterKind::Moved, appointment, &Note::default())]
        }
        Event::TimesDeclined { proposal, note } => {
            vec![write.not_granted(file, LetterKind::Declined, proposal, note)]
        }
        Event::ProposalExpired { proposal } => {
            vec![write.not_granted(file, LetterKind::Expired, proposal, &Note::default())]
        }
        Event::AppointmentCancelled { appointment, by, note } => {
            write.cancelled(appointment, by, note, handbook)
        }
        Event::Nudged => write.nudge(file, handbook),
        Event::ClientReminded { reminder } => write.reminder(file, *reminder),
        Event::OutcomeRecorded { appointment, outcome } => {
            let kind = match outcome {
                Outcome::Held => LetterKind::ThankYou,
                Outcome::NoShow => LetterKind::MissedYou,
            };
            vec![write.about_call(kind, appointment, &Note::default())]
        }
        Event::AnswersChanged
        | Event::WishesLeft { .. }
        | Event::WishesWithdrawn
        | Event::OfferPassed { .. }
        | Event::OfferExpired { .. }
        | Event::RulesSetAside { .. }
        | Event::NudgesEnded
        | Event::OutcomeAwaited { .. }
        | Event::NudgesStopped
        | Event::FileClosed { .. }
        | Event::LetterNotSent { .. }
        | Event::LettersSettled => vec![],
    }
}

/// Writes letters at one moment.
struct Writer {
    at: DateTime<Utc>,
}

impl Writer {
    fn letter(&self, kind: LetterKind, to: Recipient, matter: Matter) -> Letter {
        Letter { kind, to, matter, written_at: self.at, not_before: None, not_after: None }
    }

    fn to_client(&self, kind: LetterKind) -> Letter {
        self.letter(kind, Recipient::Client, Matter::File { since: self.at })
    }

    /// What the client is to do next, who is to do anything: the questionnaire, or the calendar.
    fn next_step(&self, file: &ClientFile) -> Vec<Letter> {
        match file.stage {
            Stage::Invited(_) => vec![self.to_client(LetterKind::Welcome)],
            Stage::Choosing { .. } => vec![self.to_client(LetterKind::Calendar)],
            Stage::Reading { .. }
            | Stage::Listed(_)
            | Stage::Asked(_)
            | Stage::Booked { .. }
            | Stage::Closed { .. } => vec![],
        }
    }

    fn about_request(
        &self,
        kind: LetterKind,
        proposal: &ProposalId,
        staff: Option<StaffId>,
        note: &Note,
    ) -> Letter {
        let to = staff.map_or(Recipient::Client, Recipient::Staff);
        self.letter(kind, to, Matter::Request { proposal: proposal.clone(), note: note.clone() })
    }

    fn about_call(&self, kind: LetterKind, appointment: &Appointment, note: &Note) -> Letter {
        let matter = Matter::Appointment {
            id: appointment.id.clone(),
            sequence: appointment.sequence,
            session: Some(appointment.session.clone()),
            providers: appointment.providers.clone(),
            slot: appointment.slot,
            note: note.clone(),
        };
        self.letter(kind, Recipient::Client, matter)
    }

    /// A time from the waiting list. It is held at once, and told in the hours of letters.
    fn offer(&self, proposal: &Proposal, handbook: &Handbook) -> Letter {
        let kind = LetterKind::TimeOffered;
        let letter = self.about_request(kind, &proposal.id, None, &Note::default());
        let leaves_at = in_nudge_hours(handbook, self.at);
        Letter { not_before: (self.at < leaves_at).then_some(leaves_at), ..letter }
    }

    /// None where the request was granted in the same breath.
    fn request(&self, file: &ClientFile, proposal: &Proposal, staff: StaffId) -> Vec<Letter> {
        if file.request().is_none() {
            return vec![];
        }
        vec![self.about_request(LetterKind::Request, &proposal.id, Some(staff), &Note::default())]
    }

    /// Tells the client that none of the times was granted; where another one is booked, that it
    /// stands.
    fn not_granted(
        &self,
        file: &ClientFile,
        kind: LetterKind,
        proposal: &ProposalId,
        note: &Note,
    ) -> Letter {
        match file.appointment() {
            Some(appointment) => self.about_call(LetterKind::ChangeDeclined, appointment, note),
            None => self.about_request(kind, proposal, None, note),
        }
    }

    fn cancelled(
        &self,
        appointment: &Appointment,
        by: &Actor,
        note: &Note,
        handbook: &Handbook,
    ) -> Vec<Letter> {
        let to_client = match by {
            Actor::Client => {
                self.about_call(LetterKind::CancelledByClient, appointment, &Note::default())
            }
            Actor::Staff(_) | Actor::Clock => {
                self.about_call(LetterKind::CancelledByPractice, appointment, note)
            }
        };
        let notice = |staff: StaffId| Letter {
            to: Recipient::Staff(staff),
            ..self.about_call(LetterKind::CancellationNotice, appointment, note)
        };
        let told = told_of_cancellation(appointment, by, handbook);
        std::iter::once(to_client).chain(told.into_iter().map(notice)).collect()
    }

    /// Written late, perhaps at night after an outage, it still leaves in the hours of nudges.
    fn nudge(&self, file: &ClientFile, handbook: &Handbook) -> Vec<Letter> {
        let kind = match &file.stage {
            Stage::Invited(waiting) => LetterKind::QuestionnaireNudge(waiting.nudges),
            Stage::Choosing { waiting, .. } => LetterKind::TimesNudge(waiting.nudges),
            Stage::Reading { .. }
            | Stage::Listed(_)
            | Stage::Asked(_)
            | Stage::Booked { .. }
            | Stage::Closed { .. } => return vec![],
        };
        let leaves_at = in_nudge_hours(handbook, self.at);
        let not_before = (self.at < leaves_at).then_some(leaves_at);
        vec![Letter { not_before, ..self.to_client(kind) }]
    }

    fn reminder(&self, file: &ClientFile, reminder: Reminder) -> Vec<Letter> {
        let Some(appointment) = file.appointment() else { return vec![] };
        let kind = match reminder {
            Reminder::DayBefore => LetterKind::ReminderDay,
            Reminder::HourBefore => LetterKind::ReminderHour,
        };
        let letter = self.about_call(kind, appointment, &Note::default());
        vec![Letter { not_after: Some(reminder_not_after(appointment, reminder)), ..letter }]
    }
}

/// Whom of the practice a cancellation concerns: the owner, if it was not the practice's own doing,
/// and whoever was to give the session. Nobody is told what they did themselves.
fn told_of_cancellation(
    appointment: &Appointment,
    by: &Actor,
    handbook: &Handbook,
) -> Vec<StaffId> {
    let owner = (*by == Actor::Client).then(|| &handbook.in_role(Role::Owner).id);
    let mut told: Vec<StaffId> = Vec::new();
    for staff in owner.into_iter().chain(&appointment.providers) {
        let did_it = matches!(by, Actor::Staff(id) if id == staff);
        if !did_it && !told.contains(staff) {
            told.push(staff.clone());
        }
    }
    told
}
