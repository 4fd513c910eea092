//! What a letter may mention: which names, and what they stand for.
//!
//! A letter gets exactly the names it may use, so a letter to an address that nobody has proven
//! yet has no client to mention, whatever its template says.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use domain::{Handbook, LetterKind, Matter, Offer, Recipient, SessionType, Staff, StaffId};
use minijinja::Value;

use super::{AgendaCall, AgendaFacts, LetterError, LetterFacts, SignInFacts, template::house_text};
use crate::{moments, places::places};

/// What each name stands for.
pub(super) type Values = BTreeMap<&'static str, Value>;

/// The name of the morning agenda's template.
pub(super) const AGENDA: &str = "agenda";
/// The name of the sign-in letter's template.
pub(super) const SIGN_IN: &str = "sign-in";

/// What a subject may use: subjects are read over shoulders.
pub(super) const IN_SUBJECT: [&str; 2] = ["practice.name", "session.name"];

const EVERYWHERE: [&str; 8] = [
    "practice.name",
    "practice.email",
    "practice.phone",
    "session.name",
    "session.minutes",
    "session.place",
    "session.hold_hours",
    "session.proposals_max",
];
const CLIENT: &[&str] = &["client.first_name", "client.name"];
const CALL: &[&str] =
    &["appointment.date", "appointment.time", "appointment.zone", "appointment.with"];
const OFFER: &[&str] =
    &["offer.date", "offer.time", "offer.zone", "offer.with", "offer.held_until"];
const REQUEST: &[&str] = &["proposal.times", "proposal.held_until"];

/// The names that the letter called `name` may use; none if there is no such letter.
pub(super) fn allowed(name: &str) -> Option<Vec<&'static str>> {
    let own: &[&[&str]] = match name {
        AGENDA => &[&[
            "staff.first_name",
            "agenda.date",
            "agenda.calls",
            "agenda.places",
            "agenda.requests",
            "agenda.tasks",
            "links.desk",
        ]],
        SIGN_IN => &[&["sign_in.link", "sign_in.code"]],
        _ => own(LetterKind::from_name(name)?),
    };
    Some(EVERYWHERE.into_iter().chain(own.iter().copied().flatten().copied()).collect())
}

fn own(kind: LetterKind) -> &'static [&'static [&'static str]] {
    match kind {
        LetterKind::Welcome | LetterKind::QuestionnaireNudge(_) => &[&["links.questionnaire"]],
        LetterKind::WelcomeBack | LetterKind::Invitation => &[&["links.resume"]],
        LetterKind::Calendar => &[CLIENT, &["links.calendar", "links.questionnaire"]],
        LetterKind::TimeOffered => &[CLIENT, OFFER, &["links.calendar"]],
        LetterKind::TimesNudge(_) | LetterKind::Expired | LetterKind::WaitEnded => {
            &[CLIENT, &["links.calendar"]]
        }
        LetterKind::Request | LetterKind::RequestReminder => {
            &[CLIENT, REQUEST, &["staff.first_name", "links.approve", "links.client"]]
        }
        LetterKind::Confirmation | LetterKind::Moved => {
            &[CLIENT, CALL, &["links.appointment", "links.questionnaire", "policy.text"]]
        }
        LetterKind::Declined => &[CLIENT, &["decline.note", "decline.times", "links.calendar"]],
        LetterKind::ChangeDeclined => {
            &[CLIENT, CALL, &["decline.note", "links.appointment", "links.questionnaire"]]
        }
        LetterKind::CancelledByClient | LetterKind::MissedYou => {
            &[CLIENT, CALL, &["links.calendar"]]
        }
        LetterKind::CancelledByPractice => &[CLIENT, CALL, &["cancel.note", "links.calendar"]],
        LetterKind::CancellationNotice => {
            &[CLIENT, CALL, &["staff.first_name", "cancel.note", "links.client"]]
        }
        LetterKind::ReminderDay | LetterKind::ReminderHour => {
            &[CLIENT, CALL, &["links.appointment", "links.questionnaire"]]
        }
        LetterKind::ThankYou => &[CLIENT, CALL],
    }
}

