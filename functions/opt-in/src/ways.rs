//! The way back to where one was, and the way out.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use documents::{Addresses, pages};
use domain::{Command, Stage};
use shell::{Page, Problem, Purpose, Shell};
use store::Want;

/// Leads somebody who comes back to the page where they were.
pub(crate) async fn resume(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, "resume", &link).await?;
    let (file, _) = shell.load(&opened, &Want::default()).await?;
    let addresses = Addresses::of(&opened.practice);
    let place = match file.stage {
        Stage::Invited(_) | Stage::Reading { .. } | Stage::Closed { .. } => {
            addresses.questionnaire(&shell.sibling(&opened, &Purpose::Questionnaire))
        }
        Stage::Choosing { .. } | Stage::Listed(_) | Stage::Asked(_) => {
            addresses.calendar(&shell.sibling(&opened, &Purpose::Calendar))
        }
        Stage::Booked { .. } => {
            addresses.appointment(&shell.sibling(&opened, &Purpose::Appointment))
        }
    };
    Ok(Redirect::to(&place).into_response())
}

/// Shows the button; reading changes nothing, so that mail scanners may look.
pub(crate) async fn show_stop(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
) -> Result<Page, Problem> {
    let opened = shell.open(&practice, "stop", &link).await?;
    Ok(Page(pages::stop(&opened.handbook, &link).into_string()))
}

/// Stops the nudges. Mail programs press this by themselves (RFC 8058): no cookie, no key, no
/// redirect; the wish is its own repetition.
pub(crate) async fn stop(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
) -> Result<Page, Problem> {
    let opened = shell.open(&practice, "stop", &link).await?;
    shell.handle_for(&opened, shell.command_id(), Command::StopNudges).await?;
    Ok(Page(pages::stopped(&opened.handbook).into_string()))
}
