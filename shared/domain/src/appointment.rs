//! A time that is booked.

use chrono::{DateTime, Utc};

use crate::{AppointmentId, Buffers, SessionTypeId, Slot, StaffId};

/// A booked session. Its id stays through every move; its sequence counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Its name, also the UID of its calendar invitation.
    pub id: AppointmentId,
    /// How often it has been moved (RFC 5545, SEQUENCE).
    pub sequence: u32,
    /// What kind of session.
    pub session: SessionTypeId,
    /// In whose calendars it is taken; at least one.
    pub providers: Vec<StaffId>,
    /// When it takes place.
    pub slot: Slot,
    /// What must stay free around it.
    pub buffers: Buffers,
    /// When this time was booked or moved to.
    pub booked_at: DateTime<Utc>,
    /// The last reminder that was written for this time.
    pub reminded: Option<Reminder>,
    /// When it was noticed that the call is over and nobody has said how it went.
    pub outcome_awaited_since: Option<DateTime<Utc>>,
}

/// A reminder of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reminder {
    /// On the day before.
    DayBefore,
    /// An hour before.
    HourBefore,
}

/// What happened on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The session took place.
    Held,
    /// The client did not come.
    NoShow,
}
