//! Letters as facts: which, to whom, on what occasion, and until when they make sense.
//!
//! The words are in the handbook, the look is in the documents. A letter is written in the
//! transaction that causes it, under [`Letter::key`], and looked at again with
//! [`Letter::still_wanted`] at the moment it is sent.

use chrono::{DateTime, Utc};

use crate::{AppointmentId, ClientFile, Note, ProposalId, SessionTypeId, Slot, StaffId, Stage};

/// A letter that is to leave once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Which letter.
    pub kind: LetterKind,
    /// To whom.
    pub to: Recipient,
    /// What it is about.
    pub matter: Matter,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// It does not leave earlier.
    pub not_before: Option<DateTime<Utc>>,
    /// It does not leave at or after this.
    pub not_after: Option<DateTime<Utc>>,
}

/// Who a letter is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// The client of the file.
    Client,
    /// Somebody of the practice.
    Staff(StaffId),
}

/// What a letter is about; with its kind and recipient, its occasion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// The file as it stands since then.
    File {
        /// What tells one occasion from another.
        since: DateTime<Utc>,
    },
    /// A request.
    Request {
        /// Which.
        proposal: ProposalId,
        /// What the practice says to it, if anything.
        note: Note,
    },
    /// An appointment at one of its times.
    Appointment {
        /// Which.
        id: AppointmentId,
        /// After how many moves.
        sequence: u32,
        /// Which kind of session it is; not noted in the oldest letters.
        session: Option<SessionTypeId>,
        /// At which time.
        slot: Slot,
        /// Who gives it; not noted in the oldest letters.
        providers: Vec<StaffId>,
        /// What one side says to the other, if anything.
        note: Note,
    },
}

/// Every letter about a client file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LetterKind {
    /// The link to the questionnaire.
    Welcome,
    /// To somebody known who asked again: the link to where they were.
    WelcomeBack,
    /// The practice invites to a session: the link to what comes first.
    Invitation,
    /// The questionnaire is still open; the first nudge is 1.
    QuestionnaireNudge(u8),
    /// The link to the calendar.
    Calendar,
    /// No times were proposed yet; the first nudge is 1.
    TimesNudge(u8),
    /// From the waiting list: a time is held for the client.
    TimeOffered,
    /// The wait on the waiting list is over, and no time has come.
    WaitEnded,
    /// To staff: a client asks for a time.
    Request,
    /// To staff: the request is still open.
    RequestReminder,
    /// The time is booked.
    Confirmation,
    /// The appointment has a new time.
    Moved,
    /// None of the times suits.
    Declined,
    /// None of the new times suits; the old one stands.
    ChangeDeclined,
    /// Nobody answered; with an apology.
    Expired,
    /// The client has cancelled: so it is.
    CancelledByClient,
    /// The practice had to cancel.
    CancelledByPractice,
    /// To staff: a call was cancelled by somebody else.
    CancellationNotice,
    /// The call is tomorrow.
    ReminderDay,
    /// The call is in an hour.
    ReminderHour,
    /// After a session.
    ThankYou,
    /// After a missed session: a way back.
    MissedYou,
}

/// Why a letter is not sent after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StopReason {
    /// What it asks for has been done, or is no longer wanted.
    #[error("its reason is gone")]
    ReasonGone,
    /// It would come too late to be of use.
    #[error("it would come too late")]
    TooLate,
    /// Who it was for is no longer known.
    #[error("there is nobody to send it to")]
    NobodyThere,
}

impl LetterKind {
    /// The name of its file in the handbook, without the ending.
    pub fn name(self) -> String {
        match self {
            Self::Welcome => "welcome".into(),
            Self::WelcomeBack => "welcome-back".into(),
            Self::Invitation => "invitation".into(),
            Self::QuestionnaireNudge(step) => format!("questionnaire-nudge-{step}"),
            Self::Calendar => "calendar".into(),
            Self::TimesNudge(step) => format!("times-nudge-{step}"),
            Self::TimeOffered => "time-offered".into(),
            Self::WaitEnded => "wait-ended".into(),
            Self::Request => "request".into(),
            Self::RequestReminder => "request-reminder".into(),
            Self::Confirmation => "confirmation".into(),
            Self::Moved => "moved".into(),
            Self::Declined => "declined".into(),
            Self::ChangeDeclined => "change-declined".into(),
            Self::Expired => "expired".into(),
            Self::CancelledByClient => "cancelled-by-client".into(),
            Self::CancelledByPractice => "cancelled-by-practice".into(),
            Self::CancellationNotice => "cancellation-notice".into(),
            Self::ReminderDay => "reminder-day".into(),
            Self::ReminderHour => "reminder-hour".into(),
            Self::ThankYou => "thank-you".into(),
            Self::MissedYou => "missed-you".into(),
        }
    }

