//! Each provider's calendar: what the practice writes for all, and what stands in their own block.

use domain::{Calendar, ClosedDays, DateOverride, Limits, Opening, Role, Staff, StaffId, Travel};

use crate::{hours, limits, reader::Reader};

/// What a calendar is made of.
#[derive(Debug)]
pub(crate) struct Common {
    pub(crate) hours: Vec<Opening>,
    pub(crate) overrides: Vec<DateOverride>,
    pub(crate) closed: Vec<ClosedDays>,
    pub(crate) travels: Vec<Travel>,
    pub(crate) limits: Limits,
}

/// What a member of staff has of their own. Hours and limits stand in place of the practice's;
/// single days are added to them.
#[derive(Debug, Default)]
pub(crate) struct Own {
    pub(crate) hours: Option<Vec<Opening>>,
    overrides: Vec<DateOverride>,
    closed: Vec<ClosedDays>,
    travels: Vec<Travel>,
    limits: Option<Limits>,
}

const KEYS: [&str; 5] = ["hours", "override", "closed", "travel", "limits"];

/// Reads what one member of staff has of their own, who must be a provider for it.
pub(crate) fn own(reader: &mut Reader<'_>, roles: Option<&[Role]>) -> Option<Own> {
    let is_provider = roles.is_none_or(|roles| roles.contains(&Role::Provider));
    let written = KEYS.into_iter().find(|key| reader.has(key));
    if let Some(key) = written.filter(|_| !is_provider) {
        let words = format!("`{key}`: only providers have a calendar; add \"provider\" to `roles`");
        reader.mistake(key, words);
        reader.pass_over(&KEYS);
        return None;
    }
    let hours = reader.table_if_any("hours", |reader| hours::openings(reader).map(Some));
    let overrides = hours::overrides(reader, "staff.override");
    let closed = hours::closed(reader, "staff.closed");
    let travels = hours::travels(reader, "staff.travel");
    let limits = reader.table_if_any("limits", |reader| Some(Some(limits::read(reader))));
    Some(Own {
        hours: hours?,
        overrides: overrides?,
        closed: closed?,
        travels: travels?,
        limits: limits?,
    })
}

/// The calendars of all providers.
pub(crate) fn of(staff: &[Staff], owns: &[Own], common: &Common) -> Vec<Calendar> {
    let is_provider = |(staff, _): &(&Staff, &Own)| staff.roles.contains(&Role::Provider);
    let with_calendar = staff.iter().zip(owns).filter(is_provider);
    with_calendar.map(|(staff, own)| calendar(staff.id.clone(), own, common)).collect()
}

fn calendar(provider: StaffId, own: &Own, common: &Common) -> Calendar {
    // A date that both write about is as the provider writes it.
    let is_open = |one: &&DateOverride| own.overrides.iter().all(|other| other.date != one.date);
    let shared_dates = common.overrides.iter().filter(is_open).cloned();
    Calendar {
        provider,
        hours: own.hours.as_ref().unwrap_or(&common.hours).clone(),
        overrides: own.overrides.iter().cloned().chain(shared_dates).collect(),
        closed: [&*own.closed, &*common.closed].concat(),
        // The first journey that a day lies in counts.
        travels: [&*own.travels, &*common.travels].concat(),
        limits: own.limits.as_ref().unwrap_or(&common.limits).clone(),
    }
}
