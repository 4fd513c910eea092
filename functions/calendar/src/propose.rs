//! Looking the chosen times over, and asking for them.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{DateTime, Utc};
use documents::{
    Addresses,
    pages::{self, ReviewPage},
};
use domain::{ClientFile, Command, Refusal, Slot};
use shell::{FormText, Opened, Page, Problem, QueryText, Shell};
use store::Loaded;

use crate::{
    choose::{self, PURPOSE, Wrong},
    view::{Look, View, gone, purpose, want},
};

/// Shows the chosen times in their order, before anything is asked for.
pub(crate) async fn review(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    QueryText(fields): QueryText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let behind = shell.load(&opened, &want(&opened)).await?;
    let file = &behind.0;
    file.may_propose(opened.handbook.rules.cut_offs, opened.now)
        .map_err(|refusal| Problem::refused(refusal, &opened.handbook))?;
    let mut view = View::read(&fields, file, &opened);
    let times = Look::of(&shell, &opened, &behind, &view).offered(&view.chosen).await?;
    let session = opened.handbook.session(&file.session);
    if let Some(wrong) = wrong(&view, &times, session.proposals_max) {
        turn_to_what_is_gone(&mut view, &wrong);
        let page = choose::page(&shell, &opened, &behind, &link, &view, wrong).await?;
        return Ok(page.into_response());
    }
    let key = shell.word();
    let page = ReviewPage {
        link: &link,
        key: &key,
        zone: view.zone,
        session,
        with: view.with.as_ref(),
        times: &times,
        purpose: purpose(file),
    };
    Ok(Page(pages::review(&opened.handbook, &page).into_string()).into_response())
}

/// What stands against asking for these times.
fn wrong(view: &View, times: &[Slot], most: usize) -> Option<Wrong> {
    let gone = gone(&view.chosen, times);
    if !gone.is_empty() {
        return Some(Wrong::Gone(gone));
    }
    match times.len() {
        0 => Some(Wrong::Choice("Please choose at least one time.".to_owned())),
        chosen if most < chosen => {
            Some(Wrong::Choice(format!("Please choose at most {most} times; {chosen} are chosen.")))
        }
        _ => None,
    }
}

/// What is nearest to a time that is gone stands on the page of its day.
fn turn_to_what_is_gone(view: &mut View, wrong: &Wrong) {
    if let Wrong::Gone(gone) = wrong
        && let Some(start) = gone.first()
    {
        view.turn_to(*start);
    }
}

/// Asks for the chosen times: they are held until an answer or an expiry.
pub(crate) async fn send(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    form: FormText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let behind = shell.load(&opened, &want(&opened)).await?;
    let mut view = View::read(&form, &behind.0, &opened);
    view.chosen = ranked(&form, &view.chosen);
    let (starts, with) = (view.chosen.clone(), view.with.clone());
    let command = Command::ProposeTimes { starts, with, zone: view.zone };
    match shell.handle_for(&opened, form.key()?, command).await {
        Ok(_) => Ok(Redirect::to(&Addresses::of(&opened.practice).calendar(&link)).into_response()),
        Err(Problem::Refused(refusal, _)) if is_about_choice(refusal) => {
            sent_back(&shell, &opened, &behind, &link, view, refusal).await
        }
        Err(problem) => Err(problem),
    }
}

/// The calendar again, with what is gone said and the rest still chosen.
async fn sent_back(
    shell: &Shell,
    opened: &Opened,
    behind: &(ClientFile, Loaded),
    link: &str,
    mut view: View,
    refusal: Refusal,
) -> Result<Response, Problem> {
    let open = Look::of(shell, opened, behind, &view).offered(&view.chosen).await?;
    let gone = gone(&view.chosen, &open);
    let wrong = if gone.is_empty() {
        Wrong::Choice(format!("We could not ask for these times: {refusal}."))
    } else {
        Wrong::Gone(gone)
    };
    turn_to_what_is_gone(&mut view, &wrong);
    let page = choose::page(shell, opened, behind, link, &view, wrong).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

fn is_about_choice(refusal: Refusal) -> bool {
    matches!(
        refusal,
        Refusal::NoTimes
            | Refusal::TooManyTimes { .. }
            | Refusal::SameTimeTwice
            | Refusal::TimeNotOffered { .. }
    )
}

/// The times in the order that the review page's selects give them.
///
/// Somebody who moves one time and leaves the others names a place twice. What was moved up goes
/// before the time that stood there, what was moved down goes after it: that is what they meant.
fn ranked(form: &FormText, shown: &[DateTime<Utc>]) -> Vec<DateTime<Utc>> {
    let mut places: Vec<_> = (1..)
        .zip(shown)
        .map(|(place, start)| {
            let rank = rank(form, *start).unwrap_or(place);
            ((rank, rank.cmp(&place)), *start)
        })
        .collect();
    places.sort_by_key(|(place, _)| *place);
    places.into_iter().map(|(_, start)| start).collect()
}

/// The rank that the review page's select gave a time.
fn rank(form: &FormText, start: DateTime<Utc>) -> Option<u8> {
    form.text(&format!("rank-{}", start.timestamp().div_euclid(60))).parse().ok()
}
