//! What a reader sees when something is not so: in words, with what to do next.

use domain::Handbook;
use maud::{Markup, html};

use super::layout::{Head, document, plain, reach};

/// What is not so, and what to do next.
pub struct ProblemPage<'a> {
    /// The heading.
    pub title: &'a str,
    /// What is so.
    pub words: &'a str,
    /// What to do next: labels and addresses.
    pub next: Vec<(String, String)>,
}

/// The problem page; without a practice it looks neutral.
pub fn problem(handbook: Option<&Handbook>, page: &ProblemPage<'_>) -> Markup {
    let main = html! {
        h1 { (page.title) }
        p.lead { (page.words) }
        @if !page.next.is_empty() {
            ul.ways {
                @for (label, href) in &page.next { li { a href=(href) { (label) } } }
            }
        }
        @if let Some(handbook) = handbook {
            p.hint { "If this does not help, a person will: " (reach(handbook)) "." }
        }
    };
    if let Some(handbook) = handbook {
        return plain(handbook, page.title, &main);
    }
    let style = "/style.css".into();
    let head = Head { title: page.title, style, script: None, is_public: false };
    document(&head, &html! { body.visitor { main { (main) } } })
}
