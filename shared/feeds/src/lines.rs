//! The lines of a feed, put together where they were folded.

use std::borrow::Cow;

/// Every line, without its ending; blank ones too.
pub(crate) fn lines(feed: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let mut physical = feed.split(|byte| *byte == b'\n').map(without_return).peekable();
    std::iter::from_fn(move || {
        let mut line = Cow::Borrowed(physical.next()?);
        while let Some(more) = physical.next_if(|next| matches!(next.first(), Some(b' ' | b'\t'))) {
            line.to_mut().extend_from_slice(&more[1..]);
        }
        Some(line)
    })
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// A line that says something: `NAME;PARAMETER=VALUE:VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Property {
    /// In capitals.
    pub(crate) name: String,
    parameters: String,
    /// Without blanks around it.
    pub(crate) value: String,
}

impl Property {
    /// Reads a line whose name is one of `known`; others are looked at only as far as to say
    /// whether they are lines at all.
    pub(crate) fn read(line: &[u8], known: &[&str]) -> Reading {
        let name_ends = line.iter().position(|byte| matches!(byte, b':' | b';'));
        let Some((name, rest)) = name_ends.and_then(|end| line.split_at_checked(end)) else {
            return Reading::Broken;
        };
        let is_name =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if name.is_empty() || !name.iter().all(is_name) || !rest.contains(&b':') {
            return Reading::Broken;
        }
        let Some(name) = known.iter().find(|known| name.eq_ignore_ascii_case(known.as_bytes()))
        else {
            return Reading::Other;
        };
        let (parameters, value) = rest.split_at(value_begins(rest));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        let parameters = text(parameters);
        Reading::Property(Self {
            name: (*name).to_owned(),
            parameters,
            value: text(value.get(1..).unwrap_or_default()),
        })
    }

    /// The value of a parameter, without quotation marks.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let mut is_quoted = false;
        let parts = self.parameters.split(move |letter| {
            is_quoted ^= letter == '"';
            letter == ';' && !is_quoted
        });
        let pairs = parts.filter_map(|part| part.split_once('='));
        let mut own = pairs.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
        own.next().map(|(_, value)| value.trim().trim_matches('"').trim())
    }
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    Property(Property),
    /// A line that nobody asked for.
    Other,
    Broken,
}

/// Where the colon before the value stands: the first one outside quotation marks, and where those
/// are never closed, the last one of all.
fn value_begins(rest: &[u8]) -> usize {
    let mut is_quoted = false;
    let outside = rest.iter().position(|byte| {
        is_quoted ^= *byte == b'"';
        *byte == b':' && !is_quoted
    });
    outside.or_else(|| rest.iter().rposition(|byte| *byte == b':')).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfolded(feed: &str) -> Vec<String> {
        lines(feed.as_bytes()).map(|line| String::from_utf8_lossy(&line).into_owned()).collect()
    }

    #[test]
    fn folded_lines_are_put_together() {
        assert_eq!(unfolded("A:1\r\nB:\r\n 2\r\n\t3\r\nC:4"), ["A:1", "B:23", "C:4"]);
        assert_eq!(unfolded("A:1\n\n  2\n"), ["A:1", " 2", ""]);
        assert_eq!(unfolded("A:\u{e4}"), ["A:\u{e4}"]);
    }

    #[track_caller]
    fn check(line: &str, zone: Option<&str>, value: &str) {
        let Reading::Property(property) = Property::read(line.as_bytes(), &["DTSTART"]) else {
            panic!("{line} is a property");
        };
        assert_eq!((property.parameter("TZID"), &*property.value), (zone, value), "{line}");
    }

    #[test]
    fn quotation_marks_hold_a_parameter_together() {
        check("DTSTART:1", None, "1");
        check("dtstart;Tzid=Europe/Lisbon: 1 ", Some("Europe/Lisbon"), "1");
        check("DTSTART;TZID=\"a;b:c\";VALUE=DATE:1", Some("a;b:c"), "1");
        check("DTSTART;X=\"TZID=no\";TZID=yes:1", Some("yes"), "1");
        check("DTSTART;TZID=\"never closed:1", Some("never closed"), "1");
        check("DTSTART;;=;TZID=:1", Some(""), "1");
    }

    #[test]
    fn what_is_no_line_is_broken() {
        let read = |line: &str| Property::read(line.as_bytes(), &["DTSTART"]);
        assert_eq!(read("SUMMARY:DTSTART:1"), Reading::Other);
        for broken in ["DTSTART", "DTSTART;TZID=x", ":1", "<p class=\"x\">a:b</p>", "\0:1"] {
            assert_eq!(read(broken), Reading::Broken, "{broken}");
        }
    }
}
