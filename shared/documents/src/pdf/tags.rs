//! What the document says to someone who cannot see it: headings, lists, paragraphs, an outline.

use std::num::NonZeroU16;

use krilla::{
    destination::XyzDestination,
    geom::Point,
    outline::{Outline, OutlineNode},
    tagging::{Identifier, ListNumbering, Node, Tag, TagGroup, TagTree},
};

use super::{
    clean, look,
    piece::{Composed, Piece, Role},
};

/// The marked content of one piece, over all pages it stands on.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) label: Option<Identifier>,
    pub(super) body: Vec<Identifier>,
}

const LEVEL_TITLE: NonZeroU16 = NonZeroU16::MIN;
const LEVEL_SECTION: NonZeroU16 = LEVEL_TITLE.saturating_add(1);
const LEVEL_QUESTION: NonZeroU16 = LEVEL_SECTION.saturating_add(1);

/// The structure of the document. `marks` holds one entry for each piece, in the same order.
pub(super) fn tree(pieces: &[Piece], marks: Vec<Marks>) -> TagTree {
    let mut tree = TagTree::new();
    let mut section: Option<TagGroup> = None;
    let mut marks = marks.into_iter();
    for run in pieces.chunk_by(|one, next| is_listed(&one.role) && one.role == next.role) {
        let mut nodes: Vec<Node> = Vec::new();
        for (piece, marks) in run.iter().zip(marks.by_ref()) {
            nodes.push(element(&piece.role, marks).into());
        }
        let Some(Piece { role, .. }) = run.first() else { continue };
        if let Role::Section(_) = role {
            tree.children.extend(section.replace(TagGroup::new(Tag::Section)).map(Node::from));
        }
        // A question outside of any named section ends the section before it.
        if let Role::Question { in_section: false, .. } = role {
            tree.children.extend(section.take().map(Node::from));
        }
        let nodes = if is_listed(role) {
            let numbering =
                if *role == Role::Choice { ListNumbering::Disc } else { ListNumbering::None };
            vec![TagGroup::with_children(Tag::L(numbering), nodes).into()]
        } else {
            nodes
        };
        match &mut section {
            Some(section) => section.children.extend(nodes),
            None => tree.children.extend(nodes),
        }
    }
    tree.children.extend(section.map(Node::from));
    tree
}

fn is_listed(role: &Role) -> bool {
    matches!(role, Role::Fact | Role::Choice)
}

fn element(role: &Role, marks: Marks) -> TagGroup {
    let body: Vec<Node> = marks.body.into_iter().map(Node::from).collect();
    match role {
        Role::Practice | Role::Client | Role::Answer => TagGroup::with_children(Tag::P, body),
        Role::Title(text) => {
            TagGroup::with_children(Tag::Hn(LEVEL_TITLE, Some(text.clone())), body)
        }
        Role::Section(text) => {
            // The page shows capitals; a voice should read the heading as it was written.
            let tag = Tag::Hn(LEVEL_SECTION, Some(text.clone()));
            TagGroup::with_children(tag.with_actual_text(Some(text.clone())), body)
        }
        Role::Question { text, in_section } => {
            // Levels may not be skipped, so without a section a question stands one higher.
            let level = if *in_section { LEVEL_QUESTION } else { LEVEL_SECTION };
            TagGroup::with_children(Tag::Hn(level, Some(text.clone())), body)
        }
        Role::Fact | Role::Choice => {
            let mut item = TagGroup::new(Tag::LI);
            if let Some(label) = marks.label {
                item.push(TagGroup::with_children(Tag::Lbl, vec![label.into()]));
            }
            item.push(TagGroup::with_children(Tag::LBody, body));
            item
        }
    }
}

/// An outline shows one short line for each heading.
const OUTLINE_CHARS_MAX: usize = 100;

/// The outline: the title, below it sections and questions.
pub(super) fn outline(composed: &Composed) -> Outline {
    let mut root = OutlineNode::new(shorten(&composed.title), destination(0, 0.0)).with_open(true);
    let mut section: Option<OutlineNode> = None;
    for (page_index, page) in composed.pages.iter().enumerate() {
        for placed in page.lines.iter().filter(|placed| placed.line == 0) {
            match &composed.pieces[placed.piece].role {
                Role::Section(text) => {
                    let node = OutlineNode::new(shorten(text), destination(page_index, placed.top));
                    if let Some(done) = section.replace(node) {
                        root.push_child(done);
                    }
                }
                Role::Question { text, in_section } => {
                    let node = OutlineNode::new(shorten(text), destination(page_index, placed.top));
                    match &mut section {
                        Some(section) if *in_section => section.push_child(node),
                        _ => {
                            if let Some(done) = section.take() {
                                root.push_child(done);
                            }
                            root.push_child(node);
                        }
                    }
                }
                Role::Practice
                | Role::Title(_)
                | Role::Client
                | Role::Fact
                | Role::Answer
                | Role::Choice => {}
            }
        }
    }
    if let Some(done) = section {
        root.push_child(done);
    }
    let mut outline = Outline::new();
    outline.push_child(root);
    outline
}

fn shorten(text: &str) -> String {
    clean::label(text, OUTLINE_CHARS_MAX).unwrap_or_default()
}

/// A little above the heading, so that it does not stick to the edge of the window.
fn destination(page_index: usize, top: f32) -> XyzDestination {
    XyzDestination::new(page_index, Point::from_xy(look::COLUMN_LEFT, (top - 12.0).max(0.0)))
}
