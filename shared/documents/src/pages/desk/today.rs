//! The first page: what waits today.

use domain::{Appointment, ClientFile, Stage, Task, TaskKind};
use maud::{Markup, html};

use super::{
    Desk, deeds,
    frame::{Tab, frame},
    tasks,
    words::{count, day, first_link, linked, moment, theirs},
};
use crate::{Addresses, date, place_of_zone, time};

/// What waits today.
#[derive(Debug, Clone, Copy)]
pub struct Today<'a> {
    /// Files with a request that awaits an answer, the most urgent first.
    pub requests: &'a [&'a ClientFile],
    /// Files with a call today, by time.
    pub calls: &'a [&'a ClientFile],
    /// What only a person can do.
    pub tasks: &'a [(&'a ClientFile, Task)],
    /// Files with a call on the next days, by time.
    pub next_calls: &'a [&'a ClientFile],
}

/// The list of the morning.
pub fn today(desk: &Desk<'_>, today: &Today<'_>) -> Markup {
    let zone = desk.handbook.practice.zone;
    let tasks = tasks_to_show(today);
    let is_quiet = today.requests.is_empty() && today.calls.is_empty() && tasks.is_empty();
    let main = html! {
        header class="head" {
            h1 { (date(desk.now, zone)) }
            @if !is_quiet { (summary(today, tasks.len())) }
            p class="hint" { "Times are " (place_of_zone(zone)) ", now " (time(desk.now, zone)) "." }
        }
        @if is_quiet {
            p class="quiet-day" { "Nothing waits for you today." }
            (next_calls(desk, today.next_calls))
        } @else {
            div class="columns" {
                div { (requests(desk, today.requests)) (tasks_section(desk, &tasks)) }
                div { (calls(desk, today.calls)) (next_calls(desk, today.next_calls)) }
            }
        }
    };
    frame(desk, "Today", Tab::Today, &main)
}

/// What can be answered where the call stands, and one letter for all of a client's, is shown once.
fn tasks_to_show<'a>(today: &'a Today<'a>) -> Vec<&'a (&'a ClientFile, Task)> {
    let mut shown: Vec<&(&ClientFile, Task)> = Vec::new();
    for entry in today.tasks {
        let (file, task) = entry;
        let is_shown_already = match task.kind {
            TaskKind::RecordOutcome(_) => today.calls.iter().any(|call| call.id == file.id),
            TaskKind::LetterNotSent(_) => shown.iter().any(|(earlier, task)| {
                earlier.id == file.id && matches!(task.kind, TaskKind::LetterNotSent(_))
            }),
            TaskKind::ReadAnswers | TaskKind::StoppedHalfWay => false,
        };
        if !is_shown_already {
            shown.push(entry);
        }
    }
    shown
}

fn summary(today: &Today<'_>, tasks: usize) -> Markup {
    let (requests, calls) = (today.requests.len(), today.calls.len());
    html! {
        p class="lead" {
            a href="#requests" { (count(requests, "request", "requests")) } ", "
            a href="#tasks" { (count(tasks, "task", "tasks")) } ", "
            a href="#calls" { (count(calls, "call", "calls")) } " today"
        }
    }
}

fn requests(desk: &Desk<'_>, files: &[&ClientFile]) -> Markup {
    html! {
        section id="requests" {
            h2 { "Requests" }
            @for file in files { (request(desk, file)) }
            @if files.is_empty() { p class="empty" { "No request is waiting." } }
        }
    }
}

fn tasks_section(desk: &Desk<'_>, tasks: &[&(&ClientFile, Task)]) -> Markup {
    html! {
        section id="tasks" {
            h2 { "Tasks" }
            @for (file, task) in tasks { (tasks::task(desk, file, task)) }
            @if tasks.is_empty() { p class="empty" { "Nothing else needs a person." } }
        }
    }
}

