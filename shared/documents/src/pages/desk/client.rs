//! One client file, whole.

use chrono::{DateTime, Utc};
use domain::{Answers, ClientFile, Listed, Stage, TaskKind};
use maud::{Markup, html};

use super::{
    Desk, answers, deeds,
    frame::{Tab, frame},
    standing::{mark, next, since, stage},
    tasks,
    today::{occasion, what_and_with_whom},
    words::{choice, moment, theirs},
};
use crate::{Addresses, pages::calendar::in_words, place_of_zone, time};

/// One client file, whole.
#[derive(Debug, Clone, Copy)]
pub struct ClientPage<'a> {
    /// The file.
    pub file: &'a ClientFile,
    /// What the client wrote, complete or not.
    pub answers: Option<&'a Answers>,
    /// What has happened, in the order of the journal.
    pub timeline: &'a [TimelineEntry],
    /// The letters, in any order.
    pub letters: &'a [LetterLine],
}

/// Something that has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it, for people.
    pub actor: String,
    /// What, as [`super::describe`] says it.
    pub words: String,
    /// More about it.
    pub detail: Option<String>,
}

/// A letter and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterLine {
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Its name for people.
    pub name: String,
    /// What became of it.
    pub state: String,
}

/// Everything known of one client, and what can be done now.
pub fn client(desk: &Desk<'_>, page: &ClientPage<'_>) -> Markup {
    let main = html! {
        (head(desk, page.file))
        div class="columns file" {
            div {
                (now(desk, page.file))
                (answers_section(desk, page))
            }
            div {
                (history(desk, page.timeline))
                (letters(desk, page.letters))
            }
        }
    };
    frame(desk, "Client file", Tab::Clients, &main)
}

fn head(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let zone = desk.handbook.practice.zone;
    html! {
        header class="head" {
            h1 { bdi { (file.person.name.as_str()) } }
            p class="lead" {
                span class={ "mark " (mark(file)) } { (stage(file, desk.now)) }
                @let (word, at) = since(file, desk.now);
                " " (word) " " (moment(at, desk.now, zone))
            }
            p class="hint" {
                (tasks::email(file))
                @match file.zone {
                    Some(own) if own != zone => {
                        " · " (place_of_zone(own)) ", there it is " (time(desk.now, own))
                    }
                    Some(own) => { " · " (place_of_zone(own)) }
                    None => { " · zone not known yet" }
                }
                @if 1 < desk.handbook.sessions.len() {
                    " · " (desk.handbook.session(&file.session).name)
                }
                " · asked first " (moment(file.opted_in_at, desk.now, zone))
                @if file.nudges_stopped { " · wants no reminders" }
            }
            nav class="links" aria-label="On this page" {
                a href="#answers" { "Answers" } " " a href="#history" { "History" } " "
                a href="#letters" { "Letters" }
            }
        }
    }
}

fn now(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let letters = file.letters_not_sent.first().map(|(kind, _)| TaskKind::LetterNotSent(*kind));
    html! {
        section id="now" {
            h2 { "Now" }
            @if let Some(kind) = letters {
                div class="card" { (tasks::what_to_do(desk, file, &kind)) }
            }
            @if let Some(request) = file.request() {
                div class="card" {
                    p {
                        (occasion(desk, file)) ". Held until "
                        strong { (moment(request.expires_at, desk.now, desk.handbook.practice.zone)) } "."
                    }
                    (deeds::answer_at_desk(desk, file, request))
                }
            }
            (standing(desk, file))
            @if file.appointment().is_none() {
                div class="card" {
                    (deeds::book(desk, file))
                    @if file.request().is_none() { (deeds::invite_to(desk, file)) }
                }
            }
        }
    }
}