/// What the names of a letter about a client file stand for.
pub(super) fn of_letter(name: &str, facts: &LetterFacts<'_>) -> Result<Values, LetterError> {
    let LetterFacts { handbook, file, letter, .. } = facts;
    let mut values = of_practice(handbook, facts.session());
    let zone = match &letter.to {
        Recipient::Client => file.zone.unwrap_or(handbook.practice.zone),
        Recipient::Staff(id) => {
            let staff = handbook.staff(id).ok_or_else(|| LetterError::NoSuchStaff(id.clone()))?;
            values.extend(of_staff(staff));
            handbook.practice.zone
        }
    };
    values.insert("client.first_name", file.person.name.first().into());
    values.insert("client.name", file.person.name.as_str().into());
    values.insert("policy.text", Value::from_safe_string(handbook.policy.text.clone()));
    values.extend(of_matter(facts, zone));
    let open_times = facts.open_times.iter().map(|time| moments::date_time(*time, zone));
    values.insert("decline.times", open_times.collect::<Vec<_>>().into());
    values.extend(of_links(facts));
    Ok(only(name, values))
}

/// What the names of the agenda stand for.
pub(super) fn of_agenda(facts: &AgendaFacts<'_>) -> Values {
    let calls: Vec<Value> = facts.calls.iter().map(|call| of_agenda_call(facts, call)).collect();
    let mut values = of_practice(facts.handbook, facts.handbook.first_session());
    values.extend(of_staff(facts.staff));
    values.insert("agenda.date", facts.date.format("%A %-d %B %Y").to_string().into());
    values.insert("agenda.calls", calls.into());
    values.insert("agenda.places", of_places(facts).into());
    values.insert("agenda.requests", facts.requests.into());
    values.insert("agenda.tasks", facts.tasks.into());
    values.insert("links.desk", (&facts.desk).into());
    only(AGENDA, values)
}

/// A call of the agenda. What is the same for every call of the practice is left empty.
fn of_agenda_call(facts: &AgendaFacts<'_>, call: &AgendaCall) -> Value {
    let handbook = facts.handbook;
    let session = handbook.session(&call.session);
    let has_several = 1 < handbook.sessions.len();
    let is_readers = *call.providers == [facts.staff.id.clone()];
    let with = if is_readers { String::new() } else { with(handbook, session, &call.providers) };
    Value::from_pairs([
        ("time", moments::time(call.time, handbook.practice.zone)),
        ("client", call.client.as_str().to_owned()),
        ("link", call.link.clone()),
        ("session", if has_several { session.name.clone() } else { String::new() }),
        ("with", with),
    ])
}

/// How the calls of the agenda happen, each way once; with the kinds of session, where they differ.
fn of_places(facts: &AgendaFacts<'_>) -> Vec<Value> {
    let places = places(facts.calls.iter().map(|call| facts.handbook.session(&call.session)));
    let is_one = places.len() == 1;
    let named = |(place, names): (&str, BTreeSet<&str>)| {
        let names: Vec<&str> = names.into_iter().collect();
        let whole = format!("{}: {place}", names.join(", "));
        house_text(if is_one { place } else { &whole })
    };
    places.into_iter().map(named).collect()
}

/// What the names of a sign-in letter stand for.
pub(super) fn of_sign_in(facts: &SignInFacts<'_>) -> Values {
    let mut values = of_practice(facts.handbook, facts.handbook.first_session());
    values.insert("sign_in.link", (&facts.link).into());
    values.insert("sign_in.code", (&facts.code).into());
    only(SIGN_IN, values)
}

fn only(name: &str, mut values: Values) -> Values {
    let allowed = allowed(name).unwrap_or_default();
    values.retain(|name, _| allowed.contains(name));
    values
}

/// A text that no line breaks within: a telephone number is read in one breath.
fn in_one_line(text: &str) -> Value {
    text.replace(' ', "\u{a0}").into()
}

