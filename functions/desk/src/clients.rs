//! All client files, and one of them whole.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use documents::{
    Addresses,
    pages::desk::{self, ClientPage, LetterLine, SentBack, TimelineEntry},
};
use domain::{
    Actor, ClientFile, ClientId, Command, Consent, EmailAddress, Handbook, Person, PersonName,
    SessionTypeId,
};
use shell::{Done, FormText, Page, Problem, QueryText, Shell, SignedIn, Wish, sentence};
use store::{JournalEntry, LetterState, Outgoing, OutgoingBody, Want};

use crate::{
    deeds,
    session::{After, AtDesk},
};

/// How many files one page lists.
const PAGE: usize = 100;

/// Lists client files, the newest first.
pub(crate) async fn list(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    QueryText(fields): QueryText,
) -> Result<Page, Problem> {
    let from: usize = fields.text("from").parse().unwrap_or(0);
    list_page(&shell, &at_desk, from, After::default()).await
}

async fn list_page(
    shell: &Shell,
    at_desk: &AtDesk,
    from: usize,
    after: After<'_>,
) -> Result<Page, Problem> {
    let mut files = shell.store.all_files(&at_desk.0.practice).await?;
    files.sort_by_key(|file| std::cmp::Reverse(file.opted_in_at));
    let page: Vec<&ClientFile> = files.iter().skip(from).take(PAGE).collect();
    let more = Some(from.saturating_add(PAGE)).filter(|next| *next < files.len());
    Ok(Page(
        at_desk.page_after(shell, after, |desk| desk::clients(desk, &page, more).into_string()),
    ))
}

/// Puts somebody on the list who has asked by other means: the letter with the questionnaire leaves
/// as it does for everybody.
pub(crate) async fn add(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    form: FormText,
) -> Result<Response, Problem> {
    at_desk.check(&shell, &form)?;
    match open_file(&shell, &at_desk, &form).await {
        Ok(opened) => {
            let page = Addresses::of(&at_desk.0.practice).desk_client(&opened.file.id);
            let is_new = opened.file.opted_in_at == opened.now;
            let done = if is_new { "add" } else { "added-before" };
            Ok(Redirect::to(&format!("{page}?done={done}")).into_response())
        }
        Err(problem) => {
            let (status, words) = problem.about_form()?;
            let fields = form.into_fields();
            let sent_back = Some(SentBack { form: "add", fields: &fields, words: &words });
            let after = After { sent_back, notice: None };
            let page = list_page(&shell, &at_desk, 0, after).await?;
            Ok((status, page).into_response())
        }
    }
}

async fn open_file(shell: &Shell, at_desk: &AtDesk, form: &FormText) -> Result<Done, Problem> {
    let SignedIn { practice, handbook, staff, .. } = &at_desk.0;
    let unusable = |what: String| Problem::Form(sentence(&what));
    let name = PersonName::parse(form.text("name")).map_err(|error| unusable(error.to_string()))?;
    let email =
        EmailAddress::parse(form.text("email")).map_err(|error| unusable(error.to_string()))?;
    let client = shell.links.client(practice, &email);
    let consent = Consent {
        words: format!("Asked {} in person or by telephone.", staff.name.first()),
        handbook: handbook.version.clone(),
        page: Addresses::of(practice).desk_clients(),
    };
    let wish = Wish {
        practice: practice.clone(),
        client: client.clone(),
        id: form.key()?,
        actor: Actor::Staff(staff.id.clone()),
        command: Command::OptIn {
            client: client.clone(),
            session: session_named(form.text("session"), handbook)?,
            person: Person { name, email },
            consent,
        },
        source: None,
    };
    shell.handle(&wish).await
}

/// The kind of session that a form names; the first, if it names none.
pub(crate) fn session_named(name: &str, handbook: &Handbook) -> Result<SessionTypeId, Problem> {
    if name.is_empty() {
        return Ok(handbook.first_session().id.clone());
    }
    SessionTypeId::parse(name).map_err(|_| Problem::NotFound)
}

/// Shows one file: what can be done, the answers, everything that happened.
pub(crate) async fn show(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    Path((_, client)): Path<(String, String)>,
    QueryText(fields): QueryText,
) -> Result<Page, Problem> {
    let client = ClientId::parse(&client).map_err(|_| Problem::NotFound)?;
    let after = After { notice: deeds::notice(fields.text("done")), sent_back: None };
    page(&shell, &at_desk, &client, after).await
}

/// The page of one file.
pub(crate) async fn page(
    shell: &Shell,
    at_desk: &AtDesk,
    client: &ClientId,
    after: After<'_>,
) -> Result<Page, Problem> {
    let practice = &at_desk.0.practice;
    let loaded =
        shell.store.load(practice, client, &Want { answers: true, ..Want::default() }).await?;
    let file = loaded.file.ok_or(Problem::NotFound)?;
    let journal = shell.store.journal(practice, client).await?;
    let handbook = &at_desk.0.handbook;
    let timeline: Vec<TimelineEntry> =
        journal.iter().flat_map(|entry| timeline(entry, handbook)).collect();
    let letters: Vec<LetterLine> =
        shell.store.letters(practice, client).await?.iter().filter_map(letter_line).collect();
    if loaded.draft.is_some() {
        told_who_reads(at_desk, client);
    }
    let page = ClientPage {
        file: &file,
        answers: loaded.draft.as_ref().map(|draft| &draft.answers),
        timeline: &timeline,
        letters: &letters,
    };
    Ok(Page(at_desk.page_after(shell, after, |desk| desk::client(desk, &page).into_string())))
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
    entry.events.iter().map(move |event| {
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
