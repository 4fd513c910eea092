//! A letter's words as blocks, the same for the HTML and for the text.

/// The words of a letter.
pub(super) struct Passage {
    /// In reading order.
    pub(super) blocks: Vec<Block>,
    /// Addresses that no link may lead to.
    pub(super) refused: Vec<String>,
}

/// Something with space around it.
#[derive(Debug, PartialEq)]
pub(super) enum Block {
    Paragraph(Vec<Inline>),
    Heading(Vec<Inline>),
    Button {
        words: String,
        address: String,
    },
    /// Numbered from that number on, or with dots.
    List {
        first: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Quote(Vec<Block>),
    Rule,
}

/// Something inside a line.
#[derive(Debug, PartialEq)]
pub(super) enum Inline {
    Text(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Link { words: Vec<Inline>, address: String },
    Break,
}

/// The words without their look.
pub(super) fn plain(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(words) => text.push_str(words),
            Inline::Strong(words) | Inline::Emphasis(words) | Inline::Link { words, .. } => {
                text.push_str(&plain(words));
            }
            Inline::Break => text.push(' '),
        }
    }
    text
}
