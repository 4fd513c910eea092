//! The clock of the local house, which can be moved by hand.

use chrono::{DateTime, Utc};
use domain::Handbook;
use maud::{Markup, html};

use super::frame::{CLOCK, frame};
use crate::{date, place_of_zone, time};

const STEPS: [(&str, &str); 5] =
    [("10m", "10 minutes"), ("1h", "1 hour"), ("6h", "6 hours"), ("1d", "1 day"), ("3d", "3 days")];

/// What the clock shows, and buttons that move it forward, sent as `forward`.
pub fn clock(handbook: &Handbook, now: DateTime<Utc>, is_manual: bool) -> Markup {
    let zone = handbook.practice.zone;
    let main = html! {
        header class="head" {
            h1 class="face" {
                (time(now, zone))
                small { (date(now, zone)) ", " (place_of_zone(zone)) }
            }
        }
        @if is_manual { (forward()) } @else {
            p class="empty" { "The clock follows this machine's. It cannot be moved." }
        }
    };
    frame(handbook, "Clock", CLOCK, &main)
}

fn forward() -> Markup {
    html! {
        div class="card" {
            form method="post" action=(CLOCK) {
                p { button name="forward" value="until-next" { "Forward to what falls due next" } }
                p id="steps" { "Or forward by" }
                div class="row" role="group" aria-labelledby="steps" {
                    @for (value, words) in STEPS {
                        button name="forward" value=(value) { (words) }
                    }
                }
            }
            form class="inline" method="post" action=(CLOCK) {
                label {
                    "Or by as much as you like"
                    input name="forward" required maxlength="8" pattern="[0-9]{1,5}[mhd]"
                        placeholder="45m" aria-describedby="forward-help" autocomplete="off";
                }
                button { "Forward" }
                p class="hint" id="forward-help" { "A number and m, h or d: 45m, 5h, 10d." }
            }
        }
        p class="hint" {
            "Time is one more visitor here. When the clock moves forward, whatever falls due on the way "
            "happens in its order: reminders are written, requests run out, calls end. "
            "It never moves back."
        }
    }
}
