//! Booking a time: for the first time, or in place of the one that was booked before.

use chrono::{DateTime, Utc};

use crate::{
    Appointment, AppointmentId, Buffers, Circumstances, ClientFile, Event, Note, Reason, Refusal,
    Rule, Slot, StaffId, Timetable, reasons,
};

/// A time to be booked.
pub(super) struct Booking<'a> {
    pub(super) provider: &'a StaffId,
    pub(super) slot: Slot,
    pub(super) buffers: Buffers,
}

impl Booking<'_> {
    /// The fact that it is booked. A client has one appointment: another time moves it.
    pub(super) fn event(&self, file: &ClientFile, c: &Circumstances<'_>) -> Event {
        let booked = |id, sequence| Appointment {
            id,
            sequence,
            provider: self.provider.clone(),
            slot: self.slot,
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

/// Staff book a time. What is taken stays taken; a rule may be set aside by whoever says why.
pub(super) fn book(
    file: &ClientFile,
    start: DateTime<Utc>,
    despite: &Note,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    let timetable = Timetable::of(c.handbook);
    let slot = Slot::of(start, timetable.length);
    let mut rules: Vec<Rule> = Vec::new();
    if let Some(booked) = file.appointment() {
        booked.not_begun(c.now)?;
        if booked.slot == slot {
            return Ok(vec![]);
        }
        let before = c.handbook.rules.cut_offs.staff.reschedule;
        rules.extend(booked.is_closer_than(before, c.now).then_some(Rule::CutOff));
    }
    for reason in reasons(&timetable, c.sheets, Some(&file.id), c.now, start) {
        match reason {
            Reason::Rule(rule) => rules.push(rule),
            Reason::Past
            | Reason::Taken(_)
            | Reason::Held(_)
            | Reason::Blocked(_)
            | Reason::Buffer(_) => {
                return Err(Refusal::TimeNotOffered { start });
            }
        }
    }
    let booked = Booking { provider: timetable.provider, slot, buffers: timetable.buffers };
    let booked = booked.event(file, c);
    let Some(rule) = rules.first().copied() else { return Ok(vec![booked]) };
    if despite.is_empty() {
        return Err(Refusal::AgainstRule { rule });
    }
    Ok(vec![Event::RulesSetAside { start, rules, why: despite.clone() }, booked])
}
