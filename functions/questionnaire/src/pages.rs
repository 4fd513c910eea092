//! The page, its saving and its completion.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use documents::{
    Addresses,
    pages::{
        AfterAnswers, QuestionnaireDone, QuestionnairePage, QuestionnaireStatus, questionnaire,
        questionnaire_done,
    },
};
use domain::{Answers, AnswersTooLarge, ClientFile, Command, Entry, Mistake, Questionnaire, Stage};
use shell::{FormText, Opened, Page, Problem, Purpose, QueryText, Shell};
use store::{Draft, Want};

use crate::answers;

const PURPOSE: &str = "questionnaire";

/// Shows the questions with what was answered so far.
pub(crate) async fn show(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    QueryText(fields): QueryText,
) -> Result<Page, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let (file, loaded) = shell.load(&opened, &Want { answers: true, ..Want::default() }).await?;
    let entry = file.answers_to(&questionnaire_of(&opened, &file).id);
    if let Some(entry) = entry.filter(|_| !fields.text("done").is_empty()) {
        return Ok(done(&shell, &opened, &file, entry, &link));
    }
    file.answers_open(opened.now).map_err(|refusal| Problem::refused(refusal, &opened.handbook))?;
    let answers = loaded.draft.map(|draft| draft.answers).unwrap_or_default();
    let kept = kept_status(&opened, &file);
    let status = if kept == QuestionnaireStatus::Complete {
        kept
    } else if !fields.text("saved").is_empty() {
        QuestionnaireStatus::JustSaved
    } else if answers.is_empty() {
        QuestionnaireStatus::New
    } else {
        kept
    };
    let filled = Filled { answers: &answers, mistakes: &[], status };
    Ok(page(&shell, &opened, &file, &link, &filled))
}

/// Keeps what was typed, right or wrong. The script is answered by a word; the button by a page.
pub(crate) async fn save(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    headers: HeaderMap,
    form: FormText,
) -> Result<Response, Problem> {
    let is_script = headers.get(header::ACCEPT).is_some_and(|accept| accept == "text/plain");
    if is_script {
        let saved = save_some(&shell, &practice, &link, &form).await;
        return Ok(saved.map_or_else(Problem::into_text, |()| "saved".into_response()));
    }
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let typed = answers::typed_whole(&form, asked(&shell, &opened).await?);
    keep(&shell, &opened, &typed).await?;
    let here = Addresses::of(&opened.practice).questionnaire(&link);
    Ok(Redirect::to(&format!("{here}?saved=yes")).into_response())
}

/// Saves the answers that a form carries and leaves the others.
async fn save_some(
    shell: &Shell,
    practice: &str,
    link: &str,
    form: &FormText,
) -> Result<(), Problem> {
    let opened = shell.open(practice, PURPOSE, link).await?;
    keep(shell, &opened, &answers::typed(form)).await.map(|_| ())
}

/// Takes the questionnaire as complete, or shows every mistake with all that was typed.
pub(crate) async fn complete(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
    form: FormText,
) -> Result<Response, Problem> {
    let opened = shell.open(&practice, PURPOSE, &link).await?;
    let key = form.key()?;
    let (file, loaded) = shell.load(&opened, &Want { answers: true, ..Want::default() }).await?;
    let asked = questionnaire_of(&opened, &file);
    let typed = answers::typed_whole(&form, asked);
    see_that_there_is_room(loaded.draft, &typed)?;
    match asked.check(&typed) {
        Ok(answers) => {
            let command = Command::CompleteQuestionnaire { answers };
            shell.handle_for(&opened, key, command).await?;
            let here = Addresses::of(&opened.practice).questionnaire(&link);
            Ok(Redirect::to(&format!("{here}?done=yes")).into_response())
        }
        Err(mistakes) => {
            let file = keep(&shell, &opened, &typed).await?;
            let filled = Filled {
                answers: &typed,
                mistakes: &mistakes,
                status: kept_status(&opened, &file),
            };
            let page = page(&shell, &opened, &file, &link, &filled);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Keeps typed answers beside those on file, as far as there is room for both.
async fn keep(shell: &Shell, opened: &Opened, typed: &Answers) -> Result<ClientFile, Problem> {
    let (file, loaded) = shell.load(opened, &Want { answers: true, ..Want::default() }).await?;
    file.answers_open(opened.now).map_err(|refusal| Problem::refused(refusal, &opened.handbook))?;
    see_that_there_is_room(loaded.draft, typed)?;
    shell.store.save_answers(&opened.practice, &opened.client, typed, opened.now).await?;
    Ok(file)
}

/// Answers are kept beside those that are on file, whatever those were to: all of them together have a
/// limit, and it leaves room for more than one questionnaire.
fn see_that_there_is_room(draft: Option<Draft>, typed: &Answers) -> Result<(), Problem> {
    let on_file = draft.map(|draft| draft.answers).unwrap_or_default();
    let fit = typed.check_size().and_then(|()| on_file.updated_by(typed).check_kept());
    fit.map_err(|AnswersTooLarge| Problem::TooLarge)
}

/// What to say about answers that are kept: once sent, they stay sent.
fn kept_status(opened: &Opened, file: &ClientFile) -> QuestionnaireStatus {
    match file.answers_to(&questionnaire_of(opened, file).id) {
        Some(_) => QuestionnaireStatus::Complete,
        None => QuestionnaireStatus::Saved,
    }
}

/// The questions that this client is asked.
fn questionnaire_of<'o>(opened: &'o Opened, file: &ClientFile) -> &'o Questionnaire {
    opened.handbook.questionnaire(opened.handbook.session(&file.session))
}

/// The same, without a look at the file where all clients are asked the same.
async fn asked<'o>(shell: &Shell, opened: &'o Opened) -> Result<&'o Questionnaire, Problem> {
    if let [only] = &*opened.handbook.sessions {
        return Ok(opened.handbook.questionnaire(only));
    }
    let (file, _) = shell.load(opened, &Want::default()).await?;
    Ok(questionnaire_of(opened, &file))
}

/// What somebody has filled in so far.
struct Filled<'a> {
    answers: &'a Answers,
    mistakes: &'a [Mistake],
    status: QuestionnaireStatus,
}

fn page(
    shell: &Shell,
    opened: &Opened,
    file: &ClientFile,
    link: &str,
    filled: &Filled<'_>,
) -> Page {
    let page = QuestionnairePage {
        link,
        key: &shell.word(),
        questionnaire: questionnaire_of(opened, file),
        answers: filled.answers,
        mistakes: filled.mistakes,
        status: filled.status,
    };
    Page(questionnaire(&opened.handbook, &page).into_string())
}

fn done(shell: &Shell, opened: &Opened, file: &ClientFile, entry: &Entry, link: &str) -> Page {
    let sibling = |purpose| shell.sibling(opened, &purpose);
    let next = match &file.stage {
        Stage::Choosing { .. } | Stage::Listed(_) => {
            AfterAnswers::Choose(sibling(Purpose::Calendar))
        }
        Stage::Asked(_) => AfterAnswers::Asked(sibling(Purpose::Calendar)),
        Stage::Booked { .. } => AfterAnswers::Booked(sibling(Purpose::Appointment)),
        Stage::Invited(_) | Stage::Reading { .. } | Stage::Closed { .. } => AfterAnswers::Wait,
    };
    let is_first = entry.revision == 0;
    let page = QuestionnaireDone { next, is_first, questionnaire_link: link };
    Page(questionnaire_done(&opened.handbook, &page).into_string())
}