    /// The letter of that name; the opposite of [`LetterKind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        let numbered = [
            ("questionnaire-nudge-", Self::QuestionnaireNudge as fn(u8) -> Self),
            ("times-nudge-", Self::TimesNudge),
        ];
        for (prefix, kind) in numbered {
            if let Some(step) = name.strip_prefix(prefix) {
                return step.parse().ok().map(kind);
            }
        }
        Self::PLAIN.into_iter().find(|kind| kind.name() == name)
    }

    /// Every letter that is not one of a numbered cadence.
    pub const PLAIN: [Self; 20] = [
        Self::Welcome,
        Self::WelcomeBack,
        Self::Invitation,
        Self::Calendar,
        Self::TimeOffered,
        Self::WaitEnded,
        Self::Request,
        Self::RequestReminder,
        Self::Confirmation,
        Self::Moved,
        Self::Declined,
        Self::ChangeDeclined,
        Self::Expired,
        Self::CancelledByClient,
        Self::CancelledByPractice,
        Self::CancellationNotice,
        Self::ReminderDay,
        Self::ReminderHour,
        Self::ThankYou,
        Self::MissedYou,
    ];

    /// Whether it follows up on its own account, so that a client may ask for no more of them.
    pub fn is_nudge(self) -> bool {
        matches!(self, Self::QuestionnaireNudge(_) | Self::TimesNudge(_))
    }
}

impl Letter {
    /// The occasion, as one short text without a person's data: the same occasion, the same key.
    pub fn key(&self) -> String {
        let occasion = match &self.matter {
            Matter::File { since } => since.timestamp().to_string(),
            Matter::Request { proposal, .. } => proposal.to_string(),
            // One time can stand against several wishes to move it: each gets its answer.
            Matter::Appointment { id, sequence, .. } if self.kind == LetterKind::ChangeDeclined => {
                format!("{id}.{sequence}.{}", self.written_at.timestamp())
            }
            Matter::Appointment { id, sequence, .. } => format!("{id}.{sequence}"),
        };
        match &self.to {
            Recipient::Client => format!("{}.{occasion}", self.kind.name()),
            Recipient::Staff(staff) => format!("{}.{occasion}.{staff}", self.kind.name()),
        }
    }

    /// Whether it may still leave, judged by the facts of this moment.
    pub fn still_wanted(&self, file: &ClientFile, now: DateTime<Utc>) -> Result<(), StopReason> {
        if self.not_after.is_some_and(|last| last <= now) {
            return Err(StopReason::TooLate);
        }
        let is_wanted = match self.kind {
            LetterKind::Welcome => matches!(file.stage, Stage::Invited(_)),
            LetterKind::QuestionnaireNudge(_) => {
                matches!(file.stage, Stage::Invited(_)) && !file.nudges_stopped
            }
            LetterKind::Invitation => {
                matches!(file.stage, Stage::Invited(_) | Stage::Choosing { .. })
            }
            LetterKind::Calendar => matches!(file.stage, Stage::Choosing { .. }),
            LetterKind::TimesNudge(_) => {
                matches!(file.stage, Stage::Choosing { .. }) && !file.nudges_stopped
            }
            LetterKind::TimeOffered => self.is_about_open_offer(file, now),
            LetterKind::WaitEnded => matches!(file.stage, Stage::Choosing { .. }),
            LetterKind::Request | LetterKind::RequestReminder => {
                self.is_about_open_request(file, now)
            }
            LetterKind::Confirmation
            | LetterKind::Moved
            | LetterKind::ChangeDeclined
            | LetterKind::ReminderDay
            | LetterKind::ReminderHour => self.is_about_booked_time(file),
            LetterKind::WelcomeBack => !matches!(file.stage, Stage::Closed { .. }),
            LetterKind::Declined
            | LetterKind::Expired
            | LetterKind::CancelledByClient
            | LetterKind::CancelledByPractice
            | LetterKind::CancellationNotice
            | LetterKind::ThankYou
            | LetterKind::MissedYou => true,
        };
        if is_wanted { Ok(()) } else { Err(StopReason::ReasonGone) }
    }

    fn is_about_open_request(&self, file: &ClientFile, now: DateTime<Utc>) -> bool {
        let Matter::Request { proposal, .. } = &self.matter else { return false };
        file.request().is_some_and(|open| open.id == *proposal && now < open.expires_at)
    }

    fn is_about_open_offer(&self, file: &ClientFile, now: DateTime<Utc>) -> bool {
        let Matter::Request { proposal, .. } = &self.matter else { return false };
        file.offered().is_some_and(|open| open.id == *proposal && now < open.expires_at)
    }

    fn is_about_booked_time(&self, file: &ClientFile) -> bool {
        let (Matter::Appointment { id, sequence, .. }, Some(appointment)) =
            (&self.matter, file.appointment())
        else {
            return false;
        };
        appointment.id == *id && appointment.sequence == *sequence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_letters() {
        let numbered = [LetterKind::QuestionnaireNudge(3), LetterKind::TimesNudge(1)];
        for kind in LetterKind::PLAIN.into_iter().chain(numbered) {
            assert_eq!(LetterKind::from_name(&kind.name()), Some(kind));
        }
        assert_eq!(LetterKind::from_name("times-nudge-x"), None);
    }
}
