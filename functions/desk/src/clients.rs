//! All client files, and one of them whole.

use axum::extract::{Path, Query, State};
use documents::pages::desk::{self, ClientPage, LetterLine, TimelineEntry};
use domain::{Actor, ClientFile, ClientId, Handbook};
use serde::Deserialize;
use shell::{Page, Problem, Shell};
use store::{JournalEntry, LetterState, Outgoing, OutgoingBody, Want};

use crate::{deeds, session::AtDesk};

/// A full page of files; there may be more.
const PAGE: usize = 100;

/// What the address of the list says.
#[derive(Deserialize)]
pub(crate) struct ListView {
    after: Option<String>,
}

/// Lists client files.
pub(crate) async fn list(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    Query(view): Query<ListView>,
) -> Result<Page, Problem> {
    let after = view.after.and_then(|after| ClientId::parse(&after).ok());
    let mut files = shell.store.all_files(&at_desk.0.practice, after.as_ref()).await?;
    let more =
        (files.len() == PAGE).then(|| files.last().map(|file| file.id.to_string())).flatten();
    files.sort_by_key(|file| std::cmp::Reverse(file.opted_in_at));
    let files: Vec<&ClientFile> = files.iter().collect();
    let page = at_desk
        .page(&shell, None, |page| desk::clients(page, &files, more.as_deref()).into_string());
    Ok(Page(page))
}

/// What the address of a file says.
#[derive(Deserialize)]
pub(crate) struct FileView {
    done: Option<String>,
}

/// Shows one file: what can be done, the answers, everything that happened.
pub(crate) async fn show(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    Path((_, client)): Path<(String, String)>,
    Query(view): Query<FileView>,
) -> Result<Page, Problem> {
    let client = ClientId::parse(&client).map_err(|_| Problem::NotFound)?;
    let practice = &at_desk.0.practice;
    let loaded =
        shell.store.load(practice, &client, &Want { answers: true, ..Want::default() }).await?;
    let file = loaded.file.ok_or(Problem::NotFound)?;
    let journal = shell.store.journal(practice, &client).await?;
    let handbook = &at_desk.0.handbook;
    let timeline: Vec<TimelineEntry> =
        journal.iter().rev().flat_map(|entry| timeline(entry, handbook)).collect();
    let letters: Vec<LetterLine> = shell
        .store
        .letters(practice, &client)
        .await?
        .iter()
        .rev()
        .filter_map(letter_line)
        .collect();
    if loaded.draft.is_some() {
        told_who_reads(&at_desk, &client);
    }
    let page = ClientPage {
        file: &file,
        answers: loaded.draft.as_ref().map(|draft| &draft.answers),
        timeline: &timeline,
        letters: &letters,
        link_to_pdf: file.answers.is_some(),
    };
    let notice = view.done.as_deref().and_then(deeds::notice);
    Ok(Page(at_desk.page(&shell, notice, |desk| desk::client(desk, &page).into_string())))
}

/// Who read which answers stands in the log, by id.
pub(crate) fn told_who_reads(at_desk: &AtDesk, client: &ClientId) {
    let staff = at_desk.0.staff.id.as_str();
    tracing::info!(
        practice = at_desk.0.practice.as_str(),
        staff,
        client = client.as_str(),
        "answers were read"
    );
}

fn timeline<'a>(
    entry: &'a JournalEntry,
    handbook: &'a Handbook,
) -> impl Iterator<Item = TimelineEntry> + use<'a> {
    let actor = match &entry.actor {
        Actor::Client => "Client".to_owned(),
        Actor::Staff(staff) => handbook
            .staff(staff)
            .map_or_else(|| staff.to_string(), |staff| staff.name.first().to_owned()),
        Actor::Clock => "By itself".to_owned(),
    };
    entry.events.iter().rev().map(move |event| {
        let (words, detail) = desk::describe(event, handbook);
        TimelineEntry { at: entry.at, actor: actor.clone(), words, detail }
    })
}

fn letter_line(letter: &Outgoing) -> Option<LetterLine> {
    let OutgoingBody::Client(_, facts) = &letter.body else { return None };
    let state = match letter.state {
        LetterState::Written | LetterState::Sending => "waiting to leave",
        LetterState::Sent => "sent",
        LetterState::Stopped => "not sent: no longer needed",
        LetterState::GivenUp => "could not be sent",
    };
    Some(LetterLine {
        at: letter.written_at,
        name: desk::letter_name(facts.kind),
        state: state.to_owned(),
    })
}
