//! The waiting list, below the calendar: for whoever finds no time that suits.

use chrono::Weekday;
use chrono_tz::Tz;
use domain::{Handbook, Listed, MinuteOfDay, Proposal, Wishes};
use maud::{Markup, html};

use super::{CalendarPage, minutes};
use crate::{Addresses, date_time, pages::words::moment, place_of_zone};

/// What the page says of the waiting list.
#[derive(Debug, Clone, Copy)]
pub struct WaitingPart<'a> {
    /// Names the next wish, so that sending it twice does one thing.
    pub key: &'a str,
    /// The client's place on it, if they are.
    pub listed: Option<&'a Listed>,
    /// What was typed in its form, if that comes back.
    pub typed: Option<&'a TypedWishes>,
}

/// Wishes as somebody typed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedWishes {
    /// The days that are ticked.
    pub days: Vec<Weekday>,
    /// The first hour, as text.
    pub from: String,
    /// The last hour, as text.
    pub to: String,
    /// The last day, as text.
    pub until: String,
    /// The zone of the hours.
    pub zone: Tz,
    /// What is wrong with them, as a sentence.
    pub wrong: Option<String>,
}

impl TypedWishes {
    /// As somebody finds the form who has not waited before.
    fn usual(zone: Tz) -> Self {
        let text = |text: &str| text.to_owned();
        let (from, to) = (text("09:00"), text("18:00"));
        Self { days: vec![], from, to, until: String::new(), zone, wrong: None }
    }

    fn of(wishes: &Wishes) -> Self {
        Self {
            days: wishes.days.clone(),
            from: clock(wishes.hours.from),
            to: clock(wishes.hours.to),
            until: wishes.until.to_string(),
            zone: wishes.zone,
            wrong: None,
        }
    }
}

/// The days of the week in their order, by the names of their fields.
const WEEK: [(Weekday, &str, &str); 7] = [
    (Weekday::Mon, "mon", "Monday"),
    (Weekday::Tue, "tue", "Tuesday"),
    (Weekday::Wed, "wed", "Wednesday"),
    (Weekday::Thu, "thu", "Thursday"),
    (Weekday::Fri, "fri", "Friday"),
    (Weekday::Sat, "sat", "Saturday"),
    (Weekday::Sun, "sun", "Sunday"),
];

/// A time that is held for whoever is on the list, said above everything else.
pub(super) fn offered(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    let listed = page.waiting.and_then(|part| Some((part, part.listed?)));
    html! {
        @if let Some((part, Some(offer))) = listed.map(|(part, on)| (part, on.offered.as_ref())) {
            section.note #offer {
                p { strong { "A time has come free, and we hold it for you." } }
                @for slot in offer.slots() { p { (moment(slot, page.zone, handbook.practice.zone)) } }
                p { "It is yours to ask for until " strong { (date_time(offer.expires_at, page.zone)) } "." }
                (answers(handbook, page, part, offer))
            }
        }
    }
}

fn answers(
    handbook: &Handbook,
    page: &CalendarPage<'_>,
    part: WaitingPart<'_>,
    offer: &Proposal,
) -> Markup {
    let addresses = Addresses::of(&handbook.practice.id);
    let start = offer.slots().next().map_or(0, |slot| minutes(slot.start));
    // Whoever is looked at on this page, the time is held with somebody of its own.
    let providers = offer.times.first().map_or(&[][..], |time| &time.providers);
    let with = providers.iter().find(|id| page.session.choosable().contains(id));
    html! {
        div.actions {
            form method="post" action=(addresses.calendar_review(page.link)) {
                input type="hidden" name="key" value=(part.key);
                input type="hidden" name="t" value=(start);
                input type="hidden" name="zone" value=(page.zone.name());
                @if let Some(with) = with { input type="hidden" name="with" value=(with); }
                button { "Ask for this time" }
            }
            form method="post" action=(addresses.calendar_wishes(page.link)) {
                input type="hidden" name="key" value=(part.key);
                input type="hidden" name="pass" value=(offer.id);
                button.quiet { "Let it pass" }
            }
        }
        p.hint { "If you let it pass, it goes to the next on the list, and you stay on it." }
    }
}

