//! `anteroom check`: whether a practice's folder is complete, and what it amounts to.

use std::path::Path;

use domain::{Choice, Handbook, Role, SessionType, StaffId};
use handbook::Sources;

use operate::read_practice;

use crate::HouseProblem;

/// Reads a practice's folder and tells in a few lines what it says, so that its author can see
/// whether it is what they meant.
pub fn check_practice(folder: &Path) -> Result<String, HouseProblem> {
    let (sources, handbook) = read_practice(folder)?;
    let (letters, version) = (handbook.letters.len(), &handbook.version);
    let [owner, assistant] =
        [Role::Owner, Role::Assistant].map(|role| &handbook.in_role(role).name);
    let practice = &handbook.practice;
    let first = format!(
        "{} is complete: {}, with the id {}, {letters} letters, version {version}.",
        folder.display(),
        practice.name,
        practice.id
    );
    let roles = format!(
        "Requests go to {}, the agenda of all calls to {}.",
        assistant.as_str(),
        owner.as_str()
    );
    let sessions = handbook.sessions.iter().map(|session| summary(&handbook, session));
    let lines: Vec<String> = std::iter::once(first)
        .chain(sessions)
        .chain([roles])
        .chain(notes(&sources, &handbook))
        .collect();
    Ok(lines.join("\n"))
}

/// A kind of session in a line.
fn summary(handbook: &Handbook, session: &SessionType) -> String {
    let providers: Vec<StaffId> = session.providers().cloned().collect();
    let who = handbook.names(&providers);
    let who = match session.choice {
        _ if 1 < session.parts.len() => format!("{who} together"),
        Choice::Client if 1 < providers.len() => format!("{who}, as the client chooses"),
        Choice::FairTurn if 1 < providers.len() => format!("{who} in turn"),
        Choice::Client | Choice::FairTurn => who,
    };
    let places = match session.places {
        1 => String::new(),
        places => format!(", {places} places"),
    };
    let invited = if session.by_invitation { ", by invitation" } else { "" };
    let minutes = session.length.num_minutes();
    let questions = handbook.questionnaire(session).questions().count();
    let name = &session.name;
    format!("{name}: {minutes} minutes with {who}{places}{invited}, after {questions} questions.")
}

/// What is no mistake, and perhaps not meant.
fn notes(sources: &Sources, handbook: &Handbook) -> Vec<String> {
    let questionnaires = sources.files().filter_map(|(path, _)| {
        let id = path.strip_prefix("questionnaires/")?.strip_suffix(".toml")?;
        let is_asked = handbook.sessions.iter().any(|one| one.questionnaire.as_str() == id);
        (!is_asked).then(|| format!("Note: {path} is asked before no session."))
    });
    questionnaires.collect()
}
