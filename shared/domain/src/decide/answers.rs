//! The questionnaire: completed once, changed until the call.

use crate::{CalendarAfter, Circumstances, ClientFile, Event, Refusal, Stage};

pub(super) fn complete(file: &ClientFile, c: &Circumstances<'_>) -> Result<Vec<Event>, Refusal> {
    file.answers_open(c.now)?;
    if file.answers.is_some() {
        return Ok(vec![Event::AnswersChanged]);
    }
    let staff_read_first = match c.handbook.rules.calendar_after {
        CalendarAfter::Questionnaire => false,
        CalendarAfter::Reading => true,
    };
    Ok(vec![Event::QuestionnaireCompleted { staff_read_first }])
}

pub(super) fn open_calendar(
    file: &ClientFile,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    match file.stage {
        Stage::Reading { .. } => Ok(vec![Event::CalendarOpened]),
        Stage::Invited(_) => Err(Refusal::QuestionnaireFirst),
        Stage::Choosing { .. } | Stage::Asked(_) | Stage::Booked { .. } => Ok(vec![]),
        Stage::Closed { .. } => Err(Refusal::FileClosed),
    }
}
