//! One day of the calendar, time by time: what is open to clients, and what stands against the rest.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    BookingWindow, Calendar, ClientFile, Limits, Note, OverLimit, Period, Reason, Rule,
    SessionType, StaffId, Taken, TakenFor,
};
use maud::{Markup, html};

use super::{
    Desk,
    deeds::tokens,
    frame::{Tab, frame},
    today::client_link,
    whose::whose,
    words::{choice, moment},
};
use crate::{Addresses, place_of_zone, time};

/// One day of the calendar.
#[derive(Debug, Clone, Copy)]
pub struct CalendarDay<'a> {
    /// Which day, in the practice's zone.
    pub date: NaiveDate,
    /// Whose calendar.
    pub calendar: &'a Calendar,
    /// For which kind of session.
    pub session: &'a SessionType,
    /// Every start that the hours of the day have, in order.
    pub starts: &'a [DayStart<'a>],
    /// What staff keep free on it, in order.
    pub kept_free: &'a [Taken],
    /// The files of those who have booked or asked for something.
    pub files: &'a [ClientFile],
}

/// A start that the hours of a day have.
#[derive(Debug, Clone)]
pub struct DayStart<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// What stands against it in this calendar.
    pub against: Vec<Reason<'a>>,
    /// Who else would be needed for the session, and is not free then.
    pub missing: Vec<StaffId>,
}

impl DayStart<'_> {
    fn is_open(&self) -> bool {
        self.against.is_empty() && self.missing.is_empty()
    }
}

/// The day, time by time.
pub fn calendar_day(desk: &Desk<'_>, day: &CalendarDay<'_>) -> Markup {
    let zone = desk.handbook.practice.zone;
    let main = html! {
        header class="head" {
            h1 { (day.date.format("%A %-d %B %Y")) }
            p class="lead" { (summary(day)) }
            p class="hint" { "Times are " (place_of_zone(zone)) "." }
            nav class="links" aria-label="Days" {
                (to_day(desk, day, day.date - Days::new(1), "The day before"))
                (to_day(desk, day, day.date + Days::new(1), "The day after"))
                a href=(Addresses::of(&desk.handbook.practice.id).desk_phone()) { "On your phone" }
                " "
                a href=(Addresses::of(&desk.handbook.practice.id).desk_others()) { "Other calendars" }
            }
        }
        (looking_at(desk, day))
        (keeping_free(desk, day))
        @if !day.starts.is_empty() {
            ol class="calls starts" role="list" {
                @for start in day.starts {
                    li {
                        span class="at" { (time(start.at, zone)) }
                        div { (standing(desk, day, start)) }
                    }
                }
            }
        }
    };
    frame(desk, "Calendar", Tab::Calendar, &main)
}

/// What is kept free, each with a way to give it back, and a way to keep more free.
fn keeping_free(desk: &Desk<'_>, day: &CalendarDay<'_>) -> Markup {
    let zone = desk.handbook.practice.zone;
    let action = Addresses::of(&desk.handbook.practice.id).desk_calendar();
    let minutes = |at: DateTime<Utc>| at.timestamp().div_euclid(60);
    html! {
        section id="kept-free" {
            h2 { "Kept free" }
            @for taken in day.kept_free {
                @if let TakenFor::Block { id, why } = &taken.what {
                    form class="row" method="post" action=(action) {
                        (tokens(desk))
                        input type="hidden" name="block" value=(id);
                        input type="hidden" name="provider" value=(taken.provider);
                        input type="hidden" name="session" value=(day.session.id);
                        input type="hidden" name="start" value=(minutes(taken.slot.start));
                        input type="hidden" name="end" value=(minutes(taken.slot.end));
                        p {
                            (choice(taken.slot.start, zone)) " to " (choice(taken.slot.end, zone))
                            @if !why.is_empty() { ": " (why.as_str()) }
                        }
                        button class="quiet" { "Give back" }
                    }
                }
            }
            (keep_free(desk, day, &action))
        }
    }
}

