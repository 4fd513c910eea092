//! The first page: what waits today.

use domain::{Appointment, ClientFile, Task, TaskKind};
use maud::{Markup, html};

use super::{
    Desk, deeds,
    frame::{Tab, frame},
    others::silence,
    standing::task_title,
    tasks,
    words::{count, day, moment, theirs},
};
use crate::{
    Addresses, date,
    pages::{
        calendar::in_words,
        words::{first_link, linked},
    },
    place_of_zone,
    places::places,
    time,
};

/// How many requests, and how many tasks, are shown whole; a page is 20 kB at most.
const CARDS_MAX: usize = 4;

/// What waits today.
#[derive(Debug, Clone, Copy, Default)]
pub struct Today<'a> {
    /// Files with a request that awaits an answer, the most urgent first.
    pub requests: &'a [&'a ClientFile],
    /// Files with a call today, by time.
    pub calls: &'a [&'a ClientFile],
    /// What only a person can do.
    pub tasks: &'a [(&'a ClientFile, Task)],
    /// Files with a call on the next days, by time.
    pub next_calls: &'a [&'a ClientFile],
    /// Files of those who wait for a time, whoever has waited longest first.
    pub waiting: &'a [&'a ClientFile],
    /// The names of other calendars that have been silent for too long.
    pub silent: &'a [String],
    /// Whether letters wait for the operator of the house.
    pub is_sending_paused: bool,
}

