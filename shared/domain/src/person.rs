//! Who somebody is: a name that can stand in a letter, an address that can be written to.

use std::{fmt, str::FromStr};

use email_address::Options;

use crate::text::is_disguise;

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing was given.
    #[error("please tell us your name")]
    Empty,
    /// It is longer than any form can show.
    #[error("please give a name of at most 100 characters")]
    TooLong,
}

/// A person's name: 1 to 100 characters on one line.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Reads a name; white space is folded, invisible characters go.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let visible: String = text
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .filter(|c| !is_disguise(*c))
            .collect();
        let folded = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        match folded.chars().count() {
            0 => Err(InvalidName::Empty),
            1..=100 => Ok(Self(folded)),
            _ => Err(InvalidName::TooLong),
        }
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a friendly letter says after "Hello".
    pub fn first(&self) -> &str {
        self.0.split(' ').next().unwrap_or(&self.0)
    }
}

/// Prints dots: a name never reaches a log by accident.
impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

/// Why a text is not an address that letters can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("please check the email address: it should look like name@example.org, without accents")]
pub struct InvalidEmail;

/// An email address (RFC 5321 local part and domain, no quotes, no literals, with a top-level
/// domain). ASCII only: few mail services take other letters before the @ (RFC 6531), and a
/// domain with other letters has an ASCII spelling of its own (RFC 5891).
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address; surrounding white space goes.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        if 254 < text.len()
            || text.contains('"')
            || text.ends_with('.')
            || !text.is_ascii()
            || text.chars().any(is_disguise)
        {
            return Err(InvalidEmail);
        }
        let options =
            Options::default().with_required_tld().without_domain_literal().without_display_text();
        email_address::EmailAddress::parse_with_options(text, options).map_err(|_| InvalidEmail)?;
        Ok(Self(text.to_owned()))
    }

    /// The address as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which two spellings of one mailbox meet: lower case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Prints dots: an address never reaches a log by accident.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_visible_line() {
        assert_eq!(PersonName::parse("  Zoë\r\nBcc:  x ").unwrap().as_str(), "Zoë Bcc: x");
        assert_eq!(PersonName::parse("Ana Luísa").unwrap().first(), "Ana");
        assert_eq!(PersonName::parse(" \u{202E}\0 "), Err(InvalidName::Empty));
        assert_eq!(PersonName::parse(&"x".repeat(101)), Err(InvalidName::TooLong));
    }

    #[test]
    fn addresses_that_letters_can_reach() {
        for good in ["a@b.org", "First.Last+tag@sub.example.com", "zoe@xn--exmple-cua.org"] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        let long = format!("{}@example.org", "x".repeat(250));
        for bad in [
            "",
            "a",
            "a@",
            "@b.org",
            "a@localhost",
            "a b@c.org",
            "\"a b\"@c.org",
            "a@[127.0.0.1]",
            "a@b.org.",
            "Zoë <z@b.org>",
            "a@b.org,c@d.org",
            "a@b.org\nBcc: c@d.org",
            "a..b@c.org",
            "zoë@example.org",
            "zoe@exämple.org",
            &long,
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn debug_tells_nothing() {
        let text = format!(
            "{:?}{:?}",
            PersonName::parse("Ana").unwrap(),
            EmailAddress::parse("a@b.org").unwrap()
        );
        assert!(!text.contains("Ana") && !text.contains("b.org"));
    }
}
