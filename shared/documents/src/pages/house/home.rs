//! The first page of the local house.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Handbook, Role};
use maud::{Markup, html};

use super::frame::{CLOCK, HOME, frame};
use crate::{Addresses, date_time};

/// Where everything is.
#[derive(Debug, Clone, Copy)]
pub struct HousePage<'a> {
    /// The practice that lives here.
    pub handbook: &'a Handbook,
    /// The other practices that live here, if there are any.
    pub others: &'a [Arc<Handbook>],
    /// The address of its opt-in page.
    pub opt_in: &'a str,
    /// The address of its desk.
    pub desk: &'a str,
    /// The address of the mailbox.
    pub mailbox: &'a str,
    /// What the clock shows, if it can be moved by hand.
    pub clock: Option<DateTime<Utc>>,
}

/// Where to begin.
pub fn home(page: &HousePage<'_>) -> Markup {
    let HousePage { handbook, others, opt_in, desk, mailbox, clock } = *page;
    let main = html! {
        header class="head" {
            h1 { (handbook.practice.name) ", in one process" }
            p class="lead" {
                "Everything runs on this machine: the pages, the tables, the letters. "
                "No letter leaves the house."
            }
        }
        ul class="doors" role="list" {
            li {
                a href=(opt_in) { "Opt-in page" }
                p { "Come in as a visitor and ask for a session." }
            }
            li {
                a href=(mailbox) { "Mailbox" }
                p { "Read every letter, as whoever it is written to." }
            }
            li {
                a href=(desk) { "Desk" }
                p {
                    "Sign in as somebody of the practice. The letter with the button lands in the mailbox."
                }
            }
            @if let Some(now) = clock {
                li {
                    a href=(CLOCK) { "Clock" }
                    p { "It shows " (date_time(now, handbook.practice.zone)) ". Move it forward, and see what falls due." }
                }
            }
        }
        (neighbours(others))
        section {
            h2 { "Who can sign in" }
            ul class="files people" role="list" {
                @for staff in &handbook.staff {
                    li {
                        span class="who" { (staff.name.as_str()) }
                        span { (roles(&staff.roles)) }
                        span class="hint" { (staff.email.as_str()) }
                    }
                }
            }
        }
    };
    frame(handbook, "Home", HOME, &main)
}

/// The other practices, with their doors.
fn neighbours(others: &[Arc<Handbook>]) -> Markup {
    html! {
        @if !others.is_empty() {
            section {
                h2 { "Also in this house" }
                ul class="files" role="list" {
                    @for handbook in others {
                        @let addresses = Addresses::of(&handbook.practice.id);
                        li {
                            span class="who" { (handbook.practice.name) }
                            " " a href=(addresses.opt_in()) { "Opt-in page" }
                            " " a href=(addresses.desk()) { "Desk" }
                        }
                    }
                }
            }
        }
    }
}

fn roles(roles: &[Role]) -> String {
    let words: Vec<&str> = roles
        .iter()
        .map(|role| match role {
            Role::Owner => "owner",
            Role::Assistant => "assistant",
            Role::Provider => "provider",
        })
        .collect();
    words.join(", ")
}
