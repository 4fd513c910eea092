//! What stands on the sheet, in which order, and on which page.

use std::borrow::Cow;

use super::{
    Answer, AnswerSheet, AnswerText, PdfError, Section,
    clean::{self, CleanAnswer},
    flow,
    look::{self, Look, Palette},
    piece::{Composed, Label, Page, Piece, Role},
    typeset::Typesetter,
};

const NAME_CHARS_MAX: usize = 200;
const HEADING_CHARS_MAX: usize = 300;
const QUESTION_CHARS_MAX: usize = 2_000;
const CHOICE_CHARS_MAX: usize = 2_000;
const FACT_CHARS_MAX: usize = 500;
const FACT_LABEL_CHARS_MAX: usize = 22;

const UNTITLED: &str = "Questionnaire";
const NOT_ANSWERED: &str = "Not answered";
const SHORTENED: &str = "This answer is longer than a printed sheet can hold and is cut off here.";
const HAS_GAPS: &str = "Some characters of this answer could not be printed and appear as □.";

/// Cleans and sets the whole sheet and cuts it into pages.
pub(super) fn compose(sheet: &AnswerSheet<'_>) -> Result<Composed, PdfError> {
    let mut composer = Composer { typesetter: Typesetter::new()?, pieces: Vec::new() };
    let title = clean::label(sheet.title, NAME_CHARS_MAX).unwrap_or_else(|| UNTITLED.to_owned());
    let client = clean::label(sheet.client, NAME_CHARS_MAX);
    let practice = clean::label(sheet.practice, NAME_CHARS_MAX);
    composer.opening(practice.as_deref(), &title, client.as_deref());
    composer.facts(&sheet.facts);
    let mut question_number = 0;
    for section in &sheet.sections {
        composer.section(section, &mut question_number);
    }
    let names: Vec<&str> = [&client, &practice].into_iter().flatten().map(String::as_str).collect();
    let pages = composer.pages(&names.join("  ·  "));
    let document_title = match &client {
        Some(client) => format!("{title} – {client}"),
        None => title.clone(),
    };
    Ok(Composed {
        title,
        document_title,
        practice,
        language: clean::language(sheet.language),
        palette: Palette::new(sheet.accent),
        pieces: composer.pieces,
        pages,
    })
}

struct Composer {
    typesetter: Typesetter,
    pieces: Vec<Piece>,
}

impl Composer {
    fn opening(&mut self, practice: Option<&str>, title: &str, client: Option<&str>) {
        if let Some(practice) = practice {
            self.small_caps(Role::Practice, practice, look::PRACTICE, 0.0);
        }
        self.text(Role::Title(title.to_owned()), title, look::TITLE, 20.0);
        if let Some(client) = client {
            self.text(Role::Client, client, look::CLIENT, 4.0);
        }
        self.rule_after(20.0);
    }

    fn facts(&mut self, facts: &[(&str, String)]) {
        let before = self.pieces.len();
        for (label, value) in facts {
            let Some(value) = clean::label(value, FACT_CHARS_MAX) else { continue };
            let space_before = if self.pieces.len() == before { 14.0 } else { 2.0 };
            let width = look::COLUMN_WIDTH - look::FACT_INDENT;
            let paragraph = self.typesetter.set(&value, look::FACT, width);
            let label = clean::label(label, FACT_LABEL_CHARS_MAX).map(|label| Label {
                paragraph: self.typesetter.set(&label, look::FACT_LABEL, look::FACT_INDENT),
                indent: 0.0,
            });
            let indent = look::FACT_INDENT;
            self.push(Piece { label, indent, ..Piece::new(Role::Fact, paragraph, space_before) });
        }
        if before < self.pieces.len() {
            self.rule_after(14.0);
        }
    }

    fn section(&mut self, section: &Section<'_>, question_number: &mut usize) {
        if section.answers.is_empty() {
            return;
        }
        let heading = section.heading.and_then(|raw| clean::label(raw, HEADING_CHARS_MAX));
        let in_section = heading.is_some();
        if let Some(heading) = heading {
            self.small_caps(Role::Section(heading.clone()), &heading, look::SECTION, 36.0);
            self.rule_after(7.0);
        }
        for (index, answer) in section.answers.iter().enumerate() {
            *question_number += 1;
            let space_before = match (index, in_section) {
                (0, true) => 18.0,
                (0, false) => 30.0,
                _ => 19.0,
            };
            // A heading must say something, or it could not be tagged.
            let text = clean::label(answer.question, QUESTION_CHARS_MAX)
                .unwrap_or_else(|| format!("Question {question_number}"));
            let role = Role::Question { text: text.clone(), in_section };
            self.text(role, &text, look::QUESTION, space_before);
            self.answer(answer);
        }
    }

