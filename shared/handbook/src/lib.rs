//! Reads a practice's folder of files, and names every mistake with its file, line and cure.
//!
//! Pure: the texts of the files come in as [`Sources`], a `domain::Handbook` or all the
//! [`Mistake`]s go out. Who opens files or keeps versions is not this crate's business, and
//! what a letter looks like is the documents' crate's.
//!
//! Start reading at [`read`]. Each of its parts reads what it needs through a `Reader`, which
//! writes down every mistake on the way; a key that no part has asked for is one as well.

mod mistake;
mod sources;

mod document;
mod prose;
mod reader;

mod practice;
mod staff;

mod almanac;
mod calendars;
mod holidays;
mod hours;
mod limits;
mod zone;
mod session;
mod team;
mod together;
mod window;

mod rules;

mod question;
mod questionnaire;

mod letters;

pub use mistake::Mistake;
pub use sources::{InvalidSources, Sources, version};

use domain::{Handbook, Policy, SessionType};

/// Makes a handbook of a practice's files, or names every mistake in them, by file and line.
///
/// # Panics
/// If a part could not be read and has not said why: that is a mistake in this crate.
pub fn read(sources: &Sources) -> Result<Handbook, Vec<Mistake>> {
    read_with(sources, Look::Closely)
}

/// Makes a handbook of files that were read closely before they were put in force. The words of
/// letters and policy are not tried out once more, which is most of the work: whoever starts anew
/// does this before the first answer.
///
/// # Panics
/// If a part could not be read and has not said why: that is a mistake in this crate.
pub fn read_again(sources: &Sources) -> Result<Handbook, Vec<Mistake>> {
    read_with(sources, Look::Again)
}

/// How closely the words are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// For their author: everything is tried out.
    Closely,
    /// They were looked at before.
    Again,
}

fn read_with(sources: &Sources, look: Look) -> Result<Handbook, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let chapters = practice::read(sources, look, &mut mistakes);
    let policy = policy(sources, look, &mut mistakes);
    let questionnaires = questionnaire::read_all(sources, &mut mistakes);
    let letters = letters::read(sources, &chapters, look, &mut mistakes);

    let has_questions = |session: &SessionType| questionnaires.contains_key(&session.questionnaire);
    let sessions = chapters.sessions.filter(|sessions| sessions.iter().all(has_questions));
    let handbook = (|| {
        Some(Handbook {
            version: version(sources),
            practice: chapters.practice?,
            colours: chapters.colours?,
            voice: chapters.voice?,
            staff: chapters.staff?,
            calendars: chapters.calendars?,
            sessions: sessions?,
            questionnaires,
            letters,
            policy: policy?,
            rules: chapters.rules?,
            waiting_list: chapters.waiting_list,
        })
    })();
    match handbook {
        Some(handbook) if mistakes.is_empty() => Ok(handbook),
        _ => {
            assert!(!mistakes.is_empty(), "a part that cannot be read has named its mistake");
            mistakes.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
            Err(mistakes)
        }
    }
}

const POLICY: &str = "policy.md";
const POLICY_MAX: usize = 20_000;

fn policy(sources: &Sources, look: Look, mistakes: &mut Vec<Mistake>) -> Option<Policy> {
    let Some(text) = sources.text(POLICY) else {
        let words = "this file is missing: it says what you promise and expect, in Markdown";
        mistakes.push(Mistake::in_file(POLICY, words));
        return None;
    };
    let mut found = Vec::new();
    if look == Look::Closely {
        found.extend(prose::mistakes_in(POLICY, text));
        found.extend(gaps_in(text));
    }
    let length = text.chars().count();
    if POLICY_MAX < length {
        let words =
            format!("the policy must have at most {POLICY_MAX} characters; it has {length}");
        found.push(Mistake::in_file(POLICY, words));
    }
    let is_good = found.is_empty();
    mistakes.extend(found);
    is_good.then(|| Policy { text: text.trim().to_owned() })
}

/// What would be filled in, if it were a letter.
fn gaps_in(policy: &str) -> impl Iterator<Item = Mistake> {
    let lines = policy.lines().zip(1..);
    let gaps = lines.filter(|(line, _)| line.contains("{{") || line.contains("{%"));
    gaps.map(|(_, number)| {
        let words =
            "nothing is filled in here, for all read the same policy; only letters have `{{ }}`";
        Mistake::in_line(POLICY, number, words)
    })
}

#[cfg(test)]
mod tests;
