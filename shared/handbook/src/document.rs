//! A TOML file: where its lines begin, and what in it is not TOML.

use toml::de::{DeTable, Error};

use crate::{Mistake, reader::Reader};

/// Where the lines of a text begin.
#[derive(Debug)]
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at + 1).collect())
    }

    /// The line, the first being 1, in which the byte `at` stands.
    pub(crate) fn line(&self, at: usize) -> usize {
        1 + self.0.partition_point(|start| *start <= at)
    }
}

/// A file whose mistakes are being gathered.
#[derive(Debug)]
pub(crate) struct Document {
    file: String,
    lines: Lines,
    mistakes: Vec<Mistake>,
}

impl Document {
    /// Writes down a mistake that stands at this byte.
    pub(crate) fn mistake(&mut self, at: usize, words: String) {
        self.mistakes.push(Mistake::in_line(&self.file, self.lines.line(at), words));
    }

    /// Writes down that something is not there.
    pub(crate) fn missing(&mut self, words: String) {
        self.mistakes.push(Mistake::in_file(&self.file, words));
    }
}

/// Reads a TOML file with `parts`. A file that is not TOML throughout is not read any further:
/// what is missing in it is then anybody's guess.
pub(crate) fn read<T>(
    file: &str,
    text: &str,
    mistakes: &mut Vec<Mistake>,
    parts: impl FnOnce(&mut Reader<'_>) -> T,
) -> Option<T> {
    let lines = Lines::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        mistakes.extend(syntax_mistakes((file, text), &lines, &errors));
        return None;
    }
    let mut document = Document { file: file.to_owned(), lines, mistakes: Vec::new() };
    let read = Reader::read(&mut document, table.get_ref(), None, parts);
    mistakes.append(&mut document.mistakes);
    Some(read)
}

const SYNTAX_MISTAKES_MAX: usize = 20;

/// One mistake for each line that is not TOML, and none below a bracket that was never closed:
/// what follows from a cause would only hide it.
fn syntax_mistakes((file, text): (&str, &str), lines: &Lines, errors: &[Error]) -> Vec<Mistake> {
    let mistake = |error: &Error| {
        let at = error.span().map(|span| span.start);
        let heading = at.filter(|_| error.message().starts_with(SECOND_TIME));
        let heading = heading.and_then(|at| heading_around(text, at));
        let words = heading.map_or_else(|| in_plain_words(error.message()), second_heading);
        Mistake { file: file.to_owned(), line: at.map(|at| lines.line(at)), words }
    };
    let mut mistakes: Vec<Mistake> = errors.iter().map(mistake).collect();
    mistakes.sort_by_key(|mistake| mistake.line);
    mistakes.dedup_by_key(|mistake| mistake.line);
    let last = mistakes.iter().position(|mistake| mistake.words.ends_with(NOT_CLOSED));
    mistakes.truncate(last.map_or(SYNTAX_MISTAKES_MAX, |last| last + 1).min(SYNTAX_MISTAKES_MAX));
    mistakes
}

/// The name in the heading that this byte stands in, if it is one.
fn heading_around(text: &str, at: usize) -> Option<&str> {
    let line = text.get(..at)?.rfind('\n').map_or(0, |before| before + 1);
    let name = text.get(line..)?.strip_prefix('[')?.trim_start_matches('[');
    name.split_once(']').map(|(name, _)| name.trim())
}

/// What to do where a heading stands a second time: several parts are meant, or one too many.
fn second_heading(name: &str) -> String {
    if name == "session" {
        "there are several `session`: write each of them with double brackets, `[[session]]`".into()
    } else {
        format!("`{name}` stands here a second time; delete one of the two")
    }
}

const SECOND_TIME: &str = "duplicate key";

const NOT_CLOSED: &str = "is not closed; write `]` where it ends";

const PLAIN_WORDS: [(&str, &str); 12] = [
    (
        "string values must be quoted",
        "a text must stand in straight quotes, like \"this\"; a number stands alone, without a unit",
    ),
    ("invalid basic string, expected `\"`", "a text is not closed; write `\"` where it ends"),
    (SECOND_TIME, "this stands here a second time; delete one of the two"),
    ("key with no value", "a line must have the form `key = value`"),
    (
        "invalid boolean",
        "a text must stand in straight quotes, like \"this\"; a yes or no is `true` or `false` without any",
    ),
    (
        "unexpected key or value",
        "something stands behind the end of this value; quotes within a text are written `\\\"`",
    ),
    (
        "missing comma",
        "a comma is missing here, or the list above is not closed; write `]` where it ends",
    ),
    ("invalid float", "a number is written in digits, and a text in straight quotes"),
    ("unclosed array", "a list is not closed; write `]` where it ends"),
    ("unclosed table", "a heading is not closed; write `]` where it ends"),
    ("cannot recurse further", "nested too deeply for a handbook"),
    ("recursion limit", "nested too deeply for a handbook"),
];

fn in_plain_words(message: &str) -> String {
    PLAIN_WORDS
        .iter()
        .find(|(start, _)| message.starts_with(start))
        .map_or_else(|| format!("cannot be read: {message}"), |(_, words)| (*words).to_owned())
}
