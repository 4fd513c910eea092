//! `[limits]`: how much the calendar takes at most.

use chrono::TimeDelta;
use domain::{InARow, Limits, Quota};

use crate::reader::Reader;

/// The keys of one period: how many sessions, and how many minutes of them.
type Keys = (&'static str, &'static str);

const DAY: Keys = ("sessions_a_day", "minutes_a_day");
const WEEK: Keys = ("sessions_a_week", "minutes_a_week");
const MONTH: Keys = ("sessions_a_month", "minutes_a_month");

/// Reads the limits; a bad one is none, and a mistake.
pub(crate) fn read(reader: &mut Reader<'_>) -> Limits {
    let day = quota(reader, DAY, 1);
    let week = quota(reader, WEEK, 7);
    let month = quota(reader, MONTH, 31);
    Limits { day, week, month, in_a_row: in_a_row(reader) }
}

fn quota(reader: &mut Reader<'_>, (sessions, minutes): Keys, days: i64) -> Quota {
    let most_sessions = usize::try_from(days * 100).unwrap_or(usize::MAX);
    let sessions = reader.whole_if_any(sessions, 1..=most_sessions);
    let minutes = reader.whole_if_any(minutes, 5..=days * 24 * 60);
    Quota { sessions, length: minutes.map(TimeDelta::minutes) }
}

const ROW: &str = "in_a_row";
const PAUSE: &str = "pause_minutes";

fn in_a_row(reader: &mut Reader<'_>) -> Option<InARow> {
    if reader.has(ROW) && !reader.has(PAUSE) {
        let words = "`in_a_row` needs `pause_minutes`: how long the pause after them must be";
        reader.mistake(ROW, words);
    }
    if reader.has(PAUSE) && !reader.has(ROW) {
        let words = "`pause_minutes` needs `in_a_row`: after how many sessions the pause comes";
        reader.mistake(PAUSE, words);
    }
    let sessions = reader.whole_if_any(ROW, 1..=50);
    let pause = reader.whole_if_any(PAUSE, 5..=480).map(TimeDelta::minutes);
    sessions.zip(pause).map(|(sessions, pause)| InARow { sessions, pause })
}
