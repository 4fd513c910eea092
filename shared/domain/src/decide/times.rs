//! Proposing times, approving one of them, declining them all.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::booking::Booking;
use crate::{
    Approval, Circumstances, ClientFile, CutOffs, Event, Note, Proposal, ProposalId, Refusal, Slot,
    Stage, Timetable, offers,
};

pub(super) fn propose(
    file: &ClientFile,
    starts: &[DateTime<Utc>],
    zone: Tz,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    file.may_propose(c.handbook.rules.cut_offs, c.now)?;
    check_often(file, c.now)?;
    let times = offered_times(file, starts, c)?;
    let last_start = times.iter().map(|slot| slot.start).max().ok_or(Refusal::NoTimes)?;
    // A call that has begun cannot be moved: a wish to move it ends with its beginning.
    let begins = file.appointment().map_or(last_start, |booked| booked.slot.start);
    let proposal = Proposal {
        id: ProposalId::of(c.id),
        provider: c.handbook.session.provider.clone(),
        times,
        buffers: c.handbook.session.buffers,
        asked_at: c.now,
        expires_at: last_start.min(begins).min(c.now + c.handbook.session.hold),
        reminded_at: None,
    };
    let mut events = vec![Event::TimesProposed { proposal: proposal.clone(), zone }];
    if c.handbook.rules.approval == Approval::Automatic {
        // Every time was just found free, so the first choice is the one to book.
        events.push(booked(file, &proposal, proposal.times[0], c));
    }
    Ok(events)
}

/// Each proposal is a letter to a person.
fn check_often(file: &ClientFile, now: DateTime<Utc>) -> Result<(), Refusal> {
    let lately = file.proposed_at.iter().filter(|at| now < **at + TimeDelta::hours(1));
    if lately.count() < ClientFile::PROPOSED_KEPT { Ok(()) } else { Err(Refusal::TooOften) }
}

fn offered_times(
    file: &ClientFile,
    starts: &[DateTime<Utc>],
    c: &Circumstances<'_>,
) -> Result<Vec<Slot>, Refusal> {
    let most = c.handbook.session.proposals_max;
    if most < starts.len() {
        return Err(Refusal::TooManyTimes { most });
    }
    let mut times: Vec<Slot> = Vec::with_capacity(starts.len());
    for start in starts.iter().copied() {
        if times.iter().any(|slot| slot.start == start) {
            return Err(Refusal::SameTimeTwice);
        }
        let just_after = start.checked_add_signed(TimeDelta::nanoseconds(1));
        let instant = start..just_after.unwrap_or(start);
        let offered = offers(&Timetable::of(c.handbook), c.sheets, &file.id, c.now, &instant);
        times.push(*offered.first().ok_or(Refusal::TimeNotOffered { start })?);
    }
    Ok(times)
}

pub(super) fn approve(
    file: &ClientFile,
    proposal: &ProposalId,
    start: DateTime<Utc>,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    let proposal = file.open_request(proposal, c.now)?;
    let slot = proposal.time_at(start).ok_or(Refusal::RequestGone)?;
    if slot.start <= c.now
        || !c.sheets.is_free(&proposal.provider, &slot, proposal.buffers, &file.id, c.now)
    {
        return Err(Refusal::TimeNotOffered { start });
    }
    let mut others = c.sheets.elsewhere(&proposal.provider);
    match others.find_map(|other| other.against(slot, proposal.buffers, c.now)) {
        Some(rule) => Err(Refusal::BusyElsewhere { rule }),
        None => Ok(vec![booked(file, proposal, slot, c)]),
    }
}

pub(super) fn decline(
    file: &ClientFile,
    proposal: &ProposalId,
    note: &Note,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    c.staff_only()?;
    let proposal = file.open_request(proposal, c.now)?;
    Ok(vec![Event::TimesDeclined { proposal: proposal.id.clone(), note: note.clone() }])
}

/// What was asked for, granted.
fn booked(file: &ClientFile, proposal: &Proposal, slot: Slot, c: &Circumstances<'_>) -> Event {
    let (provider, buffers) = (&proposal.provider, proposal.buffers);
    Booking { provider, slot, buffers }.event(file, c)
}

impl ClientFile {
    /// Whether this client may ask for times now, and if not, why.
    pub fn may_propose(&self, cut_offs: CutOffs, now: DateTime<Utc>) -> Result<(), Refusal> {
        match &self.stage {
            Stage::Choosing { .. } | Stage::Asked(_) => Ok(()),
            Stage::Booked { appointment, .. } => appointment.client_may_move(cut_offs, now),
            Stage::Invited(_) => Err(Refusal::QuestionnaireFirst),
            Stage::Reading { .. } => Err(Refusal::CalendarNotOpen),
            Stage::Closed { .. } => Err(Refusal::FileClosed),
        }
    }

    fn open_request(&self, id: &ProposalId, now: DateTime<Utc>) -> Result<&Proposal, Refusal> {
        self.request()
            .filter(|proposal| proposal.id == *id && now < proposal.expires_at)
            .ok_or(Refusal::RequestGone)
    }
}
