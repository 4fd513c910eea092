//! Calendars on phones and elsewhere, and changes of the handbook, for tests and to look at.

use chrono::TimeDelta;

use super::{HandbookChangeLine, OtherLine, PhoneLine, sample::at};

/// A change at the desk, and the folder's first handbook.
pub(crate) fn changes() -> Vec<HandbookChangeLine> {
    let line = |version: &str, time: &str, by: &str| HandbookChangeLine {
        version: version.into(),
        at: at(time),
        by: by.into(),
    };
    vec![
        line("3f2a9c41d07b6e58", "23T21:04", "Mara Lindqvist"),
        line("90ab12cd34ef5678", "12T09:00", "from the folder"),
    ]
}

/// Two addresses that phones read.
pub(crate) fn phones() -> Vec<PhoneLine> {
    let line = |id: &str, names, by: &str| PhoneLine {
        of: None,
        id: id.into(),
        address: format!(
            "https://book.example.org/harbour/feed/{id}.8f2c41d07b6e583f2a9c41d07b6e58/calendar.ics"
        ),
        names,
        by: by.into(),
        since: at("20T19:30"),
    };
    vec![line("f1", false, "Mara"), line("f2", true, "Tomás")]
}

/// Three other calendars: well, with a warning, silent.
pub(crate) fn other_calendars() -> Vec<OtherLine> {
    let line = |id: &str, name: &str, is_silent, troubles: &[&str]| OtherLine {
        of: None,
        id: id.into(),
        name: name.into(),
        host: "calendar.example.com".into(),
        read_at: if is_silent { at("22T09:00") } else { at("24T08:50") },
        grace: TimeDelta::hours(24),
        is_silent,
        troubles: troubles.iter().map(|trouble| (*trouble).to_owned()).collect(),
    };
    vec![
        line("o1", "My own", false, &[]),
        line(
            "o2",
            "The choir",
            false,
            &["The zone \"Custom 1\" is unknown; the practice's zone was used."],
        ),
        line(
            "o3",
            "<b>Family</b>",
            true,
            &[
                "The calendar at calendar.example.com took longer than two seconds to come: please try again later.",
            ],
        ),
    ]
}
