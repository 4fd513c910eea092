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
    let all = || parts.iter().flatten();
    let week = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ())).take(7);
    let dates = all().flat_map(|calendar| &calendar.overrides).map(|one| Day::On(one.date));
    let mut days = week.map(Day::Of).chain(dates);
    // Where all are there at all, they are there when the last of them has come.
    days.any(|day| {
        let mut beginnings = all().flat_map(|calendar| open_on(calendar, day));
        beginnings.any(|span| parts.iter().all(|part| is_there(part, day, span.from.get())))
    })
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
