//! What of the calendars must be seen before a command can be decided.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::{ClientFile, Command, Handbook, Roster, SessionType, SheetDay, StaffId, Wishes};
use store::{Loaded, Want};

/// What of the calendars a command needs, as far as the command and the file tell. The commit asks
/// for any other sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Needed {
    /// Single sheets.
    pub(crate) sheets: Vec<SheetDay>,
    /// Stretches of sheets on which is counted what is taken, whole periods of the limits.
    pub(crate) counted: Vec<(StaffId, RangeInclusive<NaiveDate>)>,
    /// Whose limits are counted against.
    limits_of: Vec<StaffId>,
    /// Whose other calendars have a word in it.
    elsewhere_of: Vec<StaffId>,
}

impl Needed {
    /// What a command needs. Of a client who is not known yet, it is known what they ask for only
    /// where there is one kind of session.
    pub(crate) fn by(
        command: &Command,
        file: Option<&ClientFile>,
        handbook: &Handbook,
        now: DateTime<Utc>,
    ) -> Self {
        match command {
            Command::ProposeTimes { starts, with, .. } => {
                let wanted = Wanted { starts, with: with.as_ref(), is_by_staff: false };
                wanted.needed(file, handbook, now)
            }
            Command::BookTime { start, with, .. } => {
                let starts = std::slice::from_ref(start);
                let wanted = Wanted { starts, with: with.as_ref(), is_by_staff: true };
                wanted.needed(file, handbook, now)
            }
            Command::OfferTime => {
                let wishes = file.and_then(ClientFile::listed).map(|listed| &listed.wishes);
                whole_wait(wishes, file, handbook, now)
            }
            Command::LeaveWishes { wishes } => whole_wait(Some(wishes), file, handbook, now),
            Command::ApproveTime { start, .. } => approval(*start, file, handbook),
            Command::OptIn { .. }
            | Command::CompleteQuestionnaire { .. }
            | Command::OpenCalendar
            | Command::WithdrawWishes
            | Command::PassOffer { .. }
            | Command::DeclineTimes { .. }
            | Command::CancelAppointment { .. }
            | Command::RecordOutcome { .. }
            | Command::InviteAgain
            | Command::InviteTo { .. }
            | Command::StopNudges
            | Command::CloseFile { .. }
            | Command::ReportLetterNotSent { .. }
            | Command::SettleLetters
            | Command::TimePassed => Self::default(),
        }
    }

    /// Adds everything that is taken from one start to another, with whole periods of the limits.
    fn count(&mut self, roster: &Roster<'_>, first: DateTime<Utc>, last: DateTime<Utc>) {
        let days = roster.sheet_days(&(first..=last));
        self.counted =
            roster.providers().map(|provider| (provider.clone(), days.clone())).collect();
        let limited = roster.timetables().filter(|timetable| !timetable.limits.is_none());
        self.limits_of = limited.map(|timetable| timetable.provider.clone()).collect();
    }

    /// Whether all of it was seen by whoever looked at what `looked_at` names.
    pub(crate) fn is_seen_by(&self, loaded: &Loaded, looked_at: &Self) -> bool {
        let is_known = |day: &SheetDay| loaded.sheets.day(day).is_some();
        self.sheets.iter().all(is_known)
            && self.counted.iter().all(|stretch| looked_at.counted.contains(stretch))
            && self.limits_of.iter().all(|one| looked_at.limits_of.contains(one))
            && self.elsewhere_of.iter().all(|one| looked_at.elsewhere_of.contains(one))
    }

    /// What is to be loaded along with the file.
    pub(crate) fn want(&self) -> Want {
        Want {
            sheets: self.sheets.clone(),
            limits_of: self.limits_of.clone(),
            elsewhere_of: self.elsewhere_of.clone(),
            ..Want::default()
        }
    }
}

fn session_of<'h>(file: Option<&ClientFile>, handbook: &'h Handbook) -> Option<&'h SessionType> {
    match (file, &*handbook.sessions) {
        (Some(file), _) => Some(handbook.session(&file.session)),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

/// The times that a command would take anew.
struct Wanted<'a> {
    starts: &'a [DateTime<Utc>],
    with: Option<&'a StaffId>,
    is_by_staff: bool,
}

impl Wanted<'_> {
    fn needed(&self, file: Option<&ClientFile>, handbook: &Handbook, now: DateTime<Utc>) -> Needed {
        let Some(session) = session_of(file, handbook) else { return Needed::default() };
        let roster = if self.is_by_staff {
            Roster::for_staff(handbook, session, self.with)
        } else {
            Roster::of(handbook, session, self.with)
        };
        let providers = || roster.providers().cloned();
        let mut needed = Needed { elsewhere_of: providers().collect(), ..Needed::default() };
        if roster.counts() {
            self.count(&mut needed, &roster, now);
        } else {
            let starts = self.starts.iter().take(session.proposals_max);
            let dates = starts.flat_map(|start| days(roster.sheet_days(&(*start..=*start))));
            let sheets = dates.flat_map(|date| providers().map(move |provider| (provider, date)));
            needed.sheets = sheets.collect();
        }
        needed
    }

    /// Adds the stretches on which is counted what is taken.
    fn count(&self, needed: &mut Needed, roster: &Roster<'_>, now: DateTime<Utc>) {
        // No client makes the house look at more days than it offers; staff may book any one time.
        let open = roster.open_days(now);
        let seen = *open.start() - Days::new(2)..=*open.end() + Days::new(2);
        let is_near =
            |start: &&DateTime<Utc>| self.is_by_staff || seen.contains(&start.date_naive());
        let near = || self.starts.iter().filter(is_near);
        if let Some((first, last)) = near().min().zip(near().max()) {
            needed.count(roster, *first, *last);
        }
    }
}

/// All the time that could be offered to somebody with these wishes.
fn whole_wait(
    wishes: Option<&Wishes>,
    file: Option<&ClientFile>,
    handbook: &Handbook,
    now: DateTime<Utc>,
) -> Needed {
    let (Some(wishes), Some(session)) = (wishes, session_of(file, handbook)) else {
        return Needed::default();
    };
    let roster = Roster::of(handbook, session, wishes.with.as_ref());
    let last = roster.open_days(now).end().and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(2);
    let end = wishes.end().min(last).max(now);
    let mut needed =
        Needed { elsewhere_of: roster.providers().cloned().collect(), ..Needed::default() };
    needed.count(&roster, now, end);
    needed
}

/// The proposal may be older than today's lengths and buffers. None of the buffers reaches further
/// than the days beside the start.
fn approval(start: DateTime<Utc>, file: Option<&ClientFile>, handbook: &Handbook) -> Needed {
    let request = file.and_then(ClientFile::request);
    let providers: Vec<StaffId> = match (request, &*handbook.calendars) {
        (Some(request), _) => {
            request.time_at(start).map(|offer| offer.providers.clone()).unwrap_or_default()
        }
        (None, [only]) => vec![only.provider.clone()],
        (None, _) => vec![],
    };
    let a_day = TimeDelta::days(1);
    let dates = [start - a_day, start, start + a_day].map(|at| at.date_naive());
    let of = |provider: &StaffId| dates.map(|date| (provider.clone(), date));
    Needed {
        sheets: providers.iter().flat_map(of).collect(),
        elsewhere_of: providers,
        ..Needed::default()
    }
}

fn days(days: RangeInclusive<NaiveDate>) -> impl Iterator<Item = NaiveDate> {
    days.start().iter_days().take_while(move |date| date <= days.end())
}
