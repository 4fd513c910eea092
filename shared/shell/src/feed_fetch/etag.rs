//! The tag by which a server knows a version of a feed.

/// An entity tag (RFC 9110, section 8.8.3), such as `"5e-77"` or `W/"5e"`: quotes and all, as it
/// goes over the wire. At most 256 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// Reads a tag, as a server sent it or as it was kept. What has another form is not worth
    /// keeping: a bare `*` would match any version.
    pub fn parse(text: &str) -> Option<Self> {
        let quoted = text.strip_prefix("W/").unwrap_or(text);
        let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
        let is_tag = text.len() <= LENGTH_MAX
            && inner.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
        is_tag.then(|| Self(text.to_owned()))
    }

    /// The tag as it goes over the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const LENGTH_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_quoted_and_short() {
        for good in ["\"5e-77\"", "W/\"5e\"", "\"\""] {
            assert_eq!(ETag::parse(good).as_ref().map(ETag::as_str), Some(good));
        }
        let long = format!("\"{}\"", "x".repeat(255));
        for bad in
            ["", "*", "5e", "\"", "W/", "\"a\", \"b\"", "\"a b\"", "\"é\"", "\"a\r\nb\"", &long]
        {
            assert_eq!(ETag::parse(bad), None, "{bad}");
        }
    }
}
