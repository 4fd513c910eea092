//! Calendars that somebody else keeps: listed, taken up and given up.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::TimeDelta;
use documents::{
    Addresses,
    pages::desk::{self, OtherLine, SentBack},
};
use domain::{FeedAddress, StaffId};
use shell::{FormText, NewSource, Page, Problem, Shell, sentence};
use store::{CalendarSource, SOURCES_MAX};

use crate::session::{After, AtDesk};

/// The longest name of a calendar, in characters.
const NAME_MAX: usize = 60;

/// Shows the calendars.
pub(crate) async fn show(State(shell): State<Shell>, at_desk: AtDesk) -> Result<Page, Problem> {
    let chosen = at_desk.own_calendar();
    page(&shell, &at_desk, chosen, After::default()).await
}

/// The calendars, and the form for another one of `chosen`.
async fn page(
    shell: &Shell,
    at_desk: &AtDesk,
    chosen: &StaffId,
    after: After<'_>,
) -> Result<Page, Problem> {
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
    Ok(Page(
        at_desk.page_after(shell, after, |page| desk::others(page, &lines, chosen).into_string()),
    ))
}

/// Takes a calendar up, or gives one up.
pub(crate) async fn change(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    form: FormText,
) -> Result<Response, Problem> {
    at_desk.check(&shell, &form)?;
    if let Err(problem) = take_up_or_end(&shell, &at_desk, &form).await {
        let (status, words) = problem.about_form()?;
        let chosen = at_desk.provider_named(form.text("provider"))?;
        let fields = form.into_fields();
        let sent_back = Some(SentBack { form: "read-calendar", fields: &fields, words: &words });
        let page = page(&shell, &at_desk, chosen, After { sent_back, notice: None }).await?;
        return Ok((status, page).into_response());
    }
    Ok(Redirect::to(&Addresses::of(&at_desk.0.practice).desk_others()).into_response())
}

async fn take_up_or_end(shell: &Shell, at_desk: &AtDesk, form: &FormText) -> Result<(), Problem> {
    let practice = &at_desk.0.practice;
    let sources = shell.store.sources(practice).await?;
    let ended = form.text("end");
    if ended.is_empty() {
        let new = new_source(shell, at_desk, form)?;
        let is_new = !sources.iter().any(|source| source.id == new.id);
        if is_new && SOURCES_MAX <= sources.len() {
            let words = format!("There can be {SOURCES_MAX} other calendars; stop reading one.");
            return Err(Problem::Form(words));
        }
        shell.add_source(practice, new).await?;
    } else if let Some(source) = sources.iter().find(|source| source.id == ended) {
        shell.store.end_source(practice, source).await?;
    }
    Ok(())
}

fn new_source(shell: &Shell, at_desk: &AtDesk, form: &FormText) -> Result<NewSource, Problem> {
    let unusable = |words: &str| Problem::Form(sentence(words));
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
