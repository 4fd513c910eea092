//! The frame around every page: head, masthead, footer.
//!
//! The desk builds its own body and shares [`document`]; visitors' pages are [`sheet`]s.

use domain::Handbook;
use maud::{DOCTYPE, Markup, html};

use crate::Addresses;

/// What the head of a page says.
pub(crate) struct Head<'a> {
    /// The title of the window; never a person's data.
    pub(crate) title: &'a str,
    /// Where the stylesheet is.
    pub(crate) style: String,
    /// A script that makes the page nicer.
    pub(crate) script: Option<String>,
    /// Whether search engines may list it.
    pub(crate) is_public: bool,
}

/// A whole document around `body`.
pub(crate) fn document(head: &Head<'_>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                @if !head.is_public { meta name="robots" content="noindex"; }
                title { (head.title) }
                link rel="stylesheet" href=(head.style);
                @if let Some(script) = &head.script { script src=(script) defer {} }
            }
            (body)
        }
    }
}

/// How much room a visitor's page takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// A column to read.
    Column,
    /// A column to read, under a wider masthead.
    Wide,
    /// A frame on another site: no masthead and no footer.
    Framed,
}

/// A visitor's page around what it is about.
pub(super) struct Sheet<'a> {
    pub(super) title: &'a str,
    pub(super) room: Room,
    pub(super) script: Option<String>,
    pub(super) is_public: bool,
}

/// A visitor's page: masthead, `main`, footer.
pub(super) fn sheet(handbook: &Handbook, sheet: Sheet<'_>, main: &Markup) -> Markup {
    let Sheet { title, room, script, is_public } = sheet;
    let addresses = Addresses::of(&handbook.practice.id);
    let title = format!("{title} · {}", handbook.practice.name);
    let head = Head { title: &title, style: addresses.style(), script, is_public };
    let class = match room {
        Room::Column => "visitor",
        Room::Wide => "visitor wide",
        Room::Framed => "visitor framed",
    };
    let is_framed = room == Room::Framed;
    let body = html! {
        body class=(class) {
            @if !is_framed { (masthead(handbook, &addresses)) }
            main { (main) }
            @if !is_framed { (footer(handbook, &addresses)) }
        }
    };
    document(&head, &body)
}

/// A visitor's page without a script.
pub(super) fn plain(handbook: &Handbook, title: &str, main: &Markup) -> Markup {
    let room = Room::Column;
    sheet(handbook, Sheet { title, room, script: None, is_public: false }, main)
}

fn masthead(handbook: &Handbook, addresses: &Addresses) -> Markup {
    html! {
        header.masthead {
            a href=(addresses.opt_in()) { (handbook.practice.name) }
            p { (handbook.practice.tagline) }
        }
    }
}

fn footer(handbook: &Handbook, addresses: &Addresses) -> Markup {
    html! {
        footer {
            p { (reach(handbook)) }
            p { (handbook.practice.address) }
            p { a href=(addresses.policy()) { "Our policy" } }
        }
    }
}

/// Where a person of the practice can be reached.
pub(super) fn reach(handbook: &Handbook) -> Markup {
    let email = handbook.practice.email.as_str();
    html! {
        a href={ "mailto:" (email) } { (email) }
        @if let Some(phone) = &handbook.practice.phone {
            @let digits: String = phone.chars().filter(|c| !c.is_whitespace()).collect();
            " or " a href={ "tel:" (digits) } { (phone) }
        }
    }
}
