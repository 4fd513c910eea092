//! The calendar of one day, with the reason of every time that is not on offer.

use axum::extract::State;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use documents::pages::desk::{self, CalendarDay};
use domain::{
    ClientId, DaySheets, Handbook, Reason, SessionType, StaffId, Taken, TakenFor, Timetable,
    local_date, reasons,
};
use shell::{Page, Problem, QueryText, Shell};

use crate::session::AtDesk;

/// Shows the day that the address names, or today.
pub(crate) async fn show(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    QueryText(fields): QueryText,
) -> Result<Page, Problem> {
    let handbook = &at_desk.0.handbook;
    let now = shell.now();
    let today = local_date(handbook.practice.zone, now);
    let date = day_named(fields.text("day"), today)?;
    let provider = at_desk.provider_named(fields.text("provider"))?;
    let session = session_shown(handbook, fields.text("session"), provider);
    let timetable = Timetable::of(handbook, session, provider);
    let starts = timetable.starts_of(date);
    let days = match (starts.first(), starts.last()) {
        (Some(first), Some(last)) => timetable.sheet_days(&(*first..=*last)),
        (None, _) | (_, None) => date - Days::new(1)..=date + Days::new(1),
    };
    let elsewhere = shell.store.elsewhere(&at_desk.0.practice, timetable.provider).await?;
    let sheets = shell.store.sheets(&at_desk.0.practice, timetable.provider, days).await?;
    let sheets = sheets.with_elsewhere(elsewhere);
    let starts: Vec<(DateTime<Utc>, Vec<Reason<'_>>)> = starts
        .into_iter()
        .map(|start| (start, reasons(&timetable, &sheets, None, now, start)))
        .collect();
    let mut clients: Vec<ClientId> = sheets
        .iter()
        .flat_map(|sheet| &sheet.taken)
        .filter(|taken| taken.is_live(now))
        .filter_map(|taken| taken.client().cloned())
        .collect();
    clients.sort_unstable();
    clients.dedup();
    let kept_free = kept_free(&sheets, date, handbook.practice.zone);
    let files = shell.store.files(&at_desk.0.practice, &clients).await?;
    let day = CalendarDay {
        date,
        calendar: handbook.calendar(provider),
        session,
        starts: &starts,
        files: &files,
        kept_free: &kept_free,
    };
    Ok(Page(at_desk.page(&shell, None, |desk| desk::calendar_day(desk, &day).into_string())))
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
