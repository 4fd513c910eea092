//! Looking the chosen times over, and asking for them.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use documents::{
    Addresses,
    pages::{self, ReviewPage, Trouble},
};
use domain::{ClientFile, Command, Refusal, Slot, Timetable};
use shell::{FormText, Opened, Page, Problem, QueryText, Shell};
use store::Want;

use crate::{
    choose::{self, PURPOSE},
    view::{View, purpose, slots},
};

/// Shows the chosen times in their order, before anything is asked for.
pub(crate) async fn review(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    QueryText(fields): QueryText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let (file, _) = shell.load(&opened, &Want::default()).await?;
    file.may_propose(opened.handbook.rules.cut_offs, opened.now)
        .map_err(|refusal| Problem::refused(refusal, &opened.handbook))?;
    let view = View::read(&fields, &file, &opened);
    let times = offered(&shell, &opened, &view.chosen).await?;
    let most = opened.handbook.session.proposals_max;
    let trouble = lost(&view.chosen, &times).or_else(|| match times.len() {
        0 => Some(Trouble::Choice("Please choose at least one time.".to_owned())),
        chosen if most < chosen => Some(Trouble::Choice(format!(
            "Please choose at most {most} times; {chosen} are chosen."
        ))),
        _ => None,
    });
    if trouble.is_some() {
        let page = choose::page(&shell, &opened, &file, &link, &view, trouble.as_ref()).await?;
        return Ok(page.into_response());
    }
    let key = shell.word();
    let page = ReviewPage {
        link: &link,
        key: &key,
        zone: view.zone,
        times: &times,
        purpose: purpose(&file),
    };
    Ok(Page(pages::review(&opened.handbook, &page).into_string()).into_response())
}

/// Asks for the chosen times: they are held until an answer or an expiry.
pub(crate) async fn send(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    form: FormText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let (file, _) = shell.load(&opened, &Want::default()).await?;
    let mut view = View::read(&form, &file, &opened);
    view.chosen.sort_by_key(|start| rank(&form, *start));
    let command = Command::ProposeTimes { starts: view.chosen.clone(), zone: view.zone };
    match shell.handle_for(&opened, form.key()?, command).await {
        Ok(_) => Ok(Redirect::to(&Addresses::of(&opened.practice).calendar(&link)).into_response()),
        Err(Problem::Refused(refusal, _)) if is_about_choice(refusal) => {
            sent_back(&shell, &opened, &file, &link, &view, refusal).await
        }
        Err(problem) => Err(problem),
    }
}

/// The calendar again, with what is gone said and the rest still chosen.
async fn sent_back(
    shell: &Shell,
    opened: &Opened,
    file: &ClientFile,
    link: &str,
    view: &View,
    refusal: Refusal,
) -> Result<Response, Problem> {
    let times = offered(shell, opened, &view.chosen).await?;
    let trouble = lost(&view.chosen, &times).unwrap_or_else(|| {
        Trouble::Choice(format!("We could not ask for these times: {refusal}."))
    });
    let page = choose::page(shell, opened, file, link, view, Some(&trouble)).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Those of the chosen times that are not among the offered ones, if there are any.
fn lost(chosen: &[DateTime<Utc>], offered: &[Slot]) -> Option<Trouble> {
    let is_gone = |start: &DateTime<Utc>| !offered.iter().any(|slot| slot.start == *start);
    let lost: Vec<_> = chosen.iter().copied().filter(is_gone).collect();
    (!lost.is_empty()).then_some(Trouble::Lost(lost))
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

/// Those of the chosen times that are on offer, in the order they were chosen.
async fn offered(
    shell: &Shell,
    opened: &Opened,
    chosen: &[DateTime<Utc>],
) -> Result<Vec<Slot>, Problem> {
    // No address makes the house look at more days than it offers.
    let open_days = Timetable::of(&opened.handbook).open_days(opened.now);
    let horizon = (*open_days.end() + Days::new(2)).and_time(NaiveTime::MIN).and_utc();
    let inside = || chosen.iter().filter(|start| (opened.now..=horizon).contains(start));
    let (Some(first), Some(last)) = (inside().min(), inside().max()) else {
        return Ok(vec![]);
    };
    let all = slots(shell, opened, &(*first..*last + TimeDelta::minutes(1))).await?;
    let slot_at = |start: &DateTime<Utc>| all.iter().copied().find(|slot| slot.start == *start);
    Ok(chosen.iter().filter_map(slot_at).collect())
}

/// The rank that the review page's select gave a time; without one, the order stays.
fn rank(form: &FormText, start: DateTime<Utc>) -> u8 {
    let field = format!("rank-{}", start.timestamp().div_euclid(60));
    form.text(&field).parse().unwrap_or(u8::MAX)
}