/// The form with which somebody comes onto the list, changes their wishes, or leaves it.
pub(super) fn waiting_list(handbook: &Handbook, page: &CalendarPage<'_>) -> Markup {
    let Some(part) = page.waiting else { return html! {} };
    let action = Addresses::of(&handbook.practice.id).calendar_wishes(page.link);
    html! {
        section.waiting #waiting aria-labelledby="waiting-heading" {
            @if let Some(listed) = part.listed {
                h2 #waiting-heading { "You are on the waiting list" }
                p { (in_words(handbook, &listed.wishes)) }
                @if listed.offered.is_none() && 0 < listed.unanswered {
                    p { "We let go of the last time that we held for you, as we had no answer. If it is still free, it is in the calendar above." }
                }
                p { "When such a time comes free and it is your turn, we hold it for you and write to you." }
                form method="post" action=(action) {
                    input type="hidden" name="key" value=(part.key);
                    button.quiet name="withdraw" value="yes" { "Take me off the list" }
                }
                details open[part.typed.is_some()] {
                    summary { "Change what suits you" }
                    (wishes_form(page, part, &action))
                }
            } @else {
                h2 #waiting-heading { "Nothing that suits you?" }
                details open[part.typed.is_some()] {
                    summary { "Wait for a time that does" }
                    p {
                        "Tell us when you could come. As soon as such a time comes free and it is your "
                        "turn, we hold it for you and write to you."
                    }
                    (wishes_form(page, part, &action))
                }
            }
        }
    }
}

fn wishes_form(page: &CalendarPage<'_>, part: WaitingPart<'_>, action: &str) -> Markup {
    let listed = part.listed.map(|listed| TypedWishes::of(&listed.wishes));
    let usual = || listed.unwrap_or_else(|| TypedWishes::usual(page.zone));
    let wishes = part.typed.cloned().unwrap_or_else(usual);
    html! {
        form method="post" action=(action) {
            @if let Some(wrong) = &wishes.wrong {
                p.summary role="alert" tabindex="-1" autofocus { strong { (wrong) } }
            }
            fieldset.days {
                legend { "On which days?" }
                @for (day, name, words) in WEEK {
                    label.tick {
                        input type="checkbox" name="weekday" value=(name)
                            checked[wishes.days.contains(&day)];
                        span { (words) }
                    }
                }
            }
            div.row {
                label { "From" input type="time" name="from" value=(wishes.from) required; }
                label { "to" input type="time" name="to" value=(wishes.to) required; }
                label {
                    "Last day"
                    input type="date" name="until" value=(wishes.until) min=(page.today) required;
                }
            }
            p.hint { "The hours are " (place_of_zone(wishes.zone)) "." }
            input type="hidden" name="zone" value=(wishes.zone.name());
            input type="hidden" name="key" value=(part.key);
            @if let Some(with) = page.with { input type="hidden" name="with" value=(with); }
            button.quiet {
                @if part.listed.is_some() { "Change my wishes" } @else { "Put me on the waiting list" }
            }
        }
    }
}

fn clock(minute: MinuteOfDay) -> String {
    format!("{:02}:{:02}", minute.get() / 60, minute.get() % 60)
}

/// The wishes in a sentence: `Mondays and Fridays from 09:00 to 12:00 (Lisbon time), until 18
/// December 2026, with Mara Lindqvist.`
pub(in crate::pages) fn in_words(handbook: &Handbook, wishes: &Wishes) -> String {
    let days: Vec<String> = WEEK
        .iter()
        .filter(|(day, ..)| wishes.days.contains(day))
        .map(|(.., words)| format!("{words}s"))
        .collect();
    let days = match days.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    };
    let with = wishes.with.as_slice();
    let with =
        if with.is_empty() { String::new() } else { format!(", with {}", handbook.names(with)) };
    format!(
        "{days} from {} to {} ({}), until {}{with}.",
        clock(wishes.hours.from),
        clock(wishes.hours.to),
        place_of_zone(wishes.zone),
        wishes.until.format("%-d %B %Y")
    )
}
