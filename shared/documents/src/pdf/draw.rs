//! Writing the pages: glyphs, rules, the foot of the page.
//!
//! Nothing here shapes text or chooses a place; once a page is open, nothing can fail.

use krilla::{
    Document, SerializeSettings,
    color::rgb,
    configure::{Accessibility, Configuration, ConfigurationBuilder},
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag},
    text::Font,
};

use super::{
    PdfError,
    fonts::FaceId,
    look,
    piece::{Composed, Page, Piece, PlacedLine},
    tags::{self, Marks},
    typeset::{GlyphRun, Line, Paragraph},
};

/// What the document promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conformance {
    /// Readable by anyone with any reader; checked while writing.
    PdfUa,
    /// The same tags, unchecked.
    Tagged,
}

/// Writes a composed sheet.
pub(super) fn write(composed: &Composed, conformance: Conformance) -> Result<Vec<u8>, PdfError> {
    let inks = Inks::load(composed)?;
    let settings = SerializeSettings {
        configuration: configuration(conformance),
        ..SerializeSettings::default()
    };
    let mut document = Document::new_with(settings);
    let mut marks: Vec<Marks> = composed.pieces.iter().map(|_| Marks::default()).collect();
    for (index, page) in composed.pages.iter().enumerate() {
        let size = PageSettings::from_wh(look::PAGE_WIDTH, look::PAGE_HEIGHT).unwrap_or_default();
        let mut krilla_page = document.start_page_with(size);
        let mut surface = krilla_page.surface();
        if index == 0 {
            let (top, width, height) = look::BAR;
            shape(&mut surface, composed.palette.accent, (look::COLUMN_LEFT, top, width, height));
        }
        draw_page(&mut surface, &inks, composed, page, &mut marks);
        surface.finish();
        krilla_page.finish();
    }
    document.set_tag_tree(tags::tree(&composed.pieces, marks));
    document.set_outline(tags::outline(composed));
    document.set_metadata(metadata(composed));
    document.finish().map_err(PdfError::Export)
}

fn configuration(conformance: Conformance) -> Configuration {
    match conformance {
        Conformance::PdfUa => ConfigurationBuilder::new()
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .unwrap_or_default(),
        Conformance::Tagged => Configuration::default(),
    }
}

/// No date and no identifier of our own: the same sheet gives the same bytes.
fn metadata(composed: &Composed) -> Metadata {
    let metadata = Metadata::new()
        .title(composed.document_title.clone())
        .language(composed.language.clone())
        .creator("Anteroom".to_owned());
    match &composed.practice {
        Some(practice) => metadata.authors(vec![practice.clone()]),
        None => metadata,
    }
}

/// The fonts and colours of one document.
struct Inks<'a> {
    composed: &'a Composed,
    fonts: Vec<(FaceId, Font)>,
}

impl<'a> Inks<'a> {
    /// Loads the fonts the sheet uses, and no others.
    fn load(composed: &'a Composed) -> Result<Self, PdfError> {
        let bodies = composed.pieces.iter().map(|piece| &piece.paragraph);
        let labels = composed.pieces.iter().filter_map(|piece| piece.label.as_ref());
        let feet = composed.pages.iter().flat_map(|page| [&page.footer, &page.number]);
        let paragraphs = bodies.chain(labels.map(|label| &label.paragraph)).chain(feet);
        let mut fonts: Vec<(FaceId, Font)> = Vec::new();
        for run in paragraphs.flat_map(|paragraph| &paragraph.lines).flat_map(|line| &line.runs) {
            if fonts.iter().all(|(face, _)| *face != run.face) {
                fonts.push((run.face, run.face.embeddable()?));
            }
        }
        Ok(Self { composed, fonts })
    }

    fn font(&self, run: &GlyphRun) -> Option<Font> {
        self.fonts.iter().find(|(face, _)| *face == run.face).map(|(_, font)| font.clone())
    }
}

