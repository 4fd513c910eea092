//! Texts for people: how long they may be, and what must not hide in them.

use domain::is_disguise;

use crate::Mistake;

/// What a text of the handbook may be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    /// One line of at most so many characters.
    Line(usize),
    /// Lines of at most so many characters together.
    Passage(usize),
}

/// Reads a text; white space around it goes. A mistake completes the sentence "`name` …".
pub(crate) fn parse(text: &str, form: Form) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    let (Form::Line(length_max) | Form::Passage(length_max)) = form;
    if text.is_empty() {
        return Err("is empty; write something between the quotes".into());
    }
    if length_max < length {
        return Err(format!("must have at most {length_max} characters; it has {length}"));
    }
    if let Some(c) = text.chars().find(|c| is_disguise(*c)) {
        return Err(format!("{}; delete it", hides(c)));
    }
    if matches!(form, Form::Line(_)) && text.contains('\n') {
        return Err("must be on one line".into());
    }
    Ok(text.to_owned())
}

const HIDDEN_MAX: usize = 20;

/// What is wrong with a file that is one long text.
pub(crate) fn mistakes_in(file: &str, text: &str) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    if text.trim().is_empty() {
        mistakes.push(Mistake::in_file(file, "this file is empty; write its words"));
    }
    let lines = text.lines().enumerate();
    let hidden = lines.filter_map(|(line, text)| {
        let c = text.chars().find(|c| is_disguise(*c) && *c != '\t')?;
        Some(Mistake::in_line(file, line + 1, format!("this line {}; delete it", hides(c))))
    });
    mistakes.extend(hidden.take(HIDDEN_MAX));
    mistakes
}

fn hides(c: char) -> String {
    format!("has a character that nobody sees (U+{:04X})", u32::from(c))
}
