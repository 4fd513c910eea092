//! Proposing times, approving one of them, declining them all.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::booking::Booking;
use crate::{
    Approval, Buffers, Circumstances, ClientFile, CutOffs, Event, Note, Offer, Proposal,
    ProposalId, Refusal, Roster, Rule, StaffId, Stage, Timetable,
};

/// The times that a client asks for.
pub(super) struct Wanted<'a> {
    /// First choice first.
    pub(super) starts: &'a [DateTime<Utc>],
    pub(super) with: Option<&'a StaffId>,
}

pub(super) fn propose(
    file: &ClientFile,
    wanted: &Wanted<'_>,
    zone: Tz,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    file.may_propose(c.handbook.rules.cut_offs, c.now)?;
    check_often(file, c.now)?;
    let session = c.handbook.session(&file.session);
    let times = offered_times(file, wanted, c)?;
    let last_start = times.iter().map(|offer| offer.slot.start).max().ok_or(Refusal::NoTimes)?;
    // A call that has begun cannot be moved: a wish to move it ends with its beginning.
    let begins = file.appointment().map_or(last_start, |booked| booked.slot.start);
    let proposal = Proposal {
        id: ProposalId::of(c.id),
        session: session.id.clone(),
        times,
        buffers: session.buffers,
        asked_at: c.now,
        expires_at: last_start.min(begins).min(c.now + session.hold),
        reminded_at: None,
    };
    let mut events = vec![Event::TimesProposed { proposal: proposal.clone(), zone }];
    if c.handbook.rules.approval == Approval::Automatic {
        // Every time was just found free, so the first choice is the one to book.
        events.push(booked(file, &proposal, &proposal.times[0], c));
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
    wanted: &Wanted<'_>,
    c: &Circumstances<'_>,
) -> Result<Vec<Offer>, Refusal> {
    let session = c.handbook.session(&file.session);
    let most = session.proposals_max;
    if most < wanted.starts.len() {
        return Err(Refusal::TooManyTimes { most });
    }
    let roster = Roster::of(c.handbook, session, wanted.with);
    let mut times: Vec<Offer> = Vec::with_capacity(wanted.starts.len());
    for start in wanted.starts.iter().copied() {
        if times.iter().any(|offer| offer.slot.start == start) {
            return Err(Refusal::SameTimeTwice);
        }
        let just_after = start.checked_add_signed(TimeDelta::nanoseconds(1));
        let instant = start..just_after.unwrap_or(start);
        let on_offer = || roster.offers(c.sheets, &file.id, c.now, &instant).into_iter().next();
        let held = file.offered_at(start, wanted.with, c.now);
        let held =
            held.filter(|offer| said_elsewhere(offer, session.buffers, c).is_none()).cloned();
        times.push(held.or_else(on_offer).ok_or(Refusal::TimeNotOffered { start })?);
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
    let offer = proposal.time_at(start).ok_or(Refusal::RequestGone)?;
    let session = c.handbook.session(&proposal.session);
    let is_free = |provider: &StaffId| {
        // What was asked for counts, whatever the handbook says by now.
        let today = Timetable::of(c.handbook, session, provider);
        let then = Timetable { session: &proposal.session, buffers: proposal.buffers, ..today };
        then.is_free(c.sheets, offer.slot, &file.id, c.now)
    };
    if offer.slot.start <= c.now || !offer.providers.iter().all(is_free) {
        return Err(Refusal::TimeNotOffered { start });
    }
    match said_elsewhere(offer, proposal.buffers, c) {
        Some(rule) => Err(Refusal::BusyElsewhere { rule }),
        None => Ok(vec![booked(file, proposal, offer, c)]),
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

/// What other calendars of its providers say against a time that is held.
fn said_elsewhere(offer: &Offer, buffers: Buffers, c: &Circumstances<'_>) -> Option<Rule> {
    let mut others = offer.providers.iter().flat_map(|provider| c.sheets.elsewhere(provider));
    others.find_map(|other| other.against(offer.slot, buffers, c.now))
}

/// What was asked for, granted.
fn booked(file: &ClientFile, proposal: &Proposal, offer: &Offer, c: &Circumstances<'_>) -> Event {
    Booking { session: &proposal.session, offer, buffers: proposal.buffers }.event(file, c)
}

impl ClientFile {
    /// Whether this client may ask for times now, and if not, why.
    pub fn may_propose(&self, cut_offs: CutOffs, now: DateTime<Utc>) -> Result<(), Refusal> {
        match &self.stage {
            Stage::Choosing { .. } | Stage::Listed(_) | Stage::Asked(_) => Ok(()),
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
