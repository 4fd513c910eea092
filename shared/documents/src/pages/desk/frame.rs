//! The frame around every page of the desk.

use domain::Handbook;
use maud::{Markup, html};

use super::{Desk, deeds::tokens};
use crate::{
    Addresses,
    pages::layout::{Head, document},
};

/// Where in the desk a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Today,
    Calendar,
    Clients,
    Handbook,
    Elsewhere,
}

/// A page of somebody signed in.
pub(super) fn frame(desk: &Desk<'_>, title: &str, tab: Tab, main: &Markup) -> Markup {
    let addresses = Addresses::of(&desk.handbook.practice.id);
    let tabs = [
        (Tab::Today, "Today", addresses.desk()),
        (Tab::Calendar, "Calendar", addresses.desk_calendar()),
        (Tab::Clients, "Clients", addresses.desk_clients()),
        (Tab::Handbook, "Handbook", addresses.desk_handbook()),
    ];
    let body = html! {
        body class="desk" {
            a class="skip" href="#main" { "Skip to the page" }
            header class="bar" {
                a class="bar-name" href=(addresses.desk()) { (desk.handbook.practice.name) }
                nav aria-label="Desk" {
                    @for (own, name, href) in tabs {
                        a href=(href) aria-current=[(own == tab).then_some("page")] { (name) }
                    }
                }
                form class="bar-who" method="post" action=(addresses.desk_sign_out()) {
                    a href=(addresses.desk_sessions()) {
                        span class="sr" { "Signed in as " } bdi { (desk.staff.name.as_str()) }
                    }
                    (tokens(desk))
                    button class="quiet" { "Sign out" }
                }
            }
            main id="main" {
                @if let Some(notice) = desk.notice { p class="note" role="status" { (notice) } }
                @if let Some(back) = desk.sent_back { p class="note" role="alert" { strong { (back.words) } } }
                (main)
            }
        }
    };
    whole(desk.handbook, title, &body)
}

/// A page for somebody who is not signed in.
pub(super) fn outside(handbook: &Handbook, title: &str, main: &Markup) -> Markup {
    let body = html! {
        body class="desk outside" {
            header class="bar" { span class="bar-name" { (handbook.practice.name) } }
            main id="main" { (main) }
        }
    };
    whole(handbook, title, &body)
}

fn whole(handbook: &Handbook, title: &str, body: &Markup) -> Markup {
    let title = format!("{title} · {}", handbook.practice.name);
    let style = Addresses::of(&handbook.practice.id).style();
    document(&Head { title: &title, style, script: None, is_public: false }, body)
}
