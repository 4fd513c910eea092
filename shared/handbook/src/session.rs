//! `[session]`: the kind of session on offer.

use chrono::TimeDelta;
use domain::{Buffers, Opening, QuestionnaireId, Role, SessionType, SessionTypeId, Staff, StaffId};

use crate::{
    Sources, hours,
    mistake::{any_of, nearest, quoted},
    practice::AN_ID,
    prose::Form::Line,
    questionnaire,
    reader::Reader,
    window,
};

/// The session, and the questionnaire that comes first.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    staff: Option<&[Staff]>,
    openings: Option<&[Opening]>,
    sources: &Sources,
) -> Option<(SessionType, QuestionnaireId)> {
    let id = reader.parsed("id", AN_ID, |text| SessionTypeId::parse(text).ok());
    let name = reader.text("name", Line(80));
    let minutes = minutes(reader, openings);
    let before = reader.whole("buffer_before_minutes", 0..=240);
    let after = reader.whole("buffer_after_minutes", 0..=240);
    let every = reader.whole("every_minutes", 5..=240);
    let notice_hours = reader.whole("notice_hours", 0..=8_760);
    let offset = reader.whole_or("offset_minutes", 0..=55, 0);
    let window = window::read(reader);
    let provider = provider(reader, staff);
    let questionnaire = questionnaire(reader, sources);
    let proposals_max = reader.whole("proposals_max", 1..=10_usize);
    let hold_hours = reader.whole("hold_hours", 1..=168);
    let place = reader.text("place", Line(300));
    let hours = if reader.has("hours") {
        reader.table("hours", hours::session_hours).map(Some)
    } else {
        Some(None)
    };
    if let (Some(notice), Some(window)) = (notice_hours, &window) {
        window::check_notice(reader, notice, window);
    }
    let session = SessionType {
        id: id?,
        name: name?,
        length: TimeDelta::minutes(minutes?),
        buffers: Buffers { before: TimeDelta::minutes(before?), after: TimeDelta::minutes(after?) },
        every: TimeDelta::minutes(every?),
        offset: TimeDelta::minutes(offset?),
        hours: hours?,
        notice: TimeDelta::hours(notice_hours?),
        window: window?,
        provider: provider?,
        proposals_max: proposals_max?,
        hold: TimeDelta::hours(hold_hours?),
        place: place?,
    };
    Some((session, questionnaire?))
}

fn minutes(reader: &mut Reader<'_>, hours: Option<&[Opening]>) -> Option<i64> {
    let minutes = reader.whole("minutes", 5..=480)?;
    let is_long_enough = |opening: &Opening| {
        minutes <= i64::from(opening.span.to.get()) - i64::from(opening.span.from.get())
    };
    if hours.is_some_and(|hours| !hours.iter().any(is_long_enough)) {
        reader.mistake("minutes", "`minutes`: no span in `[hours]` is long enough for a session");
        return None;
    }
    Some(minutes)
}

fn provider(reader: &mut Reader<'_>, staff: Option<&[Staff]>) -> Option<StaffId> {
    let id = reader.parsed("provider", AN_ID, |text| StaffId::parse(text).ok())?;
    let Some(staff) = staff else { return Some(id) };
    let words = match staff.iter().find(|somebody| somebody.id == id) {
        Some(somebody) if somebody.roles.contains(&Role::Provider) => return Some(id),
        Some(_) => format!("`provider`: add \"provider\" to the `roles` of \"{id}\" above"),
        None => {
            let ids = any_of(staff.iter().map(|staff| quoted(staff.id.as_str())));
            format!(
                "`provider` must be the id of one of the staff above: {ids}; here it is \"{id}\""
            )
        }
    };
    reader.mistake("provider", words);
    None
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
