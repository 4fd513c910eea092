//! Signing in: an address, a letter, a button.

use domain::Handbook;
use maud::{Markup, html};

use super::frame::outside;
use crate::Addresses;

/// The form that asks for an address.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    /// Who the practice is.
    pub handbook: &'a Handbook,
    /// Names the wish, sent as `key`.
    pub key: &'a str,
    /// What was wrong with the last attempt.
    pub mistake: Option<&'a str>,
    /// What was typed, to be typed no second time.
    pub email: &'a str,
    /// The path that somebody wanted to see, sent as `to`.
    pub to: &'a str,
}

/// Asks for the address that a sign-in letter is sent to.
pub fn sign_in(page: &SignIn<'_>) -> Markup {
    let SignIn { handbook, key, mistake, email, to } = *page;
    let main = html! {
        header class="head" {
            h1 { "Sign in to the desk" }
            p class="lead" { "We write you a letter with a button. There is no password." }
        }
        form class="card" method="post" action=(Addresses::of(&handbook.practice.id).desk_sign_in()) {
            input type="hidden" name="key" value=(key);
            input type="hidden" name="to" value=(to);
            (mistaken(mistake))
            label {
                "Your email address at the practice"
                input type="email" name="email" value=(email) maxlength="254" required
                    autocomplete="email" autofocus
                    aria-invalid=[mistake.map(|_| "true")]
                    aria-describedby=[mistake.map(|_| "mistake")];
            }
            button { "Send me the letter" }
        }
    };
    outside(handbook, "Sign in", &main)
}

/// After asking: the same words for everybody, and a field for the code in the letter.
pub fn sign_in_sent(handbook: &Handbook, mistake: Option<&str>) -> Markup {
    let addresses = Addresses::of(&handbook.practice.id);
    let main = html! {
        header class="head" {
            h1 { "Look in your mailbox" }
            p class="lead" {
                "If this address belongs to the practice, a letter is on its way. "
                "Press the button in it, here in this browser."
            }
        }
        form class="card" method="post" action=(addresses.desk_sign_in_code()) {
            (mistaken(mistake))
            (code("The letter is on another device? Type its code here.", mistake))
            button { "Sign in" }
        }
        p class="hint" {
            "No letter after a few minutes? Look in the spam folder, then "
            a href=(addresses.desk_sign_in()) { "ask again" } "."
        }
    };
    outside(handbook, "Sign in", &main)
}

/// What the letter's link opens: a button, and the code where another browser asked.
pub fn sign_in_confirm(handbook: &Handbook, link: &str, needs_code: bool) -> Markup {
    let main = html! {
        header class="head" {
            h1 { "Sign in to the desk" }
            @if needs_code {
                p class="lead" { "This browser did not ask for the letter, so it asks for the code in it." }
            } @else {
                p class="lead" { "One press, and you are in. The link works once." }
            }
        }
        form class="card" method="post"
            action=(Addresses::of(&handbook.practice.id).desk_sign_in_link(link)) {
            @if needs_code { (code("The code in the letter", None)) }
            button { "Sign in" }
        }
        p class="hint" { "You did not ask for this? Close the page; nothing has happened." }
    };
    outside(handbook, "Sign in", &main)
}

fn mistaken(mistake: Option<&str>) -> Markup {
    html! {
        @if let Some(mistake) = mistake { p class="mistake" id="mistake" role="alert" { (mistake) } }
    }
}

fn code(label: &str, mistake: Option<&str>) -> Markup {
    html! {
        label {
            (label)
            input class="code" name="code" required maxlength="20"
                autocomplete="one-time-code" autocapitalize="characters" spellcheck="false"
                aria-invalid=[mistake.map(|_| "true")]
                aria-describedby=[mistake.map(|_| "mistake")];
        }
    }
}
