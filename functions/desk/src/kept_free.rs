//! Keeping time free of sessions, and giving it back.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::NaiveDate;
use documents::{Addresses, pages::desk::SentBack};
use domain::{BlockId, Note, SessionTypeId, Slot, local_date};
use shell::{FormText, Problem, Shell, Stretch, form_instant, sentence};

use crate::{
    calendar, local_start,
    session::{After, AtDesk},
};

/// Does what the form of the calendar's day says.
pub(crate) async fn change(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    form: FormText,
) -> Result<Response, Problem> {
    at_desk.check(&shell, &form)?;
    let day = match keep_or_give_back(&shell, &at_desk, &form).await {
        Ok(day) => day,
        Err(problem) => {
            let (status, words) = problem.about_form()?;
            let fields = form.clone().into_fields();
            let sent_back = Some(SentBack { form: "keep-free", fields: &fields, words: &words });
            let after = After { sent_back, notice: None };
            let page = calendar::page(&shell, &at_desk, form.text("date"), &form, after).await?;
            return Ok((status, page).into_response());
        }
    };
    let calendar = Addresses::of(&at_desk.0.practice).desk_calendar();
    let provider = at_desk.provider_named(form.text("provider"))?;
    let done = if form.text("block").is_empty() { "keep-free" } else { "give-back" };
    let session = SessionTypeId::parse(form.text("session")).ok();
    let session = session.map_or(String::new(), |session| format!("&session={session}"));
    let address = format!("{calendar}?day={day}&provider={provider}{session}&done={done}");
    Ok(Redirect::to(&address).into_response())
}

/// Keeps a stretch free or gives it back; answers the day it begins on.
async fn keep_or_give_back(
    shell: &Shell,
    at_desk: &AtDesk,
    form: &FormText,
) -> Result<NaiveDate, Problem> {
    let signed_in = &at_desk.0;
    let zone = signed_in.handbook.practice.zone;
    let is_keeping = form.text("block").is_empty();
    let (slot, id) = if is_keeping {
        let start = local_start::read(form, ("date", "from"), zone)?;
        let end = local_start::read(form, ("last", "to"), zone)?;
        (Slot { start, end }, BlockId::parse(form.key()?.as_str()))
    } else {
        let instant = |name| form_instant(form.text(name)).ok_or(Problem::NotFound);
        let slot = Slot { start: instant("start")?, end: instant("end")? };
        (slot, BlockId::parse(form.text("block")))
    };
    let stretch = Stretch {
        practice: signed_in.practice.clone(),
        handbook: Arc::clone(&signed_in.handbook),
        provider: at_desk.provider_named(form.text("provider"))?.clone(),
        slot,
        id: id.map_err(|_| Problem::NotFound)?,
    };
    if is_keeping {
        let why = Note::parse(form.text("note"));
        let why = why.map_err(|error| Problem::Form(sentence(&error.to_string())))?;
        shell.keep_free(&stretch, &why).await?;
    } else {
        shell.give_back(&stretch).await?;
    }
    Ok(local_date(zone, slot.start))
}
