//! A request as the assistant's letter opens it: looking changes nothing, pressing does.

use axum::extract::{Path, State};
use documents::pages::desk::{self, RequestPage};
use domain::{Actor, Command, ProposalId, Refusal, StaffId};
use shell::{FormText, Opened, Page, Problem, Purpose, Shell, Wish, form_instant};
use store::Want;

use crate::deeds;

const NO_LONGER_OPEN: &str =
    "This request is no longer open: it was answered, changed or has expired.";

/// Shows who asks for which times.
pub(crate) async fn show(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
) -> Result<Page, Problem> {
    let opened = shell.open(&practice, "request", &link).await?;
    let (proposal, staff) = details(&opened)?;
    let (file, _) = shell.load(&opened, &Want::default()).await?;
    let handbook = &opened.handbook;
    let open = file.request().filter(|open| open.id == *proposal && opened.now < open.expires_at);
    let (Some(open), Some(staff)) = (open, handbook.staff(staff)) else {
        return Ok(Page(desk::request_answered(handbook, NO_LONGER_OPEN).into_string()));
    };
    let key = shell.word();
    let page = RequestPage {
        handbook,
        staff,
        file: &file,
        proposal: open,
        link: &link,
        key: &key,
        now: opened.now,
    };
    Ok(Page(desk::request(&page).into_string()))
}

/// Grants one of the times.
pub(crate) async fn approve(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    form: FormText,
) -> Result<Page, Problem> {
    let opened = shell.open(&practice, "request", &link).await?;
    let (proposal, _) = details(&opened)?;
    let start = form_instant(form.text("start"))
        .ok_or_else(|| Problem::refused(Refusal::RequestGone, &opened.handbook))?;
    let command = Command::ApproveTime { proposal: proposal.clone(), start };
    answer(&shell, &opened, &form, command, "approve").await
}

/// Grants none of them.
pub(crate) async fn decline(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    form: FormText,
) -> Result<Page, Problem> {
    let opened = shell.open(&practice, "request", &link).await?;
    let (proposal, _) = details(&opened)?;
    let note = domain::Note::parse(form.text("note"))
        .map_err(|error| Problem::Form(format!("Please go back: {error}.")))?;
    let command = Command::DeclineTimes { proposal: proposal.clone(), note };
    answer(&shell, &opened, &form, command, "decline").await
}

async fn answer(
    shell: &Shell,
    opened: &Opened,
    form: &FormText,
    command: Command,
    deed: &str,
) -> Result<Page, Problem> {
    let (_, staff) = details(opened)?;
    // Somebody who no longer works here holds a letter, but no right.
    if opened.handbook.staff(staff).is_none() {
        return Err(Problem::refused(Refusal::StaffOnly, &opened.handbook));
    }
    let wish = Wish {
        practice: opened.practice.clone(),
        client: opened.client.clone(),
        id: form.key()?,
        actor: Actor::Staff(staff.clone()),
        command,
        source: None,
    };
    let words = match shell.handle(&wish).await {
        Ok(_) => deeds::notice(deed).unwrap_or_default(),
        Err(Problem::Refused(Refusal::RequestGone, _)) => NO_LONGER_OPEN,
        Err(problem) => return Err(problem),
    };
    Ok(Page(desk::request_answered(&opened.handbook, words).into_string()))
}

fn details(opened: &Opened) -> Result<(&ProposalId, &StaffId), Problem> {
    match &opened.purpose {
        Purpose::Request(proposal, staff) => Ok((proposal, staff)),
        Purpose::Questionnaire
        | Purpose::Calendar
        | Purpose::Appointment
        | Purpose::Resume
        | Purpose::Stop => Err(Problem::NotFound),
    }
}
