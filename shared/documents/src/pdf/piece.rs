//! The parts of a composed sheet: what is said, as what, and where.

use super::{look::Palette, typeset::Paragraph};

/// A sheet, set and cut into pages; only the writing is left.
#[derive(Debug)]
pub(super) struct Composed {
    pub(super) title: String,
    /// What the document calls itself in a list of files.
    pub(super) document_title: String,
    pub(super) practice: Option<String>,
    pub(super) language: String,
    pub(super) palette: Palette,
    pub(super) pieces: Vec<Piece>,
    pub(super) pages: Vec<Page>,
}

/// One page.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) lines: Vec<PlacedLine>,
    pub(super) footer: Paragraph,
    pub(super) number: Paragraph,
}

/// A line of a piece with its place on a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacedLine {
    pub(super) piece: usize,
    pub(super) line: usize,
    /// The upper edge of the line, not its baseline.
    pub(super) top: f32,
}

/// A paragraph with its part in the document.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) role: Role,
    pub(super) paragraph: Paragraph,
    /// A fact's name or an option's bullet: stands beside the first line.
    pub(super) label: Option<Label>,
    /// From the column's left edge.
    pub(super) indent: f32,
    pub(super) space_before: f32,
    /// A rule under the last line, at this distance.
    pub(super) rule_after: Option<f32>,
}

impl Piece {
    pub(super) fn new(role: Role, paragraph: Paragraph, space_before: f32) -> Self {
        Self { role, paragraph, label: None, indent: 0.0, space_before, rule_after: None }
    }
}

/// Text beside a piece.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) paragraph: Paragraph,
    /// From the column's left edge.
    pub(super) indent: f32,
}

/// What a piece is to a reader who cannot see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// Whose practice it is.
    Practice,
    /// The title of the document.
    Title(String),
    /// The client's name.
    Client,
    /// A fact with its label.
    Fact,
    /// The heading of a section.
    Section(String),
    /// A question; `in_section` if it stands under such a heading.
    Question { text: String, in_section: bool },
    /// Part of an answer, or what we say about it.
    Answer,
    /// One ticked option.
    Choice,
}

impl Role {
    /// Whether a page must not end after it.
    pub(super) fn keeps_with_next(&self) -> bool {
        match self {
            Self::Practice
            | Self::Title(_)
            | Self::Client
            | Self::Section(_)
            | Self::Question { .. } => true,
            Self::Fact | Self::Answer | Self::Choice => false,
        }
    }

    /// Whether it belongs to what a client answered.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self, Self::Answer | Self::Choice)
    }
}
