//! The calendar of one day, with the reason of every time that is not on offer.

use std::{collections::BTreeSet, ops::RangeInclusive};

use axum::extract::State;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use documents::pages::desk::{self, CalendarDay, DayStart};
use domain::{
    ClientId, DaySheets, Handbook, Roster, SessionType, StaffId, Taken, TakenFor, Timetable,
    local_date, reasons,
};
use shell::{FormText, Page, Problem, QueryText, Shell};

use crate::{
    deeds,
    session::{After, AtDesk},
};

/// Shows the day that the address names, or today.
pub(crate) async fn show(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    QueryText(fields): QueryText,
) -> Result<Page, Problem> {
    let after = After { notice: deeds::notice(fields.text("done")), sent_back: None };
    page(&shell, &at_desk, fields.text("day"), &fields, after).await
}

/// The day of this name, for the provider and the session that the fields name.
pub(crate) async fn page(
    shell: &Shell,
    at_desk: &AtDesk,
    day: &str,
    fields: &FormText,
    after: After<'_>,
) -> Result<Page, Problem> {
    let handbook = &at_desk.0.handbook;
    let now = shell.now();
    let date = day_named(day, local_date(handbook.practice.zone, now))?;
    let provider = at_desk.provider_named(fields.text("provider"))?;
    let session = session_shown(handbook, fields.text("session"), provider);
    let timetable = Timetable::of(handbook, session, provider);
    let roster = Roster::of(handbook, session, Some(provider));
    let instants = timetable.starts_of(date);
    let around = date - Days::new(1)..=date + Days::new(1);
    let span = instants.first().zip(instants.last()).map(|(first, last)| *first..=*last);
    let days = span.as_ref().map_or(around.clone(), |span| timetable.sheet_days(span));
    let days_of_others = span.as_ref().map_or(around, |span| roster.sheet_days(span));
    let sheets = sheets_of(shell, at_desk, provider, days).await?;
    let mut of_others = DaySheets::default();
    for other in beside(session, provider) {
        of_others = of_others.join(sheets_of(shell, at_desk, other, days_of_others.clone()).await?);
    }
    let start = |at| DayStart {
        at,
        against: reasons(&timetable, &sheets, None, now, at),
        missing: roster.missing_beside(provider, &of_others, now, at),
    };
    let starts: Vec<DayStart<'_>> = instants.into_iter().map(start).collect();
    let kept_free = kept_free(&sheets, date, handbook.practice.zone);
    let clients = clients_on(&sheets, now);
    let files = shell.store.files(&at_desk.0.practice, &clients).await?;
    let calendar = handbook.calendar(provider);
    let (starts, files, kept_free) = (&*starts, &*files, &*kept_free);
    let day = CalendarDay { date, calendar, session, starts, files, kept_free };
    Ok(Page(at_desk.page_after(shell, after, |desk| desk::calendar_day(desk, &day).into_string())))
}

/// What is known of one calendar on these days.
async fn sheets_of(
    shell: &Shell,
    at_desk: &AtDesk,
    provider: &StaffId,
    days: RangeInclusive<NaiveDate>,
) -> Result<DaySheets, Problem> {
    let practice = &at_desk.0.practice;
    let elsewhere = shell.store.elsewhere(practice, provider).await?;
    let sheets = shell.store.sheets(practice, provider, days).await?;
    Ok(sheets.with_elsewhere(elsewhere))
}

/// Who else could be needed for a session that this provider gives.
fn beside<'s>(
    session: &'s SessionType,
    provider: &'s StaffId,
) -> impl Iterator<Item = &'s StaffId> {
    session.parts.iter().filter(|part| !part.contains(provider)).flatten()
}

/// Whoever has booked or asked for something on these sheets.
fn clients_on(sheets: &DaySheets, now: DateTime<Utc>) -> Vec<ClientId> {
    let live = sheets.iter().flat_map(|sheet| &sheet.taken).filter(|taken| taken.is_live(now));
    let clients: BTreeSet<&ClientId> = live.filter_map(Taken::client).collect();
    clients.into_iter().cloned().collect()
}

/// The kind of session that a day is shown for: the one that is named, else the first that this
/// provider gives.
fn session_shown<'h>(handbook: &'h Handbook, named: &str, provider: &StaffId) -> &'h SessionType {
    let sessions = || handbook.sessions.iter();
    let is_given = |session: &&SessionType| session.providers().any(|id| id == provider);
    let by_name = sessions().filter(is_given).find(|session| session.id.as_str() == named);
    by_name.or_else(|| sessions().find(is_given)).unwrap_or(handbook.first_session())
}

/// What staff keep free on a local day, in order.
fn kept_free(sheets: &DaySheets, date: NaiveDate, zone: Tz) -> Vec<Taken> {
    let is_block = |taken: &&Taken| matches!(taken.what, TakenFor::Block { .. });
    let is_on_day = |taken: &&Taken| {
        (local_date(zone, taken.slot.start)..=local_date(zone, taken.slot.end)).contains(&date)
    };
    let all = sheets.iter().flat_map(|sheet| &sheet.taken).filter(is_block).filter(is_on_day);
    let mut kept: Vec<Taken> = all.cloned().collect();
    kept.sort_by_key(|taken| taken.slot);
    kept.dedup();
    kept
}

/// The day that an address names: today, if it names none; within the years around today.
fn day_named(text: &str, today: NaiveDate) -> Result<NaiveDate, Problem> {
    if text.is_empty() {
        return Ok(today);
    }
    let date = text.parse::<NaiveDate>().ok();
    date.filter(|date| (*date - today).num_days().abs() < 3_660).ok_or(Problem::NotFound)
}
