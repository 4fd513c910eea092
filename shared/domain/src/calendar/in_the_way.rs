//! What of all that is taken stands in the way of one session.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{ClientId, DaySheets, Slot, Taken, Timetable};

/// The taken times that come too near to a slot. Those who come to the same session of a group are
/// not in each other's way, until it is full.
pub(super) fn in_the_way<'t>(
    timetable: &Timetable<'_>,
    barring: impl Iterator<Item = &'t Taken>,
    slot: Slot,
) -> Vec<&'t Taken> {
    let (mut in_the_way, mut beside): (Vec<&Taken>, Vec<&Taken>) = (vec![], vec![]);
    for taken in barring.filter(|taken| timetable.is_too_near(taken, slot)) {
        let side = if timetable.is_beside(taken, slot) { &mut beside } else { &mut in_the_way };
        // What reaches over midnight is listed on two sheets.
        if !side.contains(&taken) {
            side.push(taken);
        }
    }
    let others: BTreeSet<_> = beside.iter().filter_map(|taken| taken.client()).collect();
    if timetable.places <= others.len() {
        in_the_way.append(&mut beside);
    }
    in_the_way
}

impl Timetable<'_> {
    /// Whether nobody but `asker` stands in the way of this slot at `now`.
    ///
    /// # Panics
    /// If one of the days it touches was not looked at: what is not known is never free.
    pub fn is_free(
        &self,
        sheets: &DaySheets,
        slot: Slot,
        asker: &ClientId,
        now: DateTime<Utc>,
    ) -> bool {
        let days = slot.first_day(self.buffers)..=slot.last_day(self.buffers);
        let taken = sheets.between(self.provider, days).flat_map(|sheet| &sheet.taken);
        let barring = taken.filter(|taken| taken.bars(Some(asker), now));
        in_the_way(self, barring, slot).is_empty()
    }

    fn is_too_near(&self, taken: &Taken, slot: Slot) -> bool {
        slot.meets(self.buffers, &taken.slot, taken.buffers)
    }

    /// Whether it is a place in the very session that is sought.
    pub(super) fn is_beside(&self, taken: &Taken, slot: Slot) -> bool {
        1 < self.places && taken.slot == slot && taken.session() == Some(self.session)
    }
}
