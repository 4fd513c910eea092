//! Choosing times.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use documents::pages::{self, AskedPage, CalendarPage, Trouble};
use domain::ClientFile;
use shell::{Opened, Page, Problem, QueryText, Shell};
use store::Want;

use crate::{
    view::{View, purpose, slots},
    zones,
};

pub(crate) const PURPOSE: &str = "calendar";

/// Shows the open times, or the times that wait for an answer.
pub(crate) async fn show(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    QueryText(fields): QueryText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let (file, _) = shell.load(&opened, &Want::default()).await?;
    file.may_propose(opened.handbook.rules.cut_offs, opened.now)
        .map_err(|refusal| Problem::refused(refusal, &opened.handbook))?;
    let view = View::read(&fields, &file, &opened);
    let wants_other_times = !fields.text("change").is_empty() || !view.chosen.is_empty();
    if let Some(proposal) = file.request().filter(|_| !wants_other_times) {
        let asked = AskedPage { link: &link, zone: view.zone, proposal, purpose: purpose(&file) };
        return Ok(Page(pages::asked(&opened.handbook, &asked).into_string()).into_response());
    }
    let page = page(&shell, &opened, &file, &link, &view, None).await?;
    Ok(page.into_response())
}

/// The calendar page, with what is wrong with the choice said at its top.
pub(crate) async fn page(
    shell: &Shell,
    opened: &Opened,
    file: &ClientFile,
    link: &str,
    view: &View,
    trouble: Option<&Trouble>,
) -> Result<Page, Problem> {
    let slots = slots(shell, opened, &view.range()).await?;
    let is_lost = |start: &_| matches!(trouble, Some(Trouble::Lost(lost)) if lost.contains(start));
    let chosen: Vec<_> = view.chosen.iter().copied().filter(|start| !is_lost(start)).collect();
    let page = CalendarPage {
        link,
        zone: view.zone,
        zones: &zones::offered(view.zone, opened.handbook.practice.zone),
        slots: &slots,
        from: view.from,
        earlier: view.earlier(),
        later: view.later(),
        chosen: &chosen,
        purpose: purpose(file),
        trouble,
    };
    Ok(Page(pages::calendar(&opened.handbook, &page).into_string()))
}
