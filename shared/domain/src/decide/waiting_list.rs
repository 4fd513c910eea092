//! The waiting list: coming onto it and leaving it, and being offered a time.

use chrono::{DateTime, Utc};

use crate::{
    Circumstances, ClientFile, Event, Listed, Offer, Proposal, ProposalId, Refusal, Roster, Slot,
    StaffId, Stage, Wishes, in_nudge_hours, local_date,
};

/// The client leaves wishes, or leaves others in their place.
pub(super) fn leave_wishes(
    file: &ClientFile,
    wishes: &Wishes,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    if c.handbook.waiting_list.is_none() {
        return Err(Refusal::NoWaitingList);
    }
    let listed = match &file.stage {
        Stage::Listed(listed) if listed.wishes == *wishes => return Ok(vec![]),
        Stage::Listed(listed) => Listed { wishes: wishes.clone(), ..listed.clone() },
        Stage::Choosing { .. } => Listed::new(wishes.clone(), c.now),
        Stage::Invited(_) => return Err(Refusal::QuestionnaireFirst),
        Stage::Reading { .. } => return Err(Refusal::CalendarNotOpen),
        Stage::Asked(_) | Stage::Booked { .. } => return Err(Refusal::TimeArranged),
        Stage::Closed { .. } => return Err(Refusal::FileClosed),
    };
    let days_ahead = (wishes.until - local_date(wishes.zone, c.now)).num_days();
    let span = wishes.hours.to.get().saturating_sub(wishes.hours.from.get());
    let length = c.handbook.session(&file.session).length.num_minutes();
    let is_sound = (0..=Wishes::DAYS_MAX).contains(&days_ahead)
        && !wishes.days.is_empty()
        && length <= i64::from(span);
    if !is_sound {
        return Err(Refusal::NoWishes { minutes: length });
    }
    if !are_ever_open(file, wishes, c) {
        return Err(Refusal::NeverOpen);
    }
    match first_that_suits(file, &listed, c) {
        Some(open) => Err(Refusal::OpenAlready { start: open.slot.start }),
        None => Ok(vec![Event::WishesLeft { wishes: wishes.clone() }]),
    }
}

/// How far ahead it is looked for a day that has hours of the kind somebody wishes for; weeks repeat.
const DAYS_LOOKED_AT: usize = 70;

/// Whether there are sessions at all at the hours that somebody wishes for, taken or not.
fn are_ever_open(file: &ClientFile, wishes: &Wishes, c: &Circumstances<'_>) -> bool {
    let session = c.handbook.session(&file.session);
    let roster = Roster::of(c.handbook, session, wishes.with.as_ref());
    let today = local_date(c.handbook.practice.zone, c.now);
    let days = || today.iter_days().take_while(|day| *day <= wishes.until).take(DAYS_LOOKED_AT);
    let suits = |start| wishes.suit(Slot::of(start, session.length));
    roster
        .timetables()
        .any(|timetable| days().any(|day| timetable.starts_of(day).into_iter().any(suits)))
}

/// The first time on offer that suits.
fn first_that_suits(file: &ClientFile, listed: &Listed, c: &Circumstances<'_>) -> Option<Offer> {
    let session = c.handbook.session(&file.session);
    let roster = Roster::of(c.handbook, session, listed.wishes.with.as_ref());
    let range = c.now..listed.wishes.end();
    let offers = roster.offers(c.sheets, &file.id, c.now, &range);
    offers.into_iter().find(|offer| listed.suits(offer.slot))
}

/// The client leaves the list.
pub(super) fn withdraw(file: &ClientFile) -> Vec<Event> {
    file.listed().map(|_| Event::WishesWithdrawn).into_iter().collect()
}

/// The client lets the offered time pass and stays on the list.
pub(super) fn pass(
    file: &ClientFile,
    proposal: &ProposalId,
    c: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    let offered = file.offered().filter(|offered| offered.id == *proposal);
    let offered = offered.filter(|offered| c.now < offered.expires_at);
    let proposal = offered.ok_or(Refusal::RequestGone)?.id.clone();
    Ok(vec![Event::OfferPassed { proposal }])
}

/// Offers the first time that suits, if there is one. It is held like a time that was asked for.
pub(super) fn offer(file: &ClientFile, c: &Circumstances<'_>) -> Vec<Event> {
    let Some(rules) = c.handbook.waiting_list else { return vec![] };
    let Some(listed) = file.listed().filter(|listed| listed.offered.is_none()) else {
        return vec![];
    };
    let Some(offer) = first_that_suits(file, listed, c) else { return vec![] };
    let session = c.handbook.session(&file.session);
    // What comes free at night is held at once; the time to answer runs from when the letter leaves.
    let told_at = in_nudge_hours(c.handbook, c.now);
    let expires_at = (told_at + rules.hold).min(offer.slot.start);
    vec![Event::TimeOffered {
        proposal: Proposal {
            id: ProposalId::of(c.id),
            session: session.id.clone(),
            times: vec![offer],
            buffers: session.buffers,
            asked_at: c.now,
            expires_at,
            reminded_at: None,
        },
    }]
}

impl ClientFile {
    /// The place on the waiting list, for whoever is on it.
    pub fn listed(&self) -> Option<&Listed> {
        match &self.stage {
            Stage::Listed(listed) => Some(listed),
            Stage::Invited(_)
            | Stage::Reading { .. }
            | Stage::Choosing { .. }
            | Stage::Asked(_)
            | Stage::Booked { .. }
            | Stage::Closed { .. } => None,
        }
    }

    /// The offered time that starts then, with this provider if one is chosen, as long as it is
    /// held. It can be asked for until it runs out, whatever the notice is by then.
    pub fn offered_at(
        &self,
        start: DateTime<Utc>,
        with: Option<&StaffId>,
        now: DateTime<Utc>,
    ) -> Option<&Offer> {
        let offered = self.offered().filter(|offered| now < offered.expires_at)?;
        let is_with = |offer: &&Offer| with.is_none_or(|with| offer.providers.contains(with));
        offered.time_at(start).filter(is_with)
    }

    /// The time that is held for somebody on the waiting list.
    pub fn offered(&self) -> Option<&Proposal> {
        self.listed()?.offered.as_ref()
    }
}
