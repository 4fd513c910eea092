//! The times a client asked for, held for them until an answer or an expiry.

use chrono::{DateTime, Utc};

use crate::{Buffers, Offer, ProposalId, SessionTypeId, Slot};

/// A request for one of several times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its name.
    pub id: ProposalId,
    /// For what kind of session.
    pub session: SessionTypeId,
    /// First choice first; never empty.
    pub times: Vec<Offer>,
    /// What must stay free around each.
    pub buffers: Buffers,
    /// When the client asked.
    pub asked_at: DateTime<Utc>,
    /// From here on the times are free again.
    pub expires_at: DateTime<Utc>,
    /// When staff were reminded of it, if they were.
    pub reminded_at: Option<DateTime<Utc>>,
}

impl Proposal {
    /// The proposed time that starts then, if there is one.
    pub fn time_at(&self, start: DateTime<Utc>) -> Option<&Offer> {
        self.times.iter().find(|offer| offer.slot.start == start)
    }

    /// When the proposed times are, first choice first.
    pub fn slots(&self) -> impl ExactSizeIterator<Item = Slot> + Clone {
        self.times.iter().map(|offer| offer.slot)
    }
}
