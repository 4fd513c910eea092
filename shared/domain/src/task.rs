//! Something that only a person can do.

use chrono::{DateTime, Utc};

use crate::{AppointmentId, LetterKind};

/// An open task. Most follow from the stage and end with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What is to be done.
    pub kind: TaskKind,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskKind {
    /// Read the answers and open the calendar.
    ReadAnswers,
    /// The nudges have ended without an answer: write, call, or close the file.
    StoppedHalfWay,
    /// Say how the call went.
    RecordOutcome(AppointmentId),
    /// A letter could not be sent.
    LetterNotSent(LetterKind),
}
