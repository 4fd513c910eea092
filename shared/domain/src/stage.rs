//! Where a client stands on the way from the opt-in to the call.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Appointment, Listed, Note, Proposal};

/// Where a client stands. Each stage carries only what is true in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The questionnaire is awaited.
    Invited(Waiting),
    /// The answers are complete; staff read them before the calendar opens.
    Reading {
        /// When they were completed.
        since: DateTime<Utc>,
    },
    /// The calendar is open to the client.
    Choosing {
        /// Why.
        invitation: Invitation,
        /// For how long, and how often they were nudged.
        waiting: Waiting,
    },
    /// No time suited, and the client waits for one that does.
    Listed(Listed),
    /// Times are proposed and held; staff decide.
    Asked(Proposal),
    /// A time is booked; perhaps the client has asked to move it.
    Booked {
        /// The booked time.
        appointment: Appointment,
        /// The times proposed instead. The booked one stands until one of them is approved.
        change: Option<Proposal>,
    },
    /// Nothing more is awaited.
    Closed {
        /// Why.
        reason: CloseReason,
        /// Since when.
        at: DateTime<Utc>,
    },
}

/// Waiting for somebody who may have forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Since when.
    pub since: DateTime<Utc>,
    /// How many nudges were written.
    pub nudges: u8,
    /// When the last of them was written.
    pub nudged_at: Option<DateTime<Utc>>,
    /// When the cadence ended without an answer: from here on a person must look.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Waiting {
    /// Waiting that has just begun.
    pub fn since(since: DateTime<Utc>) -> Self {
        Self { since, nudges: 0, nudged_at: None, ended_at: None }
    }
}

/// How long to wait before each nudge, and before a person must look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cadence {
    /// From the beginning of the wait to each nudge, rising; one letter each.
    pub nudges_after: Vec<TimeDelta>,
    /// From the last nudge to the task.
    pub task_after: TimeDelta,
}

/// Why the calendar is open to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invitation {
    /// The questionnaire is complete.
    First,
    /// The proposed times did not suit.
    Declined,
    /// Nobody answered the proposal in time.
    Expired,
    /// The client cancelled.
    CancelledByClient,
    /// The practice cancelled.
    CancelledByPractice,
    /// The client did not come.
    Missed,
    /// Staff, or the client's return, opened it again.
    Again,
    /// The wait on the waiting list is over, or was given up.
    Unlisted,
}

/// Why nothing more is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloseReason {
    /// The session took place.
    Held,
    /// The client asked for no more letters.
    ClientStopped,
    /// Staff closed the file.
    ByStaff(Note),
}
