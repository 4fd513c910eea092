//! Day sheets guard the calendar: one sheet for each UTC day of a calendar lists what is taken.
//!
//! The same function reads them to offer a time and to grant it. Whoever books writes the
//! sheets on the condition that nobody else has written them meanwhile.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{AppointmentId, Buffers, ClientId, ProposalId, Slot};

/// What is taken on one UTC day of one calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySheet {
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
    /// From when to when.
    pub slot: Slot,
    /// What must stay free around it.
    pub buffers: Buffers,
    /// By whom.
    pub client: ClientId,
    /// What for.
    pub what: TakenFor,
}

/// Why time is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakenFor {
    /// Asked for, and kept until an answer or until this instant.
    Hold {
        /// The request.
        proposal: ProposalId,
        /// From here on the time is free again, whoever has cleaned up or not.
        until: DateTime<Utc>,
    },
    /// Booked.
    Appointment(AppointmentId),
}

impl Taken {
    /// Whether it still takes anything at `now`.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        match self.what {
            TakenFor::Hold { until, .. } => now < until,
            TakenFor::Appointment(_) => true,
        }
    }
}

/// The sheets of the days that were looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DaySheets(BTreeMap<NaiveDate, DaySheet>);

impl DaySheets {
    /// Gathers sheets; a day that nobody has touched is an empty sheet of version 0.
    pub fn new(days: impl IntoIterator<Item = NaiveDate>, found: Vec<DaySheet>) -> Self {
        let untouched = |date| DaySheet { date, version: 0, taken: Vec::new() };
        let mut sheets: BTreeMap<_, _> =
            days.into_iter().map(|date| (date, untouched(date))).collect();
        sheets.extend(found.into_iter().map(|sheet| (sheet.date, sheet)));
        Self(sheets)
    }

    /// The sheet of a day, if that day was looked at.
    pub fn day(&self, date: NaiveDate) -> Option<&DaySheet> {
        self.0.get(&date)
    }

    /// Every sheet, by date.
    pub fn iter(&self) -> impl Iterator<Item = &DaySheet> {
        self.0.values()
    }

    /// The sheets of these days, by date.
    ///
    /// # Panics
    /// If one of them was not looked at: what is not known is never free.
    pub fn between(&self, days: RangeInclusive<NaiveDate>) -> impl Iterator<Item = &DaySheet> {
        let length = (*days.end() - *days.start()).num_days() + 1;
        let sheets = self.0.range(days);
        let found = i64::try_from(sheets.clone().count()).unwrap_or(i64::MAX);
        assert_eq!(found, length, "every day a slot touches is loaded before it is judged");
        sheets.map(|(_, sheet)| sheet)
    }

    /// Whether nobody but `asker` stands in the way of this time at `now`.
    ///
    /// # Panics
    /// If one of the days it touches was not looked at: what is not known is never free.
    pub fn is_free(
        &self,
        slot: &Slot,
        buffers: Buffers,
        asker: &ClientId,
        now: DateTime<Utc>,
    ) -> bool {
        let days = slot.first_day(buffers)..=slot.last_day(buffers);
        !self.between(days).flat_map(|sheet| &sheet.taken).any(|taken| {
            taken.client != *asker
                && taken.is_live(now)
                && slot.meets(buffers, &taken.slot, taken.buffers)
        })
    }
}
