//! The weeks ahead at a glance: which days have open times, and how much room there is.
//!
//! Whole weeks rather than a calendar's month: towards the end of a month nobody looks at a page of
//! days that are over, and the usual four weeks of booking stand on one page.

use chrono::{Datelike as _, Days, NaiveDate};
use maud::{Markup, html};

use super::{CalendarPage, day::label};

/// A day with fewer open times has one dot under it, then two; from the last on three.
const ROOM: [usize; 2] = [3, 6];

/// The grid of days, and the way to other weeks.
pub(super) fn month(page: &CalendarPage<'_>) -> Markup {
    html! {
        div.month {
            a.skip href="#times" { "To the times" }
            table {
                caption { (title(page)) }
                thead {
                    tr { @for day in week_from(page.from) { th scope="col" abbr=(day.format("%A")) { (day.format("%a")) } } }
                }
                tbody {
                    @for monday in page.from.iter_weeks().take_while(|monday| *monday <= page.to) {
                        tr { @for day in week_from(monday) { (cell(page, day)) } }
                    }
                }
            }
            @if page.earlier.is_some() || page.later.is_some() {
                nav.turning aria-label="Other weeks" {
                    @if let Some(earlier) = page.earlier {
                        button.quiet #earlier name="day" value=(earlier) { "Earlier weeks" }
                    }
                    @if let Some(later) = page.later {
                        button.quiet #later name="day" value=(later) { "Later weeks" }
                    }
                }
            }
        }
    }
}

/// `November 2026`, `November – December 2026`.
fn title(page: &CalendarPage<'_>) -> String {
    let (from, to) = (page.from, page.to);
    let last = to.format("%B %Y");
    if (from.year(), from.month()) == (to.year(), to.month()) {
        return last.to_string();
    }
    let first = from.format(if from.year() == to.year() { "%B" } else { "%B %Y" });
    format!("{first} – {last}")
}

fn week_from(monday: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    (0..7).map(move |days| monday + Days::new(days))
}

/// One day; the months are named where they begin.
fn cell(page: &CalendarPage<'_>, day: NaiveDate) -> Markup {
    let is_named = day == page.from || day.day() == 1;
    let open = page.slots_of(day).count();
    let room = 1 + ROOM.iter().filter(|enough| **enough <= open).count();
    let current = (page.day == Some(day)).then_some("true");
    html! {
        td aria-current=[(page.today == day).then_some("date")] {
            @if is_named { small { (day.format("%b")) } " " }
            @if open == 0 {
                span { (day.day()) }
            } @else {
                button name="day" value=(day) data-room=(room) aria-label=(label(page, day)) aria-current=[current] {
                    (day.day())
                }
            }
        }
    }
}
