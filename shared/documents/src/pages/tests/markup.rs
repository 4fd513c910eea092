//! The tags of a page, in order: enough of a reader for pages that escape all they quote.

/// A start tag.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) attributes: Vec<(&'a str, &'a str)>,
    pub(super) is_inside_label: bool,
}

impl<'a> Tag<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }
}

/// Every start tag of a page.
pub(super) fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut labels = 0_u32;
    for piece in html.split('<').skip(1) {
        let inside = piece.split('>').next().unwrap_or_default();
        let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
        match name {
            "label" => labels += 1,
            "/label" => labels -= 1,
            _ => {}
        }
        if !name.starts_with(['/', '!']) {
            tags.push(Tag { name, attributes: pairs(attributes), is_inside_label: 0 < labels });
        }
    }
    tags
}

fn pairs(mut rest: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = &rest[..end];
        let after = &rest[end..];
        let value = after.strip_prefix("=\"").and_then(|quoted| quoted.split('"').next());
        let length = value.map_or(0, |value| value.len() + 3);
        pairs.push((name, value.unwrap_or_default()));
        rest = after[length..].trim_start();
    }
    pairs
}
