//! From text to glyphs in lines: shaping, line breaking, right to left.
//!
//! The only file that knows parley. Vertical measures are ours (see `look`): a line that borrows
//! a glyph from another font must not stand further away than its neighbours.

use std::ops::Range;

use krilla::text::{GlyphId, KrillaGlyph};
use parley::{
    Alignment, AlignmentOptions, BaseDirection, Cluster, FontContext, FontFamily, FontStyle,
    FontWeight, Layout, LayoutContext, LineHeight, OverflowWrap, Run, StyleProperty,
};

use super::{
    PdfError, clean,
    fonts::{self, Coverage, FaceId},
    look::{Cut, Look, Side},
};

/// Text set in lines, ready to be drawn.
#[derive(Debug)]
pub(super) struct Paragraph {
    /// What the glyphs stand for; their ranges point in here.
    pub(super) text: String,
    pub(super) look: Look,
    pub(super) lines: Vec<Line>,
    pub(super) is_rtl: bool,
    /// Whether something could not be shown.
    pub(super) has_gaps: bool,
}

impl Paragraph {
    fn empty(look: Look) -> Self {
        Self { text: String::new(), look, lines: Vec::new(), is_rtl: false, has_gaps: false }
    }
}

/// One line of a paragraph.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) runs: Vec<GlyphRun>,
    /// From the left edge to the end of the last glyph.
    pub(super) width: f32,
}

/// Neighbouring glyphs of one font.
#[derive(Debug)]
pub(super) struct GlyphRun {
    pub(super) face: FaceId,
    /// From the paragraph's left edge.
    pub(super) x: f32,
    pub(super) glyphs: Vec<KrillaGlyph>,
    /// The font has no bold cut: thicken its outlines.
    pub(super) is_emboldened: bool,
}

/// Sets text. Keep one per document: it reuses its scratch space.
pub(super) struct Typesetter {
    coverage: Coverage,
    fonts: FontContext,
    scratch: LayoutContext<()>,
}

/// A base from one font with a mark from another can still lack a glyph after the first look; each
/// round replaces what is left.
const ROUNDS_MAX: usize = 3;

impl Typesetter {
    pub(super) fn new() -> Result<Self, PdfError> {
        Ok(Self {
            coverage: Coverage::new()?,
            fonts: fonts::context(),
            scratch: LayoutContext::new(),
        })
    }

    /// Sets `text`, which holds no line breaks, to lines of at most `width`.
    pub(super) fn set(&mut self, text: &str, look: Look, width: f32) -> Paragraph {
        if text.is_empty() {
            return Paragraph::empty(look);
        }
        let mut text = self.coverage.mark_unshown(text);
        let mut layout = self.layout(&text, look, width);
        for _ in 0..ROUNDS_MAX {
            let missing = missing_glyphs(&layout);
            if missing.is_empty() {
                break;
            }
            text = mark_ranges(&text, &missing);
            layout = self.layout(&text, look, width);
        }
        let lines =
            layout.lines().map(|line| set_line(&line, &text, look, layout.is_rtl())).collect();
        let has_gaps = text.contains(clean::UNSHOWN);
        Paragraph { lines, is_rtl: layout.is_rtl(), look, has_gaps, text }
    }

    fn layout(&mut self, text: &str, look: Look, width: f32) -> Layout<()> {
        let mut builder = self.scratch.ranged_builder(&mut self.fonts, text, 1.0, false);
        match look.side {
            Side::AsWritten => {}
            Side::Left => builder.set_base_direction(BaseDirection::Ltr),
        }
        builder.push_default(FontFamily::from(fonts::FAMILIES));
        builder.push_default(StyleProperty::FontSize(look.size));
        builder.push_default(LineHeight::Absolute(look.leading));
        builder.push_default(StyleProperty::LetterSpacing(look.tracking));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        match look.cut {
            Cut::Regular => {}
            Cut::SemiBold => {
                builder.push_default(StyleProperty::FontWeight(FontWeight::SEMI_BOLD));
            }
            Cut::Italic => builder.push_default(StyleProperty::FontStyle(FontStyle::Italic)),
        }
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(width));
        layout.align(Alignment::Start, AlignmentOptions::default());
        layout
    }
}

