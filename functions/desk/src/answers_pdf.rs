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
use domain::{
    Answers, ClientFile, ClientId, Handbook, Question, QuestionId, QuestionKind, SessionType,
};
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
    let session = handbook.session(&file.session);
    let in_order = handbook.answers_in_order(file, answers);
    let section = |heading: &'a str, questions: Vec<&'a Question>| Section {
        heading: Some(heading),
        answers: questions
            .into_iter()
            .map(|question| Answer { question: &question.ask, answer: said(question, answers) })
            .collect(),
    };
    let asked = in_order.asked.into_iter().map(|(part, them)| section(&part.heading, them));
    let elsewhere = in_order.asked_elsewhere.into_iter();
    let elsewhere = elsewhere.map(|(other, them)| section(&other.title, them));
    let left = no_longer_asked(in_order.no_longer_asked);
    let sections = asked.chain(elsewhere).chain([left]);
    AnswerSheet {
        practice: &handbook.practice.name,
        accent: handbook.colours.accent.0,
        title: &handbook.questionnaire(session).title,
        client: file.person.name.as_str(),
        facts: facts(handbook, session, file),
        sections: sections.filter(|section| !section.answers.is_empty()).collect(),
        language: "en",
    }
}

fn facts(
    handbook: &Handbook,
    session: &SessionType,
    file: &ClientFile,
) -> Vec<(&'static str, String)> {
    let zone = handbook.practice.zone;
    let moment = |at| format!("{} ({})", date_time(at, zone), place_of_zone(zone));
    let mut facts = Vec::new();
    if let Some(appointment) = file.appointment() {
        facts.push(("Appointment", moment(appointment.slot.start)));
    }
    match file.answers_to(&session.questionnaire) {
        Some(entry) => facts.push(("Completed", moment(entry.completed_at))),
        None => facts.push(("Completed", "Not yet".to_owned())),
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
fn no_longer_asked<'a>(left: Vec<(&'a QuestionId, &'a [String])>) -> Section<'a> {
    let answers = left.into_iter().map(|(id, values)| Answer {
        question: id.as_str(),
        answer: AnswerText::Choices(values.iter().map(|value| value.as_str().into()).collect()),
    });
    Section { heading: Some("No longer asked"), answers: answers.collect() }
}
