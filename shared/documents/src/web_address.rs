//! Web addresses in plain text.

/// The first web address in a text, with what stands before and after it.
pub(crate) fn next_web_address(text: &str) -> Option<(&str, &str, &str)> {
    let start = ["https://", "http://"].iter().filter_map(|scheme| text.find(scheme)).min()?;
    let (before, rest) = text.split_at(start);
    let is_end = |c: char| c.is_whitespace() || c.is_control() || "<>\"`".contains(c);
    let run = &rest[..rest.find(is_end).unwrap_or(rest.len())];
    let address = run.trim_end_matches(|c: char| ".,;:!?')]}’”".contains(c));
    let (_, host) = address.split_once("://")?;
    (!host.is_empty()).then(|| (before, address, &rest[address.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_where_a_reader_would_end_it() {
        let found = next_web_address("See (http://a.example/x?y=1), or not.");
        assert_eq!(found, Some(("See (", "http://a.example/x?y=1", "), or not.")));
        assert_eq!(next_web_address("https:// is only a scheme"), None);
        assert_eq!(next_web_address("javascript:alert(1)"), None);
    }
}
