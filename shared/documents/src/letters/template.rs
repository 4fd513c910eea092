//! The handbook's templates: a subject line, an empty line, and Markdown with names to fill in.
//!
//! Every value is escaped for Markdown, so that it comes out as that very text. Nothing can be
//! included, nothing is left undefined, and no template runs for long.

use std::{collections::BTreeMap, sync::LazyLock};

use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value};

use super::variables::Values;

use crate::web_address::next_web_address;

/// A template, taken apart.
pub(super) struct Template<'a> {
    /// What follows `Subject:` in the first line.
    pub(super) subject: &'a str,
    /// The whole source with its first line left empty, so that line numbers stay true.
    pub(super) body: &'a str,
}

/// A letter's words with everything filled in.
pub(super) struct Filled {
    /// One line of text.
    pub(super) subject: String,
    /// Markdown.
    pub(super) body: String,
}

impl<'a> Template<'a> {
    /// Takes a template apart; none if its first line is not a subject.
    pub(super) fn read(source: &'a str) -> Option<Self> {
        let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
        let end = source.find('\n').unwrap_or(source.len());
        let (first, body) = source.split_at(end);
        let subject = first.strip_prefix("Subject:")?.trim();
        Some(Self { subject, body })
    }

    /// Fills in what `values` says.
    pub(super) fn fill(&self, values: &Values) -> Result<Filled, Error> {
        let context = context(values);
        let subject = render(SUBJECT, self.subject, &context)?;
        let body = render(BODY, self.body, &context)?;
        Ok(Filled { subject: one_line(&subject), body })
    }

    /// The names that the subject asks for, or what is wrong with it.
    pub(super) fn names_in_subject(&self) -> Result<Vec<String>, Error> {
        names(SUBJECT, self.subject)
    }

    /// The names that the body asks for, or what is wrong with it.
    pub(super) fn names_in_body(&self) -> Result<Vec<String>, Error> {
        names(BODY, self.body)
    }
}

/// A text of the handbook as Markdown: that very text, with its addresses as links.
pub(super) fn house_text(text: &str) -> Value {
    let mut markdown = String::new();
    let mut rest = text;
    while let Some((before, address, after)) = next_web_address(rest) {
        push_escaped(&mut markdown, before);
        markdown.extend(["<", address, ">"]);
        rest = after;
    }
    push_escaped(&mut markdown, rest);
    Value::from_safe_string(markdown)
}

const SUBJECT: &str = "the subject";
const BODY: &str = "the letter";

const FUEL: u64 = 20_000;
const NESTING_MAX: usize = 16;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(NESTING_MAX);
    // Debug output would quote the values: personal data in a log.
    environment.set_debug(false);
    environment.remove_filter("safe");
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(write_value);
    environment
});

/// Escapes whatever the template says about escaping; only the policy's text and the place of the call
/// are Markdown already.
fn write_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::from(minijinja::ErrorKind::UndefinedError));
    }
    if value.is_none() {
        return Ok(());
    }
    let text = value.to_string();
    if state.name() == SUBJECT || value.is_safe() {
        out.write_str(&text)?;
        return Ok(());
    }
    let mut escaped = String::with_capacity(text.len() * 2);
    push_escaped(&mut escaped, &text);
    out.write_str(&escaped)?;
    Ok(())
}

/// Markdown lets every ASCII punctuation character be escaped, and a line break be kept.
fn push_escaped(markdown: &mut String, text: &str) {
    for c in text.chars() {
        if c == '\n' {
            markdown.push_str("\\\n");
        } else if c.is_control() {
            markdown.push(' ');
        } else {
            if c.is_ascii_punctuation() {
                markdown.push('\\');
            }
            markdown.push(c);
        }
    }
}

fn render(name: &str, source: &str, context: &Value) -> Result<String, Error> {
    ENVIRONMENT.template_from_named_str(name, source)?.render(context)
}

fn names(name: &str, source: &str) -> Result<Vec<String>, Error> {
    let names = ENVIRONMENT.template_from_named_str(name, source)?.undeclared_variables(true);
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_unstable();
    Ok(names)
}

/// `client.name` becomes `name` inside `client`.
fn context(values: &Values) -> Value {
    let mut groups: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for (name, value) in values {
        let (group, member) = name.split_once('.').unwrap_or((name, ""));
        groups.entry(group).or_default().insert(member, value.clone());
    }
    Value::from_pairs(groups.into_iter().map(|(group, members)| (group, Value::from(members))))
}

fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}
