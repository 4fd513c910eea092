//! Time that staff keep free of sessions.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{BlockId, Buffers, DaySheets, Note, Refusal, Slot, StaffId, Taken, TakenFor};

/// The longest stretch, in days. For longer ones the handbook has days off.
const DAYS_MAX: i64 = 31;

/// What keeps a stretch of a calendar free, if nothing is booked or held in it.
///
/// # Panics
/// If one of its days was not looked at.
pub fn keep_free(
    sheets: &DaySheets,
    provider: &StaffId,
    slot: Slot,
    (id, why): (BlockId, Note),
    now: DateTime<Utc>,
) -> Result<Taken, Refusal> {
    if slot.end <= slot.start
        || slot.end <= now
        || TimeDelta::days(DAYS_MAX) < slot.end - slot.start
    {
        return Err(Refusal::NoStretch);
    }
    let buffers = Buffers { before: TimeDelta::zero(), after: TimeDelta::zero() };
    let days = slot.first_day(buffers)..=slot.last_day(buffers);
    let mut taken = sheets.between(provider, days).flat_map(|sheet| &sheet.taken);
    let meets = |taken: &Taken| {
        taken.is_live(now) && slot.start < taken.slot.end && taken.slot.start < slot.end
    };
    if taken.any(meets) {
        return Err(Refusal::NotFree);
    }
    Ok(Taken { provider: provider.clone(), slot, buffers, what: TakenFor::Block { id, why } })
}
