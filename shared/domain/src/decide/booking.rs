//! Booking a time: for the first time, or in place of the one that was booked before.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Appointment, AppointmentId, Buffers, Circumstances, ClientFile, Event, Note, Offer, Reason,
    Refusal, Roster, Rule, SessionTypeId, Slot, StaffId, Timetable, reasons,
};

/// A time to be booked.
pub(super) struct Booking<'a> {
    pub(super) session: &'a SessionTypeId,
    pub(super) offer: &'a Offer,
    pub(super) buffers: Buffers,
}

impl Booking<'_> {
    /// The fact that it is booked. A client has one appointment: another time moves it.
    pub(super) fn event(&self, file: &ClientFile, c: &Circumstances<'_>) -> Event {
        let booked = |id, sequence| Appointment {
            id,
            sequence,
            session: self.session.clone(),
            providers: self.offer.providers.clone(),
            slot: self.offer.slot,
            buffers: self.buffers,
            booked_at: c.now,
            reminded: None,
            outcome_awaited_since: None,
        };
        match file.appointment() {
            Some(old) => {
                Event::AppointmentMoved { appointment: booked(old.id.clone(), old.sequence + 1) }
            }
            None => Event::TimeApproved { appointment: booked(AppointmentId::of(c.id), 0) },
        }
    }
}

/// The time that staff want to book.
pub(super) struct Wanted<'a> {
    pub(super) start: DateTime<Utc>,
    pub(super) with: Option<&'a StaffId>,
    pub(super) despite: &'a Note,
}

/// Staff book a time. What is taken stays taken; a rule may be set aside by whoever says why.
pub(super) fn book(
    file: &ClientFile,
    wanted: &Wanted<'_>,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    let session = c.handbook.session(&file.session);
    let offer = offer_at(file, wanted, c);
    let mut rules: Vec<Rule> = Vec::new();
    if let Some(booked) = file.appointment() {
        booked.not_begun(c.now)?;
        if booked.slot == offer.slot && booked.providers == offer.providers {
            return Ok(vec![]);
        }
        let before = c.handbook.rules.cut_offs.staff.reschedule;
        rules.extend(booked.is_closer_than(before, c.now).then_some(Rule::CutOff));
    }
    for provider in &offer.providers {
        let timetable = Timetable::of(c.handbook, session, provider);
        for rule in rules_against(file, &timetable, wanted, c)? {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
    }
    let booked = Booking { session: &session.id, offer: &offer, buffers: session.buffers };
    let booked = booked.event(file, c);
    let Some(rule) = rules.first().copied() else { return Ok(vec![booked]) };
    if wanted.despite.is_empty() {
        return Err(Refusal::AgainstRule { rule });
    }
    let (start, why) = (wanted.start, wanted.despite.clone());
    Ok(vec![Event::RulesSetAside { start, rules, why }, booked])
}

/// The time, and who gives the session: with whom it would be offered; else the one of each part who
/// is named, or whom the fewest rules keep from it, of those who have nothing else then.
fn offer_at(file: &ClientFile, wanted: &Wanted<'_>, c: &Circumstances<'_>) -> Offer {
    let session = c.handbook.session(&file.session);
    let range = wanted.start..wanted.start + TimeDelta::seconds(1);
    let roster = Roster::for_staff(c.handbook, session, wanted.with);
    let offered = roster.offers(c.sheets, &file.id, c.now, &range).into_iter().next();
    let is_asked = |offer: &Offer| wanted.with.is_none_or(|with| offer.providers.contains(with));
    offered.filter(is_asked).unwrap_or_else(|| {
        let rules = |provider: &&StaffId| {
            let timetable = Timetable::of(c.handbook, session, provider);
            rules_against(file, &timetable, wanted, c).map_or(usize::MAX, |rules| rules.len())
        };
        let named = |part: &Vec<StaffId>| {
            let named = part.iter().find(|provider| Some(*provider) == wanted.with);
            let is_on = |provider: &&StaffId| roster.providers().any(|on| on == *provider);
            named.or_else(|| part.iter().filter(is_on).min_by_key(rules)).cloned()
        };
        let providers = session.parts.iter().filter_map(named).collect();
        Offer { slot: Slot::of(wanted.start, session.length), providers }
    })
}

/// The rules of one calendar that stand against the time; what is taken is no rule.
fn rules_against(
    file: &ClientFile,
    timetable: &Timetable<'_>,
    wanted: &Wanted<'_>,
    c: &Circumstances<'_>,
) -> Result<Vec<Rule>, Refusal> {
    let start = wanted.start;
    let against = reasons(timetable, c.sheets, Some(&file.id), c.now, start).into_iter();
    let rule = |reason: Reason<'_>| match reason {
        Reason::Rule(rule) => Ok(rule),
        Reason::Past
        | Reason::Taken(_)
        | Reason::Held(_)
        | Reason::Blocked(_)
        | Reason::Full(_)
        | Reason::Buffer(_) => Err(Refusal::TimeNotOffered { start }),
    };
    against.map(rule).collect()
}
