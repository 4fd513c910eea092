//! `letters/….md`: which letters there must be, and what each must have. A folder within, named
//! after a session, has the words of letters about sessions of that kind alone.

use std::collections::BTreeMap;

use domain::{LetterKind, Rules, SessionType};

use crate::{Look, Mistake, Sources, mistake::nearest, practice::Chapters, prose};

/// The letters that are not about a client file.
const OTHERS: [&str; 2] = ["agenda", "sign-in"];

/// Reads every letter. Without rules nobody knows how many nudges there should be.
pub(crate) fn read(
    sources: &Sources,
    chapters: &Chapters,
    look: Look,
    mistakes: &mut Vec<Mistake>,
) -> BTreeMap<String, String> {
    let rules = chapters.rules.as_ref();
    let wanted = wanted(rules);
    let mut letters = BTreeMap::new();
    for (place, path, text) in sources.within("letters", ".md") {
        let (session, name) = match place.rsplit_once('/') {
            Some((session, name)) => (Some(session), name),
            None => (None, place),
        };
        if let Some(words) =
            session.and_then(|it| misplaced(it, name, chapters.sessions.as_deref()))
        {
            mistakes.push(Mistake::in_file(path, words));
            continue;
        }
        let is_perhaps_wanted =
            rules.is_none() && LetterKind::from_name(name).is_some_and(LetterKind::is_nudge);
        if !is_perhaps_wanted && !wanted.iter().any(|wanted| wanted == name) {
            mistakes.push(Mistake::in_file(path, superfluous(name, &wanted, sources)));
            continue;
        }
        if look == Look::Closely {
            mistakes.extend(mistakes_in(name, path, text));
        }
        letters.insert(place.to_owned(), text.to_owned());
    }
    for name in wanted.iter().filter(|name| !letters.contains_key(*name)) {
        let words = "this letter is missing; write it, or begin with the one of practices/harbour";
        mistakes.push(Mistake::in_file(&format!("letters/{name}.md"), words));
    }
    letters
}

fn wanted(rules: Option<&Rules>) -> Vec<String> {
    let mut kinds = LetterKind::PLAIN.to_vec();
    if let Some(rules) = rules {
        let steps = |nudges: usize| 1..=u8::try_from(nudges).unwrap_or(u8::MAX);
        let questionnaire = steps(rules.questionnaire_nudges.nudges_after.len());
        let times = steps(rules.times_nudges.nudges_after.len());
        kinds.extend(questionnaire.map(LetterKind::QuestionnaireNudge));
        kinds.extend(times.map(LetterKind::TimesNudge));
    }
    let others = OTHERS.into_iter().map(str::to_owned);
    kinds.into_iter().map(LetterKind::name).chain(others).collect()
}

/// What is wrong with a letter in the folder of a session.
fn misplaced(session: &str, name: &str, sessions: Option<&[SessionType]>) -> Option<String> {
    if OTHERS.contains(&name) {
        return Some(format!("{name}.md is about no session; it belongs into letters/"));
    }
    let ids = || sessions.into_iter().flatten().map(|session| session.id.as_str());
    if sessions.is_none() || ids().any(|id| id == session) {
        return None;
    }
    let advice = match nearest(session, ids()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => "name the folder after the id of a session, or delete it".into(),
    };
    Some(format!("there is no session with the id \"{session}\"; {advice}"))
}

fn superfluous(name: &str, wanted: &[String], sources: &Sources) -> String {
    let days = match LetterKind::from_name(name) {
        Some(LetterKind::QuestionnaireNudge(_)) => Some("questionnaire_nudge_days"),
        Some(LetterKind::TimesNudge(_)) => Some("times_nudge_days"),
        Some(_) | None => None,
    };
    if let Some(days) = days {
        return format!(
            "no letter of this name is ever sent; each number of `{days}` in \
            practice.toml sends one, beginning with -1; delete this, or add a number"
        );
    }
    let is_missing = |name: &&str| sources.text(&format!("letters/{name}.md")).is_none();
    match nearest(name, wanted.iter().map(String::as_str).filter(is_missing)) {
        Some(meant) => {
            format!("no letter of this name is ever sent; did you mean {meant}.md?")
        }
        None => "no letter of this name is ever sent; delete it, or move it elsewhere".into(),
    }
}

/// What is wrong with a letter.
fn mistakes_in(name: &str, path: &str, text: &str) -> Vec<Mistake> {
    let mut mistakes = prose::mistakes_in(path, text);
    if text.trim().is_empty() {
        return mistakes;
    }
    let of_template = documents::letters::check(name, text).into_iter();
    mistakes.extend(of_template.map(|mistake| Mistake::in_line(path, mistake.line, mistake.words)));
    mistakes
}
