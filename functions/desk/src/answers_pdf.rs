//! The answers as a PDF, for staff.

use axum::{
    extract::{Path, State},
    http::{HeaderName, header},
};
use documents::{
    answer_in_words, date_time,
    pdf::{Answer, AnswerSheet, AnswerText, Section, answers_pdf},
    place_of_zone,
};
use domain::{Answers, ClientFile, ClientId, Handbook, Question, QuestionKind, Questionnaire};
use shell::{Problem, Shell};
use store::Want;

use crate::{clients::told_who_reads, session::AtDesk};

/// A PDF as the browser shows it.
type Pdf = ([(HeaderName, &'static str); 2], Vec<u8>);

/// Shows the answers on file.
pub(crate) async fn show(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    Path((_, client)): Path<(String, String)>,
) -> Result<Pdf, Problem> {
    let client = ClientId::parse(&client).map_err(|_| Problem::NotFound)?;
    let want = Want { answers: true, ..Want::default() };
    let loaded = shell.store.load(&at_desk.0.practice, &client, &want).await?;
    let file = loaded.file.filter(|file| file.answers.is_some()).ok_or(Problem::NotFound)?;
    let answers = loaded.draft.map(|draft| draft.answers).unwrap_or_default();
    told_who_reads(&at_desk, &client);
    let pdf = answers_pdf(&sheet(&at_desk.0.handbook, &file, &answers)).map_err(Problem::broken)?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"answers.pdf\""),
    ];
    Ok((headers, pdf))
}

fn sheet<'a>(
    handbook: &'a Handbook,
    file: &'a ClientFile,
    answers: &'a Answers,
) -> AnswerSheet<'a> {
    let questionnaire = handbook.questionnaire(handbook.session(&file.session));
    let sections = questionnaire.sections.iter().map(|section| Section {
        heading: Some(section.heading.as_str()),
        answers: section
            .questions
            .iter()
            .filter(|question| questionnaire.is_shown(question, answers))
            .map(|question| Answer { question: &question.ask, answer: said(question, answers) })
            .collect(),
    });
    let sections = sections.chain([no_longer_asked(questionnaire, answers)]);
    AnswerSheet {
        practice: &handbook.practice.name,
        accent: handbook.colours.accent.0,
        title: &questionnaire.title,
        client: file.person.name.as_str(),
        facts: facts(handbook, file),
        sections: sections.filter(|section| !section.answers.is_empty()).collect(),
        language: "en",
    }
}

fn facts(handbook: &Handbook, file: &ClientFile) -> Vec<(&'static str, String)> {
    let zone = handbook.practice.zone;
    let moment = |at| format!("{} ({})", date_time(at, zone), place_of_zone(zone));
    let mut facts = Vec::new();
    if let Some(appointment) = file.appointment() {
        facts.push(("Appointment", moment(appointment.slot.start)));
    }
    if let Some(entry) = &file.answers {
        facts.push(("Completed", moment(entry.completed_at)));
    }
    facts
}

fn said<'a>(question: &Question, answers: &'a Answers) -> AnswerText<'a> {
    let mut words = answers
        .of(&question.id)
        .iter()
        .map(|value| answer_in_words(&question.kind, value))
        .collect::<Vec<_>>();
    let is_list = matches!(question.kind, QuestionKind::Several { .. }) || 1 < words.len();
    match words.pop() {
        None => AnswerText::NotGiven,
        Some(only) if !is_list => AnswerText::Given(only),
        Some(last) => AnswerText::Choices(words.into_iter().chain([last]).collect()),
    }
}

/// What was typed at questions that an edit of the questionnaire has removed.
fn no_longer_asked<'a>(questionnaire: &'a Questionnaire, answers: &'a Answers) -> Section<'a> {
    let answers = questionnaire.no_longer_asked(answers).map(|(id, values)| Answer {
        question: id.as_str(),
        answer: AnswerText::Choices(values.iter().map(|value| value.as_str().into()).collect()),
    });
    Section { heading: Some("No longer asked"), answers: answers.collect() }
}
