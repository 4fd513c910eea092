//! Choosing times.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{DateTime, Utc};
use documents::{
    Addresses,
    pages::{self, AskedPage, CalendarPage, Trouble, TypedWishes, WaitingPart},
};
use domain::{ClientFile, Refusal, Slot, Stage};
use shell::{Opened, Page, Problem, Purpose, QueryText, Shell};
use store::Loaded;

use crate::{
    nearest::in_place_of,
    view::{Look, View, gone, purpose, want},
    zones,
};

pub(crate) const PURPOSE: &str = "calendar";

/// What stands against the choice.
pub(crate) enum Wrong {
    /// These of the chosen times are gone meanwhile.
    Gone(Vec<DateTime<Utc>>),
    /// What else, as a sentence.
    Choice(String),
    /// These wishes cannot be waited for.
    Wishes(TypedWishes),
    /// Nor need these: such times are open.
    OpenAlready(Vec<DateTime<Utc>>, TypedWishes),
}

/// Shows the open times, or the times that wait for an answer.
pub(crate) async fn show(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    QueryText(fields): QueryText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let behind = shell.load(&opened, &want(&opened)).await?;
    let file = &behind.0;
    match file.may_propose(opened.handbook.rules.cut_offs, opened.now) {
        Ok(()) => {}
        // Invited to another session since, whose questions come first: that is the way on.
        Err(Refusal::QuestionnaireFirst) => {
            let link = shell.sibling(&opened, &Purpose::Questionnaire);
            let page = Addresses::of(&opened.practice).questionnaire(&link);
            return Ok(Redirect::to(&page).into_response());
        }
        Err(refusal) => return Err(Problem::refused(refusal, &opened.handbook)),
    }
    let view = View::read(&fields, file, &opened);
    let wants_other_times = !fields.text("change").is_empty() || !view.chosen.is_empty();
    if let Some(proposal) = file.request().filter(|_| !wants_other_times) {
        let asked = AskedPage { link: &link, zone: view.zone, proposal, purpose: purpose(file) };
        return Ok(Page(pages::asked(&opened.handbook, &asked).into_string()).into_response());
    }
    let look = Look::of(&shell, &opened, &behind, &view);
    let slots = look.slots(&view.range()).await?;
    let gone = gone_meanwhile(&look, &view, &slots).await?;
    let wrong = (!gone.is_empty()).then_some(Wrong::Gone(gone));
    Ok(written(&shell, &opened, file, &link, &view, (&slots, wrong)).into_response())
}

/// Those of the chosen times that somebody took while they were carried from page to page.
async fn gone_meanwhile(
    look: &Look<'_>,
    view: &View,
    slots: &[Slot],
) -> Result<Vec<DateTime<Utc>>, Problem> {
    let range = view.range();
    let in_other_weeks: Vec<_> =
        view.chosen.iter().copied().filter(|start| !range.contains(start)).collect();
    let open = [slots, &look.offered(&in_other_weeks).await?].concat();
    Ok(gone(&view.chosen, &open))
}

/// The calendar page, with what is wrong with the choice said on it.
pub(crate) async fn page(
    shell: &Shell,
    opened: &Opened,
    behind: &(ClientFile, Loaded),
    link: &str,
    view: &View,
    wrong: Wrong,
) -> Result<Page, Problem> {
    let slots = Look::of(shell, opened, behind, view).slots(&view.range()).await?;
    Ok(written(shell, opened, &behind.0, link, view, (&slots, Some(wrong))))
}

fn written(
    shell: &Shell,
    opened: &Opened,
    file: &ClientFile,
    link: &str,
    view: &View,
    (slots, wrong): (&[Slot], Option<Wrong>),
) -> Page {
    let mut chosen = view.chosen.clone();
    let (trouble, typed) = match wrong {
        None => (None, None),
        Some(Wrong::Choice(words)) => (Some(Trouble::Choice(words)), None),
        Some(Wrong::Gone(gone)) => {
            chosen.retain(|start| !gone.contains(start));
            let lost = in_place_of(&gone, slots, &view.range(), &chosen);
            (Some(Trouble::Lost(lost)), None)
        }
        Some(Wrong::Wishes(typed)) => (None, Some(typed)),
        Some(Wrong::OpenAlready(starts, typed)) => {
            (Some(Trouble::OpenAlready(starts)), Some(typed))
        }
    };
    let (session, key) = (opened.handbook.session(&file.session), shell.word());
    let page = CalendarPage {
        link,
        session,
        with: view.with.as_ref(),
        zone: view.zone,
        zone_by: view.zone_by,
        zones: &zones::offered(view.zone, opened.handbook.practice.zone),
        slots,
        from: view.from(),
        to: view.to(),
        day: view.day_among(slots),
        today: view.today,
        earlier: view.earlier(),
        later: view.later(),
        chosen: &chosen,
        most: session.proposals_max,
        purpose: purpose(file),
        waiting: may_wait(opened, file).then(|| WaitingPart {
            key: &key,
            listed: file.listed(),
            typed: typed.as_ref(),
        }),
        notice: view.notice,
        trouble: trouble.as_ref(),
    };
    Page(pages::calendar(&opened.handbook, &page).into_string())
}

/// Whether the page has the waiting list on it.
fn may_wait(opened: &Opened, file: &ClientFile) -> bool {
    let is_without_a_time = matches!(file.stage, Stage::Choosing { .. } | Stage::Listed(_));
    is_without_a_time && opened.handbook.waiting_list.is_some()
}
