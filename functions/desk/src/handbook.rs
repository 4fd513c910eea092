//! The handbook: read by all of the staff, changed by the owner.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use documents::{
    Addresses,
    pages::desk::{self, HandbookChangeLine, HandbookPage},
};
use domain::{Refusal, Role};
use shell::{FileChange, FormText, HandbookFiles, Page, Problem, QueryText, Shell};

use crate::{deeds, session::AtDesk};

/// The file that is shown if none is named.
const FIRST: &str = "practice.toml";

/// What is shown of a file.
struct Shown<'a> {
    file: &'a str,
    text: &'a str,
    version: &'a str,
    mistakes: &'a [String],
    notice: Option<&'static str>,
}

/// Shows a file.
pub(crate) async fn show(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    QueryText(fields): QueryText,
) -> Result<Page, Problem> {
    let in_force = shell.handbook_files(&at_desk.0.practice).await?;
    let file = if fields.text("file").is_empty() { FIRST } else { fields.text("file") };
    let (_, text) =
        in_force.files.iter().find(|(path, _)| path == file).ok_or(Problem::NotFound)?;
    let notice = deeds::notice(fields.text("done"));
    let shown = Shown { file, text, version: &in_force.version, mistakes: &[], notice };
    page(&shell, &at_desk, &in_force, &shown).await
}

/// Puts a changed file in force, or shows what is wrong with it.
pub(crate) async fn change(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    form: FormText,
) -> Result<Response, Problem> {
    at_desk.check(&shell, &form)?;
    if !at_desk.0.staff.roles.contains(&Role::Owner) {
        return Err(Problem::refused(Refusal::OwnerOnly, &at_desk.0.handbook));
    }
    let change = FileChange {
        practice: at_desk.0.practice.clone(),
        seen: form.text("version").to_owned(),
        file: form.text("file").to_owned(),
        text: form.text("text").replace("\r\n", "\n"),
        by: at_desk.0.staff.id.clone(),
    };
    let mistakes = shell.change_handbook(&change).await?;
    if mistakes.is_empty() {
        let address = Addresses::of(&change.practice).desk_handbook();
        let done = format!("{address}?file={}&done=handbook", change.file);
        return Ok(Redirect::to(&done).into_response());
    }
    let in_force = shell.handbook_files(&change.practice).await?;
    let FileChange { file, text, seen: version, .. } = &change;
    let shown = Shown { file, text, version, mistakes: &mistakes, notice: None };
    let page = page(&shell, &at_desk, &in_force, &shown).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page(
    shell: &Shell,
    at_desk: &AtDesk,
    in_force: &HandbookFiles,
    shown: &Shown<'_>,
) -> Result<Page, Problem> {
    let files: Vec<String> = in_force.files.iter().map(|(path, _)| path.clone()).collect();
    let changes = shell.store.handbook_changes(&at_desk.0.practice).await?;
    let changes: Vec<HandbookChangeLine> = changes
        .into_iter()
        .map(|change| HandbookChangeLine {
            version: change.version,
            at: change.at,
            by: change.by.map_or_else(
                || "from the folder".to_owned(),
                |by| at_desk.0.handbook.names(std::slice::from_ref(&by)),
            ),
        })
        .collect();
    let page = HandbookPage {
        files: &files,
        file: shown.file,
        text: shown.text,
        version: shown.version,
        may_change: at_desk.0.staff.roles.contains(&Role::Owner),
        mistakes: shown.mistakes,
        changes: &changes,
        origin: &shell.origin,
    };
    Ok(Page(at_desk.page(shell, shown.notice, |desk| desk::handbook(desk, &page).into_string())))
}
