//! Calendars that somebody else keeps: listed, taken up and given up.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::TimeDelta;
use documents::{
    Addresses,
    pages::desk::{self, OtherLine},
};
use domain::FeedAddress;
use shell::{FormText, NewSource, Page, Problem, Shell};
use store::{CalendarSource, SOURCES_MAX};

use crate::session::AtDesk;

/// The longest name of a calendar, in characters.
const NAME_MAX: usize = 60;

/// Shows the calendars.
pub(crate) async fn show(State(shell): State<Shell>, at_desk: AtDesk) -> Result<Page, Problem> {
    let now = shell.now();
    let line = |source: CalendarSource| OtherLine {
        of: at_desk.calendar_of(&source.provider),
        host: source.address.host().to_owned(),
        is_silent: source.read_at + source.grace <= now,
        id: source.id,
        name: source.name,
        read_at: source.read_at,
        grace: source.grace,
        troubles: source.troubles,
    };
    let sources = shell.store.sources(&at_desk.0.practice).await?;
    let lines: Vec<OtherLine> = sources.into_iter().map(line).collect();
    Ok(Page(at_desk.page(&shell, None, |page| {
        desk::others(page, &lines, at_desk.own_calendar()).into_string()
    })))
}

/// Takes a calendar up, or gives one up.
pub(crate) async fn change(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    form: FormText,
) -> Result<Response, Problem> {
    at_desk.check(&shell, &form)?;
    let practice = &at_desk.0.practice;
    let sources = shell.store.sources(practice).await?;
    let ended = form.text("end");
    if ended.is_empty() {
        let new = new_source(&shell, &at_desk, &form)?;
        let is_new = !sources.iter().any(|source| source.id == new.id);
        if is_new && SOURCES_MAX <= sources.len() {
            let words = format!("There can be {SOURCES_MAX} other calendars; stop reading one.");
            return Err(Problem::Form(words));
        }
        shell.add_source(practice, new).await?;
    } else if let Some(source) = sources.iter().find(|source| source.id == ended) {
        shell.store.end_source(practice, source).await?;
    }
    Ok(Redirect::to(&Addresses::of(practice).desk_others()).into_response())
}

fn new_source(shell: &Shell, at_desk: &AtDesk, form: &FormText) -> Result<NewSource, Problem> {
    let unusable = |words: &str| Problem::Form(format!("Please go back: {words}."));
    let practice = &at_desk.0.practice;
    let name = form.text("name").trim();
    if name.is_empty() || NAME_MAX < name.chars().count() || name.chars().any(char::is_control) {
        return Err(unusable("a calendar has a name of up to 60 characters in one line"));
    }
    let address = FeedAddress::parse(form.text("address").trim())
        .map_err(|bad| unusable(&bad.to_string()))?;
    let grace: Option<i64> = form.text("grace").parse().ok();
    let hours = grace.filter(|hours| (1..=168).contains(hours));
    let hours = hours.ok_or_else(|| unusable("write how many hours, from 1 to 168"))?;
    Ok(NewSource {
        // The same press twice takes up one calendar.
        id: shell.links.word(&["calendar source", practice.as_str(), form.key()?.as_str()]),
        provider: at_desk.provider_named(form.text("provider"))?.clone(),
        name: name.to_owned(),
        address,
        grace: TimeDelta::hours(hours),
    })
}