fn request(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let Some(proposal) = file.request() else { return html! {} };
    let zone = desk.handbook.practice.zone;
    html! {
        article class="card" {
            div class="top" {
                h3 { (client_link(desk, file)) }
                p class="hint" { "held until " strong { (moment(proposal.expires_at, desk.now, zone)) } }
            }
            p class="hint" {
                (occasion(desk, file)) "; asked " (moment(proposal.asked_at, desk.now, zone))
            }
            (deeds::answer_at_desk(desk, file, proposal))
        }
    }
}

/// Whether a request is for a first time or for another one.
pub(super) fn occasion(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    match &file.stage {
        Stage::Booked { appointment, .. } => {
            let old = moment(appointment.slot.start, desk.now, desk.handbook.practice.zone);
            html! { "Wants to move the call of " strong { (old) } ", which stands meanwhile" }
        }
        Stage::Invited(_)
        | Stage::Reading { .. }
        | Stage::Choosing { .. }
        | Stage::Asked(_)
        | Stage::Closed { .. } => html! { "First booking" },
    }
}

fn calls(desk: &Desk<'_>, files: &[&ClientFile]) -> Markup {
    html! {
        section id="calls" {
            h2 { "Calls today" }
            @if files.is_empty() {
                p class="empty" { "No calls today." }
            } @else {
                p class="hint" { (linked(&desk.handbook.session.place)) }
                ol class="calls" role="list" {
                    @for (file, appointment) in booked(files) {
                        li { (call(desk, file, appointment)) }
                    }
                }
            }
        }
    }
}

fn call(desk: &Desk<'_>, file: &ClientFile, appointment: &Appointment) -> Markup {
    let zone = desk.handbook.practice.zone;
    let addresses = Addresses::of(&desk.handbook.practice.id);
    let (start, end) = (appointment.slot.start, appointment.slot.end);
    html! {
        span class="at" { (time(start, zone)) }
        div {
            (client_link(desk, file))
            p class="hint" {
                "until " (time(end, zone))
                @if let Some(theirs) = theirs(start, zone, file.zone) { ", " (theirs) }
                @if file.request().is_some() { ", " a href="#requests" { "asks to move" } }
            }
            p class="links" {
                @if file.answers.is_some() { a href=(addresses.desk_answers(&file.id)) { "Answers (PDF)" } }
                @if let Some(link) = first_link(&desk.handbook.session.place).filter(|_| desk.now < end) {
                    " " a href=(link) { "Join" }
                }
            }
            @if start <= desk.now { (deeds::outcome(desk, file, appointment)) }
        }
    }
}

fn next_calls(desk: &Desk<'_>, files: &[&ClientFile]) -> Markup {
    let zone = desk.handbook.practice.zone;
    html! {
        section {
            h2 { "Next calls" }
            @if files.is_empty() {
                p class="empty" { "None booked for the next days." }
            } @else {
                ol class="calls soon" role="list" {
                    @for (file, appointment) in booked(files) {
                        li {
                            span class="at" {
                                (day(appointment.slot.start, desk.now, zone)) " "
                                b { (time(appointment.slot.start, zone)) }
                            }
                            (client_link(desk, file))
                        }
                    }
                }
            }
        }
    }
}

fn booked<'a>(files: &[&'a ClientFile]) -> impl Iterator<Item = (&'a ClientFile, &'a Appointment)> {
    files.iter().filter_map(|file| match &file.stage {
        Stage::Booked { appointment, .. } => Some((*file, appointment)),
        Stage::Invited(_)
        | Stage::Reading { .. }
        | Stage::Choosing { .. }
        | Stage::Asked(_)
        | Stage::Closed { .. } => None,
    })
}

/// The client's name, leading to the file.
pub(super) fn client_link(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let href = Addresses::of(&desk.handbook.practice.id).desk_client(&file.id);
    html! { a class="who" href=(href) { (file.person.name.as_str()) } }
}