    fn answer(&mut self, answer: &Answer<'_>) {
        let answered = match &answer.answer {
            AnswerText::Given(raw) => {
                let cleaned = clean::answer(raw);
                cleaned.map(|cleaned| self.given(&cleaned)).is_some()
            }
            AnswerText::Choices(choices) => self.choices(choices),
            AnswerText::NotGiven => false,
        };
        if !answered {
            self.text(Role::Answer, NOT_ANSWERED, look::NOT_GIVEN, 4.0);
        }
    }

    fn given(&mut self, cleaned: &CleanAnswer) {
        let mut has_gaps = false;
        for (index, paragraph) in cleaned.paragraphs.iter().enumerate() {
            let space_before = match (index, paragraph.spaced) {
                (0, _) => 4.0,
                (_, true) => 8.0,
                (_, false) => 0.0,
            };
            has_gaps |= self.text(Role::Answer, &paragraph.text, look::ANSWER, space_before);
        }
        if cleaned.shortened {
            self.text(Role::Answer, SHORTENED, look::NOTE, 6.0);
        }
        if has_gaps {
            self.text(Role::Answer, HAS_GAPS, look::NOTE, 6.0);
        }
    }

    fn choices(&mut self, choices: &[Cow<'_, str>]) -> bool {
        let before = self.pieces.len();
        for raw in choices {
            let Some(choice) = clean::label(raw, CHOICE_CHARS_MAX) else { continue };
            let width = look::COLUMN_WIDTH - look::CHOICE_INDENT;
            let paragraph = self.typesetter.set(&choice, look::ANSWER, width);
            let bullet = self.typesetter.set("•", look::ANSWER, look::CHOICE_INDENT);
            let bullet_width = bullet.lines.first().map_or(0.0, |line| line.width);
            // An option written from right to left has its bullet at the right.
            let (indent, bullet_indent) = if paragraph.is_rtl {
                (0.0, look::COLUMN_WIDTH - bullet_width)
            } else {
                (look::CHOICE_INDENT, 0.0)
            };
            let label = Some(Label { paragraph: bullet, indent: bullet_indent });
            let space_before = if self.pieces.len() == before { 4.0 } else { 1.0 };
            self.push(Piece { label, indent, ..Piece::new(Role::Choice, paragraph, space_before) });
        }
        before < self.pieces.len()
    }

    fn pages(&mut self, footer: &str) -> Vec<Page> {
        let pages = flow::pages(&self.pieces);
        let count = pages.len();
        let width = look::COLUMN_WIDTH - look::FOOTER_NUMBER_WIDTH;
        (1..)
            .zip(pages)
            .map(|(number, lines)| Page {
                lines,
                footer: self.typesetter.set(footer, look::FOOTER, width),
                number: self.typesetter.set(
                    &format!("Page {number} of {count}"),
                    look::FOOTER,
                    look::FOOTER_NUMBER_WIDTH,
                ),
            })
            .collect()
    }

    fn small_caps(&mut self, role: Role, text: &str, look: Look, space_before: f32) {
        if look::suits_small_caps(text) {
            self.text(role, &text.to_uppercase(), look, space_before);
        } else {
            let larger = Look { tracking: 0.0, size: look.size + 1.5, ..look };
            self.text(role, text, larger, space_before);
        }
    }

    /// Sets a plain paragraph; says whether something in it could not be shown.
    fn text(&mut self, role: Role, text: &str, look: Look, space_before: f32) -> bool {
        let paragraph = self.typesetter.set(text, look, look::COLUMN_WIDTH);
        let has_gaps = paragraph.has_gaps;
        self.push(Piece::new(role, paragraph, space_before));
        has_gaps
    }

    fn push(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    fn rule_after(&mut self, distance: f32) {
        if let Some(last) = self.pieces.last_mut() {
            last.rule_after = Some(distance);
        }
    }
}
