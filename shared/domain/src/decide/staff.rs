//! What staff do when the written steps have come to their end.

use crate::{Circumstances, ClientFile, Event, Note, Refusal, SessionTypeId, Stage};

pub(super) fn invite_again(
    file: &ClientFile,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    match &file.stage {
        Stage::Invited(waiting) | Stage::Choosing { waiting, .. } => {
            // A wait that began within this very second began with a letter: one is enough.
            let has_just_begun = waiting.since == c.now;
            Ok(if has_just_begun { vec![] } else { vec![Event::InvitedAgain] })
        }
        Stage::Reading { .. } | Stage::Listed(_) | Stage::Asked(_) | Stage::Booked { .. } => {
            Err(Refusal::NothingToInviteTo)
        }
        Stage::Closed { .. } => Err(Refusal::FileClosed),
    }
}

pub(super) fn invite_to(
    file: &ClientFile,
    session: &SessionTypeId,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    let offered = c.handbook.sessions.iter().find(|offered| offered.id == *session);
    let questionnaire = offered.ok_or(Refusal::UnknownSession)?.questionnaire.clone();
    match &file.stage {
        Stage::Asked(_) | Stage::Booked { .. } => Err(Refusal::StillOpen),
        // A wait that began within this very second began with a letter: one is enough.
        Stage::Invited(waiting) | Stage::Choosing { waiting, .. } if waiting.since == c.now => {
            if file.session == *session {
                Ok(vec![])
            } else {
                Err(Refusal::NothingToInviteTo)
            }
        }
        Stage::Invited(_)
        | Stage::Reading { .. }
        | Stage::Choosing { .. }
        | Stage::Listed(_)
        | Stage::Closed { .. } => {
            Ok(vec![Event::InvitedTo { session: session.clone(), questionnaire }])
        }
    }
}

pub(super) fn close(
    file: &ClientFile,
    note: &Note,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    match file.stage {
        Stage::Invited(_) | Stage::Reading { .. } | Stage::Choosing { .. } | Stage::Listed(_) => {
            Ok(vec![Event::FileClosed { note: note.clone() }])
        }
        Stage::Asked(_) | Stage::Booked { .. } => Err(Refusal::StillOpen),
        Stage::Closed { .. } => Err(Refusal::FileClosed),
    }
}

pub(super) fn settle_letters(
    file: &ClientFile,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    Ok(if file.letters_not_sent.is_empty() { vec![] } else { vec![Event::LettersSettled] })
}
