//! Wishes: what somebody, or the clock, wants done.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    AppointmentId, ClientId, CompleteAnswers, LetterKind, Note, Outcome, Person, ProposalId,
    SessionTypeId, StaffId, Wishes,
};

/// Who wishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The person the file is about, by a form or a link of theirs.
    Client,
    /// Somebody of the practice, signed in.
    Staff(StaffId),
    /// Time, or the house itself on its behalf.
    Clock,
}

/// A wish about one client file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A visitor asks for a session.
    OptIn {
        /// The file that their address belongs to.
        client: ClientId,
        /// For what kind of session they ask.
        session: SessionTypeId,
        /// Who they are.
        person: Person,
        /// What they agreed to.
        consent: Consent,
    },
    /// The client is done with the questionnaire, for the first time or again.
    CompleteQuestionnaire {
        /// What they answered.
        answers: CompleteAnswers,
    },
    /// Staff have read the answers and open the calendar.
    OpenCalendar,
    /// The client asks for one of these times.
    ProposeTimes {
        /// First choice first.
        starts: Vec<DateTime<Utc>>,
        /// With whom, where they may choose.
        with: Option<StaffId>,
        /// The zone in which they read times.
        zone: Tz,
    },
    /// The client has found no time, and tells when they could come.
    LeaveWishes {
        /// When.
        wishes: Wishes,
    },
    /// The client does not want to wait on the list any more.
    WithdrawWishes,
    /// The client lets a time pass that was offered from the waiting list.
    PassOffer {
        /// Which offer.
        proposal: ProposalId,
    },
    /// The house looks for a time for somebody on the waiting list.
    OfferTime,
    /// Staff grant one of the proposed times.
    ApproveTime {
        /// Of this request.
        proposal: ProposalId,
        /// This one.
        start: DateTime<Utc>,
    },
    /// Staff grant none of them.
    DeclineTimes {
        /// Of this request.
        proposal: ProposalId,
        /// What the client is told.
        note: Note,
    },
    /// Staff book a time that was agreed on some other way, or move the appointment to it.
    BookTime {
        /// When it starts.
        start: DateTime<Utc>,
        /// With whom, of those who could give it; whoever comes first, where nobody is named.
        with: Option<StaffId>,
        /// Why, if a rule stands against it.
        despite: Note,
    },
    /// The client or staff call the appointment off.
    CancelAppointment {
        /// Which.
        appointment: AppointmentId,
        /// What the other side is told.
        note: Note,
    },
    /// Staff say how the call went.
    RecordOutcome {
        /// Which call.
        appointment: AppointmentId,
        /// How it went.
        outcome: Outcome,
    },
    /// Staff write once more to somebody who has stopped half-way.
    InviteAgain,
    /// Staff invite the client to a session of this kind: to one more, or to another than they
    /// asked for.
    InviteTo {
        /// Which kind.
        session: SessionTypeId,
    },
    /// The client wants no more nudges.
    StopNudges,
    /// Staff close the file.
    CloseFile {
        /// Why.
        note: Note,
    },
    /// The house could not send a letter.
    ReportLetterNotSent {
        /// Which.
        letter: LetterKind,
    },
    /// Staff have dealt with letters that could not be sent.
    SettleLetters,
    /// Time has passed: whatever is due, do it.
    TimePassed,
}

/// What a visitor agreed to, so that it can be shown later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The very words they were shown.
    pub words: String,
    /// The version of the handbook that showed them.
    pub handbook: String,
    /// The page on which the form stood, without its query.
    pub page: String,
}
