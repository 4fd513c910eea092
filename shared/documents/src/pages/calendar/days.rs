//! The days of the calendar, and on each the times as chips to press.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{Slot, local_date};
use maud::{Markup, html};

use super::{CalendarPage, minutes};
use crate::{
    pages::words::lead,
    {place_of_zone, time},
};

/// The open times, day by day in the reader's zone.
pub(super) fn days(page: &CalendarPage<'_>, practice: Tz) -> Markup {
    let date = |slot: &Slot| local_date(page.zone, slot.start);
    let days = page.slots.chunk_by(|a, b| date(a) == date(b));
    let mut shown = page.slots.first().map(|slot| lead(slot.start, page.zone, practice));
    html! {
        div.days {
            @for day in days {
                @let difference = day.first().map(|slot| lead(slot.start, page.zone, practice));
                @let is_new = std::mem::replace(&mut shown, difference.clone()) != difference;
                (one_day(page, day, is_new.then_some((practice, difference.flatten()))))
            }
        }
    }
}

/// The days shown: `19 October – 1 November`.
pub(super) fn range(page: &CalendarPage<'_>) -> String {
    let date = |slot: &Slot| local_date(page.zone, slot.start).format("%-d %B").to_string();
    let first = page.slots.first().map(date);
    match (first, page.slots.last().map(date)) {
        (Some(first), Some(last)) if first != last => format!("{first} – {last}"),
        (Some(first), _) => first,
        (None, _) => format!("From {}", page.from.format("%-d %B")),
    }
}

/// One day; `clocks` tells how far apart the two clocks are from here on, if that changes.
fn one_day(page: &CalendarPage<'_>, day: &[Slot], clocks: Option<(Tz, Option<String>)>) -> Markup {
    let start = |slot: &Slot| slot.start.with_timezone(&page.zone);
    let Some(first) = day.first().map(start) else { return html! {} };
    html! {
        fieldset {
            legend { strong { (first.format("%A")) } " " span { (first.format("%-d %B")) } }
            @if let Some((practice, difference)) = clocks {
                @let difference = difference.as_deref().unwrap_or("the same as");
                p.hint { "Clocks change: from here on " (difference) " " (place_of_zone(practice)) "." }
            }
            div {
                @for slot in day { (chip(page, slot.start, &time(slot.start, page.zone))) }
            }
        }
    }
}

/// Times chosen on other pages, so that they can be seen and given up.
pub(super) fn elsewhere(page: &CalendarPage<'_>) -> Markup {
    let is_here = |at: &DateTime<Utc>| page.slots.iter().any(|slot| slot.start == *at);
    let chosen: Vec<_> =
        page.chosen.iter().filter(|at| !is_here(at) && !page.is_lost(**at)).collect();
    html! {
        @if !chosen.is_empty() {
            div.days.kept {
                fieldset {
                    legend { strong { "Chosen" } " " span { "on other days" } }
                    div {
                        @for at in chosen {
                            @let words = at.with_timezone(&page.zone).format("%a %-d %b, %H:%M");
                            (chip(page, *at, &words.to_string()))
                        }
                    }
                }
            }
        }
    }
}

fn chip(page: &CalendarPage<'_>, at: DateTime<Utc>, words: &str) -> Markup {
    html! {
        label {
            input type="checkbox" name="t" value=(minutes(at)) checked[page.chosen.contains(&at)];
            (words)
        }
    }
}