fn keep_free(desk: &Desk<'_>, day: &CalendarDay<'_>, action: &str) -> Markup {
    let typed = desk.typed("keep-free");
    let last = typed.text("last").map_or_else(|| day.date.to_string(), ToOwned::to_owned);
    html! {
        form method="post" action=(action) {
            (tokens(desk))
            details open[typed.is_back()] {
                summary { "Keep time free" }
                input type="hidden" name="date" value=(day.date);
                input type="hidden" name="provider" value=(day.calendar.provider);
                input type="hidden" name="session" value=(day.session.id);
                div class="row" {
                    label {
                        "From"
                        input type="time" name="from" value=[typed.text("from")] step="300" required;
                    }
                    label {
                        "until"
                        input type="time" name="to" value=[typed.text("to")] step="300" required;
                    }
                    label {
                        "of (the same day or a later one)"
                        input type="date" name="last" value=(last) min=(day.date) required;
                    }
                }
                label {
                    "Why, for the practice (optional)"
                    textarea name="note" maxlength=(Note::LENGTH_MAX) { (typed.text("note").unwrap_or("")) }
                }
                button class="quiet" { "Keep it free" }
            }
        }
    }
}

fn to_day(desk: &Desk<'_>, day: &CalendarDay<'_>, date: NaiveDate, words: &str) -> Markup {
    let calendar = Addresses::of(&desk.handbook.practice.id).desk_calendar();
    let (provider, session) = (&day.calendar.provider, &day.session.id);
    html! {
        a href={ (calendar) "?day=" (date) "&provider=" (provider) "&session=" (session) } {
            (words)
        }
        " "
    }
}

/// Which day is shown; whose calendar and for which kind of session, where there are several.
fn looking_at(desk: &Desk<'_>, day: &CalendarDay<'_>) -> Markup {
    let action = Addresses::of(&desk.handbook.practice.id).desk_calendar();
    let gives = |session: &&SessionType| session.providers().any(|id| *id == day.calendar.provider);
    let sessions: Vec<&SessionType> = desk.handbook.sessions.iter().filter(gives).collect();
    html! {
        form class="row" method="get" action=(action) {
            label { "Day" input type="date" name="day" value=(day.date) required; }
            (whose(desk, &day.calendar.provider))
            @if 1 < sessions.len() {
                label {
                    "Open for"
                    select name="session" {
                        @for session in sessions {
                            option value=(session.id) selected[session.id == day.session.id] {
                                (session.name)
                            }
                        }
                    }
                }
            }
            button class="quiet" { "Show" }
        }
    }
}

fn summary(day: &CalendarDay<'_>) -> String {
    let open = day.starts.iter().filter(|start| start.is_open()).count();
    match (open, day.starts.len()) {
        (_, 0) => "No hours on this day.".to_owned(),
        (0, _) => "Nothing is open to clients on this day.".to_owned(),
        (1, _) => "One time is open to clients.".to_owned(),
        (open, _) => format!("{open} times are open to clients."),
    }
}

fn standing(desk: &Desk<'_>, day: &CalendarDay<'_>, start: &DayStart<'_>) -> Markup {
    html! {
        @if start.is_open() { strong { "Open" } }
        @for reason in &start.against { p { (in_words(desk, day, reason)) } }
        @if !start.missing.is_empty() {
            p { (quiet(&format!("not free then: {}", desk.handbook.names(&start.missing)))) }
        }
    }
}

fn in_words(desk: &Desk<'_>, day: &CalendarDay<'_>, reason: &Reason<'_>) -> Markup {
    let zone = desk.handbook.practice.zone;
    let at = |taken: &Taken| time(taken.slot.start, zone);
    match reason {
        Reason::Past => quiet("over"),
        Reason::Rule(rule) => quiet(&rule_in_words(day, *rule)),
        Reason::Taken(taken) => {
            html! { "Booked, " (at(taken)) ": " (who(desk, day, taken)) }
        }
        Reason::Held(taken) => {
            html! {
                (why_held(day, taken)) ", " (at(taken)) ": " (who(desk, day, taken))
                (held_until(desk, taken))
            }
        }
        Reason::Blocked(taken) => html! {
            span class="hint" { "kept free from " (at(taken)) }
        },
        Reason::Full(taken) => {
            html! { "A place is booked or asked for: " (who(desk, day, taken)) " (no place is left)" }
        }
        Reason::Buffer(taken) => html! {
            span class="hint" { "too close to " (at(taken)) ", " (who(desk, day, taken)) }
        },
    }
}

