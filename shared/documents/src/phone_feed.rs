//! The calendar as a phone reads it: what is booked and kept free, as an iCalendar file (RFC 5545)
//! that is asked for again and again (RFC 7986).

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarStatus,
    ICalendarValue,
};
use chrono::{DateTime, Days, Utc};
use domain::{ClientFile, Handbook, Taken, TakenFor};

use crate::ics::{in_utc, moment, named_zone, root, text};

/// What a phone is told.
#[derive(Debug, Clone, Copy)]
pub struct PhoneFeed<'a> {
    /// The rules in force.
    pub handbook: &'a Handbook,
    /// What is taken of the calendar, each entry once. What is only held is left out.
    pub taken: &'a [Taken],
    /// The files of those whose names may be shown; nobody's, if titles are neutral.
    pub named: &'a [ClientFile],
    /// When it is written.
    pub now: DateTime<Utc>,
}

/// The calendar as an iCalendar file.
///
/// Titles name the kind of session, and clients only where `named` has their file: phones show
/// titles on locked screens.
pub fn phone_feed(feed: &PhoneFeed<'_>) -> String {
    let mut root = root("-//Anteroom//Calendar//EN");
    let name = format!("{} sessions", feed.handbook.practice.name);
    root.add_property(ICalendarProperty::Name, text(&name));
    let mut calendar = ICalendar { components: vec![root] };
    for taken in feed.taken {
        let Some(event) = event(feed, taken) else { continue };
        let at = u32::try_from(calendar.components.len()).unwrap_or(u32::MAX);
        calendar.components[0].component_ids.push(at);
        calendar.components.push(event);
    }
    let zone = feed.handbook.practice.zone;
    let first = feed.taken.iter().map(|taken| taken.slot.start).min();
    let last = feed.taken.iter().map(|taken| taken.slot.end).max();
    if let Some((first, last)) = first.zip(last).filter(|_| zone != chrono_tz::Tz::UTC) {
        // The zone's rules from a year before to a year after, asked for by date, so that the
        // writer does not look at the clock.
        let (from, to) = (first - Days::new(366), last + Days::new(366));
        calendar.add_timezone(zone.name(), from.timestamp(), to.timestamp());
    }
    calendar.to_string()
}

fn event(feed: &PhoneFeed<'_>, taken: &Taken) -> Option<ICalendarComponent> {
    let practice = &feed.handbook.practice;
    let (uid, title) = match &taken.what {
        TakenFor::Hold { .. } => return None,
        TakenFor::Appointment { id, client, session } => {
            let name = feed.named.iter().find(|file| file.id == *client);
            let session = &feed.handbook.session(session).name;
            let title = match name {
                Some(file) => format!("{}: {session}", file.person.name.as_str()),
                None => session.clone(),
            };
            (id.to_string(), title)
        }
        TakenFor::Block { id, .. } => (format!("block-{id}"), "Kept free".to_owned()),
    };
    let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
    event.add_uid(&format!("{uid}@{}.anteroom", practice.id));
    event.add_dtstamp(in_utc(feed.now));
    let zone = named_zone(practice.zone, &taken.slot);
    event.entries.push(moment(ICalendarProperty::Dtstart, taken.slot.start, zone));
    event.entries.push(moment(ICalendarProperty::Dtend, taken.slot.end, zone));
    event.add_property(ICalendarProperty::Summary, text(&title));
    let confirmed = ICalendarValue::Status(ICalendarStatus::Confirmed);
    event.add_property(ICalendarProperty::Status, confirmed);
    if let Some(session) = taken.session() {
        let place = &feed.handbook.session(session).place;
        event.add_property(ICalendarProperty::Location, text(place));
    }
    Some(event)
}
