//! The calendar as phones read it.

use axum::{
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use chrono::Days;
use documents::{PhoneFeed, phone_feed};
use domain::{ClientId, Taken};
use shell::{Problem, Shell, practice_path};

/// How many days back a phone sees.
const DAYS_BACK: u64 = 30;

/// How many days ahead.
const DAYS_AHEAD: u64 = 370;

/// Everything booked and kept free, to whoever holds the link.
pub(crate) async fn read(
    State(shell): State<Shell>,
    Path((practice, link)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let practice = practice_path(&practice)?;
    let handbook = shell.handbook_at_the_door(&practice).await?;
    let id = shell.read_phone_feed_link(&practice, &link).ok_or(Problem::NotFound)?;
    let feed = shell.store.phone_feed(&practice, &id).await?.ok_or(Problem::NotFound)?;
    let now = shell.now();
    let today = now.date_naive();
    let days = today - Days::new(DAYS_BACK)..=today + Days::new(DAYS_AHEAD);
    let sheets = shell.store.sheets(&practice, &feed.provider, days).await?;
    let live = sheets.iter().flat_map(|sheet| &sheet.taken).filter(|taken| taken.is_live(now));
    let mut taken: Vec<Taken> = live.cloned().collect();
    taken.sort_by_key(|taken| taken.slot);
    taken.dedup();
    let mut clients: Vec<ClientId> =
        taken.iter().filter_map(|taken| taken.booked_by().cloned()).collect();
    clients.sort_unstable();
    clients.dedup();
    let named = if feed.names { shell.store.files(&practice, &clients).await? } else { vec![] };
    let ics = phone_feed(&PhoneFeed { handbook: &handbook, taken: &taken, named: &named, now });
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, max-age=300"),
    ];
    Ok((headers, ics))
}
