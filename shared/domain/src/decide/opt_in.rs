//! Opting in: somebody new gets a file, somebody known goes on where they were.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Actor, Circumstances, ClientFile, ClientId, Consent, Event, Person, Refusal, SessionType,
    SessionTypeId, Stage,
};

/// How often in 24 hours one address is written to because somebody typed it into a form.
const WELCOMES_A_DAY: usize = ClientFile::ASKED_KEPT;

/// How many opt-ins of one source within an hour are answered by letter at once. The others are
/// kept too, and their letters wait an hour.
const OPT_INS_AN_HOUR: u64 = 10;

/// What the form said.
pub(super) struct Asked<'a> {
    pub(super) client: &'a ClientId,
    pub(super) session: &'a SessionTypeId,
    pub(super) person: &'a Person,
    pub(super) consent: &'a Consent,
}

pub(super) fn opt_in(
    file: Option<&ClientFile>,
    asked: &Asked<'_>,
    c: &Circumstances<'_>,
) -> Result<Option<Event>, Refusal> {
    let is_by_staff = matches!(c.actor, Actor::Staff(_));
    let mut sessions = c.handbook.sessions.iter();
    let offered = sessions
        .find(|session| session.id == *asked.session && (is_by_staff || !session.by_invitation));
    let asked_for = offered.ok_or(Refusal::UnknownSession)?;
    let SessionType { id, questionnaire, .. } = invited_to(file, c).unwrap_or(asked_for);
    let is_flood = OPT_INS_AN_HOUR <= c.opt_ins_of_source;
    let waits_until = is_flood.then(|| c.now + TimeDelta::hours(1));
    let (person, consent) = (asked.person.clone(), asked.consent.clone());
    let Some(file) = file else {
        return Ok(Some(Event::OptedIn {
            client: asked.client.clone(),
            session: id.clone(),
            person,
            consent,
            letters_not_before: waits_until,
        }));
    };
    // Two posts within one second are one.
    if file.asked_at.contains(&c.now) {
        return Ok(None);
    }
    let letters_not_before = match (writes_again_at(file, c.now), &file.stage) {
        (None, _) => waits_until,
        // Who was let go and comes back is let in at once; only the letter waits.
        (again_at @ Some(_), Stage::Closed { .. }) => waits_until.max(again_at),
        (Some(_), _) => return Ok(None),
    };
    Ok(Some(Event::OptedInAgain {
        session: id.clone(),
        questionnaire: questionnaire.clone(),
        person,
        consent,
        letters_not_before,
    }))
}

/// What staff have invited to stays: a form on the website does not ask for something else.
fn invited_to<'a>(file: Option<&ClientFile>, c: &Circumstances<'a>) -> Option<&'a SessionType> {
    let file = file.filter(|file| matches!(file.stage, Stage::Invited(_)))?;
    Some(c.handbook.session(&file.session)).filter(|session| session.by_invitation)
}

/// When the address may be written to again, if it has had all its welcomes of one day.
fn writes_again_at(file: &ClientFile, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let days = file.asked_at.iter().map(|asked_at| *asked_at + TimeDelta::days(1));
    let running: Vec<_> = days.filter(|day_after| now < *day_after).collect();
    if running.len() < WELCOMES_A_DAY { None } else { running.into_iter().min() }
}
