//! Keeping time free of sessions, and giving it back.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use documents::Addresses;
use domain::{BlockId, Note, Slot, local_date};
use shell::{FormText, Problem, Shell, Stretch, form_instant};

use crate::{local_start, session::AtDesk};

/// Does what the form of the calendar's day says.
pub(crate) async fn change(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    form: FormText,
) -> Result<Response, Problem> {
    at_desk.check(&shell, &form)?;
    let signed_in = &at_desk.0;
    let zone = signed_in.handbook.practice.zone;
    let is_keeping = form.text("block").is_empty();
    let (slot, id) = if is_keeping {
        let start = local_start::read(&form, ("date", "from"), zone)?;
        let end = local_start::read(&form, ("last", "to"), zone)?;
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
        let why = Note::parse(form.text("note"))
            .map_err(|error| Problem::Form(format!("Please go back: {error}.")))?;
        shell.keep_free(&stretch, &why).await?;
    } else {
        shell.give_back(&stretch).await?;
    }
    let calendar = Addresses::of(&signed_in.practice).desk_calendar();
    let day = local_date(zone, slot.start);
    let address = format!("{calendar}?day={day}&provider={}", stretch.provider);
    Ok(Redirect::to(&address).into_response())
}
