//! Numbers, spans and moments in the words of the visitors' pages.

use chrono::{DateTime, Offset as _, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::Slot;
use maud::{Markup, html};

use crate::{date, place_of_zone, time, web_address::next_web_address};

/// `three`, up to ten; digits beyond.
pub(super) fn number(count: usize) -> String {
    let words =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    words.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// `three times`, `one time`.
pub(super) fn times(count: usize) -> String {
    if count == 1 { "one time".into() } else { format!("{} times", number(count)) }
}

/// `1st`, `2nd`, `3rd`.
pub(super) fn ordinal(place: usize) -> String {
    let ending = match (place % 10, place % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        (_, _) => "th",
    };
    format!("{place}{ending}")
}

/// `50 minutes`, `24 hours`, `3 days`.
pub(super) fn span(length: TimeDelta) -> String {
    let (minutes, hours) = (length.num_minutes(), length.num_hours());
    let (count, unit) = match () {
        () if minutes % 60 != 0 => (minutes, "minute"),
        () if hours % 24 != 0 || hours < 48 => (hours, "hour"),
        () => (hours / 24, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// What `zone` shows relative to `other` at that instant: `5 hours behind`; none if the same.
pub(super) fn lead(at: DateTime<Utc>, zone: Tz, other: Tz) -> Option<String> {
    let seconds = |zone: Tz| at.with_timezone(&zone).offset().fix().local_minus_utc();
    let difference = seconds(zone) - seconds(other);
    let (hours, minutes) = (difference.abs() / 3600, difference.abs() % 3600 / 60);
    let side = if difference < 0 { "behind" } else { "ahead of" };
    match (hours, minutes) {
        (0, 0) => None,
        (0, minutes) => Some(format!("{minutes} minutes {side}")),
        (1, 0) => Some(format!("1 hour {side}")),
        (hours, 0) => Some(format!("{hours} hours {side}")),
        (hours, minutes) => Some(format!("{hours} h {minutes} min {side}")),
    }
}

/// One time as a block to read: the day, from when to when, and where that clock hangs.
pub(super) fn moment(slot: Slot, zone: Tz, practice: Tz) -> Markup {
    let there = lead(slot.start, zone, practice).map(|_| {
        let place = place_of_zone(practice);
        if date(slot.start, zone) == date(slot.start, practice) {
            format!("{} {place}", time(slot.start, practice))
        } else {
            let day = slot.start.with_timezone(&practice).format("%a %-d %b, %H:%M");
            format!("{day} {place}")
        }
    });
    html! {
        span.moment {
            span.day { (date(slot.start, zone)) }
            " "
            span.clock { (time(slot.start, zone)) "–" (time(slot.end, zone)) }
            " "
            span.hint {
                (place_of_zone(zone))
                @if let Some(there) = there { " · " (there) }
            }
        }
    }
}

/// The first web address in a text.
pub(super) fn first_link(text: &str) -> Option<&str> {
    next_web_address(text).map(|(_, address, _)| address)
}

/// A text in which web addresses are links.
pub(super) fn linked(text: &str) -> Markup {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, address, after)) = next_web_address(rest) {
        parts.push((before, address));
        rest = after;
    }
    html! {
        @for (before, address) in parts { (before) a href=(address) { (address) } }
        (rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_naturally() {
        for (minutes, words) in [
            (1, "1 minute"),
            (50, "50 minutes"),
            (60, "1 hour"),
            (90, "90 minutes"),
            (24 * 60, "24 hours"),
            (36 * 60, "36 hours"),
            (72 * 60, "3 days"),
        ] {
            assert_eq!(span(TimeDelta::minutes(minutes)), words);
        }
    }

    #[test]
    fn places_in_an_order() {
        let places = [1, 2, 3, 4, 11, 12, 13, 21, 22].map(ordinal);
        assert_eq!(places.join(" "), "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd");
    }

    #[test]
    fn one_clock_beside_another() {
        use chrono_tz::{America::New_York, Asia::Kathmandu, Europe::Lisbon};
        let at = DateTime::parse_from_rfc3339("2026-10-30T12:00:00Z").unwrap().to_utc();
        assert_eq!(lead(at, New_York, Lisbon).as_deref(), Some("4 hours behind"));
        assert_eq!(lead(at, Kathmandu, Lisbon).as_deref(), Some("5 h 45 min ahead of"));
        assert_eq!(lead(at, Lisbon, chrono_tz::Europe::London), None);
    }
}
