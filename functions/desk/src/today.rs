//! Today: what waits for a person, and who comes.

use std::collections::BTreeSet;

use axum::extract::State;
use chrono::Days;
use documents::pages::desk::{self, Today};
use domain::{ClientFile, ClientId, DaySheets, Task, local_date};
use shell::{Page, Problem, QueryText, Shell, SignedIn};

use crate::{deeds, session::AtDesk};

/// How many days ahead the calls are listed.
const DAYS_AHEAD: u64 = 7;

/// Shows the day.
pub(crate) async fn show(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    QueryText(fields): QueryText,
) -> Result<Page, Problem> {
    let waiting = shell.store.files_for_desk(&at_desk.0.practice).await?;
    let requests: Vec<&ClientFile> =
        waiting.iter().filter(|file| file.request().is_some()).collect();
    let tasks: Vec<(&ClientFile, Task)> = waiting
        .iter()
        .flat_map(|file| file.tasks().into_iter().map(move |task| (file, task)))
        .collect();
    let booked = booked(&shell, &at_desk.0).await?;
    let zone = at_desk.0.handbook.practice.zone;
    let today = local_date(zone, shell.now());
    let is_today =
        |file: &ClientFile| start(file).is_some_and(|start| local_date(zone, start) == today);
    let (calls, next_calls): (Vec<&ClientFile>, Vec<&ClientFile>) =
        booked.iter().partition(|file| is_today(file));
    let on_the_list: Vec<&ClientFile> =
        waiting.iter().filter(|file| file.listed().is_some()).collect();
    let silent = silent(&shell, &at_desk.0).await?;
    let is_sending_paused = shell.is_sending_paused(&at_desk.0.practice).await?;
    let today = Today {
        is_sending_paused,
        requests: &requests,
        calls: &calls,
        tasks: &tasks,
        next_calls: &next_calls,
        waiting: &on_the_list,
        silent: &silent,
    };
    let notice = deeds::notice(fields.text("done"));
    Ok(Page(at_desk.page(&shell, notice, |page| desk::today(page, &today).into_string())))
}

/// The names of other calendars that have been silent for too long.
async fn silent(shell: &Shell, at_desk: &SignedIn) -> Result<Vec<String>, Problem> {
    let now = shell.now();
    let sources = shell.store.sources(&at_desk.practice).await?;
    let silent = sources.into_iter().filter(|source| source.read_at + source.grace <= now);
    Ok(silent.map(|source| source.name).collect())
}

/// The files with a call today or in the next days, in order.
async fn booked(shell: &Shell, at_desk: &SignedIn) -> Result<Vec<ClientFile>, Problem> {
    let zone = at_desk.handbook.practice.zone;
    let today = local_date(zone, shell.now());
    let days = today - Days::new(1)..=today + Days::new(DAYS_AHEAD);
    let sheets = shell.calendars(&at_desk.practice, &at_desk.handbook, days).await?;
    let mut taken: Vec<_> = sheets
        .iter()
        .flat_map(DaySheets::iter)
        .flat_map(|sheet| &sheet.taken)
        .filter(|taken| today <= local_date(zone, taken.slot.start))
        .collect();
    // The next first: of very many files the store brings the first hundred.
    taken.sort_by_key(|taken| taken.slot.start);
    let mut clients: Vec<ClientId> =
        taken.into_iter().filter_map(|taken| taken.booked_by().cloned()).collect();
    let mut seen = BTreeSet::new();
    clients.retain(|client| seen.insert(client.clone()));
    let mut files = shell.store.files(&at_desk.practice, &clients).await?;
    files.retain(|file| start(file).is_some());
    files.sort_by_key(start);
    Ok(files)
}

fn start(file: &ClientFile) -> Option<chrono::DateTime<chrono::Utc>> {
    file.appointment().map(|appointment| appointment.slot.start)
}
