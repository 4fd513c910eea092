//! The times of one day as chips to press, and those that were chosen on other days.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{Handbook, Slot, local_date};
use maud::{Markup, html};

use super::{CalendarPage, minutes};
use crate::{
    pages::words::{lead, span},
    {place_of_zone, time},
};

/// The open times of the day that is shown.
pub(super) fn times_of_day(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    let Some(day) = page.day else { return html! {} };
    let slots: Vec<Slot> = page.slots_of(day).collect();
    html! {
        fieldset.times {
            legend { strong { (day.format("%A")) } " " span { (day.format("%-d %B")) } }
            p.hint { (how_many(slots.len())) ", " (span(page.session.length)) " each" }
            @if let Some(words) = changed_clocks(handbook, page, &slots) { p.hint { (words) } }
            div { @for slot in &slots { (chip(page, slot.start, &time(slot.start, page.zone))) } }
        }
        (days_beside(page, day))
    }
}

/// `Tuesday 24 November, 6 open times`.
pub(super) fn label(page: &CalendarPage<'_>, day: NaiveDate) -> String {
    format!("{}, {}", day.format("%A %-d %B"), how_many(page.slots_of(day).count()))
}

/// `1 open time`, `6 open times`.
fn how_many(count: usize) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} open time{ending}")
}

/// What is to be known where the clocks stand otherwise than on the first day of this page.
fn changed_clocks(handbook: &Handbook, page: &CalendarPage<'_>, slots: &[Slot]) -> Option<String> {
    let practice = handbook.practice.zone;
    let (first, here) = (page.slots.first()?, slots.first()?);
    let [then, now] = [first, here].map(|slot| lead(slot.start, page.zone, practice));
    let difference = now.clone().unwrap_or_else(|| "the same as".to_owned());
    let place = place_of_zone(practice);
    (then != now).then(|| format!("The clocks change before this day: {difference} {place}."))
}

/// The open days before and after, so that nobody has to go back to the month for the next one.
fn days_beside(page: &CalendarPage<'_>, day: NaiveDate) -> Markup {
    let dates = || page.slots.iter().map(|slot| local_date(page.zone, slot.start));
    let (before, after) = (dates().rfind(|date| *date < day), dates().find(|date| day < *date));
    html! {
        @if before.is_some() || after.is_some() {
            nav.turning aria-label="Other open days" {
                @if let Some(before) = before {
                    button.quiet #day-before name="day" value=(before) {
                        span aria-hidden="true" { "←" } " " (before.format("%a %-d %b"))
                    }
                }
                @if let Some(after) = after {
                    button.quiet #day-after name="day" value=(after) {
                        (after.format("%a %-d %b")) " " span aria-hidden="true" { "→" }
                    }
                }
            }
        }
    }
}

/// Times chosen on other days, so that they can be seen and given up.
pub(super) fn chosen_elsewhere(page: &CalendarPage<'_>) -> Markup {
    let is_here = |at: DateTime<Utc>| page.day == Some(local_date(page.zone, at));
    let chosen: Vec<_> = page.chosen.iter().filter(|at| !is_here(**at)).collect();
    html! {
        @if !chosen.is_empty() {
            fieldset.times.kept {
                legend { strong { "Chosen" } " " span { "on other days" } }
                div { @for at in chosen { (dated_chip(page, *at)) } }
            }
        }
    }
}

/// A time to choose, with its day.
pub(super) fn dated_chip(page: &CalendarPage<'_>, at: DateTime<Utc>) -> Markup {
    let words = at.with_timezone(&page.zone).format("%a %-d %b, %H:%M");
    chip(page, at, &words.to_string())
}

fn chip(page: &CalendarPage<'_>, at: DateTime<Utc>, words: &str) -> Markup {
    let place = page.chosen.iter().position(|chosen| *chosen == at);
    let rank = place.filter(|_| 1 < page.most).map(|place| place + 1);
    html! {
        label data-rank=[rank] {
            input type="checkbox" name="t" value=(minutes(at)) checked[place.is_some()];
            (words)
        }
    }
}
