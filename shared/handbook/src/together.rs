//! Whether those who give a session together are ever there at the same time.

use chrono::{Datelike as _, NaiveDate, Weekday};
use domain::{Calendar, StaffId, TimeSpan};

/// A day of every week, or one date.
#[derive(Debug, Clone, Copy)]
enum Day {
    Of(Weekday),
    On(NaiveDate),
}

/// Whether on some day one of each part is there for so many minutes on end. Days off and journeys
/// are passed over: they end.
pub(crate) fn can_meet(parts: &[Vec<StaffId>], minutes: i64, calendars: &[Calendar]) -> bool {
    let of = |part: &Vec<StaffId>| -> Vec<&Calendar> {
        calendars.iter().filter(|calendar| part.contains(&calendar.provider)).collect()
    };
    let parts: Vec<Vec<&Calendar>> = parts.iter().map(of).collect();
    let is_there = |part: &Vec<&Calendar>, day: Day, from: u16| {
        let holds = |span: TimeSpan| {
            let end = i64::from(from) + minutes;
            span.from.get() <= from && end <= i64::from(span.to.get())
        };
        part.iter().any(|calendar| open_on(calendar, day).into_iter().any(holds))
    };
    // Where all are there at all, they are there when the last of them has come.
    let mut beginnings = parts.iter().flatten().flat_map(|calendar| beginnings(calendar));
    beginnings.any(|(day, from)| parts.iter().all(|part| is_there(part, day, from)))
}

/// When a calendar opens.
fn beginnings(calendar: &Calendar) -> impl Iterator<Item = (Day, u16)> {
    let weekly = calendar.hours.iter();
    let weekly = weekly.map(|opening| (Day::Of(opening.day), opening.span.from.get()));
    let dated = calendar
        .overrides
        .iter()
        .flat_map(|one| one.open.iter().map(|span| (Day::On(one.date), span.from.get())));
    weekly.chain(dated)
}

fn open_on(calendar: &Calendar, day: Day) -> Vec<TimeSpan> {
    let weekly = |day: Weekday| {
        let openings = calendar.hours.iter().filter(|opening| opening.day == day);
        openings.map(|opening| opening.span).collect()
    };
    match day {
        Day::Of(day) => weekly(day),
        Day::On(date) => match calendar.overrides.iter().find(|one| one.date == date) {
            Some(own) => own.open.clone(),
            None => weekly(date.weekday()),
        },
    }
}
