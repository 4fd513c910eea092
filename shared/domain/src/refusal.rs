//! Why the practice says no. Not an error: an answer, in words for the person who asked.

use chrono::{DateTime, Utc};

use crate::Rule;

/// Why a wish is not granted. The words say what is so; pages add what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such file.
    #[error("this link belongs to nobody we know")]
    UnknownClient,
    /// The file is closed.
    #[error("this is closed; ask for a session again whenever you like")]
    FileClosed,
    /// The call has begun, so what belongs before it is over.
    #[error("the call has already begun")]
    CallBegun,
    /// The call has not begun, so what belongs after it is too early.
    #[error("the call has not begun yet")]
    CallNotBegun,
    /// The questionnaire comes first.
    #[error("the questionnaire comes before the calendar")]
    QuestionnaireFirst,
    /// Meanwhile another kind of session is asked for, which has another questionnaire.
    #[error("other questions come before this session by now; please open your link once more")]
    OtherQuestions,
    /// The handbook does not have this kind of session, or not any more.
    #[error("the practice does not offer this kind of session")]
    UnknownSession,
    /// Staff read the answers before the calendar opens.
    #[error("your answers are being read; the calendar opens after that")]
    CalendarNotOpen,
    /// Who has asked for a time, or has one, does not wait for another.
    #[error(
        "a time is asked for or booked already; choose another one in the calendar, or cancel it"
    )]
    TimeArranged,
    /// The practice keeps no waiting list.
    #[error("this practice keeps no waiting list")]
    NoWaitingList,
    /// Wishes that no time could ever suit.
    #[error(
        "please choose at least one day of the week, {minutes} minutes or more between the hours, and a last day from today on, a year ahead at most"
    )]
    NoWishes {
        /// How long a session lasts.
        minutes: i64,
    },
    /// Wishes for hours in which there are no sessions.
    #[error(
        "there are no sessions at these hours before that day; please choose other days or hours, or a later last day"
    )]
    NeverOpen,
    /// A time that suits the wishes is open: there is nothing to wait for.
    #[error("a time that suits is open already; choose it, or narrow what suits you")]
    OpenAlready {
        /// When it starts.
        start: DateTime<Utc>,
    },
    /// No time was chosen.
    #[error("please choose at least one time")]
    NoTimes,
    /// More times than the practice holds for one client.
    #[error("please choose at most {most} times")]
    TooManyTimes {
        /// How many may be proposed.
        most: usize,
    },
    /// Times were proposed again and again.
    #[error("you have proposed times very often just now; please wait an hour")]
    TooOften,
    /// The same time twice.
    #[error("each time can be chosen only once")]
    SameTimeTwice,
    /// Somebody was faster, or it was never on offer.
    #[error("this time is no longer free")]
    TimeNotOffered {
        /// When it starts.
        start: DateTime<Utc>,
    },
    /// Something is booked or held in a stretch that was to be kept free.
    #[error("something is booked, asked for or kept free then; move or cancel that first")]
    NotFree,
    /// A stretch of time that is over, empty or longer than a month.
    #[error("a time to keep free ends after it begins, is not over, and lasts 31 days at most")]
    NoStretch,
    /// A rule stands against it, and nobody has said why it does not count this time.
    #[error("{rule}; to do it all the same, say why")]
    AgainstRule {
        /// The first of the rules.
        rule: Rule,
    },
    /// Another calendar stands against a time that was asked for.
    #[error("{rule}; to book it all the same, book it by hand in the client's file, and say why")]
    BusyElsewhere {
        /// Busy, or silent.
        rule: Rule,
    },
    /// The client can no longer cancel by themselves.
    #[error("it can be cancelled here until {hours} hours before it begins")]
    TooLateToCancel {
        /// How long before.
        hours: i64,
    },
    /// The client can no longer ask for another time by themselves.
    #[error("it can be moved here until {hours} hours before it begins")]
    TooLateToMove {
        /// How long before.
        hours: i64,
    },
    /// The request was answered, replaced or has expired.
    #[error("this request is no longer open")]
    RequestGone,
    /// There is no such appointment, or not any more.
    #[error("this appointment is no longer booked")]
    AppointmentGone,
    /// A request or an appointment must be answered or cancelled first.
    #[error("answer the request or cancel the appointment first")]
    StillOpen,
    /// The client is not waiting to be invited.
    #[error("there is nothing to invite this client to now")]
    NothingToInviteTo,
    /// Only the owner may do this.
    #[error("only the owner changes the handbook")]
    OwnerOnly,
    /// Only staff may do this.
    #[error("only the practice can do this")]
    StaffOnly,
}