/// The list of the morning.
pub fn today(desk: &Desk<'_>, today: &Today<'_>) -> Markup {
    let zone = desk.handbook.practice.zone;
    let tasks = tasks_to_show(today);
    let waits = !today.requests.is_empty() || !tasks.is_empty();
    let is_quiet = !waits && today.calls.is_empty();
    let main = html! {
        header class="head" {
            h1 { (date(desk.now, zone)) }
            (silence(desk, today.silent))
            @if today.is_sending_paused {
                p class="error" {
                    "No letters leave until whoever runs the house lets them go, as with a copy that \
                     was just taken in. They are kept in order."
                }
            }
            @if !is_quiet { (summary(today, tasks.len())) }
            p class="hint" { "Times are " (place_of_zone(zone)) ", now " (time(desk.now, zone)) "." }
        }
        @if is_quiet {
            p class="quiet-day" { "Nothing waits for you today." }
            (next_calls(desk, today.next_calls))
            (waiting_list(desk, today.waiting))
        } @else {
            div class="columns" {
                @if waits { div { (requests(desk, today.requests)) (tasks_section(desk, &tasks)) } }
                div {
                    (calls(desk, today.calls))
                    (next_calls(desk, today.next_calls))
                    (waiting_list(desk, today.waiting))
                }
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
            TaskKind::RecordOutcome(_) => is_beside_its_call(today, entry),
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

/// Whether the task is to note the outcome of a call of today, which is done at the call.
fn is_beside_its_call(today: &Today<'_>, (file, task): &(&ClientFile, Task)) -> bool {
    matches!(task.kind, TaskKind::RecordOutcome(_))
        && today.calls.iter().any(|call| call.id == file.id)
}

fn summary(today: &Today<'_>, tasks: usize) -> Markup {
    let open = today.tasks.iter().filter(|entry| is_beside_its_call(today, entry)).count();
    let parts = [
        ("#requests", today.requests.len(), "request", "requests"),
        ("#tasks", tasks, "task", "tasks"),
        ("#calls", today.calls.len(), "call today", "calls today"),
        ("#calls", open, "outcome to note", "outcomes to note"),
    ];
    let parts = parts.into_iter().filter(|(_, number, ..)| 0 < *number);
    html! {
        p class="lead" {
            @for (place, (href, number, one, many)) in parts.enumerate() {
                @if 0 < place { ", " }
                a href=(href) { (count(number, one, many)) }
            }
        }
    }
}

/// The most urgent as cards with their buttons, the others as lines: each answer moves one up.
fn requests(desk: &Desk<'_>, files: &[&ClientFile]) -> Markup {
    let (first, more) = files.split_at(files.len().min(CARDS_MAX));
    html! {
        @if !files.is_empty() {
            section id="requests" {
                h2 { "Requests" }
                @for file in first { (request(desk, file)) }
                (lines(more, |file| held(desk, file)))
            }
        }
    }
}

fn held(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let zone = desk.handbook.practice.zone;
    html! {
        (client_link(desk, file))
        @if let Some(request) = file.request() {
            ", held until " (moment(request.expires_at, desk.now, zone))
        }
    }
}

fn tasks_section(desk: &Desk<'_>, tasks: &[&(&ClientFile, Task)]) -> Markup {
    let (first, more) = tasks.split_at(tasks.len().min(CARDS_MAX));
    let line = |(file, task): &&(&ClientFile, Task)| {
        html! { (client_link(desk, file)) ": " (task_title(&task.kind)) }
    };
    html! {
        @if !tasks.is_empty() {
            section id="tasks" {
                h2 { "Tasks" }
                @for (file, task) in first { (tasks::task(desk, file, task)) }
                (lines(more, line))
            }
        }
    }
}

fn lines<T>(more: &[T], line: impl Fn(&T) -> Markup) -> Markup {
    html! {
        @if !more.is_empty() {
            p class="hint" { "And " (more.len()) " more:" }
            ul class="more" { @for entry in more { li { (line(entry)) } } }
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
                @if 1 < desk.handbook.sessions.len() {
                    (desk.handbook.session(&proposal.session).name) ": "
                }
                (occasion(desk, file)) "; asked " (moment(proposal.asked_at, desk.now, zone))
            }
            (deeds::answer_at_desk(desk, file, proposal))
        }
    }
}

/// Whether a request is for a first time or for another one.
pub(super) fn occasion(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let zone = desk.handbook.practice.zone;
    html! {
        @if let Some(appointment) = file.appointment() {
            "Wants to move the call of "
            strong { (moment(appointment.slot.start, desk.now, zone)) }
            ", which stands meanwhile"
        } @else { "Asks for a time" }
    }
}

fn calls(desk: &Desk<'_>, files: &[&ClientFile]) -> Markup {
    html! {
        section id="calls" {
            h2 { "Calls today" }
            @if files.is_empty() {
                p class="empty" { "No calls today." }
            } @else {
                @let sessions = booked(files).map(|(_, booked)| desk.handbook.session(&booked.session));
                @let places = places(sessions);
                @for (place, names) in &places {
                    p class="hint" {
                        @if 1 < places.len() { (names.iter().copied().collect::<Vec<_>>().join(", ")) ": " }
                        (linked(place))
                    }
                }
                @let calls: Vec<_> = booked(files).collect();
                ol class="calls" role="list" {
                    @for (at, (file, appointment)) in calls.iter().enumerate() {
                        @let earlier = at.checked_sub(1).map(|before| calls[before].1);
                        li { (call(desk, file, appointment, earlier)) }
                    }
                }
            }
        }
    }
}

/// A call, behind an earlier one: of a group, the time is written once.
fn call(
    desk: &Desk<'_>,
    file: &ClientFile,
    appointment: &Appointment,
    earlier: Option<&Appointment>,
) -> Markup {
    let zone = desk.handbook.practice.zone;
    let addresses = Addresses::of(&desk.handbook.practice.id);
    let (start, end) = (appointment.slot.start, appointment.slot.end);
    let session = desk.handbook.session(&appointment.session);
    let is_same = |earlier: &Appointment| {
        let Appointment { slot, session, providers, .. } = earlier;
        (slot, session, providers)
            == (&appointment.slot, &appointment.session, &appointment.providers)
    };
    let is_beside = 1 < session.places && earlier.is_some_and(is_same);
    html! {
        span class="at" { span class=[is_beside.then_some("sr")] { (time(start, zone)) } }
        div {
            (client_link(desk, file))
            p class="hint" {
                "until " (time(end, zone))
                @if let Some(theirs) = theirs(start, zone, file.zone) { ", " (theirs) }
                (what_and_with_whom(desk, appointment))
                @if file.request().is_some() { ", " a href="#requests" { "asks to move" } }
            }
            p class="links" {
                @if file.answers.is_some() { a href=(addresses.desk_answers(&file.id)) { "Answers (PDF)" } }
                @if let Some(link) = first_link(&session.place).filter(|_| desk.now < end) {
                    " " a href=(link) { "Join" }
                }
            }
            @if start <= desk.now { (deeds::outcome(desk, file, appointment)) }
        }
    }
}

/// The kind of session and who gives it, where a practice has more than one of either.
pub(super) fn what_and_with_whom(desk: &Desk<'_>, appointment: &Appointment) -> Markup {
    html! {
        @if 1 < desk.handbook.sessions.len() {
            ", " (desk.handbook.session(&appointment.session).name)
        }
        @if 1 < desk.handbook.calendars.len() {
            ", with " (desk.handbook.names(&appointment.providers))
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
                            div {
                                (client_link(desk, file))
                                span class="hint" { (what_and_with_whom(desk, appointment)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Who waits for a time: nothing to be done, but good to know where a call ends early.
fn waiting_list(desk: &Desk<'_>, files: &[&ClientFile]) -> Markup {
    let (first, more) = files.split_at(files.len().min(CARDS_MAX));
    html! {
        @if !files.is_empty() {
            section id="waiting" {
                h2 { "Waiting list" }
                ul class="more" {
                    @for file in first {
                        li {
                            (client_link(desk, file))
                            @if let Some(listed) = file.listed() {
                                p class="hint" {
                                    @if 1 < desk.handbook.sessions.len() {
                                        (desk.handbook.session(&file.session).name) ": "
                                    }
                                    (in_words(desk.handbook, &listed.wishes))
                                    @if listed.offered.is_some() { " A time is held for them." }
                                }
                            }
                        }
                    }
                }
                @if !more.is_empty() { p class="hint" { "And " (more.len()) " more." } }
            }
        }
    }
}

fn booked<'a>(files: &[&'a ClientFile]) -> impl Iterator<Item = (&'a ClientFile, &'a Appointment)> {
    files.iter().filter_map(|file| Some((*file, file.appointment()?)))
}

/// The client's name, leading to the file.
pub(super) fn client_link(desk: &Desk<'_>, file: &ClientFile) -> Markup {
    let href = Addresses::of(&desk.handbook.practice.id).desk_client(&file.id);
    html! { a class="who" href=(href) { (file.person.name.as_str()) } }
}
