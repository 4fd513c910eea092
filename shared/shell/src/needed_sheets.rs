//! What of a calendar must be seen before a command can be decided.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::{ClientFile, Command, Handbook, SheetDay, Timetable};

/// The sheets that a command needs, as far as the command and the file tell. The commit asks for
/// any other.
pub(crate) fn sheets_named_by(
    command: &Command,
    file: Option<&ClientFile>,
    handbook: &Handbook,
) -> Vec<SheetDay> {
    let session = &handbook.session;
    match command {
        // Under limits they see more than a few days: see `stretch_counted_by`.
        Command::ProposeTimes { .. } | Command::BookTime { .. } if !handbook.limits.is_none() => {
            vec![]
        }
        Command::ProposeTimes { .. } | Command::BookTime { .. } => starts_of(command)
            .iter()
            .take(session.proposals_max)
            .flat_map(|start| days(Timetable::of(handbook).sheet_days(&(*start..=*start))))
            .map(|date| (session.provider.clone(), date))
            .collect(),
        // The proposal may be older than today's provider, lengths and buffers. None of the
        // buffers reaches further than the days beside the start.
        Command::ApproveTime { start, .. } => {
            let asked_of = file.and_then(ClientFile::request).map(|request| &request.provider);
            let provider = asked_of.unwrap_or(&session.provider);
            let a_day = TimeDelta::days(1);
            let days = [*start - a_day, *start, *start + a_day];
            days.map(|at| (provider.clone(), at.date_naive())).to_vec()
        }
        Command::OptIn { .. }
        | Command::CompleteQuestionnaire { .. }
        | Command::OpenCalendar
        | Command::DeclineTimes { .. }
        | Command::CancelAppointment { .. }
        | Command::RecordOutcome { .. }
        | Command::InviteAgain
        | Command::StopNudges
        | Command::CloseFile { .. }
        | Command::ReportLetterNotSent { .. }
        | Command::SettleLetters
        | Command::TimePassed => vec![],
    }
}

/// The days whose sheets a command counts, all of one calendar; none if it counts nothing.
pub(crate) fn stretch_counted_by(
    command: &Command,
    handbook: &Handbook,
    now: DateTime<Utc>,
) -> Option<RangeInclusive<NaiveDate>> {
    let starts = starts_of(command);
    if handbook.limits.is_none() {
        return None;
    }
    let timetable = Timetable::of(handbook);
    // No client makes the house look at more days than it offers; staff may book any one time.
    let open = timetable.open_days(now);
    let is_by_staff = matches!(command, Command::BookTime { .. });
    let is_near = |start: &&DateTime<Utc>| {
        let date = start.date_naive();
        is_by_staff || (*open.start() - Days::new(2) <= date && date <= *open.end() + Days::new(2))
    };
    let near = || starts.iter().filter(is_near);
    let (first, last) = near().min().zip(near().max())?;
    Some(timetable.sheet_days(&(*first..=*last)))
}

/// Whether a command would take time for good or anew, so that other calendars have a word in it.
pub(crate) fn takes_time(command: &Command) -> bool {
    matches!(command, Command::ApproveTime { .. }) || !starts_of(command).is_empty()
}

/// The times that a command would take anew.
fn starts_of(command: &Command) -> &[DateTime<Utc>] {
    match command {
        Command::ProposeTimes { starts, .. } => starts,
        Command::BookTime { start, .. } => std::slice::from_ref(start),
        Command::OptIn { .. }
        | Command::CompleteQuestionnaire { .. }
        | Command::OpenCalendar
        | Command::ApproveTime { .. }
        | Command::DeclineTimes { .. }
        | Command::CancelAppointment { .. }
        | Command::RecordOutcome { .. }
        | Command::InviteAgain
        | Command::StopNudges
        | Command::CloseFile { .. }
        | Command::ReportLetterNotSent { .. }
        | Command::SettleLetters
        | Command::TimePassed => &[],
    }
}

fn days(days: RangeInclusive<NaiveDate>) -> impl Iterator<Item = NaiveDate> {
    days.start().iter_days().take_while(move |date| date <= days.end())
}
