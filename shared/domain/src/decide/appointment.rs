//! Calling an appointment off, and saying how it went.

use crate::{
    Actor, Appointment, AppointmentId, Circumstances, ClientFile, Event, Note, Outcome, Refusal,
    Rule,
};

pub(super) fn cancel(
    file: &ClientFile,
    id: &AppointmentId,
    note: &Note,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    let appointment = file.booked(id)?;
    let cut_offs = c.handbook.rules.cut_offs;
    match c.actor {
        Actor::Client => appointment.client_may_cancel(cut_offs, c.now)?,
        Actor::Staff(_) | Actor::Clock => {
            appointment.not_begun(c.now)?;
            if note.is_empty() && appointment.is_closer_than(cut_offs.staff.cancel, c.now) {
                return Err(Refusal::AgainstRule { rule: Rule::CutOff });
            }
        }
    }
    Ok(vec![Event::AppointmentCancelled {
        appointment: appointment.clone(),
        by: c.actor.clone(),
        note: note.clone(),
    }])
}

pub(super) fn record_outcome(
    file: &ClientFile,
    id: &AppointmentId,
    outcome: Outcome,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    let appointment = file.booked(id)?;
    if c.now < appointment.slot.start {
        return Err(Refusal::CallNotBegun);
    }
    Ok(vec![Event::OutcomeRecorded { appointment: appointment.clone(), outcome }])
}

impl ClientFile {
    fn booked(&self, id: &AppointmentId) -> Result<&Appointment, Refusal> {
        self.appointment()
            .filter(|appointment| appointment.id == *id)
            .ok_or(Refusal::AppointmentGone)
    }
}
