//! The embedded fonts: which there are, and which characters they can show.

use std::sync::{Arc, OnceLock};

use krilla::text::Font;
use parley::{
    FontContext, FontData, FontStyle, FontWeight, GenericFamily,
    fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache},
};
use skrifa::{FontRef, MetadataProvider, charmap::Charmap};

use super::{PdfError, clean};

/// One font file.
struct Face {
    name: &'static str,
    family: &'static str,
    weight: f32,
    style: FontStyle,
    bytes: &'static [u8],
}

impl Face {
    const fn regular(name: &'static str, bytes: &'static [u8]) -> Self {
        Self { name, family: name, weight: 400.0, style: FontStyle::Normal, bytes }
    }
}

macro_rules! font_file {
    ($file:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/", $file))
    };
}

/// In the order a reader's text should prefer them.
static FACES: [Face; 7] = [
    Face::regular("Inter", font_file!("Inter-Regular.otf")),
    Face {
        name: "Inter SemiBold",
        family: "Inter",
        weight: 600.0,
        style: FontStyle::Normal,
        bytes: font_file!("Inter-SemiBold.otf"),
    },
    Face {
        name: "Inter Italic",
        family: "Inter",
        weight: 400.0,
        style: FontStyle::Italic,
        bytes: font_file!("Inter-Italic.otf"),
    },
    Face::regular("Noto Sans Arabic", font_file!("NotoSansArabic-Regular.ttf")),
    Face::regular("Noto Sans Hebrew", font_file!("NotoSansHebrew-Regular.ttf")),
    Face::regular("Droid Sans Fallback", font_file!("DroidSansFallbackFull.ttf")),
    Face::regular("Noto Emoji", font_file!("NotoEmoji-Regular.ttf")),
];

/// The families as a style lists them: the first that has a character shows it.
pub(super) const FAMILIES: &str =
    "Inter, 'Noto Sans Arabic', 'Noto Sans Hebrew', 'Droid Sans Fallback', 'Noto Emoji'";

/// Names one of the embedded fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FaceId(usize);

impl FaceId {
    /// Finds the embedded font that the text engine chose.
    pub(super) fn of(font: &FontData) -> Option<Self> {
        // The engine hands back the very bytes it was given, so their place identifies them.
        let place = font.data.as_ref().as_ptr();
        FACES.iter().position(|face| face.bytes.as_ptr() == place).map(Self)
    }

    /// Whether its letters are bold by themselves.
    pub(super) fn is_bold(self) -> bool {
        400.0 < FACES[self.0].weight
    }

    /// The font as the PDF writer wants it.
    pub(super) fn embeddable(self) -> Result<Font, PdfError> {
        // Kept for good because the writer hashes every byte of a new font.
        static FONTS: [OnceLock<Option<Font>>; FACES.len()] =
            [const { OnceLock::new() }; FACES.len()];
        let face = &FACES[self.0];
        FONTS[self.0]
            .get_or_init(|| Font::new(face.bytes.into(), 0))
            .clone()
            .ok_or(PdfError::Font(face.name))
    }
}

/// A font collection of the embedded fonts alone, so that no machine's own fonts change a byte.
pub(super) fn context() -> FontContext {
    static CONTEXT: OnceLock<FontContext> = OnceLock::new();
    CONTEXT.get_or_init(register).clone()
}

fn register() -> FontContext {
    let options = CollectionOptions { shared: false, system_fonts: false };
    let mut collection = Collection::new(options);
    let mut emoji = None;
    for face in &FACES {
        let overrides = FontInfoOverride {
            family_name: Some(face.family),
            style: Some(face.style),
            weight: Some(FontWeight::new(face.weight)),
            ..FontInfoOverride::default()
        };
        let registered =
            collection.register_fonts(Blob::new(Arc::new(face.bytes)), Some(overrides));
        emoji = registered.first().map(|(family, _)| *family);
    }
    // The engine asks for the generic emoji family first when it meets an emoji.
    collection.set_generic_families(GenericFamily::Emoji, emoji.into_iter());
    FontContext { collection, source_cache: SourceCache::default() }
}

/// Which characters the embedded fonts can show.
pub(super) struct Coverage {
    charmaps: Vec<Charmap<'static>>,
}

impl Coverage {
    pub(super) fn new() -> Result<Self, PdfError> {
        let charmaps = FACES
            .iter()
            .map(|face| {
                let font = FontRef::new(face.bytes).map_err(|_| PdfError::Font(face.name))?;
                Ok(font.charmap())
            })
            .collect::<Result<_, PdfError>>()?;
        Ok(Self { charmaps })
    }

    /// The text with `□` for each character that no font has.
    pub(super) fn mark_unshown(&self, text: &str) -> String {
        text.chars().map(|c| if self.shows(c) { c } else { clean::UNSHOWN }).collect()
    }

    fn shows(&self, c: char) -> bool {
        c.is_ascii()
            || clean::is_invisible(c)
            || self.charmaps.iter().any(|charmap| charmap.map(c).is_some())
    }
}
