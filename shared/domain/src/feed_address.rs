//! Where a calendar can be subscribed to: an address that somebody else chose, read with suspicion.
//!
//! What the name leads to is asked later, and elsewhere: here is only what the text itself shows.

use std::fmt;

/// Why a text is not the address of a calendar feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadFeedAddress {
    /// It begins with something else.
    #[error("please give an address that begins with https:// or webcal://")]
    Scheme,
    /// It is longer than any calendar's.
    #[error(
        "please give an address of at most {max} characters",
        max = FeedAddress::LENGTH_MAX
    )]
    TooLong,
    /// It has a character that no address has.
    #[error("please copy the address once more: it has a space, an accent or an unusual sign")]
    Letters,
    /// It carries a name and perhaps a password.
    #[error(
        "please give an address without a user name or password: calendars have a private address for subscribing"
    )]
    Password,
    /// It has a number in the place of a name.
    #[error("please give an address with a name, such as calendar.example.org, not with a number")]
    Number,
    /// It asks for an unusual port.
    #[error("please give an address without a port: calendars are read at the usual one only")]
    Port,
    /// What should be a name is none.
    #[error("please check the name at the start: it should look like calendar.example.org")]
    Host,
}

/// The address of a calendar feed, always by https at port 443, with a name of at least two parts.
///
/// Whoever knows the private address of a calendar can read it, so everything behind the host is
/// a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct FeedAddress {
    text: String,
    host_end: usize,
}

impl FeedAddress {
    /// In characters, which are bytes here.
    pub const LENGTH_MAX: usize = 2_000;

    /// Reads an address as a calendar gives it. White space around it goes; `webcal` means
    /// `https`; what stands behind a `#` goes too, as it is never sent.
    pub fn parse(text: &str) -> Result<Self, BadFeedAddress> {
        let text = text.trim();
        if Self::LENGTH_MAX < text.len() {
            return Err(BadFeedAddress::TooLong);
        }
        if !text.bytes().all(is_of_addresses) {
            return Err(BadFeedAddress::Letters);
        }
        let (scheme, rest) = text.split_once("://").ok_or(BadFeedAddress::Scheme)?;
        if !["https", "webcal"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return Err(BadFeedAddress::Scheme);
        }
        let sent = rest.split('#').next().unwrap_or_default();
        let (authority, path) = sent.split_at(sent.find(['/', '?']).unwrap_or(sent.len()));
        let origin = format!("{SCHEME}{}", host(authority)?);
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok(Self { text: format!("{origin}{slash}{path}"), host_end: origin.len() })
    }

    /// The whole address: a secret, to be kept and never shown.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whose machine it is on, such as `calendar.example.org`: what may be shown.
    pub fn host(&self) -> &str {
        &self.text[SCHEME.len()..self.host_end]
    }

    /// What is asked for there, from its first slash on: a secret.
    pub fn path(&self) -> &str {
        &self.text[self.host_end..]
    }
}

/// Prints the host alone: the secret part never reaches a log by accident.
impl fmt::Debug for FeedAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FeedAddress({}/…)", self.host())
    }
}

const SCHEME: &str = "https://";

/// Whether addresses are made of this (RFC 3986, section 2). A backslash above all is not: some
/// readers take it for a slash, and would see another host.
fn is_of_addresses(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// The host of what stands between the scheme and the path, in lower case.
fn host(authority: &str) -> Result<String, BadFeedAddress> {
    if authority.contains('@') {
        return Err(BadFeedAddress::Password);
    }
    if authority.starts_with('[') {
        return Err(BadFeedAddress::Number);
    }
    let host = match authority.split_once(':') {
        None => authority,
        Some((name, "443")) => name,
        Some(_) => return Err(BadFeedAddress::Port),
    };
    let parts: Vec<&str> = host.split('.').collect();
    let last = parts.last().copied().unwrap_or_default();
    // Many a reader takes 127.1, 0x7f.1 and 2130706433 for 127.0.0.1; no top-level domain begins
    // with a digit.
    if last.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(BadFeedAddress::Number);
    }
    let is_name = 2 <= parts.len()
        && 2 <= last.len()
        && host.len() <= HOST_LENGTH_MAX
        && parts.iter().all(|part| is_label(part));
    if is_name { Ok(host.to_ascii_lowercase()) } else { Err(BadFeedAddress::Host) }
}

/// RFC 1035, section 2.3.4, in the form that is typed.
const HOST_LENGTH_MAX: usize = 253;

