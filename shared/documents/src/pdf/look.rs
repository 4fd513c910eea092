//! How the sheet looks: measures in points, colours, and the style of each kind of text.

use krilla::color::rgb;

/// An A4 page.
pub(super) const PAGE_WIDTH: f32 = 595.28;
/// An A4 page.
pub(super) const PAGE_HEIGHT: f32 = 841.89;
/// Where the text column begins.
pub(super) const COLUMN_LEFT: f32 = 88.0;
/// About 75 characters of an answer: comfortable to read.
pub(super) const COLUMN_WIDTH: f32 = 412.0;
/// Where text begins on every page but the first.
pub(super) const BODY_TOP: f32 = 72.0;
/// Where text begins on the first page.
pub(super) const BODY_TOP_FIRST: f32 = 84.0;
/// Where text ends on every page.
pub(super) const BODY_BOTTOM: f32 = 762.0;
/// The bar of the practice's colour that opens the first page: top, width, height.
pub(super) const BAR: (f32, f32, f32) = (60.0, 28.0, 2.5);
/// The baseline of the line at the foot of the page.
pub(super) const FOOTER_BASELINE: f32 = 796.0;
/// Room for "Page 100 of 100".
pub(super) const FOOTER_NUMBER_WIDTH: f32 = 90.0;
/// Where a fact's value begins, after its label.
pub(super) const FACT_INDENT: f32 = 92.0;
/// Where a ticked option begins, after its bullet.
pub(super) const CHOICE_INDENT: f32 = 13.0;
/// A rule is as thin as a printer still draws reliably.
pub(super) const RULE_THICKNESS: f32 = 0.5;
/// The grey of rules.
pub(super) const RULE_GREY: u8 = 0xd9;

/// Which of the text fonts to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// For reading.
    Regular,
    /// For headings.
    SemiBold,
    /// For what we say about an answer, as opposed to what the client said.
    Italic,
}

/// A colour by its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Titles.
    Dark,
    /// Answers.
    Body,
    /// Questions.
    Soft,
    /// Labels, notes, the foot of the page.
    Muted,
    /// The practice's colour, as dark as reading needs it.
    Accent,
}

/// Which edge of the column a text begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Where its script begins: Arabic and Hebrew at the right.
    AsWritten,
    /// Always at the left, as part of the sheet's own furniture.
    Left,
}

/// The style of one kind of text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) size: f32,
    /// From baseline to baseline.
    pub(super) leading: f32,
    pub(super) cut: Cut,
    pub(super) ink: Ink,
    /// Extra space between letters.
    pub(super) tracking: f32,
    pub(super) side: Side,
}

impl Look {
    const fn new(size: f32, leading: f32, cut: Cut, ink: Ink) -> Self {
        Self { size, leading, cut, ink, tracking: 0.0, side: Side::AsWritten }
    }

    const fn tracked(self, tracking: f32) -> Self {
        Self { tracking, ..self }
    }

    const fn at_left(self) -> Self {
        Self { side: Side::Left, ..self }
    }
}

pub(super) const PRACTICE: Look =
    Look::new(8.0, 12.0, Cut::SemiBold, Ink::Accent).tracked(0.9).at_left();
pub(super) const TITLE: Look = Look::new(23.0, 29.0, Cut::SemiBold, Ink::Dark).tracked(-0.45);
pub(super) const CLIENT: Look = Look::new(12.5, 18.0, Cut::Regular, Ink::Soft).at_left();
pub(super) const FACT_LABEL: Look = Look::new(8.5, 15.0, Cut::Regular, Ink::Muted).at_left();
pub(super) const FACT: Look = Look::new(9.5, 15.0, Cut::Regular, Ink::Body).at_left();
pub(super) const SECTION: Look = Look::new(8.0, 12.0, Cut::SemiBold, Ink::Accent).tracked(0.9);
pub(super) const QUESTION: Look = Look::new(9.5, 14.0, Cut::SemiBold, Ink::Soft);
pub(super) const ANSWER: Look = Look::new(10.5, 16.5, Cut::Regular, Ink::Body);
pub(super) const NOT_GIVEN: Look = Look::new(10.0, 16.5, Cut::Italic, Ink::Muted);
pub(super) const NOTE: Look = Look::new(8.5, 13.0, Cut::Italic, Ink::Muted);
pub(super) const FOOTER: Look = Look::new(7.5, 10.0, Cut::Regular, Ink::Muted).at_left();

/// The colours of one sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    /// The practice's colour, which its handbook has found dark enough to read.
    pub(super) accent: rgb::Color,
}

impl Palette {
    pub(super) fn new(accent: [u8; 3]) -> Self {
        let [red, green, blue] = accent;
        Self { accent: rgb::Color::new(red, green, blue) }
    }

    pub(super) fn colour(self, ink: Ink) -> rgb::Color {
        match ink {
            Ink::Dark => rgb::Color::new(0x16, 0x1a, 0x20),
            Ink::Body => rgb::Color::new(0x20, 0x25, 0x2c),
            Ink::Soft => rgb::Color::new(0x4a, 0x52, 0x5e),
            Ink::Muted => rgb::Color::new(0x6b, 0x72, 0x7c),
            Ink::Accent => self.accent,
        }
    }
}

/// Whether spaced capitals suit this text. They suit Latin and Cyrillic; Greek capitals would keep
/// the wrong accents, Arabic letters would be torn apart, and the others have no capitals.
pub(super) fn suits_small_caps(text: &str) -> bool {
    text.chars().all(|c| {
        c < '\u{300}'
            || ('\u{400}'..'\u{482}').contains(&c)
            || ('\u{48a}'..'\u{530}').contains(&c)
            || ('\u{1e00}'..'\u{1f00}').contains(&c)
            || ('\u{2010}'..'\u{2027}').contains(&c)
    })
}
