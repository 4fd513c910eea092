//! The invitation that goes with a booked or cancelled time (RFC 5545, RFC 5546).
//!
//! The words are neutral: calendars are shared, and shown on locked screens.

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarMethod, ICalendarParameter,
    ICalendarParticipationRole, ICalendarParticipationStatus, ICalendarProperty, ICalendarStatus,
    ICalendarTransparency, ICalendarValue, Uri,
};
use chrono::Days;
use domain::{EmailAddress, LetterKind, Matter};

use super::{Invitation, LetterFacts, Method};
use crate::ics::{in_utc, moment, named_zone, root, text};

/// The invitation that belongs to a letter, if one does.
pub(super) fn invitation(facts: &LetterFacts<'_>) -> Option<Invitation> {
    let method = method(facts.letter.kind)?;
    let Matter::Appointment { id, sequence, slot, .. } = &facts.letter.matter else { return None };
    let practice = &facts.handbook.practice;
    let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
    event.add_uid(&format!("{id}@{}.anteroom", practice.id));
    event.add_sequence(i64::from(*sequence) + i64::from(method == Method::Cancel));
    event.add_dtstamp(in_utc(facts.letter.written_at));
    let zone = named_zone(practice.zone, slot);
    event.entries.push(moment(ICalendarProperty::Dtstart, slot.start, zone));
    event.entries.push(moment(ICalendarProperty::Dtend, slot.end, zone));
    add_people(&mut event, facts);
    add_words(&mut event, facts, method);

    let mut calendar = envelope(method, event);
    if let Some(zone) = zone {
        // The zone's rules for the year around the call; asked for by date, so that the writer
        // does not look at the clock.
        let from = slot.start - Days::new(366);
        let to = slot.end + Days::new(366);
        calendar.add_timezone(zone.name(), from.timestamp(), to.timestamp());
    }
    let mut ics = String::new();
    calendar.write_to(&mut ics).expect("a String takes everything");
    Some(Invitation { method, ics })
}

fn method(kind: LetterKind) -> Option<Method> {
    match kind {
        LetterKind::Confirmation | LetterKind::Moved => Some(Method::Request),
        LetterKind::CancelledByClient | LetterKind::CancelledByPractice => Some(Method::Cancel),
        LetterKind::Welcome
        | LetterKind::WelcomeBack
        | LetterKind::Invitation
        | LetterKind::QuestionnaireNudge(_)
        | LetterKind::Calendar
        | LetterKind::TimesNudge(_)
        | LetterKind::TimeOffered
        | LetterKind::WaitEnded
        | LetterKind::Request
        | LetterKind::RequestReminder
        | LetterKind::Declined
        | LetterKind::ChangeDeclined
        | LetterKind::Expired
        | LetterKind::CancellationNotice
        | LetterKind::ReminderDay
        | LetterKind::ReminderHour
        | LetterKind::ThankYou
        | LetterKind::MissedYou => None,
    }
}

fn envelope(method: Method, event: ICalendarComponent) -> ICalendar {
    let method = match method {
        Method::Request => ICalendarMethod::Request,
        Method::Cancel => ICalendarMethod::Cancel,
    };
    let mut root = root("-//Anteroom//Letters//EN");
    root.add_property(ICalendarProperty::Method, ICalendarValue::Method(method));
    root.component_ids.push(1);
    ICalendar { components: vec![root, event] }
}

fn add_people(event: &mut ICalendarComponent, facts: &LetterFacts<'_>) {
    let practice = &facts.handbook.practice;
    let person = &facts.file.person;
    event.add_property_with_params(
        ICalendarProperty::Organizer,
        [common_name(&practice.name)],
        mailbox(&practice.email),
    );
    // The client chose the time, so there is nothing left to answer.
    event.add_property_with_params(
        ICalendarProperty::Attendee,
        [
            common_name(person.name.as_str()),
            ICalendarParameter::role(ICalendarParticipationRole::ReqParticipant),
            ICalendarParameter::partstat(ICalendarParticipationStatus::Accepted),
            ICalendarParameter::rsvp(false),
        ],
        mailbox(&person.email),
    );
}

fn add_words(event: &mut ICalendarComponent, facts: &LetterFacts<'_>, method: Method) {
    let practice = &facts.handbook.practice;
    let session = facts.session();
    let status = match method {
        Method::Request => ICalendarStatus::Confirmed,
        Method::Cancel => ICalendarStatus::Cancelled,
    };
    let transparency = match method {
        Method::Request => ICalendarTransparency::Opaque,
        Method::Cancel => ICalendarTransparency::Transparent,
    };
    let summary = format!("{} — {}", session.name, practice.name);
    event.add_property(ICalendarProperty::Summary, text(&summary));
    event.add_property(ICalendarProperty::Status, ICalendarValue::Status(status));
    event.add_property(ICalendarProperty::Transp, ICalendarValue::Transparency(transparency));
    if method == Method::Request {
        event.add_property(ICalendarProperty::Location, text(&session.place));
        let change = &facts.links.appointment;
        let description = if change.is_empty() {
            session.place.clone()
        } else {
            format!("{}\n\nChange or cancel: {change}", session.place)
        };
        event.add_property(ICalendarProperty::Description, text(&description));
    }
}

fn mailbox(address: &EmailAddress) -> ICalendarValue {
    ICalendarValue::Uri(Uri::Location(format!("mailto:{}", address.as_str())))
}

/// A parameter can hold neither a double quote nor a control character (RFC 5545, 3.2).
fn common_name(name: &str) -> ICalendarParameter {
    let name: String = name.chars().filter(|c| *c != '"' && !c.is_control()).collect();
    ICalendarParameter::cn(name)
}
