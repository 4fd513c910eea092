//! The bar over every page of the local house.

use domain::Handbook;
use maud::{Markup, html};

use crate::{
    Addresses,
    pages::layout::{Head, document},
};

/// The addresses of the house's own pages.
pub(super) const HOME: &str = "/house";
pub(super) const MAILBOX: &str = "/house/mailbox";
pub(super) const CLOCK: &str = "/house/clock";

/// A page of the house; `here` is the address of the page in the bar to which it belongs.
pub(super) fn frame(handbook: &Handbook, title: &str, here: &str, main: &Markup) -> Markup {
    let addresses = Addresses::of(&handbook.practice.id);
    let (opt_in, desk) = (addresses.opt_in(), addresses.desk());
    let links = [
        ("Home", HOME),
        ("Opt-in page", &opt_in),
        ("Desk", &desk),
        ("Mailbox", MAILBOX),
        ("Clock", CLOCK),
    ];
    let body = html! {
        body class="desk house" {
            a class="skip" href="#main" { "Skip to the page" }
            header class="bar" {
                p class="bar-name" { "The local house" small { " not part of the practice" } }
                nav aria-label="House" {
                    @for (name, href) in links {
                        a href=(href) aria-current=[(href == here).then_some("page")] { (name) }
                    }
                }
            }
            main id="main" { (main) }
        }
    };
    let title = format!("{title} · the local house");
    let head = Head { title: &title, style: addresses.style(), script: None, is_public: false };
    document(&head, &body)
}
