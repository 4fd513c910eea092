//! The form of stored items: how an older program finds out that a newer one was here.
//!
//! While a new version is put in place, old and new functions run side by side, and a new version may
//! be taken back. So an item says in which form it was written. A field may be added within a form:
//! who does not know it leaves it alone ([`Unknown`]). What an older program would misread needs a
//! new form, and an older program refuses it, which is what its readers are told for that moment.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::{StoreError, indexed::INDEXED, keys::Item};

/// The form in which items are written now, and the last one that is read.
pub const FORM: u32 = 1;

/// The attribute of a head that says when it was written.
pub(crate) const CHANGED: &str = "changed";

/// The attribute that says it.
pub(crate) const FORM_ATTRIBUTE: &str = "form";

/// What an update sets of it where it changes a part of an item without a look at the whole, with
/// [`FORM`] for `:form`.
pub(crate) const FORM_IF_NEW: &str = "form = if_not_exists(form, :form)";

/// An item of a form that is not known here.
#[derive(Debug, thiserror::Error)]
#[error("it has form {0}, which a newer version of this program wrote; this one knows {FORM}")]
struct Newer(String);

/// Passes on what can be read here. An item without a form is of the first one; so are entries of an
/// index, which have their keys only.
pub(crate) fn known(item: Item) -> Result<Item, StoreError> {
    let Some(form) = item.get(FORM_ATTRIBUTE) else { return Ok(item) };
    let number = form.as_n().ok();
    if number.and_then(|form| form.parse().ok()).is_some_and(|form: u32| form <= FORM) {
        return Ok(item);
    }
    let form = number.cloned().unwrap_or_else(|| "of another kind".to_owned());
    Err(StoreError::unreadable("item")(Newer(form)))
}

/// What a head has that this version does not know: it is put back when the head is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Unknown {
    head: Item,
    file: More,
}

/// The attributes of a head, besides those of its indexes.
const HEAD: [&str; 8] = ["pk", "sk", FORM_ATTRIBUTE, "version", "seen", "hash", "file", CHANGED];

/// Where a file is in a head.
const FILE: &str = "file";

impl Unknown {
    /// What a head that was read has besides what this version would write of the same.
    pub(crate) fn besides(mut read: Item, file: &AttributeValue) -> Self {
        let more = match (read.remove(FILE), file) {
            (Some(AttributeValue::M(read)), AttributeValue::M(known)) => More::besides(read, known),
            (Some(_) | None, _) => More::default(),
        };
        read.retain(|name, _| !HEAD.contains(&name.as_str()) && !INDEXED.contains(&name.as_str()));
        Self { head: read, file: more }
    }

    /// Puts it back.
    pub(crate) fn put_back(&self, item: &mut Item) {
        item.extend(self.head.clone());
        if let Some(AttributeValue::M(file)) = item.get_mut(FILE) {
            self.file.put_back(file);
        }
    }
}

/// What a map has besides, in itself and in those of its maps that are known.
#[derive(Debug, Clone, Default, PartialEq)]
struct More {
    own: BTreeMap<String, AttributeValue>,
    within: BTreeMap<String, More>,
}

impl More {
    fn besides(read: Item, known: &Item) -> Self {
        let mut more = Self::default();
        for (name, read) in BTreeMap::from_iter(read) {
            match (read, known.get(&name)) {
                (read, None) => drop(more.own.insert(name, read)),
                (AttributeValue::M(read), Some(AttributeValue::M(known))) => {
                    more.within.insert(name, Self::besides(read, known));
                }
                (_, Some(_)) => {}
            }
        }
        more
    }

    /// What is known now counts; and where a map is not there any more, nothing is said about it.
    fn put_back(&self, map: &mut Item) {
        for (name, value) in &self.own {
            map.entry(name.clone()).or_insert_with(|| value.clone());
        }
        for (name, more) in &self.within {
            if let Some(AttributeValue::M(map)) = map.get_mut(name) {
                more.put_back(map);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::text;

    fn map<const N: usize>(pairs: [(&str, AttributeValue); N]) -> AttributeValue {
        AttributeValue::M(pairs.map(|(name, value)| (name.to_owned(), value)).into())
    }

    #[test]
    fn what_is_not_known_stays_wherever_it_stands_and_changes_nothing_else() {
        let read = map([
            ("id", text("c")),
            ("pronouns", text("she")),
            ("person", map([("name", text("Ana")), ("title", text("Dr"))])),
            ("stage", map([("asked", map([("until", text("noon")), ("colour", text("red"))]))])),
        ]);
        let known = map([
            ("id", text("c")),
            ("person", map([("name", text("Ana"))])),
            ("stage", map([("asked", map([("until", text("noon"))]))])),
        ]);
        let head = Item::from([(FILE.to_owned(), read.clone()), ("mood".to_owned(), text("calm"))]);
        let unknown = Unknown::besides(head, &known);

        let mut same = Item::from([(FILE.to_owned(), known)]);
        unknown.put_back(&mut same);
        assert_eq!(same[FILE], read);
        assert_eq!(same["mood"], text("calm"));

        // Who has moved on is asked no more, and what this version says itself counts.
        let after = map([
            ("id", text("c")),
            ("pronouns", text("they")),
            ("person", map([("name", text("Ana"))])),
            ("stage", map([("booked", map([("at", text("ten"))]))])),
        ]);
        let mut after = Item::from([(FILE.to_owned(), after)]);
        unknown.put_back(&mut after);
        let expected = map([
            ("id", text("c")),
            ("pronouns", text("they")),
            ("person", map([("name", text("Ana")), ("title", text("Dr"))])),
            ("stage", map([("booked", map([("at", text("ten"))]))])),
        ]);
        assert_eq!(after[FILE], expected);
    }
}
