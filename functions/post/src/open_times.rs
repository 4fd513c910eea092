//! The times that a letter names to whoever was declined.
//!
//! They are the ones that the calendar would show at this moment, and nobody holds them: the
//! letter leads to the calendar, where they can be asked for.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ClientFile, Handbook, Letter, LetterKind, Roster, one_each_day};
use shell::{Problem, Shell};
use store::{Loaded, Want};

/// How many are named.
const TIMES_MAX: usize = 3;

/// How far ahead they are looked for, so that the look is one of a few sheets.
const AHEAD: TimeDelta = TimeDelta::days(14);

/// What a letter must be loaded with besides the file.
pub(crate) fn want(handbook: &Handbook, letter: &Letter) -> Want {
    if letter.kind != LetterKind::Declined {
        return Want::default();
    }
    let providers = handbook.calendars.iter().map(|calendar| calendar.provider.clone());
    Want { elsewhere_of: providers.collect(), ..Want::default() }
}

/// The next open times, on different days of the client's own; none for any other letter.
pub(crate) async fn next(
    shell: &Shell,
    handbook: &Handbook,
    file: &ClientFile,
    letter: &Letter,
    loaded: Loaded,
    now: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, Problem> {
    if letter.kind != LetterKind::Declined {
        return Ok(vec![]);
    }
    let roster = Roster::of(handbook, handbook.session(&file.session), None);
    let range = now..now + AHEAD;
    let days = roster.sheet_days(&(range.start..=range.end));
    let mut sheets = loaded.sheets;
    for provider in roster.providers() {
        let own = shell.store.sheets(&handbook.practice.id, provider, days.clone()).await?;
        sheets = own.join(sheets);
    }
    let offers = roster.offers(&sheets, &file.id, now, &range);
    let zone = file.zone.unwrap_or(handbook.practice.zone);
    Ok(one_each_day(offers.iter().map(|offer| offer.slot.start), zone, TIMES_MAX))
}
