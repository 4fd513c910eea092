//! The appointment: shown, changed by way of the calendar, cancelled.

use axum::extract::{Path, State};
use documents::pages::{self, AppointmentPage};
use domain::{Appointment, ClientFile, Command, Note, Proposal, Refusal, Stage};
use shell::{FormText, Opened, Page, Problem, Purpose, Shell};
use store::Want;

const PURPOSE: &str = "appointment";

/// Shows when and where, and what can be done about it.
pub(crate) async fn show(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
) -> Result<Page, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let (file, _) = shell.load(&opened, &Want::default()).await?;
    let gone = || Problem::refused(Refusal::AppointmentGone, &opened.handbook);
    let (appointment, change) = booked(&file).ok_or_else(gone)?;
    let key = shell.word();
    let page = AppointmentPage {
        link: &link,
        calendar_link: &shell.sibling(&opened, &Purpose::Calendar),
        questionnaire_link: &shell.sibling(&opened, &Purpose::Questionnaire),
        key: &key,
        zone: file.zone.unwrap_or(opened.handbook.practice.zone),
        appointment,
        change,
        has_begun: appointment.slot.start <= opened.now,
    };
    Ok(Page(pages::appointment(&opened.handbook, &page).into_string()))
}

/// Cancels the appointment for the client who holds its link.
pub(crate) async fn cancel(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    form: FormText,
) -> Result<Page, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let key = form.key()?;
    let (file, loaded) = shell.load(&opened, &Want::default()).await?;
    if loaded.seen.contains(&key) {
        return Ok(cancelled(&shell, &opened));
    }
    let gone = || Problem::refused(Refusal::AppointmentGone, &opened.handbook);
    let appointment =
        booked(&file).map(|(appointment, _)| appointment.id.clone()).ok_or_else(gone)?;
    let note = Note::parse(form.text("note"))
        .map_err(|too_long| Problem::Form(format!("Please go back: {too_long}.")))?;
    shell.handle_for(&opened, key, Command::CancelAppointment { appointment, note }, None).await?;
    Ok(cancelled(&shell, &opened))
}

fn cancelled(shell: &Shell, opened: &Opened) -> Page {
    let calendar_link = shell.sibling(opened, &Purpose::Calendar);
    Page(pages::cancelled(&opened.handbook, &calendar_link).into_string())
}

fn booked(file: &ClientFile) -> Option<(&Appointment, Option<&Proposal>)> {
    match &file.stage {
        Stage::Booked { appointment, change } => Some((appointment, change.as_ref())),
        Stage::Invited(_)
        | Stage::Reading { .. }
        | Stage::Choosing { .. }
        | Stage::Asked(_)
        | Stage::Closed { .. } => None,
    }
}
