//! A mistake in a handbook, in words for whoever wrote it.

use std::fmt;

/// What is wrong in one place of a handbook, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Mistake {
    /// In which file, relative to the practice's folder.
    pub file: String,
    /// In which line, the first being 1; none where the mistake is something that is not there.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub words: String,
}

impl Mistake {
    pub(crate) fn in_file(file: &str, words: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, words: words.into() }
    }

    pub(crate) fn in_line(file: &str, line: usize, words: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: Some(line), words: words.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.words),
            None => write!(f, "{}: {}", self.file, self.words),
        }
    }
}

const QUOTED_MAX: usize = 60;

/// What somebody wrote, short and visible enough to stand in a sentence.
pub(crate) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTED_MAX).flat_map(char::escape_debug).collect();
    if short.len() < text.len() && QUOTED_MAX < text.chars().count() {
        short.push('…');
    }
    format!("\"{}\"", short.replace("\\'", "'"))
}

/// `a`, `b` or `c`.
pub(crate) fn any_of(words: impl IntoIterator<Item = String>) -> String {
    let mut words: Vec<String> = words.into_iter().collect();
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) }
}

const WORD_MAX: usize = 64;

/// The candidate that was probably meant by `word`: it differs in a few letters, or only in case.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if WORD_MAX < word.len() {
        return None;
    }
    let word: Vec<char> = word.to_lowercase().chars().collect();
    let farthest = 1 + word.len() / 4;
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= farthest)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put in, left out or changed (Levenshtein).
fn distance(from: &[char], to: &str) -> usize {
    let mut row: Vec<usize> = (0..=from.len()).collect();
    for (down, wanted) in to.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = down + 1;
        for (across, given) in from.iter().enumerate() {
            let changed = diagonal + usize::from(*given != wanted);
            diagonal = row[across + 1];
            row[across + 1] = changed.min(diagonal + 1).min(row[across] + 1);
        }
    }
    row[from.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_leads_to_the_word_that_was_meant() {
        let keys = ["buffer_before_minutes", "buffer_after_minutes", "minutes", "id"];
        assert_eq!(nearest("minuets", keys), Some("minutes"));
        assert_eq!(nearest("Minutes", keys), Some("minutes"));
        assert_eq!(nearest("buffer_after_minute", keys), Some("buffer_after_minutes"));
        assert_eq!(nearest("price", keys), None);
        assert_eq!(nearest(&"minutes".repeat(10_000), keys), None);
    }

    #[test]
    fn quotations_are_short_and_visible() {
        assert_eq!(quoted("it's\0"), "\"it's\\0\"");
        assert_eq!(quoted(&"x".repeat(61)), format!("\"{}…\"", "x".repeat(60)));
    }
}
