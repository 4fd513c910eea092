//! `[rules]`: how the funnel runs.

use chrono::TimeDelta;
use domain::{Approval, Cadence, CalendarAfter, CutOff, CutOffs, MinuteOfDay, Rules, TimeSpan};

use crate::reader::{Reader, whole_in};

/// Reads the rules; proposed times are held for `hold`, if that could be read.
pub(crate) fn read(reader: &mut Reader<'_>, hold: Option<TimeDelta>) -> Option<Rules> {
    let calendar_after = reader.word(
        "calendar_after",
        &[("questionnaire", CalendarAfter::Questionnaire), ("reading", CalendarAfter::Reading)],
    );
    let approval =
        reader.word("approval", &[("staff", Approval::Staff), ("automatic", Approval::Automatic)]);
    let cut_offs = cut_offs(reader);
    let staff_reminder = staff_reminder(reader, hold);
    let questionnaire_nudges = nudges(reader, "questionnaire_nudge_days");
    let times_nudges = nudges(reader, "times_nudge_days");
    let task_after_days = reader.whole("task_after_days", 1..=365);
    let agenda_at = time(reader, "agenda_at");
    let day_before_at = time(reader, "day_before_at");
    let nudges_between = nudges_between(reader);
    let task_after = TimeDelta::days(task_after_days?);
    Some(Rules {
        calendar_after: calendar_after?,
        approval: approval?,
        cut_offs: cut_offs?,
        staff_reminder: staff_reminder?,
        questionnaire_nudges: Cadence { nudges_after: questionnaire_nudges?, task_after },
        times_nudges: Cadence { nudges_after: times_nudges?, task_after },
        agenda_at: agenda_at?,
        day_before_at: day_before_at?,
        nudges_between: nudges_between?,
    })
}

/// All four may be left out: then the beginning of the call is the only end.
fn cut_offs(reader: &mut Reader<'_>) -> Option<CutOffs> {
    let mut hours = |key| reader.whole_or(key, 0..=720, 0).map(TimeDelta::hours);
    let client_cancel = hours("client_cancel_hours");
    let client_move = hours("client_move_hours");
    let staff_cancel = hours("staff_cancel_hours");
    let staff_move = hours("staff_move_hours");
    Some(CutOffs {
        client: CutOff { cancel: client_cancel?, reschedule: client_move? },
        staff: CutOff { cancel: staff_cancel?, reschedule: staff_move? },
    })
}

fn staff_reminder(reader: &mut Reader<'_>, hold: Option<TimeDelta>) -> Option<TimeDelta> {
    let after = TimeDelta::hours(reader.whole("staff_reminder_hours", 1..=168)?);
    if hold.is_some_and(|hold| hold <= after) {
        let words = "`staff_reminder_hours` must be less than `hold_hours`: \
            later there is nothing left to approve";
        reader.mistake("staff_reminder_hours", words);
        return None;
    }
    Some(after)
}

const NUDGES_MAX: usize = 9;

fn nudges(reader: &mut Reader<'_>, key: &'static str) -> Option<Vec<TimeDelta>> {
    let must_be = "whole numbers of days from 1 to 365";
    let days = reader.list(key, 0..=NUDGES_MAX, must_be, |value| whole_in(value, &(1..=365)))?;
    let mut is_rising = true;
    for (earlier, later) in days.iter().zip(days.iter().skip(1)) {
        if later.get_ref() <= earlier.get_ref() {
            let words = format!("`{key}` must rise: each number is greater than the one before");
            reader.mistake_at(later, words);
            is_rising = false;
        }
    }
    is_rising.then(|| days.into_iter().map(|days| TimeDelta::days(days.into_inner())).collect())
}

const A_TIME: &str = "a time of day like \"09:30\"";

fn time(reader: &mut Reader<'_>, key: &'static str) -> Option<MinuteOfDay> {
    let is_in_day = |time: &MinuteOfDay| time.get() < 24 * 60;
    reader.parsed(key, A_TIME, |text| MinuteOfDay::parse(text).filter(is_in_day))
}

fn nudges_between(reader: &mut Reader<'_>) -> Option<TimeSpan> {
    let key = "nudges_between";
    let times = reader.list(key, 2..=2, "two times of day like \"09:30\"", |value| {
        MinuteOfDay::parse(value.as_str()?)
    })?;
    let [from, to] = times.as_slice() else { return None };
    let span = TimeSpan { from: *from.get_ref(), to: *to.get_ref() };
    if span.to <= span.from {
        reader.mistake_at(to, format!("`{key}`: the second time must be later than the first"));
        return None;
    }
    Some(span)
}