fn draw_page(
    surface: &mut Surface<'_>,
    inks: &Inks<'_>,
    composed: &Composed,
    page: &Page,
    marks: &mut [Marks],
) {
    for lines in page.lines.chunk_by(|one, next| one.piece == next.piece) {
        let Some(&PlacedLine { piece: index, line, top }) = lines.first() else { continue };
        let piece = &composed.pieces[index];
        if let Some(label) = &piece.label
            && line == 0
        {
            marks[index].label = Some(surface.start_tagged(ContentTag::Other));
            let x = look::COLUMN_LEFT + label.indent;
            // Label and text share a baseline even where their sizes differ.
            draw_line(surface, inks, &label.paragraph, 0, (x, baseline(piece, top)));
            surface.end_tagged();
        }
        marks[index].body.push(surface.start_tagged(ContentTag::Other));
        for placed in lines {
            let at = (look::COLUMN_LEFT + piece.indent, baseline(piece, placed.top));
            draw_line(surface, inks, &piece.paragraph, placed.line, at);
        }
        surface.end_tagged();
        draw_rule_after(surface, piece, lines);
    }
    draw_footer(surface, inks, page);
}

/// How far the middle of a capital is above the baseline, as part of the size of the text font.
const RISE: f32 = 0.36;

/// Where letters stand in a line: its ink sits in the middle of the leading.
fn baseline(piece: &Piece, top: f32) -> f32 {
    let look = &piece.paragraph.look;
    top + look.leading / 2.0 + look.size * RISE
}

fn draw_line(
    surface: &mut Surface<'_>,
    inks: &Inks<'_>,
    paragraph: &Paragraph,
    line: usize,
    (x, y): (f32, f32),
) {
    let Some(Line { runs, .. }) = paragraph.lines.get(line) else { return };
    let look = &paragraph.look;
    let colour = inks.composed.palette.colour(look.ink);
    for run in runs {
        let Some(font) = inks.font(run) else { continue };
        surface.set_fill(Some(fill(colour)));
        surface.set_stroke(run.is_emboldened.then(|| Stroke {
            paint: colour.into(),
            width: look.size * 0.03,
            ..Stroke::default()
        }));
        let start = Point::from_xy(x + run.x, y);
        surface.draw_glyphs(start, &run.glyphs, font, &paragraph.text, look.size, false);
    }
    surface.set_stroke(None);
}

fn draw_rule_after(surface: &mut Surface<'_>, piece: &Piece, lines: &[PlacedLine]) {
    let (Some(distance), Some(last)) = (piece.rule_after, lines.last()) else { return };
    if last.line + 1 < piece.paragraph.lines.len() {
        return;
    }
    let top = last.top + piece.paragraph.look.leading + distance;
    let grey = rgb::Color::new(look::RULE_GREY, look::RULE_GREY, look::RULE_GREY);
    shape(surface, grey, (look::COLUMN_LEFT, top, look::COLUMN_WIDTH, look::RULE_THICKNESS));
}

/// Draws a rectangle (left, top, width, height) that means nothing to a reader.
fn shape(surface: &mut Surface<'_>, colour: rgb::Color, place: (f32, f32, f32, f32)) {
    let (left, top, width, height) = place;
    let Some(rect) = Rect::from_xywh(left, top, width, height) else { return };
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    let Some(path) = path.finish() else { return };
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    surface.set_stroke(None);
    surface.set_fill(Some(fill(colour)));
    surface.draw_path(&path);
    surface.end_tagged();
}

fn draw_footer(surface: &mut Surface<'_>, inks: &Inks<'_>, page: &Page) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    let y = look::FOOTER_BASELINE;
    draw_line(surface, inks, &page.footer, 0, (look::COLUMN_LEFT, y));
    let number_width = page.number.lines.first().map_or(0.0, |line| line.width);
    let number_left = look::COLUMN_LEFT + look::COLUMN_WIDTH - number_width;
    draw_line(surface, inks, &page.number, 0, (number_left, y));
    surface.end_tagged();
}

fn fill(colour: rgb::Color) -> Fill {
    Fill { paint: colour.into(), opacity: NormalizedF32::ONE, rule: FillRule::default() }
}
