//! The form of stored items: how an older program finds out that a newer one was here.
//!
//! While a new version is put in place, old and new functions run side by side, and a new version may
//! be taken back. So an item says in which form it was written. A field may be added within a form:
//! who does not know it leaves it alone ([`Unknown`]). What an older program would misread needs a
//! new form, and an older program refuses it, which is what its readers are told for that moment.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::{StoreError, indexed::INDEXED, items::FILE_FIELDS, keys::Item};

/// The form in which items are written now, and the last one that is read.
pub(crate) const FORM: u32 = 1;

/// The attribute that says it.
pub(crate) const FORM_ATTRIBUTE: &str = "form";

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
    file: Item,
}

/// The attributes of a head, besides those of its indexes.
const HEAD: [&str; 7] = ["pk", "sk", FORM_ATTRIBUTE, "version", "seen", "hash", "file"];

impl Unknown {
    /// Takes what is not known out of a head.
    pub(crate) fn take(item: &mut Item) -> Self {
        let is_known = |name: &str| HEAD.contains(&name) || INDEXED.contains(&name);
        let head = item.extract_if(|name, _| !is_known(name)).collect();
        let file = match item.get_mut("file") {
            Some(AttributeValue::M(file)) => {
                file.extract_if(|name, _| !FILE_FIELDS.contains(&name.as_str())).collect()
            }
            Some(_) | None => HashMap::new(),
        };
        Self { head, file }
    }

    /// Puts it back.
    pub(crate) fn put_back(&self, item: &mut Item) {
        item.extend(self.head.clone());
        if let Some(AttributeValue::M(file)) = item.get_mut("file") {
            file.extend(self.file.clone());
        }
    }
}
