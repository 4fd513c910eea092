//! Facts: what has happened to a client file. Complete, in the past, never changed again.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    Actor, Appointment, AppointmentId, ClientId, Consent, LetterKind, Note, Outcome, Person,
    Proposal, ProposalId, QuestionnaireId, Reminder, Rule, SessionTypeId, Wishes,
};

/// What has happened. The time of it stands beside it in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Somebody new asked for a session.
    OptedIn {
        /// The new file.
        client: ClientId,
        /// For what kind of session they asked.
        session: SessionTypeId,
        /// Who they are.
        person: Person,
        /// What they agreed to.
        consent: Consent,
        /// Before this instant no letter leaves.
        letters_not_before: Option<DateTime<Utc>>,
    },
    /// Somebody known asked again, and goes on where they were.
    OptedInAgain {
        /// For what kind of session they ask now.
        session: SessionTypeId,
        /// What is asked before it.
        questionnaire: QuestionnaireId,
        /// Who they say they are now.
        person: Person,
        /// What they agreed to.
        consent: Consent,
        /// Before this instant no letter leaves.
        letters_not_before: Option<DateTime<Utc>>,
    },
    /// The questionnaire was completed; the address is theirs.
    QuestionnaireCompleted {
        /// Which.
        questionnaire: QuestionnaireId,
        /// Whether staff read the answers before the calendar opens.
        staff_read_first: bool,
    },
    /// Completed answers were changed.
    AnswersChanged,
    /// Staff opened the calendar after reading.
    CalendarOpened,
    /// The client asked for one of several times.
    TimesProposed {
        /// What they asked for.
        proposal: Proposal,
        /// The zone in which they read times.
        zone: Tz,
    },
    /// The client came onto the waiting list, or changed their wishes.
    WishesLeft {
        /// When they could come.
        wishes: Wishes,
    },
    /// The client left the waiting list.
    WishesWithdrawn,
    /// The last day of the wishes is over.
    WishesEnded,
    /// A time was offered from the waiting list, and is held.
    TimeOffered {
        /// The time, as if the client had asked for it.
        proposal: Proposal,
    },
    /// The client let the offered time pass.
    OfferPassed {
        /// Which offer.
        proposal: ProposalId,
    },
    /// The client did not answer the offer in time.
    OfferExpired {
        /// Which offer.
        proposal: ProposalId,
    },
    /// Staff were reminded of the request.
    StaffReminded {
        /// Which request.
        proposal: ProposalId,
    },
    /// Staff set rules aside for a time.
    RulesSetAside {
        /// The time.
        start: DateTime<Utc>,
        /// The rules that stood against it.
        rules: Vec<Rule>,
        /// Why.
        why: Note,
    },
    /// A time was booked.
    TimeApproved {
        /// The booked time.
        appointment: Appointment,
    },
    /// The appointment was moved to another time.
    AppointmentMoved {
        /// The appointment at its new time, its sequence one higher.
        appointment: Appointment,
    },
    /// Staff granted none of the times.
    TimesDeclined {
        /// Which request.
        proposal: ProposalId,
        /// What the client is told.
        note: Note,
    },
    /// Nobody answered the request in time.
    ProposalExpired {
        /// Which request.
        proposal: ProposalId,
    },
    /// The appointment was called off.
    AppointmentCancelled {
        /// The appointment as it stood.
        appointment: Appointment,
        /// By whom.
        by: Actor,
        /// What the other side is told.
        note: Note,
    },
    /// Somebody who may have forgotten was nudged.
    Nudged,
    /// The last nudge went unanswered: a person must look.
    NudgesEnded,
    /// The client was reminded of the call.
    ClientReminded {
        /// Which reminder.
        reminder: Reminder,
    },
    /// The call is over and nobody has said how it went.
    OutcomeAwaited {
        /// Which call.
        appointment: AppointmentId,
    },
    /// Staff said how the call went.
    OutcomeRecorded {
        /// Which call, as it stood.
        appointment: Appointment,
        /// How it went.
        outcome: Outcome,
    },
    /// Staff wrote once more; the wait begins anew.
    InvitedAgain,
    /// Staff invited the client to a session of a kind.
    InvitedTo {
        /// Which kind.
        session: SessionTypeId,
        /// What is asked before it.
        questionnaire: QuestionnaireId,
    },
    /// The client wants no more nudges.
    NudgesStopped,
    /// Staff closed the file.
    FileClosed {
        /// Why.
        note: Note,
    },
    /// A letter could not be sent.
    LetterNotSent {
        /// Which.
        letter: LetterKind,
    },
    /// Staff have dealt with the letters that could not be sent.
    LettersSettled,
}
