//! `[session]` or several `[[session]]`: the kinds of session on offer.

use chrono::TimeDelta;
use domain::{
    Buffers, Calendar, Opening, QuestionnaireId, SessionType, SessionTypeId, Staff, StaffId,
};

use crate::{
    Sources, hours,
    mistake::nearest,
    practice::AN_ID,
    prose::Form::{Line, Passage},
    questionnaire,
    reader::Reader,
    team, together, window,
};

/// What a session refers to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) staff: Option<&'a [Staff]>,
    pub(crate) calendars: Option<&'a [Calendar]>,
    pub(crate) sources: &'a Sources,
}

const SESSIONS_MAX: usize = 20;

/// Every kind of session, one `[session]` or several `[[session]]`.
pub(crate) fn read_all(reader: &mut Reader<'_>, around: &Around<'_>) -> Option<Vec<SessionType>> {
    let mut ids: Vec<SessionTypeId> = Vec::new();
    let sessions = reader.one_or_more("session", SESSIONS_MAX, |reader| {
        let session = read(reader, around)?;
        if ids.contains(&session.id) {
            let words = format!("two sessions have the id \"{}\"; give each its own", session.id);
            reader.mistake("id", words);
        }
        ids.push(session.id.clone());
        Some(session)
    })?;
    if sessions.iter().all(|session| session.by_invitation) {
        let words = "nobody can ask for a session; take `by_invitation` out of one of them";
        reader.mistake("session", words);
        return None;
    }
    Some(sessions)
}

fn read(reader: &mut Reader<'_>, around: &Around<'_>) -> Option<SessionType> {
    let id = reader.parsed("id", AN_ID, |text| SessionTypeId::parse(text).ok());
    let name = reader.text("name", Line(80));
    let minutes = minutes(reader, around.calendars);
    let before = reader.whole("buffer_before_minutes", 0..=240);
    let after = reader.whole("buffer_after_minutes", 0..=240);
    let every = reader.whole("every_minutes", 5..=240);
    let notice_hours = reader.whole("notice_hours", 0..=8_760);
    let offset = reader.whole_or("offset_minutes", 0..=55, 0);
    let window = window::read(reader);
    let team = team::read(reader, around.staff);
    let places = reader.whole_or("places", 1..=100, 1);
    let by_invitation = reader.flag("by_invitation");
    let questionnaire = questionnaire(reader, around.sources);
    let proposals_max = reader.whole("proposals_max", 1..=10_usize);
    let hold_hours = reader.whole("hold_hours", 1..=168);
    let place = reader.text("place", Line(300));
    let calendar_lead = reader.text_if_any("calendar_lead", Passage(1_000));
    let hours = if reader.has("hours") {
        reader.table("hours", hours::session_hours).map(Some)
    } else {
        Some(None)
    };
    if let (Some(notice), Some(window)) = (notice_hours, &window) {
        window::check_notice(reader, notice, window);
    }
    let (parts, choice) = team?;
    check_common_hours(reader, &parts, minutes?, around.calendars)?;
    check_held_at_once(reader, parts.len(), proposals_max?)?;
    Some(SessionType {
        id: id?,
        name: name?,
        questionnaire: questionnaire?,
        length: TimeDelta::minutes(minutes?),
        buffers: Buffers { before: TimeDelta::minutes(before?), after: TimeDelta::minutes(after?) },
        every: TimeDelta::minutes(every?),
        offset: TimeDelta::minutes(offset?),
        hours: hours?,
        notice: TimeDelta::hours(notice_hours?),
        window: window?,
        parts,
        choice,
        places: places?,
        by_invitation: by_invitation?,
        proposals_max: proposals_max?,
        hold: TimeDelta::hours(hold_hours?),
        place: place?,
        calendar_lead,
    })
}

/// How many times can be held at once in all calendars together: a transaction has room for 100
/// items, each time may need a sheet on two days, and the times asked for before are let go in the
/// same breath.
const HELD_AT_ONCE_MAX: usize = 18;

fn check_held_at_once(reader: &mut Reader<'_>, together: usize, proposals: usize) -> Option<()> {
    if together * proposals <= HELD_AT_ONCE_MAX {
        return Some(());
    }
    let most = (HELD_AT_ONCE_MAX / together).max(1);
    let words = format!(
        "`proposals_max`: {proposals} times in the calendars of {together} providers are too many to \
         hold at once; write at most {most}"
    );
    reader.mistake("proposals_max", words);
    None
}

/// Those who give a session together must be there at the same time.
fn check_common_hours(
    reader: &mut Reader<'_>,
    parts: &[Vec<StaffId>],
    minutes: i64,
    calendars: Option<&[Calendar]>,
) -> Option<()> {
    let meet = |calendars| together::can_meet(parts, minutes, calendars);
    if parts.len() == 1 || calendars.is_none_or(meet) {
        return Some(());
    }
    let words = "`providers`: there are no hours in which all of them are there for a session";
    reader.mistake("providers", words);
    None
}

fn minutes(reader: &mut Reader<'_>, calendars: Option<&[Calendar]>) -> Option<i64> {
    let minutes = reader.whole("minutes", 5..=480)?;
    let is_long_enough = |opening: &Opening| {
        minutes <= i64::from(opening.span.to.get()) - i64::from(opening.span.from.get())
    };
    let has_room = |calendars: &[Calendar]| {
        calendars.is_empty()
            || calendars.iter().flat_map(|calendar| &calendar.hours).any(is_long_enough)
    };
    if calendars.is_some_and(|calendars| !has_room(calendars)) {
        reader.mistake("minutes", "`minutes`: no span in `[hours]` is long enough for a session");
        return None;
    }
    Some(minutes)
}

fn questionnaire(reader: &mut Reader<'_>, sources: &Sources) -> Option<QuestionnaireId> {
    let id = reader.parsed("questionnaire", AN_ID, |text| QuestionnaireId::parse(text).ok())?;
    let names = || questionnaire::files(sources).map(|(name, _, _)| name);
    if names().any(|name| name == id.as_str()) {
        return Some(id);
    }
    let advice = match nearest(id.as_str(), names()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => "write it, or name another one".into(),
    };
    let words = format!("`questionnaire`: there is no file questionnaires/{id}.toml; {advice}");
    reader.mistake("questionnaire", words);
    None
}
