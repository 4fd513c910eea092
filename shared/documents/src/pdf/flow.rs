//! Cutting the sheet into pages: headings stay with what they announce, and no line of an answer
//! stands alone at the foot or the head of a page.

use super::{
    look,
    piece::{Piece, PlacedLine},
};

/// A line on its way to a page.
struct LooseLine {
    piece: usize,
    line: usize,
    height: f32,
    /// Dropped at the top of a page.
    space_before: f32,
    /// Whether a page may begin here.
    may_break: bool,
}

/// The least number of lines of one answer on either side of a page break.
const LINES_TOGETHER_MIN: usize = 2;

/// Places every line of `pieces`. There is always at least one page.
pub(super) fn pages(pieces: &[Piece]) -> Vec<Vec<PlacedLine>> {
    let lines = loose_lines(pieces);
    let mut pages = vec![Vec::new()];
    let mut y = look::BODY_TOP_FIRST;
    for unit in lines.chunk_by(|_, next| !next.may_break) {
        let height: f32 = unit.iter().map(|line| line.space_before + line.height).sum();
        let mut at_top = pages.last().is_none_or(Vec::is_empty);
        if !at_top && look::BODY_BOTTOM < y + height {
            begin_page(&mut pages, &mut y);
            at_top = true;
        }
        for line in unit {
            let space_before = if at_top { 0.0 } else { line.space_before };
            at_top = false;
            // Only a unit longer than a whole page gets here; better cut it than lose it.
            let is_too_low = look::BODY_BOTTOM < y + space_before + line.height;
            if is_too_low && pages.last().is_some_and(|page| !page.is_empty()) {
                begin_page(&mut pages, &mut y);
            } else {
                y += space_before;
            }
            if let Some(page) = pages.last_mut() {
                page.push(PlacedLine { piece: line.piece, line: line.line, top: y });
            }
            y += line.height;
        }
    }
    pages
}

fn begin_page(pages: &mut Vec<Vec<PlacedLine>>, y: &mut f32) {
    pages.push(Vec::new());
    *y = look::BODY_TOP;
}

fn loose_lines(pieces: &[Piece]) -> Vec<LooseLine> {
    let mut lines = Vec::new();
    let mut previous_keeps = false;
    let together = pieces.chunk_by(|one, next| one.role.is_answer() && next.role.is_answer());
    let mut piece_index = 0;
    for group in together {
        let group_len: usize = group.iter().map(|piece| piece.paragraph.lines.len()).sum();
        let mut group_index = 0;
        for piece in group {
            let len = piece.paragraph.lines.len();
            for line in 0..len {
                let may_break = if group_index == 0 {
                    !previous_keeps
                } else {
                    parts_well(group_index, group_len)
                        && (line == 0 || (parts_well(line, len) && piece.role.is_answer()))
                };
                // A rule must not be parted from what it underlines.
                let rule = if line + 1 == len { piece.rule_after } else { None };
                lines.push(LooseLine {
                    piece: piece_index,
                    line,
                    height: piece.paragraph.look.leading + rule.unwrap_or_default(),
                    space_before: if line == 0 { piece.space_before } else { 0.0 },
                    may_break,
                });
                group_index += 1;
            }
            previous_keeps = piece.role.keeps_with_next();
            piece_index += 1;
        }
    }
    lines
}

/// Whether enough lines stand on both sides of a break before line `index` of `len`.
fn parts_well(index: usize, len: usize) -> bool {
    LINES_TOGETHER_MIN <= index && LINES_TOGETHER_MIN <= len - index
}
