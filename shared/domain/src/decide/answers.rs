//! The questionnaire: completed once, changed until the call.

use crate::{CalendarAfter, Circumstances, ClientFile, CompleteAnswers, Event, Refusal, Stage};

pub(super) fn complete(
    file: &ClientFile,
    answers: &CompleteAnswers,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    file.answers_open(c.now)?;
    let questionnaire = answers.questionnaire();
    if c.handbook.session(&file.session).questionnaire != *questionnaire {
        return Err(Refusal::OtherQuestions);
    }
    if file.answers_to(questionnaire).is_some() {
        return Ok(vec![Event::AnswersChanged]);
    }
    let staff_read_first = match c.handbook.rules.calendar_after {
        CalendarAfter::Questionnaire => false,
        CalendarAfter::Reading => true,
    };
    let questionnaire = questionnaire.clone();
    Ok(vec![Event::QuestionnaireCompleted { questionnaire, staff_read_first }])
}

pub(super) fn open_calendar(
    file: &ClientFile,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    match file.stage {
        Stage::Reading { .. } => Ok(vec![Event::CalendarOpened]),
        Stage::Invited(_) => Err(Refusal::QuestionnaireFirst),
        Stage::Choosing { .. } | Stage::Listed(_) | Stage::Asked(_) | Stage::Booked { .. } => {
            Ok(vec![])
        }
        Stage::Closed { .. } => Err(Refusal::FileClosed),
    }
}