/// Glyph 0 is every font's picture for "I do not have this". PDF/UA forbids it.
const NOT_DEFINED: u32 = 0;

fn missing_glyphs(layout: &Layout<()>) -> Vec<Range<usize>> {
    let mut missing = Vec::new();
    for run in layout.lines().flat_map(|line| line.runs()) {
        for cluster in run.clusters() {
            if cluster.glyphs().any(|glyph| glyph.id == NOT_DEFINED) {
                missing.push(cluster.text_range());
            }
        }
    }
    missing.sort_by_key(|range| range.start);
    missing
}

fn mark_ranges(text: &str, missing: &[Range<usize>]) -> String {
    let mut marked = String::with_capacity(text.len());
    let mut done = 0;
    for range in missing {
        marked.push_str(&text[done..range.start]);
        marked.push(clean::UNSHOWN);
        done = range.end;
    }
    marked.push_str(&text[done..]);
    marked
}

fn set_line(line: &parley::Line<'_, ()>, text: &str, look: Look, is_rtl: bool) -> Line {
    let metrics = line.metrics();
    let line_text = &text[line.text_range()];
    let spaces_begin = line.text_range().start + line_text.trim_end().len();
    let mut set = Line::default();
    let mut x = metrics.offset + metrics.inline_min_coord;
    for run in line.runs() {
        // Spaces at the end of a line belong to the direction of the paragraph. The engine leaves
        // them in a run of the other direction, where they would tear a hole into the line.
        let stray_begin = if run.is_rtl() == is_rtl { usize::MAX } else { spaces_begin };
        let (glyphs, stray_width) = set_glyphs(&run, stray_begin);
        if is_rtl {
            x += stray_width;
        }
        if let Some(face) = FaceId::of(run.font())
            && !glyphs.is_empty()
        {
            let is_emboldened = look.cut == Cut::SemiBold && !face.is_bold();
            set.runs.push(GlyphRun { face, x, glyphs, is_emboldened });
        }
        x += run.advance() - stray_width;
    }
    set.width = x;
    set
}

/// The glyphs of a run from left to right, each with the text it stands for. Those that stand for
/// text from `stray_begin` on take no room; returns how much they would have taken.
fn set_glyphs(run: &Run<'_, ()>, stray_begin: usize) -> (Vec<KrillaGlyph>, f32) {
    let size = run.font_size();
    let mut stray_width = 0.0;
    let mut glyphs: Vec<KrillaGlyph> = Vec::new();
    for (cluster, text_range) in whole_clusters(run) {
        for glyph in cluster.glyphs().filter(|glyph| glyph.id != NOT_DEFINED) {
            let mut advance = glyph.advance;
            if stray_begin <= text_range.start {
                stray_width += advance;
                advance = 0.0;
            }
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(glyph.id),
                advance / size,
                glyph.x / size,
                // The engine counts downwards, the writer upwards.
                -glyph.y / size,
                0.0,
                text_range.clone(),
                None,
            ));
        }
    }
    (glyphs, stray_width)
}

/// The clusters that have glyphs, from left to right. A ligature's text is spread over several
/// clusters, of which only the first in reading order has glyphs: it gets the text of all, or
/// copying from the document would lose letters.
fn whole_clusters<'a>(run: &Run<'a, ()>) -> Vec<(Cluster<'a, ()>, Range<usize>)> {
    let mut whole: Vec<(Cluster<'a, ()>, Range<usize>)> = Vec::new();
    for cluster in run.clusters() {
        match whole.last_mut() {
            Some((_, range)) if cluster.is_ligature_continuation() => {
                range.end = cluster.text_range().end;
            }
            _ => whole.push((cluster, cluster.text_range())),
        }
    }
    if run.is_rtl() {
        whole.reverse();
    }
    whole
}