/// Whether this may stand between two dots of a host (RFC 1123, section 2.1).
fn is_label(part: &str) -> bool {
    (1..=63).contains(&part.len())
        && !part.starts_with('-')
        && !part.ends_with('-')
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::{BadFeedAddress::*, *};

    #[track_caller]
    fn check(text: &str, expected: Result<&str, BadFeedAddress>) {
        let address = FeedAddress::parse(text);
        assert_eq!(address.as_ref().map(FeedAddress::as_str).map_err(|bad| *bad), expected);
    }

    #[test]
    fn addresses_that_calendars_give() {
        let ical = "https://calendar.example.org/ical/zoe%40example.org/private-5e/basic.ics";
        check(ical, Ok(ical));
        check(" webcal://P01-Caldav.example.com/published/2/Mx \n", {
            Ok("https://p01-caldav.example.com/published/2/Mx")
        });
        check("WEBCAL://a.example", Ok("https://a.example/"));
        check("https://a.example:443/x?export#top", Ok("https://a.example/x?export"));
        check("https://a.example?k=1://b@c:80", Ok("https://a.example/?k=1://b@c:80"));
        check("https://xn--exmple-cua.xn--p1ai/x", Ok("https://xn--exmple-cua.xn--p1ai/x"));
    }

    #[test]
    fn an_address_has_two_parts() {
        let address = FeedAddress::parse("webcal://Cal.example.org?secret").unwrap();
        assert_eq!((address.host(), address.path()), ("cal.example.org", "/?secret"));
    }

    #[test]
    fn only_https() {
        for text in ["", "a.example/x", "http://a.example/x", "file:///etc/passwd", "https:a.b.org"]
        {
            check(text, Err(Scheme));
        }
        for text in ["ftp://a.example", "gopher://a.example", "webcals://a.example", "://a.example"]
        {
            check(text, Err(Scheme));
        }
    }

    #[test]
    fn no_name_or_password() {
        for text in [
            "https://zoe:secret@a.example/x",
            "https://zoe@a.example/x",
            "https://@a.example/x",
            "https://a.example:443@127.0.0.1/x",
            "https://a.example@[::1]/x",
        ] {
            check(text, Err(Password));
        }
    }

    #[test]
    fn no_number_for_a_host() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "017700000001",
            "0x7f.0.0.0x1",
            "169.254.169.254:443",
            "example.127",
            "[::1]",
            "[::ffff:127.0.0.1]:443",
            "[fd00:ec2::254]",
        ] {
            check(&format!("https://{host}/x"), Err(Number));
        }
    }

    #[test]
    fn no_other_port() {
        for host in ["a.example:80", "a.example:", "a.example:0443", "a.example:443:443", ":443x"] {
            check(&format!("https://{host}/x"), Err(Port));
        }
    }

    #[test]
    fn no_host_that_is_not_a_whole_name() {
        let long = format!("{}.org", "a.".repeat(126));
        let label = format!("{}.org", "a".repeat(64));
        for host in [
            "",
            ".",
            "localhost",
            "localhost.",
            "intranet",
            "a.example.",
            "a.example..",
            ".a.example",
            "a..example",
            "-a.example",
            "a-.example",
            "a_b.example",
            "a.e",
            "a.example.:443",
            "%31.org",
            "a%2eexample",
            "a*.example",
            "a.ex]",
            ":443",
            &label,
            &long,
        ] {
            check(&format!("https://{host}/x"), Err(Host));
        }
    }

    #[test]
    fn no_letters_that_readers_understand_differently() {
        for text in [
            "https://a.example\\@b.example/x",
            "https:\\\\a.example/x",
            "https://a.example/a b",
            "https://a.example/x\r\nHost: b.example",
            "https://a.example/\0",
            "https://a.example/\u{202E}",
            "https://exämple.org/x",
            "https://①②⑦.0.0.1/x",
            "https://a。example/x",
            "https://a.example/<x>",
        ] {
            check(text, Err(Letters));
        }
    }

    #[test]
    fn no_endless_address() {
        let start = "https://a.example/";
        let fits = format!("{start}{}", "x".repeat(FeedAddress::LENGTH_MAX - start.len()));
        check(&fits, Ok(&fits));
        check(&format!("{fits}x"), Err(TooLong));
    }

    #[test]
    fn debug_tells_the_host_only() {
        let address = FeedAddress::parse("https://a.example/private-5e?token=77").unwrap();
        assert_eq!(format!("{address:?}"), "FeedAddress(a.example/…)");
    }
}
