//! Free text that a person typed, bounded and without control characters.

/// Why a note cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a note has at most {LENGTH_MAX} characters; this one has {0}")]
pub struct TooLong(pub usize);

const LENGTH_MAX: usize = 2_000;

/// A short text from one person to another, perhaps empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Note(String);

impl Note {
    /// Reads a note of at most 2,000 characters; control characters other than line breaks go.
    pub fn parse(text: &str) -> Result<Self, TooLong> {
        let clean: String = text.chars().filter(|c| !is_disguise(*c)).collect();
        let clean = clean.trim();
        let length = clean.chars().count();
        if LENGTH_MAX < length {
            return Err(TooLong(length));
        }
        Ok(Self(clean.to_owned()))
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

/// Whether a character can hide or reorder what a reader sees, or break a protocol.
pub(crate) fn is_disguise(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_keeps_lines_and_loses_disguises() {
        assert_eq!(Note::parse(" a\r\nb\0\u{202E}c ").unwrap().as_str(), "a\nbc");
        assert_eq!(Note::parse(&"x".repeat(2_001)), Err(TooLong(2_001)));
    }
}
