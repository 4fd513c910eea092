//! The appointment: shown, changed by way of the calendar, cancelled.

use axum::extract::{Path, State};
use documents::pages::{self, AppointmentPage};
use domain::{AppointmentId, Command, Note, Refusal};
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
    let cut_offs = opened.handbook.rules.cut_offs;
    let Some(appointment) = file.appointment() else {
        let calendar = file.may_propose(cut_offs, opened.now).is_ok();
        let link = calendar.then(|| shell.sibling(&opened, &Purpose::Calendar));
        return Ok(Page(pages::no_appointment(&opened.handbook, link.as_deref()).into_string()));
    };
    let key = shell.word();
    let page = AppointmentPage {
        link: &link,
        calendar_link: &shell.sibling(&opened, &Purpose::Calendar),
        questionnaire_link: &shell.sibling(&opened, &Purpose::Questionnaire),
        key: &key,
        zone: file.zone.unwrap_or(opened.handbook.practice.zone),
        appointment,
        change: file.request(),
        has_begun: appointment.slot.start <= opened.now,
        may_cancel: appointment.client_may_cancel(cut_offs, opened.now).is_ok(),
        may_move: appointment.client_may_move(cut_offs, opened.now).is_ok(),
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
    let appointment = AppointmentId::parse(form.text("appointment"))
        .map_err(|_| Problem::refused(Refusal::AppointmentGone, &opened.handbook))?;
    let note = Note::parse(form.text("note"))
        .map_err(|too_long| Problem::Form(format!("Please go back: {too_long}.")))?;
    shell.handle_for(&opened, key, Command::CancelAppointment { appointment, note }).await?;
    Ok(cancelled(&shell, &opened))
}

fn cancelled(shell: &Shell, opened: &Opened) -> Page {
    let calendar_link = shell.sibling(opened, &Purpose::Calendar);
    Page(pages::cancelled(&opened.handbook, &calendar_link).into_string())
}
