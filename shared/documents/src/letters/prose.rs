//! A Markdown text of the practice, such as its policy, as part of a page.

use maud::{Markup, html};

use super::{
    markdown,
    passage::{Block, Inline},
};

/// The text as HTML without any look of its own. Raw HTML in it is shown as text.
pub fn prose(text: &str) -> Markup {
    blocks(&markdown::read(text).blocks)
}

fn blocks(all: &[Block]) -> Markup {
    html! { @for block in all { (one(block)) } }
}

fn one(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Paragraph(words) => p { (inlines(words)) },
            Block::Heading(words) => h2 { (inlines(words)) },
            Block::Button { words, address } => p { a href=(address) { (words) } },
            Block::List { first: Some(first), items } => ol start=(first) {
                @for item in items { li { (blocks(item)) } }
            },
            Block::List { first: None, items } => ul {
                @for item in items { li { (blocks(item)) } }
            },
            Block::Quote(inside) => blockquote { (blocks(inside)) },
            Block::Rule => { hr; }
        }
    }
}

fn inlines(all: &[Inline]) -> Markup {
    html! {
        @for inline in all {
            @match inline {
                Inline::Text(words) => { (words) }
                Inline::Strong(words) => strong { (inlines(words)) },
                Inline::Emphasis(words) => em { (inlines(words)) },
                Inline::Link { words, address } => a href=(address) { (inlines(words)) },
                Inline::Break => { br; }
            }
        }
    }
}
