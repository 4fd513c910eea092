//! The kinds of value that a key can have.

use std::ops::RangeInclusive;

use toml::{Spanned, de::DeValue};

use super::Reader;
use crate::{
    mistake::{any_of, nearest, quoted},
    prose::{self, Form},
};

/// The longest text that is parsed into something else.
const PARSED_MAX: usize = 300;

impl Reader<'_> {
    /// A text that must be there.
    pub(crate) fn text(&mut self, key: &'static str, form: Form) -> Option<String> {
        let value = self.required(key)?;
        self.text_in(key, form, value)
    }

    /// A text that may be left out.
    pub(crate) fn text_if_any(&mut self, key: &'static str, form: Form) -> Option<String> {
        let value = self.optional(key)?;
        self.text_in(key, form, value)
    }

    /// A text that means something; `must_be` completes the sentence "`key` must be …".
    pub(crate) fn parsed<T>(
        &mut self,
        key: &'static str,
        must_be: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.required(key)?;
        let parsed = match value.get_ref().as_str() {
            Some(text) if text.len() <= PARSED_MAX => parse(text),
            Some(_) | None => None,
        };
        parsed.or_else(|| self.refuse(key, must_be, value))
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let value = self.required(key)?;
        let text = value.get_ref().as_str();
        let found = words.iter().find(|(word, _)| text == Some(word)).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let meant = text.and_then(|text| nearest(text, words.iter().map(|(word, _)| *word)));
            let must_be = match meant {
                Some(meant) => quoted(meant),
                None => any_of(words.iter().map(|(word, _)| quoted(word))),
            };
            return self.refuse(key, &must_be, value);
        }
        found
    }

    /// A whole number that must be there.
    pub(crate) fn whole<N>(&mut self, key: &'static str, range: RangeInclusive<N>) -> Option<N>
    where
        N: Copy + TryFrom<i64> + PartialOrd + std::fmt::Display,
    {
        let value = self.required(key)?;
        let number = whole_in(value.get_ref(), &range);
        number.or_else(|| {
            let must_be = format!("a whole number from {} to {}", range.start(), range.end());
            self.refuse_number(key, must_be, value)
        })
    }

    /// A whole number that may be left out.
    pub(crate) fn whole_if_any<N>(
        &mut self,
        key: &'static str,
        range: RangeInclusive<N>,
    ) -> Option<N>
    where
        N: Copy + TryFrom<i64> + PartialOrd + std::fmt::Display,
    {
        if self.has(key) { self.whole(key, range) } else { None }
    }

    /// A whole number, or `other` where it is left out.
    pub(crate) fn whole_or<N>(
        &mut self,
        key: &'static str,
        range: RangeInclusive<N>,
        other: N,
    ) -> Option<N>
    where
        N: Copy + TryFrom<i64> + PartialOrd + std::fmt::Display,
    {
        if self.has(key) { self.whole(key, range) } else { Some(other) }
    }

    /// A number, whole or not, that may be left out.
    pub(crate) fn number_if_any(
        &mut self,
        key: &'static str,
        range: RangeInclusive<f64>,
    ) -> Option<f64> {
        let value = self.optional(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
            DeValue::Float(number) => number.as_str().parse().ok(),
            DeValue::Integer(_)
            | DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        number.filter(|number| range.contains(number)).or_else(|| {
            let must_be = format!("a number from {} to {}", range.start(), range.end());
            self.refuse_number(key, must_be, value)
        })
    }

    /// `true` or `false`; what is left out is false.
    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let Some(value) = self.optional(key) else { return Some(false) };
        let flag = value.get_ref().as_bool();
        flag.or_else(|| self.refuse(key, "true or false", value))
    }

    /// A list; `must_be` says what of, and `parse` reads one entry.
    pub(crate) fn list<T>(
        &mut self,
        key: &'static str,
        count: RangeInclusive<usize>,
        must_be: &str,
        parse: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Option<Vec<Spanned<T>>> {
        let value = self.required(key)?;
        let DeValue::Array(array) = value.get_ref() else {
            return self.refuse(key, &format!("a list in [ ] of {must_be}"), value);
        };
        if !count.contains(&array.len()) {
            let (least, most) = (count.start(), count.end());
            let many = if least == most { least.to_string() } else { format!("{least} to {most}") };
            let words = format!("`{key}` must have {many} entries; it has {}", array.len());
            self.mistake(key, words);
            return None;
        }
        let mut entries = Vec::new();
        for entry in array {
            let parsed = parse(entry.get_ref());
            entries.push(match parsed {
                Some(parsed) => Some(Spanned::new(entry.span(), parsed)),
                None => self.refuse_entry(key, must_be, entry),
            });
        }
        entries.into_iter().collect()
    }

    fn refuse_number<T>(
        &mut self,
        key: &str,
        mut must_be: String,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<T> {
        if value.get_ref().is_str() {
            must_be.push_str(" without quotes");
        }
        self.refuse(key, &must_be, value)
    }

    fn text_in(
        &mut self,
        key: &'static str,
        form: Form,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<String> {
        let Some(text) = value.get_ref().as_str() else {
            return self.refuse(key, "a text in quotes", value);
        };
        match prose::parse(text, form) {
            Ok(text) => Some(text),
            Err(words) => {
                self.mistake_at(value, format!("`{key}` {words}"));
                None
            }
        }
    }
}

/// A whole number within a range.
pub(crate) fn whole_in<N>(value: &DeValue<'_>, range: &RangeInclusive<N>) -> Option<N>
where
    N: Copy + TryFrom<i64> + PartialOrd,
{
    let integer = value.as_integer()?;
    let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok()?;
    N::try_from(number).ok().filter(|number| range.contains(number))
}
