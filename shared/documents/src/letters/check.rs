//! Trying a template out when the handbook is read, not on the day the letter is needed.

use domain::LetterKind;
use minijinja::{Error, ErrorKind, Value};

use super::{
    markdown,
    template::Template,
    variables::{AGENDA, IN_SUBJECT, SIGN_IN, Values, allowed},
};

/// Something wrong with a letter's template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateMistake {
    /// In which line of the file; the first is 1.
    pub line: usize,
    /// What is wrong, for whoever wrote it.
    pub words: String,
}

impl TemplateMistake {
    fn at(line: usize, words: impl Into<String>) -> Self {
        Self { line, words: words.into() }
    }
}

/// In characters; mail programs show less.
const SUBJECT_MAX: usize = 150;

/// Longer than any letter.
const LENGTH_MAX: usize = 16_000;

/// Tries the template of the letter `name` out; no mistakes is the good answer.
pub fn check(name: &str, source: &str) -> Vec<TemplateMistake> {
    let Some(allowed) = allowed(name) else {
        return vec![TemplateMistake::at(1, format!("there is no letter called `{name}`"))];
    };
    let length = source.chars().count();
    if LENGTH_MAX < length {
        let words = format!("a letter has at most {LENGTH_MAX} characters; this one has {length}");
        return vec![TemplateMistake::at(1, words)];
    }
    let Some(template) = Template::read(source) else {
        let words = "a letter must begin with its subject, like `Subject: Your time is confirmed`";
        return vec![TemplateMistake::at(1, words)];
    };
    let mut mistakes = shape(&template);
    mistakes.extend(names(&template, source, &allowed));
    if mistakes.is_empty() {
        mistakes.extend(trial(&template, source, &allowed, Sample::Everything));
    }
    if mistakes.is_empty() {
        mistakes.extend(trial(&template, source, &allowed, Sample::TheLeast));
    }
    if mistakes.is_empty() {
        mistakes.extend(leads_nowhere(name, &template));
    }
    mistakes.sort_by_key(|mistake| mistake.line);
    mistakes
}

fn shape(template: &Template<'_>) -> Vec<TemplateMistake> {
    let mut mistakes = Vec::new();
    let length = template.subject.chars().count();
    if !(1..=SUBJECT_MAX).contains(&length) {
        let words = format!("the subject must have 1 to {SUBJECT_MAX} characters; it has {length}");
        mistakes.push(TemplateMistake::at(1, words));
    }
    let mut lines = template.body.lines().skip(1);
    if lines.next().is_some_and(|second| !second.trim().is_empty()) {
        mistakes.push(TemplateMistake::at(
            2,
            "the line after the subject must be empty; the letter begins below it",
        ));
    }
    if template.body.trim().is_empty() {
        mistakes.push(TemplateMistake::at(2, "this letter has a subject and no words; write some"));
    }
    mistakes
}

fn names(template: &Template<'_>, source: &str, allowed: &[&'static str]) -> Vec<TemplateMistake> {
    let mut mistakes = Vec::new();
    match template.names_in_subject() {
        Err(error) => mistakes.push(broken(&error)),
        Ok(names) => {
            let strange = names.iter().filter(|name| !IN_SUBJECT.contains(&name.as_str()));
            mistakes.extend(strange.map(|name| TemplateMistake::at(1, in_subject(name))));
        }
    }
    match template.names_in_body() {
        Err(error) => mistakes.push(broken(&error)),
        Ok(names) => {
            let strange = names.iter().filter(|name| !allowed.contains(&name.as_str()));
            mistakes.extend(strange.map(|name| {
                let words =
                    format!("this letter cannot use `{name}`; it may use {}", listed(allowed));
                TemplateMistake::at(line_of(source, name), words)
            }));
        }
    }
    mistakes
}

/// What a letter is sent for: whoever reads it can go no further without one of these.
fn needed(name: &str) -> &'static [&'static str] {
    match name {
        AGENDA => &[],
        SIGN_IN => &["sign_in.link", "sign_in.code"],
        _ => LetterKind::from_name(name).map_or(&[], needed_by),
    }
}

fn needed_by(kind: LetterKind) -> &'static [&'static str] {
    match kind {
        LetterKind::Welcome | LetterKind::QuestionnaireNudge(_) => &["links.questionnaire"],
        LetterKind::Invitation | LetterKind::WelcomeBack => &["links.resume"],
        LetterKind::Calendar
        | LetterKind::TimeOffered
        | LetterKind::TimesNudge(_)
        | LetterKind::Declined
        | LetterKind::Expired
        | LetterKind::WaitEnded => &["links.calendar"],
        LetterKind::Request | LetterKind::RequestReminder => &["links.approve", "links.client"],
        LetterKind::Confirmation | LetterKind::Moved => &["links.appointment"],
        // Something is told; whoever wants to do more about it finds the way in an earlier letter.
        LetterKind::ChangeDeclined
        | LetterKind::CancelledByClient
        | LetterKind::CancelledByPractice
        | LetterKind::CancellationNotice
        | LetterKind::ReminderDay
        | LetterKind::ReminderHour
        | LetterKind::ThankYou
        | LetterKind::MissedYou => &[],
    }
}

