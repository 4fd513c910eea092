//! A client's questionnaire answers as an A4 document: facts in, bytes out.
//!
//! Pure: the fonts are part of the program, there is no clock and no chance, so the same sheet
//! always gives the same bytes. The road of one sheet: `clean` makes the text harmless, `typeset`
//! turns it into glyphs, `compose` decides what stands on the sheet, `flow` cuts it into pages and
//! `draw` writes them with their tags. How everything looks is in `look`.
//!
//! What this module does not do: pictures, forms, signatures, or a date of its own. Scripts without
//! an embedded font (Hangul, Thai, Devanagari and others) come out as `□`, with a note.

mod look;

mod clean;
mod fonts;
mod typeset;

mod piece;

mod compose;
mod flow;

mod draw;
mod tags;

#[cfg(test)]
mod tests;

use std::{borrow::Cow, panic};

use krilla::error::KrillaError;

/// Everything the PDF says.
#[derive(Debug, Clone)]
pub struct AnswerSheet<'a> {
    /// Whose practice it is, e.g. "Harbour Coaching".
    pub practice: &'a str,
    /// The practice's colour, red, green, blue; darkened where it would be hard to read.
    pub accent: [u8; 3],
    /// The questionnaire's title.
    pub title: &'a str,
    /// The client's name.
    pub client: &'a str,
    /// Labelled facts under the title, e.g. "Completed" and a moment already put into words.
    pub facts: Vec<(&'a str, String)>,
    /// The questions and answers, in the order they were asked.
    pub sections: Vec<Section<'a>>,
    /// The language the sheet is written in, e.g. "en".
    pub language: &'a str,
}

/// Questions that belong together.
#[derive(Debug, Clone)]
pub struct Section<'a> {
    /// What the section is called, if it is called anything.
    pub heading: Option<&'a str>,
    /// Its questions, each with the answer.
    pub answers: Vec<Answer<'a>>,
}

/// One question and what the client said to it.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// The question as the client read it.
    pub question: &'a str,
    /// What the client said.
    pub answer: AnswerText<'a>,
}

/// What a client said to one question.
#[derive(Debug, Clone)]
pub enum AnswerText<'a> {
    /// In their own words; line breaks are kept.
    Given(Cow<'a, str>),
    /// The options they ticked.
    Choices(Vec<Cow<'a, str>>),
    /// They left it open.
    NotGiven,
}

/// Why there is no PDF. None of these carries a client's words, so all may be logged.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// An embedded font is not what the program was built with.
    #[error("read the embedded font {0}")]
    Font(&'static str),
    /// The text engine panicked on the sheet's text.
    #[error("set the text of the answer sheet")]
    Typesetting,
    /// The pages could not be written.
    #[error("write the pages of the answer sheet")]
    Export(#[source] KrillaError),
}

/// Sets a client's answers as a tagged A4 document (PDF/UA-1).
///
/// A sheet that cannot be exported as PDF/UA is exported as plain tagged PDF: the practitioner
/// would rather read an imperfect document than none.
pub fn answers_pdf(sheet: &AnswerSheet<'_>) -> Result<Vec<u8>, PdfError> {
    // All shaping happens in here. The text engine has panicked on odd input before, and a panic
    // later, with a page open, would abort the process.
    let composed = panic::catch_unwind(|| compose::compose(sheet))
        .map_err(|_panic| PdfError::Typesetting)??;
    // The first error is dropped on purpose: it may quote the text it complains about.
    draw::write(&composed, draw::Conformance::PdfUa)
        .or_else(|_not_accessible| draw::write(&composed, draw::Conformance::Tagged))
}
