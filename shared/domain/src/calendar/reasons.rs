//! Why a time is not on offer, for staff who wonder.

use chrono::{DateTime, Days, Utc};

use super::{
    in_the_way::in_the_way,
    limits::{OverLimit, Period, Tally},
};
use crate::{ClientId, DaySheets, Slot, Taken, TakenFor, Timetable};

/// Something that stands against a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason<'a> {
    /// It has begun, or is over.
    Past,
    /// A rule of the practice, which staff may set aside.
    Rule(Rule),
    /// Somebody has booked some of it.
    Taken(&'a Taken),
    /// Some of it is held for somebody.
    Held(&'a Taken),
    /// Staff keep some of it free.
    Blocked(&'a Taken),
    /// It is a group's session, and this is one of its places; all of them are gone.
    Full(&'a Taken),
    /// It comes too close to something booked or held.
    Buffer(&'a Taken),
}

/// A rule about times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It begins sooner than the notice allows.
    Notice,
    /// It does not lie on one of the days that can be booked.
    Window,
    /// It is on a day off.
    Closed,
    /// The date has hours of its own, and it does not lie within them.
    Override,
    /// It does not lie within the weekly hours.
    OutsideHours,
    /// The calendar is open, but not for this kind of session.
    OtherSession,
    /// It does not begin on the grid.
    OffGrid,
    /// There would be too much of the kind.
    Limit(OverLimit),
    /// The provider is busy in another calendar.
    Elsewhere,
    /// Another calendar of the provider has not answered for too long.
    Silent,
    /// The appointment begins so soon that staff would leave it as it is.
    CutOff,
}

impl Rule {
    /// Every rule.
    const ALL: [Self; 14] = [
        Self::Notice,
        Self::Window,
        Self::Closed,
        Self::Override,
        Self::OutsideHours,
        Self::OtherSession,
        Self::OffGrid,
        Self::Elsewhere,
        Self::Silent,
        Self::CutOff,
        Self::Limit(OverLimit::Quota(Period::Day)),
        Self::Limit(OverLimit::Quota(Period::Week)),
        Self::Limit(OverLimit::Quota(Period::Month)),
        Self::Limit(OverLimit::InARow),
    ];

    /// Its name, fit for keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Window => "window",
            Self::Closed => "closed",
            Self::Override => "override",
            Self::OutsideHours => "outside-hours",
            Self::OtherSession => "other-session",
            Self::OffGrid => "off-grid",
            Self::Elsewhere => "elsewhere",
            Self::Silent => "silent",
            Self::CutOff => "cut-off",
            Self::Limit(OverLimit::Quota(Period::Day)) => "day-limit",
            Self::Limit(OverLimit::Quota(Period::Week)) => "week-limit",
            Self::Limit(OverLimit::Quota(Period::Month)) => "month-limit",
            Self::Limit(OverLimit::InARow) => "in-a-row-limit",
        }
    }

    /// The rule of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Notice => "it begins sooner than the notice allows",
            Self::Window => "it lies outside the days that can be booked",
            Self::Closed => "it is on a day off",
            Self::Override => "the date has other hours",
            Self::OutsideHours => "it lies outside the hours",
            Self::OtherSession => "it lies outside the hours of this kind of session",
            Self::OffGrid => "it does not begin at one of the usual times",
            Self::Limit(OverLimit::Quota(Period::Day)) => "the day is full",
            Self::Limit(OverLimit::Quota(Period::Week)) => "the week is full",
            Self::Limit(OverLimit::Quota(Period::Month)) => "the month is full",
            Self::Elsewhere => "another calendar says busy",
            Self::Silent => "another calendar has not answered for too long",
            Self::CutOff => "it is very late to cancel or move it",
            Self::Limit(OverLimit::InARow) => "it leaves no pause between the sessions",
        })
    }
}

/// Everything that stands against a session which would start then; nothing, if it can be asked
/// for. It says what [`offers`](super::offers) says, and why.
///
/// # Panics
/// If one of the days that the session touches was not looked at.
pub fn reasons<'a>(
    timetable: &Timetable<'_>,
    sheets: &'a DaySheets,
    asker: Option<&ClientId>,
    now: DateTime<Utc>,
    start: DateTime<Utc>,
) -> Vec<Reason<'a>> {
    let slot = Slot::of(start, timetable.length);
    let mut reasons = Vec::new();
    if start < now {
        reasons.push(Reason::Past);
    } else if start < now + timetable.notice {
        reasons.push(Reason::Rule(Rule::Notice));
    }
    reasons.extend(against_hours(timetable, now, slot).map(Reason::Rule));
    let days = timetable.sheet_days(&(start..=start));
    let taken = sheets.between(timetable.provider, days).flat_map(|sheet| &sheet.taken);
    let barring: Vec<&Taken> = taken.filter(|taken| taken.bars(asker, now)).collect();
    let tally = Tally::of(timetable, barring.iter().copied(), now);
    reasons.extend(tally.against(start).map(|limit| Reason::Rule(Rule::Limit(limit))));
    let elsewhere = sheets.elsewhere(timetable.provider);
    let mut said = elsewhere.filter_map(|other| other.against(slot, timetable.buffers, now));
    reasons.extend(said.next().map(Reason::Rule));
    let in_the_way = in_the_way(timetable, barring.into_iter(), slot);
    reasons.extend(in_the_way.into_iter().map(|taken| in_its_way(timetable, slot, taken)));
    reasons
}

fn in_its_way<'a>(timetable: &Timetable<'_>, slot: Slot, taken: &'a Taken) -> Reason<'a> {
    let is_overlapping = slot.start < taken.slot.end && taken.slot.start < slot.end;
    match taken.what {
        _ if timetable.is_beside(taken, slot) => Reason::Full(taken),
        _ if !is_overlapping => Reason::Buffer(taken),
        TakenFor::Hold { .. } => Reason::Held(taken),
        TakenFor::Appointment { .. } => Reason::Taken(taken),
        TakenFor::Block { .. } => Reason::Blocked(taken),
    }
}

/// What the booking window and the hours say against a slot.
fn against_hours(
    timetable: &Timetable<'_>,
    now: DateTime<Utc>,
    slot: Slot,
) -> impl Iterator<Item = Rule> {
    let date = timetable.date_of(slot.start);
    // Where clocks jump, an opening may reach into the day beside its own; on a journey, the date
    // may be two away from the one at home.
    let around: Vec<_> = (date - Days::new(2)).iter_days().take(5).collect();
    let open = timetable.open_days(now);
    let mut own = around.iter().copied().filter(|date| timetable.has_start(*date, slot.start));
    // The first of the days whose hours have this start and can be booked; else the first of
    // those that have it; else the day itself.
    let first = own.next();
    let is_open = first.into_iter().chain(own).any(|date| open.contains(&date));
    let window = !is_open && (first.is_some() || !open.contains(&date));
    let hours = || {
        let any_session = Timetable { session_hours: None, ..*timetable };
        if around.iter().any(|date| timetable.has_room(*date, slot)) {
            Rule::OffGrid
        } else if around.iter().any(|date| any_session.has_room(*date, slot)) {
            Rule::OtherSession
        } else if timetable.overrides.iter().any(|one| one.date == date) {
            Rule::Override
        } else if timetable.closed.iter().any(|closed| closed.days.contains(&date)) {
            Rule::Closed
        } else {
            Rule::OutsideHours
        }
    };
    let window = window.then_some(Rule::Window);
    window.into_iter().chain(first.is_none().then(hours))
}
