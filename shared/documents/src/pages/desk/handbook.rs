//! The handbook: the practice's files, read and changed at the desk.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{
    Desk,
    deeds::tokens,
    frame::{Tab, frame},
    words::moment,
};
use crate::Addresses;

/// One file of the handbook, to be read or changed.
#[derive(Debug, Clone, Copy)]
pub struct HandbookPage<'a> {
    /// The paths of all files.
    pub files: &'a [String],
    /// Which of them is shown.
    pub file: &'a str,
    /// Its text, as it is in force or as it was typed.
    pub text: &'a str,
    /// The version that was changed, so that two changes at once do not undo each other.
    pub version: &'a str,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// What is wrong with what was typed, a sentence each.
    pub mistakes: &'a [String],
    /// The last changes, the latest first.
    pub changes: &'a [HandbookChangeLine],
    /// Where the house is reached, such as `https://book.example.org`.
    pub origin: &'a str,
}

/// A version that was put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandbookChangeLine {
    /// Which.
    pub version: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom, for people.
    pub by: String,
}

/// The files, the text of one of them, and who changed what before.
pub fn handbook(desk: &Desk<'_>, page: &HandbookPage<'_>) -> Markup {
    let action = Addresses::of(&desk.handbook.practice.id).desk_handbook();
    let main = html! {
        header class="head" {
            h1 { "Handbook" }
            p class="lead" {
                "Hours, sessions, limits, policy, questions and letters, as the practice runs by them. "
                "A change is checked first, and counts from the moment it is in force; what is booked stays."
            }
            nav class="links" aria-label="Files" {
                @for file in page.files {
                    a href={ (action) "?file=" (file) } aria-current=[(file == page.file).then_some("page")] {
                        (file)
                    }
                    " "
                }
            }
        }
        (mistakes(page.mistakes))
        form class="handbook" method="post" action=(action) {
            (tokens(desk))
            input type="hidden" name="file" value=(page.file);
            input type="hidden" name="version" value=(page.version);
            label {
                (page.file)
                textarea name="text" rows="30" spellcheck="false" readonly[!page.may_change] { "\n" (page.text) }
            }
            @if page.may_change { button { "Check it and put it in force" } }
            @else { p class="hint" { "The owner can change it." } }
        }
        (changes(desk, page.changes))
        (on_your_website(desk, page.origin))
    };
    frame(desk, "Handbook", Tab::Handbook, &main)
}

/// What brings the form onto the practice's own website.
fn on_your_website(desk: &Desk<'_>, origin: &str) -> Markup {
    let addresses = Addresses::of(&desk.handbook.practice.id);
    let script = format!("<script src=\"{origin}{}\"></script>", addresses.embed_script());
    html! {
        section {
            h2 { "On your own website" }
            p { "This line puts the form where it stands:" }
            pre class="snippet" { (script) }
            p { "Where a website takes no scripts, a link leads to the form just as well:" }
            pre class="snippet" { (origin) (addresses.opt_in()) }
        }
    }
}

fn mistakes(mistakes: &[String]) -> Markup {
    html! {
        @if !mistakes.is_empty() {
            div class="note" role="alert" {
                p { strong { "It is not in force yet." } " What you typed is still here." }
                ul { @for words in mistakes { li { (words) } } }
            }
        }
    }
}

fn changes(desk: &Desk<'_>, changes: &[HandbookChangeLine]) -> Markup {
    let zone = desk.handbook.practice.zone;
    html! {
        @if !changes.is_empty() {
            section {
                h2 { "Changes" }
                ol class="history" role="list" {
                    @for change in changes {
                        li {
                            p { (moment(change.at, desk.now, zone)) }
                            p class="hint" { (change.by) ", version " (change.version) }
                        }
                    }
                }
            }
        }
    }
}