/// What the stage itself allows to be done.
fn standing(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let zone = desk.handbook.practice.zone;
    match &file.stage {
        Stage::Asked(_) => html! {},
        Stage::Listed(listed) => on_the_list(desk, listed),
        Stage::Reading { .. } => html! {
            div class="card" { (tasks::what_to_do(desk, file, &TaskKind::ReadAnswers)) }
        },
        Stage::Invited(waiting) | Stage::Choosing { waiting, .. } if waiting.ended_at.is_some() => {
            html! { div class="card" { (tasks::what_to_do(desk, file, &TaskKind::StoppedHalfWay)) } }
        }
        Stage::Invited(_) | Stage::Choosing { .. } => html! {
            div class="card" {
                p { "The client is to answer. Next: " (next(file, desk.handbook, desk.now)) "." }
                (deeds::deed(desk, file, "invite-again", "Invite again", true))
            }
        },
        Stage::Booked { appointment, .. } => html! {
            div class="card" {
                p {
                    strong { (choice(appointment.slot.start, zone)) } " to " (time(appointment.slot.end, zone))
                    (what_and_with_whom(desk, appointment))
                    @if let Some(theirs) = theirs(appointment.slot.start, zone, file.zone) {
                        ", " (theirs)
                    }
                }
                @if appointment.slot.start <= desk.now {
                    (deeds::outcome(desk, file, appointment))
                    p class="hint" { "Held sends a thank-you; no-show sends the way back to the calendar." }
                } @else {
                    (deeds::book(desk, file))
                    (deeds::cancel(desk, file, appointment))
                }
            }
        },
        Stage::Closed { .. } => html! {
            p class="empty" { "Nothing more is awaited. If the client asks again, the file goes on." }
        },
    }
}

fn on_the_list(desk: &Desk<'_>, listed: &Listed) -> Markup {
    let zone = desk.handbook.practice.zone;
    html! {
        div class="card" {
            p { "Waits for: " (in_words(desk.handbook, &listed.wishes)) }
            @if let Some(offer) = &listed.offered {
                @for slot in offer.slots() {
                    p {
                        "Offered: " strong { (choice(slot.start, zone)) } ", held until "
                        (moment(offer.expires_at, desk.now, zone))
                    }
                }
            } @else {
                p class="hint" { "What comes free is offered in turn, and held. You may book any time yourself." }
            }
        }
    }
}

fn answers_section(desk: &Desk<'_>, page: &ClientPage<'_>) -> Markup {
    let zone = desk.handbook.practice.zone;
    let href = Addresses::of(&desk.handbook.practice.id).desk_answers(&page.file.id);
    html! {
        section id="answers" {
            h2 { "Answers" }
            @match (&page.file.answers, page.answers) {
                (_, None) => { p class="empty" { "No answers yet." } }
                (entry, Some(answers)) => {
                    @let session = desk.handbook.session(&page.file.session);
                    p class="hint" {
                        @match page.file.answers_to(&session.questionnaire) {
                            Some(entry) => {
                                "Complete since " (moment(entry.completed_at, desk.now, zone))
                                @match entry.revision {
                                    0 => {}
                                    1 => ", changed once since",
                                    times => { ", changed " (times) " times since" }
                                }
                                "."
                            }
                            None => {
                                "The questions before " (session.name)
                                " are not complete yet: saved as the client goes."
                            }
                        }
                        @if entry.is_some() { " " a href=(href) { "Answers (PDF)" } }
                    }
                    (answers::answers(desk.handbook, page.file, answers))
                }
            }
        }
    }
}

/// The newest first; what happened at the same moment, in the opposite order of the journal.
fn history(desk: &Desk<'_>, timeline: &[TimelineEntry]) -> Markup {
    let zone = desk.handbook.practice.zone;
    let mut entries: Vec<&TimelineEntry> = timeline.iter().collect();
    entries.sort_by_key(|entry| entry.at);
    html! {
        section id="history" {
            h2 { "History" }
            ol class="history" role="list" {
                @for entry in entries.iter().rev() {
                    li {
                        p { (entry.words) }
                        @if let Some(detail) = &entry.detail { p class="detail" { (detail) } }
                        p class="hint" { (moment(entry.at, desk.now, zone)) ", " bdi { (entry.actor) } }
                    }
                }
            }
            @if entries.is_empty() { p class="empty" { "Nothing has happened yet." } }
        }
    }
}

fn letters(desk: &Desk<'_>, letters: &[LetterLine]) -> Markup {
    let zone = desk.handbook.practice.zone;
    let mut lines: Vec<&LetterLine> = letters.iter().collect();
    lines.sort_by_key(|line| line.at);
    html! {
        section id="letters" {
            h2 { "Letters" }
            ol class="history" role="list" {
                @for line in lines.iter().rev() {
                    li {
                        p { (line.name) }
                        p class="hint" { (moment(line.at, desk.now, zone)) ", " (line.state) }
                    }
                }
            }
            @if lines.is_empty() { p class="empty" { "No letter has been written." } }
        }
    }
}
