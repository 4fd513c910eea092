//! The page, its saving and its completion.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use documents::{
    Addresses,
    pages::{
        QuestionnaireDone, QuestionnairePage, QuestionnaireStatus, questionnaire,
        questionnaire_done,
    },
};
use domain::{Answers, ClientFile, Command, Mistake, Stage};
use serde::Deserialize;
use shell::{FormText, Opened, Page, Problem, Purpose, Shell};
use store::Want;

use crate::answers;

const PURPOSE: &str = "questionnaire";

/// What the address says besides the link.
#[derive(Deserialize)]
pub(crate) struct View {
    saved: Option<String>,
    done: Option<String>,
}

/// Shows the questions with what was answered so far.
pub(crate) async fn show(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    Query(view): Query<View>,
) -> Result<Page, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let (file, loaded) = shell.load(&opened, &Want { answers: true, ..Want::default() }).await?;
    if view.done.is_some() && file.answers.is_some() {
        return Ok(done(&shell, &opened, &file, &link));
    }
    file.answers_open(opened.now).map_err(|refusal| Problem::refused(refusal, &opened.handbook))?;
    let answers = loaded.draft.map(|draft| draft.answers).unwrap_or_default();
    let status = if view.saved.is_some() {
        QuestionnaireStatus::JustSaved
    } else if file.answers.is_some() {
        QuestionnaireStatus::Complete
    } else if answers.is_empty() {
        QuestionnaireStatus::New
    } else {
        QuestionnaireStatus::Saved
    };
    Ok(page(&shell, &opened, &link, &answers, &[], status))
}

/// Keeps what was typed, right or wrong. The script asks for a word; the button for a page.
pub(crate) async fn save(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    headers: HeaderMap,
    form: FormText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let is_script = headers.get(header::ACCEPT).is_some_and(|accept| accept == "text/plain");
    let typed = if is_script {
        answers::typed(&form)?
    } else {
        answers::typed_whole(&form, &opened.handbook.questionnaire)?
    };
    keep(&shell, &opened, &typed).await?;
    if is_script {
        return Ok("saved".into_response());
    }
    let here = Addresses::of(&opened.practice).questionnaire(&link);
    Ok(Redirect::to(&format!("{here}?saved=yes")).into_response())
}

/// Takes the questionnaire as complete, or shows every mistake with all that was typed.
pub(crate) async fn complete(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    form: FormText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let key = form.key()?;
    let typed = answers::typed_whole(&form, &opened.handbook.questionnaire)?;
    match opened.handbook.questionnaire.check(&typed) {
        Ok(answers) => {
            let command = Command::CompleteQuestionnaire { answers };
            shell.handle_for(&opened, key, command, Some(typed)).await?;
            let here = Addresses::of(&opened.practice).questionnaire(&link);
            Ok(Redirect::to(&format!("{here}?done=yes")).into_response())
        }
        Err(mistakes) => {
            keep(&shell, &opened, &typed).await?;
            let status = QuestionnaireStatus::Saved;
            let page = page(&shell, &opened, &link, &typed, &mistakes, status);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn keep(shell: &Shell, opened: &Opened, typed: &Answers) -> Result<(), Problem> {
    let (file, _) = shell.load(opened, &Want::default()).await?;
    file.answers_open(opened.now).map_err(|refusal| Problem::refused(refusal, &opened.handbook))?;
    shell.store.save_answers(&opened.practice, &opened.client, typed, opened.now).await?;
    Ok(())
}

fn page(
    shell: &Shell,
    opened: &Opened,
    link: &str,
    answers: &Answers,
    mistakes: &[Mistake],
    status: QuestionnaireStatus,
) -> Page {
    let key = shell.word();
    let page = QuestionnairePage { link, key: &key, answers, mistakes, status };
    Page(questionnaire(&opened.handbook, &page).into_string())
}

fn done(shell: &Shell, opened: &Opened, file: &ClientFile, link: &str) -> Page {
    let is_open =
        matches!(file.stage, Stage::Choosing { .. } | Stage::Asked(_) | Stage::Booked { .. });
    let calendar = is_open.then(|| shell.sibling(opened, &Purpose::Calendar));
    let page = QuestionnaireDone { calendar: calendar.as_deref(), questionnaire_link: link };
    Page(questionnaire_done(&opened.handbook, &page).into_string())
}
