//! A letter as plain text: lines of at most 72 characters, addresses in one piece.

use domain::Practice;

use super::passage::{Block, Inline, plain};

const WIDTH: usize = 72;
const WIDTH_MIN: usize = 24;

/// The whole text part.
pub(super) fn write(blocks: &[Block], practice: &Practice, stop: Option<&str>) -> String {
    let mut lines = apart(blocks, WIDTH);
    if let Some(stop) = stop {
        lines.extend([String::new(), format!("{STOP}:"), stop.to_owned()]);
    }
    lines.extend([String::new(), "-- ".to_owned(), practice.name.clone()]);
    lines.extend(wrap(super::html::address_below_name(practice), WIDTH));
    lines.push(String::new());
    lines.join("\n")
}

/// What the link under a nudge says.
pub(super) const STOP: &str = "Stop these reminders";

/// The lines of blocks that stand apart.
fn apart(blocks: &[Block], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(lines_of(block, width));
    }
    lines
}

fn lines_of(block: &Block, width: usize) -> Vec<String> {
    match block {
        Block::Paragraph(inlines) | Block::Heading(inlines) => wrap(&words(inlines), width),
        Block::Button { words, address } => {
            let mut lines = wrap(&format!("{words}:"), width);
            lines.push(address.clone());
            lines
        }
        Block::List { first, items } => {
            let number = |at: usize| first.map(|first| first.saturating_add(at as u64));
            let items = items.iter().enumerate();
            items.flat_map(|(at, item)| lines_of_item(number(at), item, width)).collect()
        }
        Block::Quote(blocks) => {
            let lines = apart(blocks, narrower(width, 2));
            lines.into_iter().map(|line| format!("> {line}")).collect()
        }
        Block::Rule => vec!["* * *".to_owned()],
    }
}

fn lines_of_item(number: Option<u64>, item: &[Block], width: usize) -> Vec<String> {
    let mark = number.map_or("- ".to_owned(), |number| format!("{number}. "));
    let margin = " ".repeat(mark.len());
    let lines = apart(item, narrower(width, mark.len()));
    let with_margin = |(at, line): (usize, String)| match (at, line.is_empty()) {
        (0, _) => format!("{mark}{line}"),
        (_, true) => line,
        (_, false) => format!("{margin}{line}"),
    };
    lines.into_iter().enumerate().map(with_margin).collect()
}

fn narrower(width: usize, by: usize) -> usize {
    width.saturating_sub(by).max(WIDTH_MIN)
}

/// A link at the end is `words: address`; one amid a sentence is `words <address>`.
fn words(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for (at, inline) in inlines.iter().enumerate() {
        match inline {
            Inline::Text(words) => text.push_str(words),
            Inline::Strong(inner) | Inline::Emphasis(inner) => text.push_str(&words(inner)),
            Inline::Break => text.push('\n'),
            Inline::Link { words, address } => {
                let words = plain(words);
                let is_last = at + 1 == inlines.len();
                if words == *address || address.strip_prefix("mailto:") == Some(&words) {
                    text.push_str(&words);
                } else if is_last {
                    text.extend([&words, ": ", address]);
                } else {
                    text.extend([&words, " <", address, ">"]);
                }
            }
        }
    }
    text
}

/// Breaks lines between words; a word that is too long stays whole.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for given in text.split('\n') {
        let mut line = String::new();
        let mut length = 0;
        for word in given.split(' ').filter(|word| !word.is_empty()) {
            let word_length = word.chars().count();
            if 0 < length && width < length + 1 + word_length {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if 0 < length {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += word_length;
        }
        lines.push(line);
    }
    lines
}
