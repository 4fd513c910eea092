//! The addresses under which phones read the calendar: made, listed and ended.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use documents::{
    Addresses,
    pages::desk::{self, PhoneLine},
};
use shell::{FormText, Page, Problem, Shell};
use store::PhoneFeedLink;

use crate::session::AtDesk;

/// Shows the addresses.
pub(crate) async fn show(State(shell): State<Shell>, at_desk: AtDesk) -> Result<Page, Problem> {
    let practice = &at_desk.0.practice;
    let addresses = Addresses::of(practice);
    let line = |feed: PhoneFeedLink| {
        let path = addresses.phone_feed(&shell.phone_feed_link(practice, &feed.id));
        let by = at_desk.0.handbook.staff(&feed.by);
        PhoneLine {
            address: Addresses::absolute(&shell.origin, &path),
            of: at_desk.calendar_of(&feed.provider),
            names: feed.names,
            by: by.map_or_else(|| feed.by.to_string(), |staff| staff.name.first().to_owned()),
            since: feed.since,
            id: feed.id,
        }
    };
    let lines: Vec<PhoneLine> =
        shell.store.phone_feeds(practice).await?.into_iter().map(line).collect();
    Ok(Page(at_desk.page(&shell, None, |page| {
        desk::phone(page, &lines, at_desk.own_calendar()).into_string()
    })))
}

/// Makes an address, or ends one.
pub(crate) async fn change(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    form: FormText,
) -> Result<Response, Problem> {
    at_desk.check(&shell, &form)?;
    let practice = &at_desk.0.practice;
    let ended = form.text("end");
    if ended.is_empty() {
        let feed = PhoneFeedLink {
            // The same press twice makes one address.
            id: shell.links.word(&["phone feed id", practice.as_str(), form.key()?.as_str()]),
            provider: at_desk.provider_named(form.text("provider"))?.clone(),
            names: form.text("titles") == "names",
            by: at_desk.0.staff.id.clone(),
            since: shell.now(),
        };
        shell.store.put_phone_feed(practice, &feed).await?;
    } else {
        shell.store.end_phone_feed(practice, ended).await?;
    }
    Ok(Redirect::to(&Addresses::of(practice).desk_phone()).into_response())
}