fn leads_nowhere(name: &str, template: &Template<'_>) -> Option<TemplateMistake> {
    let (needed, names) = (needed(name), template.names_in_body().ok()?);
    let is_there = needed.iter().any(|needed| names.iter().any(|name| name == needed));
    let words = || {
        let either = needed.iter().map(|name| format!("`{{{{ {name} }}}}`"));
        let either = either.collect::<Vec<_>>().join(" or ");
        format!("whoever reads this letter cannot go on: put {either} into it")
    };
    (!needed.is_empty() && !is_there).then(|| TemplateMistake::at(1, words()))
}

fn in_subject(name: &str) -> String {
    format!(
        "a subject may use only {}, not `{name}`: subjects are read over shoulders",
        listed(&IN_SUBJECT)
    )
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}

const SPELLING: &str = "A name is written `{{ client.name }}`; what begins with `{% if … %}` or \
                        `{% for … %}` ends with `{% endif %}` or `{% endfor %}`";

fn broken(error: &Error) -> TemplateMistake {
    let words = match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => "this would take too long to write".to_owned(),
        (ErrorKind::UndefinedError, _) => "a name in this line stands for nothing".to_owned(),
        (ErrorKind::SyntaxError, Some(detail)) => format!("cannot be read: {detail}. {SPELLING}"),
        (ErrorKind::UnknownFilter | ErrorKind::UnknownTest, Some(detail)) => {
            format!("{detail}: leave it out; a name stands alone, as in `{{{{ client.name }}}}`")
        }
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (kind, None) => kind.to_string(),
    };
    TemplateMistake { line: error.line().unwrap_or(1), words }
}

/// The first line below the subject that mentions `name`, or the first at all.
fn line_of(source: &str, name: &str) -> usize {
    let mentions = |line: &str| {
        let line = line.find('{').map_or("", |at| &line[at..]);
        line.match_indices(name).any(|(at, _)| {
            let is_name = |c: char| c.is_alphanumeric() || "_.".contains(c);
            !line[..at].ends_with(is_name) && !line[at + name.len()..].starts_with(is_name)
        })
    };
    let mut lines = source.lines().zip(1..).skip(1);
    lines.find(|(line, _)| mentions(line)).map_or(1, |(_, number)| number)
}

/// How much a letter has to mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sample {
    Everything,
    TheLeast,
}

fn trial(
    template: &Template<'_>,
    source: &str,
    allowed: &[&'static str],
    sample: Sample,
) -> Vec<TemplateMistake> {
    let values = allowed.iter().map(|name| (*name, sample_of(name, sample))).collect::<Values>();
    let filled = match template.fill(&values) {
        Ok(filled) => filled,
        Err(error) => return vec![broken(&error)],
    };
    let refused = markdown::read(&filled.body).refused;
    let mistakes = refused.iter().map(|address| {
        let words = format!(
            "the link to `{address}` leads nowhere; it must begin with https://, http://, mailto: or tel:"
        );
        let line = source.lines().position(|line| line.contains(address.as_str()));
        TemplateMistake::at(line.map_or(1, |line| line + 1), words)
    });
    mistakes.collect()
}

fn sample_of(name: &str, sample: Sample) -> Value {
    let is_full = sample == Sample::Everything;
    let (group, member) = name.split_once('.').unwrap_or((name, ""));
    match (group, member) {
        ("links", _) | ("sign_in", "link") => "https://book.example.org/link".into(),
        ("practice", "phone") if !is_full => Value::from(()),
        ("decline" | "cancel", "note") | ("offer", "with") if !is_full => "".into(),
        ("proposal" | "decline", "times") => {
            let times = ["Tuesday 24 November 2026, 15:30"; 3];
            // Who asks names at least one; when they are declined there may be none left.
            let least = usize::from(group == "proposal");
            times.into_iter().take(if is_full { 3 } else { least }).collect()
        }
        ("agenda", "calls") => {
            let said = |words: &'static str| if is_full { words } else { "" };
            let call = [
                ("time", "15:30"),
                ("client", "Zoë"),
                ("link", "https://example.org/zoe"),
                ("session", said("First conversation")),
                ("with", said("Ana and Ben")),
            ];
            let calls = (0..if is_full { 3 } else { 0 }).map(|_| Value::from_pairs(call));
            calls.collect()
        }
        ("agenda", "places") => {
            ["by video", "in our rooms"].into_iter().take(if is_full { 2 } else { 0 }).collect()
        }
        ("agenda", "requests" | "tasks") if !is_full => 0.into(),
        ("agenda", "requests" | "tasks")
        | ("session", "minutes" | "hold_hours" | "proposals_max") => 3.into(),
        _ => "a sample".into(),
    }
}
