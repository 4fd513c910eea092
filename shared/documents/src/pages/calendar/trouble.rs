//! What was wrong with the last attempt; in place of a lost time, the nearest that are open.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{CalendarPage, day::dated_chip};
use crate::date_time;

/// Why the calendar is shown once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// These of the chosen times are gone meanwhile.
    Lost(Vec<Lost>),
    /// There is nothing to wait for: these times are open, and suit.
    OpenAlready(Vec<DateTime<Utc>>),
    /// What else is wrong, as a sentence.
    Choice(String),
}

/// A chosen time that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// When it would have begun.
    pub start: DateTime<Utc>,
    /// When the open times around it begin, in order; none, if they were not looked up.
    pub nearest: Vec<DateTime<Utc>>,
}

/// What is wrong, if anything is.
pub(super) fn trouble(page: &CalendarPage<'_>) -> Markup {
    html! {
        @if let Some(trouble) = page.trouble {
            div.summary role="alert" tabindex="-1" autofocus {
                @match trouble {
                    Trouble::Choice(words) => p { strong { (words) } },
                    Trouble::Lost(lost) => (faster(page, lost)),
                    Trouble::OpenAlready(starts) => (open_already(page, starts)),
                }
            }
        }
    }
}

fn open_already(page: &CalendarPage<'_>, starts: &[DateTime<Utc>]) -> Markup {
    html! {
        p { strong { "You need not wait: times that suit you are open." } }
        fieldset.times {
            legend { "Choose here, or in the calendar:" }
            div { @for at in starts { (dated_chip(page, *at)) } }
        }
        p { "If none of them suits, narrow what you wrote below." }
    }
}

fn faster(page: &CalendarPage<'_>, lost: &[Lost]) -> Markup {
    let words = match lost {
        [_] => "Somebody was faster: one of your times is no longer free.",
        _ => "Somebody was faster: some of your times are no longer free.",
    };
    html! {
        p { strong { (words) } }
        @for Lost { start, nearest } in lost {
            @let gone = date_time(*start, page.zone);
            @if nearest.is_empty() {
                p { s { (gone) } }
            } @else {
                fieldset.times {
                    legend { "Instead of " s { (gone) } ", the nearest that are still open:" }
                    div { @for at in nearest { (dated_chip(page, *at)) } }
                }
            }
        }
        @if !page.chosen.is_empty() { p { "Your other choices are kept." } }
    }
}
