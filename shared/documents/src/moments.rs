//! Dates and times as people read them, in the reader's zone.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// `Tuesday 24 November 2026`.
pub fn date(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%A %-d %B %Y").to_string()
}

/// `15:30`.
pub fn time(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

/// `Tuesday 24 November 2026, 15:30`.
pub fn date_time(at: DateTime<Utc>, zone: Tz) -> String {
    format!("{}, {}", date(at, zone), time(at, zone))
}

/// The zone's city: `Buenos Aires`.
pub(crate) fn city_of_zone(zone: Tz) -> String {
    let name = zone.name();
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}

/// The zone's city, as in `Lisbon time`.
pub fn place_of_zone(zone: Tz) -> String {
    let city = city_of_zone(zone);
    if city == "UTC" { city } else { format!("{city} time") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_in_the_readers_zone() {
        let at = DateTime::parse_from_rfc3339("2026-11-24T23:30:00Z").unwrap().to_utc();
        assert_eq!(date_time(at, chrono_tz::Europe::Lisbon), "Tuesday 24 November 2026, 23:30");
        assert_eq!(date_time(at, chrono_tz::Asia::Kolkata), "Wednesday 25 November 2026, 05:00");
        assert_eq!(place_of_zone(chrono_tz::America::Argentina::Buenos_Aires), "Buenos Aires time");
    }
}