fn of_practice(handbook: &Handbook, session: &SessionType) -> Values {
    let practice = &handbook.practice;
    Values::from([
        ("practice.name", (&practice.name).into()),
        ("practice.email", practice.email.as_str().into()),
        ("practice.phone", practice.phone.as_deref().map_or(Value::from(()), in_one_line)),
        ("session.name", (&session.name).into()),
        ("session.minutes", session.length.num_minutes().into()),
        ("session.place", house_text(&session.place)),
        ("session.hold_hours", session.hold.num_hours().into()),
        ("session.proposals_max", session.proposals_max.into()),
    ])
}

fn of_staff(staff: &Staff) -> Values {
    Values::from([("staff.first_name", staff.name.first().into())])
}

fn of_matter(facts: &LetterFacts<'_>, zone: Tz) -> Values {
    match &facts.letter.matter {
        Matter::File { .. } => Values::new(),
        Matter::Request { proposal, note } => {
            let mut values = Values::from([("decline.note", note.as_str().into())]);
            let zone = facts.handbook.practice.zone;
            if let Some(open) = facts.file.request().filter(|open| open.id == *proposal) {
                let times = open.times.iter();
                let times: Vec<_> = times.map(|offer| time_of_offer(facts, offer, zone)).collect();
                values.insert("proposal.times", times.into());
                let until = moments::date_time(open.expires_at, zone);
                values.insert("proposal.held_until", until.into());
            }
            values.extend(of_offer(facts));
            values
        }
        Matter::Appointment { slot, providers, note, .. } => Values::from([
            ("appointment.with", facts.handbook.names(of_call(facts, providers)).into()),
            ("appointment.date", moments::date(slot.start, zone).into()),
            ("appointment.time", moments::time(slot.start, zone).into()),
            ("appointment.zone", moments::place_of_zone(zone).into()),
            ("decline.note", note.as_str().into()),
            ("cancel.note", note.as_str().into()),
        ]),
    }
}

/// Who gives the call of a letter: as noted in it, or in the file, as long as it is booked.
fn of_call<'a>(facts: &LetterFacts<'a>, noted: &'a [StaffId]) -> &'a [StaffId] {
    let booked = facts.file.appointment().map_or(&[][..], |booked| &booked.providers);
    if noted.is_empty() { booked } else { noted }
}

/// The time that is held for somebody on the waiting list, on their clocks.
fn of_offer(facts: &LetterFacts<'_>) -> Values {
    let zone = facts.file.zone.unwrap_or(facts.handbook.practice.zone);
    let Some(offer) = facts.file.offered() else { return Values::new() };
    let Some(time) = offer.times.first() else { return Values::new() };
    let slot = time.slot;
    Values::from([
        ("offer.with", with(facts.handbook, facts.session(), &time.providers).into()),
        ("offer.date", moments::date(slot.start, zone).into()),
        ("offer.time", moments::time(slot.start, zone).into()),
        ("offer.zone", moments::place_of_zone(zone).into()),
        ("offer.held_until", moments::date_time(offer.expires_at, zone).into()),
    ])
}

/// With whom a session is, as far as that is not always the same.
fn with(handbook: &Handbook, session: &SessionType, providers: &[StaffId]) -> String {
    match session.providers().count() {
        1 if handbook.calendars.len() == 1 => String::new(),
        _ => handbook.names(providers),
    }
}

/// A proposed time as staff read it: with whom, where that is not always the same.
fn time_of_offer(facts: &LetterFacts<'_>, offer: &Offer, zone: Tz) -> String {
    let time = moments::date_time(offer.slot.start, zone);
    match with(facts.handbook, facts.session(), &offer.providers) {
        with if with.is_empty() => time,
        with => format!("{time}, with {with}"),
    }
}

/// An empty address is no address: a letter that needs it fails.
fn of_links(facts: &LetterFacts<'_>) -> Values {
    let links = facts.links;
    let links = [
        ("links.questionnaire", &links.questionnaire),
        ("links.calendar", &links.calendar),
        ("links.appointment", &links.appointment),
        ("links.resume", &links.resume),
        ("links.client", &links.client),
        ("links.approve", &links.approve),
    ];
    let existing = links.into_iter().filter(|(_, address)| !address.is_empty());
    existing.map(|(name, address)| (name, address.into())).collect()
}
