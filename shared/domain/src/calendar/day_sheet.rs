//! Day sheets guard the calendar: one sheet for each UTC day of a calendar lists what is taken.
//!
//! The same function reads them to offer a time and to grant it. Whoever books writes the
//! sheets on the condition that nobody else has written them meanwhile.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    AppointmentId, BlockId, Buffers, ClientId, Note, OtherCalendar, ProposalId, SessionTypeId,
    Slot, StaffId,
};

/// What is taken on one UTC day of one calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySheet {
    /// Whose calendar.
    pub provider: StaffId,
    /// Which day.
    pub date: NaiveDate,
    /// How often the sheet was written; 0 for a day nobody has touched.
    pub version: u64,
    /// In no order.
    pub taken: Vec<Taken>,
}

/// A stretch of time that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// In whose calendar.
    pub provider: StaffId,
    /// From when to when.
    pub slot: Slot,
    /// What must stay free around it.
    pub buffers: Buffers,
    /// By whom, and what for.
    pub what: TakenFor,
}

/// By whom time is taken, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakenFor {
    /// Asked for, and kept until an answer or until this instant.
    Hold {
        /// Who asked.
        client: ClientId,
        /// What kind of session.
        session: SessionTypeId,
        /// The request.
        proposal: ProposalId,
        /// From here on the time is free again, whoever has cleaned up or not.
        until: DateTime<Utc>,
    },
    /// Booked.
    Appointment {
        /// Who comes.
        client: ClientId,
        /// To what kind of session.
        session: SessionTypeId,
        /// Which.
        id: AppointmentId,
    },
    /// Kept free by staff.
    Block {
        /// Which.
        id: BlockId,
        /// Why, for staff.
        why: Note,
    },
}

impl Taken {
    /// The sheets that list it: those of the days it touches with its buffers.
    pub fn days(&self) -> impl Iterator<Item = SheetDay> {
        self.slot.days(self.buffers).map(|date| (self.provider.clone(), date))
    }

    /// Whether it stands in the way of somebody who asks at `now`. One's own times do not, until they
    /// have begun: then they are past, and count for everybody alike.
    pub fn bars(&self, asker: Option<&ClientId>, now: DateTime<Utc>) -> bool {
        let is_own = asker.is_some() && self.client() == asker;
        self.is_live(now) && (!is_own || self.slot.start <= now)
    }

    /// Whether it still takes anything at `now`.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        match self.what {
            TakenFor::Hold { until, .. } => now < until,
            TakenFor::Appointment { .. } | TakenFor::Block { .. } => true,
        }
    }

    /// The client for whom it is taken, if it is for one.
    pub fn client(&self) -> Option<&ClientId> {
        match &self.what {
            TakenFor::Hold { client, .. } | TakenFor::Appointment { client, .. } => Some(client),
            TakenFor::Block { .. } => None,
        }
    }

    /// The kind of session it is taken for, if it is for one.
    pub fn session(&self) -> Option<&SessionTypeId> {
        match &self.what {
            TakenFor::Hold { session, .. } | TakenFor::Appointment { session, .. } => Some(session),
            TakenFor::Block { .. } => None,
        }
    }

    /// The client who has booked it, if it is booked.
    pub fn booked_by(&self) -> Option<&ClientId> {
        match &self.what {
            TakenFor::Appointment { client, .. } => Some(client),
            TakenFor::Hold { .. } | TakenFor::Block { .. } => None,
        }
    }
}

/// Names a day sheet: whose calendar, and which UTC day.
pub type SheetDay = (StaffId, NaiveDate);

/// The sheets of the days that were looked at, and what other calendars say of the same providers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DaySheets {
    sheets: BTreeMap<SheetDay, DaySheet>,
    elsewhere: Vec<OtherCalendar>,
}

impl DaySheets {
    /// Gathers sheets; a day that nobody has touched is an empty sheet of version 0.
    pub fn new(days: impl IntoIterator<Item = SheetDay>, found: Vec<DaySheet>) -> Self {
        let untouched = |(provider, date): SheetDay| {
            let sheet = DaySheet { provider: provider.clone(), date, version: 0, taken: vec![] };
            ((provider, date), sheet)
        };
        let mut sheets: BTreeMap<_, _> = days.into_iter().map(untouched).collect();
        sheets.extend(found.into_iter().map(|sheet| ((sheet.provider.clone(), sheet.date), sheet)));
        Self { sheets, elsewhere: vec![] }
    }

    /// The same, with what other calendars say.
    #[must_use]
    pub fn with_elsewhere(mut self, elsewhere: Vec<OtherCalendar>) -> Self {
        self.elsewhere = elsewhere;
        self
    }

    /// What other calendars say of a provider.
    pub fn elsewhere(&self, provider: &StaffId) -> impl Iterator<Item = &OtherCalendar> {
        self.elsewhere.iter().filter(move |other| other.provider == *provider)
    }

    /// Both; where a day is in both, as `later` saw it.
    #[must_use]
    pub fn join(mut self, later: Self) -> Self {
        self.sheets.extend(later.sheets);
        self.elsewhere.extend(later.elsewhere);
        self
    }

    /// The sheet of a day, if that day was looked at.
    pub fn day(&self, day: &SheetDay) -> Option<&DaySheet> {
        self.sheets.get(day)
    }

    /// Every sheet, by calendar and date.
    pub fn iter(&self) -> impl Iterator<Item = &DaySheet> {
        self.sheets.values()
    }

    /// The sheets of these days of a calendar, by date.
    ///
    /// # Panics
    /// If one of them was not looked at: what is not known is never free.
    pub fn between(
        &self,
        provider: &StaffId,
        days: RangeInclusive<NaiveDate>,
    ) -> impl Iterator<Item = &DaySheet> + use<'_> {
        let length = (*days.end() - *days.start()).num_days() + 1;
        let day = |date: &NaiveDate| (provider.clone(), *date);
        let sheets = self.sheets.range(day(days.start())..=day(days.end()));
        let found = i64::try_from(sheets.clone().count()).unwrap_or(i64::MAX);
        assert_eq!(found, length, "every day a slot touches is loaded before it is judged");
        sheets.map(|(_, sheet)| sheet)
    }
}
