//! The reader of one table of a TOML file.
//!
//! Each method reads one key, and from then on the table may have it. What is wrong is written
//! down with its line, and the method answers `None`; so the reader of a part first reads
//! every key, and only then asks whether all of them were good.

mod values;

pub(crate) use values::whole_in;

use std::ops::RangeInclusive;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    document::Document,
    mistake::{nearest, quoted},
};

/// Reads one table, key by key.
#[derive(Debug)]
pub(crate) struct Reader<'r> {
    document: &'r mut Document,
    table: &'r DeTable<'r>,
    place: Option<Place>,
    /// Every key that was asked for.
    known: Vec<&'static str>,
    /// What to say of those among them that should be there and are not.
    missing: Vec<(&'static str, String)>,
}

/// What a table is called and where it begins. The whole file has neither.
#[derive(Debug)]
pub(crate) struct Place {
    name: String,
    at: usize,
}

/// How many keys that do not belong into a table are named one by one.
const UNKNOWN_MAX: usize = 20;

impl<'r> Reader<'r> {
    /// Reads a table with `parts`; the keys it did not ask for are mistakes.
    pub(crate) fn read<T>(
        document: &'r mut Document,
        table: &'r DeTable<'r>,
        place: Option<Place>,
        parts: impl FnOnce(&mut Reader<'_>) -> T,
    ) -> T {
        let mut reader = Reader { document, table, place, known: Vec::new(), missing: Vec::new() };
        let read = parts(&mut reader);
        reader.name_unknown_keys();
        for (key, words) in std::mem::take(&mut reader.missing) {
            reader.mistake(key, words);
        }
        read
    }

    /// Writes down a mistake about the value of `key`, or about the table if it has none.
    pub(crate) fn mistake(&mut self, key: &str, words: impl Into<String>) {
        match (self.table.get(key), &self.place) {
            (Some(value), _) => self.document.mistake(value.span().start, words.into()),
            (None, Some(place)) => self.document.mistake(place.at, words.into()),
            (None, None) => self.document.missing(words.into()),
        }
    }

    /// Writes down a mistake in one entry of a list.
    pub(crate) fn mistake_at<T>(&mut self, entry: &Spanned<T>, words: impl Into<String>) {
        self.document.mistake(entry.span().start, words.into());
    }

    /// Whether the table has `key`; it may.
    pub(crate) fn has(&mut self, key: &'static str) -> bool {
        self.optional(key).is_some()
    }

    /// Lets the table have these keys, whatever they say.
    pub(crate) fn pass_over(&mut self, keys: &[&'static str]) {
        self.known.extend(keys);
    }

    /// Reads the table under `key`, written as `[key]` or `{ … }`.
    pub(crate) fn table<T>(
        &mut self,
        key: &'static str,
        parts: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        let Some(value) = self.optional(key) else {
            self.missing.push((key, format!("the part `[{key}]` is missing")));
            return None;
        };
        let DeValue::Table(table) = value.get_ref() else {
            let form = if self.place.is_some() {
                "keys and values in { }"
            } else {
                "one part under a heading in [ ]"
            };
            return self.refuse(key, form, value);
        };
        let name = if self.place.is_some() { format!("`{key}`") } else { format!("`[{key}]`") };
        let place = Place { name, at: value.span().start };
        Reader::read(self.document, table, Some(place), parts)
    }

    /// Reads the table under `key`; what its absence means, if it is left out.
    pub(crate) fn table_if_any<T: Default>(
        &mut self,
        key: &'static str,
        parts: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        if self.has(key) { self.table(key, parts) } else { Some(T::default()) }
    }

    /// Reads the tables under `key`, each written as `[[name]]`; all of them, even if one is bad.
    pub(crate) fn tables<T>(
        &mut self,
        key: &'static str,
        name: &str,
        count: RangeInclusive<usize>,
        mut parts: impl FnMut(&mut Reader<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(value) = self.optional(key) else {
            if *count.start() == 0 {
                return Some(Vec::new());
            }
            self.missing.push((key, format!("there is no `[[{name}]]`; write at least one")));
            return None;
        };
        let must_be = format!("one or more blocks that begin with `[[{name}]]`");
        let DeValue::Array(array) = value.get_ref() else {
            return self.refuse(key, &must_be, value);
        };
        if let Some(first_too_many) = array.get(*count.end()) {
            let words = format!("there may be at most {} `[[{name}]]`; delete some", count.end());
            self.mistake_at(first_too_many, words);
        }
        let mut read = Vec::new();
        for entry in array.iter().take(*count.end()) {
            let DeValue::Table(table) = entry.get_ref() else {
                return self.refuse(key, &must_be, entry);
            };
            let place = Place { name: format!("`[[{name}]]`"), at: entry.span().start };
            read.push(Reader::read(self.document, table, Some(place), &mut parts));
        }
        if read.len() < *count.start() {
            self.mistake(key, format!("there is no `[[{name}]]`; write at least one"));
            return None;
        }
        read.into_iter().collect()
    }

    /// Reads the table under `key`, or all of them where there are several, each with a heading in
    /// `[[ ]]` then.
    pub(crate) fn one_or_more<T>(
        &mut self,
        key: &'static str,
        most: usize,
        mut parts: impl FnMut(&mut Reader<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        match self.optional(key).map(Spanned::get_ref) {
            Some(DeValue::Array(_)) => self.tables(key, key, 1..=most, parts),
            Some(_) | None => self.table(key, |reader| parts(reader).map(|read| vec![read])),
        }
    }

    /// Whether a list stands under `key`.
    pub(crate) fn is_list(&self, key: &str) -> bool {
        matches!(self.table.get(key).map(Spanned::get_ref), Some(DeValue::Array(_)))
    }

    fn optional(&mut self, key: &'static str) -> Option<&'r Spanned<DeValue<'r>>> {
        self.known.push(key);
        self.table.get(key)
    }

    fn required(&mut self, key: &'static str) -> Option<&'r Spanned<DeValue<'r>>> {
        let value = self.optional(key);
        if value.is_none() {
            let words = format!("`{key}` is missing in {}", self.place_name());
            self.missing.push((key, words));
        }
        value
    }

    fn refuse<T>(&mut self, key: &str, must_be: &str, value: &Spanned<DeValue<'_>>) -> Option<T> {
        let is = described(value.get_ref());
        self.mistake_at(value, format!("`{key}` must be {must_be}; here it is {is}"));
        None
    }

    fn refuse_entry<T>(
        &mut self,
        key: &str,
        must_be: &str,
        entry: &Spanned<DeValue<'_>>,
    ) -> Option<T> {
        let is = described(entry.get_ref());
        self.mistake_at(entry, format!("`{key}` must be a list of {must_be}; one of them is {is}"));
        None
    }

    fn place_name(&self) -> &str {
        self.place.as_ref().map_or("this file", |place| &place.name)
    }

    fn name_unknown_keys(&mut self) {
        let unknown: Vec<_> =
            self.table.keys().filter(|key| !self.known.contains(&key.get_ref().as_ref())).collect();
        for key in unknown.iter().take(UNKNOWN_MAX) {
            let absent =
                self.known.iter().copied().filter(|known| self.table.get(*known).is_none());
            let advice = match nearest(key.get_ref(), absent) {
                Some(meant) => {
                    // One slip, one mistake.
                    self.missing.retain(|(missing, _)| *missing != meant);
                    format!("did you mean `{meant}`?")
                }
                None => "delete it, or put # in front of it".into(),
            };
            let key_quoted = quoted(key.get_ref());
            let words = format!("{key_quoted} is not known in {}; {advice}", self.place_name());
            self.mistake_at(key, words);
        }
        if let Some(next) = unknown.get(UNKNOWN_MAX) {
            let more = unknown.len() - UNKNOWN_MAX;
            let words = format!("{} has {more} more keys that are not known", self.place_name());
            self.mistake_at(next, words);
        }
    }
}

/// A value as a sentence can name it.
fn described(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.is_empty() => "empty".into(),
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => format!("{flag} without quotes"),
        DeValue::Datetime(time) => format!("{time} without quotes"),
        DeValue::Array(_) => "a list".into(),
        DeValue::Table(_) => "a part of its own".into(),
    }
}
