//! Free text that a person typed, bounded and without control characters.

use std::fmt;

/// Why a note cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a note has at most {max} characters; this one has {0}", max = Note::LENGTH_MAX)]
pub struct TooLong(pub usize);

/// A short text from one person to another, perhaps empty.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Note(String);

/// Prints a length: what people write to each other never reaches a log by accident.
impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Note({} bytes)", self.0.len())
    }
}

impl Note {
    /// In characters.
    pub const LENGTH_MAX: usize = 2_000;

    /// Reads a note of at most 2,000 characters; what could deceive a reader goes.
    pub fn parse(text: &str) -> Result<Self, TooLong> {
        let clean = clean(text);
        let length = clean.chars().count();
        if Self::LENGTH_MAX < length { Err(TooLong(length)) } else { Ok(Self(clean)) }
    }

    /// The note as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A typed text as it is kept: lines end in a line feed, tabs are spaces, nothing is in disguise
/// and nothing blank is around it.
pub(crate) fn clean(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let plain = lines.replace(['\t', '\u{0B}', '\u{0C}'], " ");
    let visible: String = plain.chars().filter(|c| !is_disguise(*c)).collect();
    visible.trim().to_owned()
}

/// Whether a character can hide or reorder what a reader sees, or break a protocol.
pub fn is_disguise(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_keeps_lines_and_loses_disguises() {
        assert_eq!(Note::parse(" a\r\nb\0\u{202E}c ").unwrap().as_str(), "a\nbc");
        assert_eq!(Note::parse("Monday\t9:00\rTuesday").unwrap().as_str(), "Monday 9:00\nTuesday");
        assert_eq!(Note::parse(&"x".repeat(2_001)), Err(TooLong(2_001)));
    }
}
