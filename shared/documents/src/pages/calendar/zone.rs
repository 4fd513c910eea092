//! Whose clock the times are in: the reader's, with the practice's beside it, and how to change it.

use chrono::{DateTime, NaiveTime, Offset as _, Utc};
use chrono_tz::Tz;
use domain::Handbook;
use maud::{Markup, html};

use super::CalendarPage;
use crate::{city_of_zone, pages::words::lead, place_of_zone};

/// The sentence, and folded under it the choice.
pub(super) fn zone_switch(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    let at = moment_shown(page);
    html! {
        div.zone {
            p { "All times are in " (beside(at, page.zone, handbook.practice.zone)) "." }
            details {
                summary { "Change the zone" }
                p {
                    label for="zone" { "Your zone" }
                    select #zone name="zone" {
                        @for zone in from_west_to_east(page, at) {
                            option value=(zone.name()) selected[zone == page.zone] {
                                (city_of_zone(zone)) " (" (offset_in_words(at, zone)) ")"
                            }
                        }
                    }
                    button.quiet name="day" value=(page.day.unwrap_or(page.from)) { "Show in this zone" }
                }
            }
        }
    }
}

/// When the difference between the two clocks is looked at: on the day that is shown.
fn moment_shown(page: &CalendarPage<'_>) -> DateTime<Utc> {
    let first = page.day.and_then(|day| page.slots_of(day).next());
    first.map_or_else(|| page.from.and_time(NaiveTime::MIN).and_utc(), |slot| slot.start)
}

fn beside(at: DateTime<Utc>, zone: Tz, practice: Tz) -> Markup {
    let difference = lead(at, zone, practice).unwrap_or_else(|| "the same as".to_owned());
    html! {
        strong { (place_of_zone(zone)) }
        @if zone != practice { ", " (difference) " " (place_of_zone(practice)) }
        ", where we are"
    }
}

fn from_west_to_east(page: &CalendarPage<'_>, at: DateTime<Utc>) -> Vec<Tz> {
    let mut zones = page.zones.to_vec();
    if !zones.contains(&page.zone) {
        zones.push(page.zone);
    }
    zones.sort_by_key(|zone| seconds_ahead(at, *zone));
    zones
}

/// How far the zone's clock is ahead of UTC.
fn seconds_ahead(at: DateTime<Utc>, zone: Tz) -> i32 {
    at.with_timezone(&zone).offset().fix().local_minus_utc()
}

/// `UTC−5`, `UTC+5:45`.
fn offset_in_words(at: DateTime<Utc>, zone: Tz) -> String {
    let seconds = seconds_ahead(at, zone);
    let sign = if seconds < 0 { '−' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() % 3600 / 60);
    if minutes == 0 {
        format!("UTC{sign}{hours}")
    } else {
        format!("UTC{sign}{hours}:{minutes:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_as_people_write_them() {
        use chrono_tz::{America::New_York, America::St_Johns, Asia::Kathmandu, Europe::Lisbon};
        let at = DateTime::parse_from_rfc3339("2026-11-24T12:00:00Z").unwrap().to_utc();
        let words = [New_York, St_Johns, Lisbon, Kathmandu].map(|zone| offset_in_words(at, zone));
        assert_eq!(words.join(" "), "UTC−5 UTC−3:30 UTC+0 UTC+5:45");
    }
}
