//! All client files.

use domain::ClientFile;
use maud::{Markup, html};

use super::{
    Desk,
    deeds::tokens,
    frame::{Tab, frame},
    standing::{mark, next, since, stage},
    today::client_link,
    words::day,
};
use crate::Addresses;

/// A page of client files; `more` is the place of the first file of the next page, sent as `from`.
pub fn clients(desk: &Desk<'_>, files: &[&ClientFile], more: Option<usize>) -> Markup {
    let zone = desk.handbook.practice.zone;
    let addresses = Addresses::of(&desk.handbook.practice.id);
    let main = html! {
        header class="head" {
            h1 { "Clients" }
        }
        @if files.is_empty() {
            p class="empty" {
                "No files yet. The first one opens when somebody asks on "
                a href=(addresses.opt_in()) { "your opt-in page" } "."
            }
        } @else {
            ul class="files" role="list" {
                @for file in files {
                    li {
                        (client_link(desk, file))
                        span class={ "mark " (mark(file)) } { (stage(file, desk.now)) }
                        @let (word, at) = since(file, desk.now);
                        span class="hint" { (word) " " (day(at, desk.now, zone)) }
                        span class="next" { (next(file, desk.handbook, desk.now)) }
                    }
                }
            }
        }
        (add(desk))
        @if let Some(from) = more {
            p { a class="more" href={ (addresses.desk_clients()) "?from=" (from) } { "More clients" } }
        }
    };
    frame(desk, "Clients", Tab::Clients, &main)
}

/// Somebody who has called, put on the list by hand.
fn add(desk: &Desk<'_>) -> Markup {
    let addresses = Addresses::of(&desk.handbook.practice.id);
    let typed = desk.typed("add");
    html! {
        form method="post" action=(addresses.desk_clients()) {
            (tokens(desk))
            details open[typed.is_back()] {
                summary { "Add somebody who has called" }
                label {
                    "Name"
                    input name="name" maxlength="100" autocomplete="off" value=[typed.text("name")] required;
                }
                label {
                    "Email"
                    input name="email" type="email" maxlength="254" autocomplete="off"
                        value=[typed.text("email")] required;
                }
                @if 1 < desk.handbook.sessions.len() {
                    label {
                        "For"
                        select name="session" {
                            @for session in &desk.handbook.sessions {
                                @let is_chosen = typed.text("session") == Some(session.id.as_str());
                                option value=(session.id) selected[is_chosen] { (session.name) }
                            }
                        }
                    }
                }
                p class="hint" {
                    "They get the letter with the questionnaire. You can book a time for them at once."
                }
                button class="quiet" { "Add" }
            }
        }
    }
}