fn rule_in_words(day: &CalendarDay<'_>, rule: Rule) -> String {
    let session = day.session;
    match rule {
        Rule::Notice => {
            format!("asked for too late: the notice is {} hours", session.notice.num_hours())
        }
        Rule::Window => outside_window(&session.window),
        Rule::Closed => format!("a day off: {}", why_closed(day)),
        Rule::Override => "this date has other hours".to_owned(),
        Rule::OutsideHours => "outside the hours".to_owned(),
        Rule::OtherSession => format!("not within the hours for {}", session.name),
        Rule::OffGrid => "not a start of the grid".to_owned(),
        Rule::Limit(limit) => over_limit(&day.calendar.limits, limit),
        Rule::Elsewhere | Rule::Silent | Rule::CutOff => rule.to_string(),
    }
}

fn outside_window(window: &BookingWindow) -> String {
    match window {
        BookingWindow::Days(days) => format!("not shown yet: clients see {days} days"),
        BookingWindow::BusinessDays(days) => {
            format!("not shown yet: clients see {days} business days")
        }
        BookingWindow::Dates(dates) => {
            let told = |date: &NaiveDate| date.format("%-d %B %Y");
            format!("only {} to {} can be booked", told(dates.start()), told(dates.end()))
        }
    }
}

fn over_limit(limits: &Limits, limit: OverLimit) -> String {
    match limit {
        OverLimit::Quota(period) => {
            let name = match period {
                Period::Day => "day",
                Period::Week => "week",
                Period::Month => "month",
            };
            let quota = limits.quota(period);
            let sessions = quota.sessions.map(|most| format!("{most} sessions"));
            let length = quota.length.map(|most| format!("{} minutes", most.num_minutes()));
            let most: Vec<String> = sessions.into_iter().chain(length).collect();
            format!("the {name} is full: at most {}", most.join(" and "))
        }
        OverLimit::InARow => {
            let most = limits.in_a_row.map_or(0, |row| row.sessions);
            format!("a pause is due: at most {most} in a row")
        }
    }
}

fn quiet(words: &str) -> Markup {
    html! { span class="hint" { (words) } }
}

/// Whether the client asked for it, or the waiting list offers it to them.
fn why_held(day: &CalendarDay<'_>, taken: &Taken) -> &'static str {
    let file = day.files.iter().find(|file| Some(&file.id) == taken.client());
    let is_offered = file.is_some_and(|file| file.offered().is_some());
    if is_offered { "Offered from the waiting list" } else { "Asked for" }
}

fn held_until(desk: &Desk<'_>, taken: &Taken) -> Markup {
    let until = match taken.what {
        TakenFor::Hold { until, .. } => until,
        TakenFor::Appointment { .. } | TakenFor::Block { .. } => return html! {},
    };
    html! { span class="hint" { ", held until " (moment(until, desk.now, desk.handbook.practice.zone)) } }
}

fn why_closed<'d>(day: &CalendarDay<'d>) -> &'d str {
    let closed = day.calendar.closed.iter().find(|closed| closed.days.contains(&day.date));
    closed.map_or("", |closed| closed.why.as_str())
}

fn who(desk: &Desk<'_>, day: &CalendarDay<'_>, taken: &Taken) -> Markup {
    let of = |file: &&ClientFile| Some(&file.id) == taken.client();
    html! {
        @if let Some(file) = day.files.iter().find(of) { (client_link(desk, file)) }
        @else if taken.client().is_some() { "somebody" }
        @else { "kept free" }
    }
}
