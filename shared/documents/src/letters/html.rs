//! A letter as HTML: one quiet column that every mail program can show.
//!
//! Styles are inline and few, because mail programs drop the rest. Every text has its colour
//! and its background with it, so that a dark mode changes both or neither.

use domain::{Colour, Handbook, Practice};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    passage::{Block, Inline, plain},
    text::STOP,
};

/// The whole HTML part.
pub(super) fn write(
    handbook: &Handbook,
    subject: &str,
    blocks: &[Block],
    stop: Option<&str>,
) -> String {
    let look = Look::of(handbook);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light only";
                meta name="format-detection" content="telephone=no, date=no, address=no";
                title { (subject) }
            }
            body bgcolor=(look.paper) style={ "margin:0;padding:0;background:" (look.paper) } {
                (column(&look, &letter(handbook, &look, blocks, stop)))
            }
        }
    };
    page.into_string()
}

/// The postal address without the name that already stands above it.
pub(super) fn address_below_name(practice: &Practice) -> &str {
    let address = practice.address.as_str();
    let rest = address.strip_prefix(practice.name.as_str()).unwrap_or(address);
    rest.trim_start_matches([',', ' ', '\n'])
}

const FONT: &str = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const SHEET: &str = "#ffffff";
const INK: &str = "#2a2a28";
const INK_SOFT: &str = "#62605b";

/// The practice's colours, ready to be written.
struct Look<'a> {
    accent: String,
    paper: String,
    /// The edge of a sheet on the paper.
    line: String,
    /// The practice's address, a link wherever it is named.
    mailbox: &'a str,
}

impl<'a> Look<'a> {
    fn of(handbook: &'a Handbook) -> Self {
        let (accent, paper) = (handbook.colours.accent, handbook.colours.paper);
        let hex = |Colour([r, g, b]): Colour| format!("#{r:02x}{g:02x}{b:02x}");
        Self {
            accent: hex(accent),
            paper: hex(paper),
            line: hex(mixed(paper, accent)),
            mailbox: handbook.practice.email.as_str(),
        }
    }

    fn link(&self) -> String {
        format!("color:{};text-decoration:underline", self.accent)
    }
}

/// Mostly `paper`.
fn mixed(Colour(paper): Colour, Colour(accent): Colour) -> Colour {
    let channel = |at: usize| {
        let sum = u16::from(paper[at]) * 6 + u16::from(accent[at]);
        u8::try_from(sum / 7).unwrap_or(u8::MAX)
    };
    Colour([channel(0), channel(1), channel(2)])
}

/// At most 560 pixels wide, in the middle; Outlook needs a table of that width for it.
fn column(look: &Look<'_>, inside: &Markup) -> Markup {
    html! {
        table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
            bgcolor=(look.paper) style={ "background:" (look.paper) } {
            tr {
                td align="center" style="padding:28px 14px 40px" {
                    (PreEscaped("<!--[if mso]><table role=\"presentation\" width=\"560\"><tr><td><![endif]-->"))
                    div style="max-width:560px;margin:0 auto;text-align:left" { (inside) }
                    (PreEscaped("<!--[if mso]></td></tr></table><![endif]-->"))
                }
            }
        }
    }
}

/// The practice's name, the letter on its sheet, and the small print below.
fn letter(handbook: &Handbook, look: &Look<'_>, blocks: &[Block], stop: Option<&str>) -> Markup {
    let practice = &handbook.practice;
    html! {
        div style={
            "padding:0 4px 14px;font:600 15px/1.4 " (FONT) ";letter-spacing:.01em;color:"
            (look.accent)
        } { (practice.name) }
        div style={
            "padding:30px 26px 16px;background:" (SHEET) ";border:1px solid " (look.line)
            ";border-radius:12px;font:16px/1.55 " (FONT) ";color:" (INK)
            ";overflow-wrap:anywhere;word-break:break-word"
        } { (apart(look, blocks)) }
        div style={ "padding:18px 4px 0;font:13px/1.55 " (FONT) ";color:" (INK_SOFT) } {
            (practice.name) br; (address_below_name(practice))
            @if let Some(stop) = stop {
                br; br;
                "You can "
                a href=(stop) style=(look.link()) { (STOP.to_lowercase()) }
                " at any time."
            }
        }
    }
}

/// Blocks that stand apart.
fn apart(look: &Look<'_>, blocks: &[Block]) -> Markup {
    html! {
        @for block in blocks {
            @match block {
                Block::Paragraph(inlines) => p style="margin:0 0 16px" { (words(look, inlines)) }
                Block::Heading(inlines) => {
                    h2 style="margin:28px 0 8px;font-size:18px;line-height:1.35" {
                        (words(look, inlines))
                    }
                }
                Block::Button { words, address } => (button(look, words, address)),
                Block::List { first: Some(first), items } => {
                    ol start=[(*first != 1).then_some(first)]
                        style="margin:0 0 16px;padding:0 0 0 24px" { (list_items(look, items)) }
                }
                Block::List { first: None, items } => {
                    ul style="margin:0 0 16px;padding:0 0 0 22px" { (list_items(look, items)) }
                }
                Block::Quote(blocks) => {
                    blockquote style={
                        "margin:0 0 16px;padding:0 0 0 14px;border-left:3px solid " (look.line)
                    } { (apart(look, blocks)) }
                }
                Block::Rule => {
                    hr style={ "margin:24px 0;border:0;border-top:1px solid " (look.line) };
                }
            }
        }
    }
}

fn list_items(look: &Look<'_>, items: &[Vec<Block>]) -> Markup {
    html! {
        @for item in items {
            li style="margin:0 0 6px" {
                @if let [Block::Paragraph(inlines)] = item.as_slice() {
                    (words(look, inlines))
                } @else {
                    (apart(look, item))
                }
            }
        }
    }
}

/// Outlook takes its padding from the cell, everybody else from the link.
fn button(look: &Look<'_>, words: &str, address: &str) -> Markup {
    let accent = &look.accent;
    html! {
        table role="presentation" cellpadding="0" cellspacing="0" border="0"
            style="margin:24px 0 28px" {
            tr {
                td bgcolor=(accent) style={
                    "background:" (accent) ";border-radius:8px;mso-padding-alt:13px 26px"
                } {
                    a href=(address) style={
                        "display:inline-block;padding:13px 26px;border-radius:8px;background:"
                        (accent) ";color:#ffffff;font:600 16px/1.3 " (FONT) ";text-decoration:none"
                    } { (words) }
                }
            }
        }
    }
}

fn words(look: &Look<'_>, inlines: &[Inline]) -> Markup {
    html! {
        @for inline in inlines {
            @match inline {
                Inline::Text(text) => (with_mailbox(look, text)),
                Inline::Strong(inner) => strong { (words(look, inner)) }
                Inline::Emphasis(inner) => em { (words(look, inner)) }
                Inline::Break => br;,
                Inline::Link { words, address } => {
                    a href=(address) style=(look.link()) { (plain(words)) }
                }
            }
        }
    }
}

fn with_mailbox(look: &Look<'_>, text: &str) -> Markup {
    html! {
        @for (at, part) in text.split(look.mailbox).enumerate() {
            @if 0 < at {
                a href={ "mailto:" (look.mailbox) } style=(look.link()) { (look.mailbox) }
            }
            (part)
        }
    }
}
