//! Whatever is in a feed: it is read or refused, and what is read is in order.

#![no_main]

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use libfuzzer_sys::fuzz_target;

/// Zones with clocks that change by an hour, by half an hour, at midnight, and never.
const ZONES: [Tz; 6] = [
    Tz::Europe__Lisbon,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Africa__Cairo,
    Tz::Pacific__Apia,
    Tz::Asia__Kathmandu,
];

fuzz_target!(|feed: &[u8]| {
    let zone = ZONES[feed.len() % ZONES.len()];
    // From the 20th of October to the 4th of December 2026: the clocks change in most zones.
    let start = DateTime::<Utc>::from_timestamp(1_792_454_400, 0).expect("an instant");
    let window = start..start + TimeDelta::days(45);
    let Ok(busy) = feeds::read(feed, zone, window.clone()) else { return };
    for span in &busy.spans {
        assert!(span.start < span.end, "a span takes time");
        assert!(span.start < window.end && window.start < span.end, "it meets the window");
    }
    assert!(busy.spans.is_sorted_by(|one, next| one.end < next.start), "in order and apart");
    assert!(busy.warnings.is_sorted_by(|one, next| one < next), "each warning once");
    for warning in &busy.warnings {
        let words = warning.to_string();
        assert!(words.chars().count() < 200 && !words.contains(char::is_control), "{words:?}");
    }
});
