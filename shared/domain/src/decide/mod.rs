//! The one function that says yes or no.

mod answers;
mod appointment;
mod booking;
mod clock;
mod opt_in;
mod staff;
mod times;
mod waiting_list;

use chrono::{DateTime, Utc};

use crate::{
    Actor, ClientFile, Command, CommandId, DaySheets, Event, Handbook, LetterKind, Refusal,
};

/// Everything a decision may look at besides the file.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The written rules in force.
    pub handbook: &'a Handbook,
    /// What is taken on the days the command touches.
    pub sheets: &'a DaySheets,
    /// Names this wish; what it makes is named after it.
    pub id: &'a CommandId,
    /// Who wishes.
    pub actor: &'a Actor,
    /// How many opt-ins came from the same source within this hour, before this one.
    pub opt_ins_of_source: u64,
    /// The moment of the decision.
    pub now: DateTime<Utc>,
}

/// What follows from a wish: the facts it makes, none if there is nothing to do, or a refusal.
pub fn decide(
    file: Option<&ClientFile>,
    command: &Command,
    circumstances: &Circumstances<'_>,
) -> Result<Vec<Event>, Refusal> {
    if let Command::OptIn { client, session, person, consent } = command {
        let asked = opt_in::Asked { client, session, person, consent };
        return Ok(opt_in::opt_in(file, &asked, circumstances)?.into_iter().collect());
    }
    let file = file.ok_or(Refusal::UnknownClient)?;
    match command {
        Command::OptIn { .. } => Ok(vec![]), // answered above
        Command::CompleteQuestionnaire { answers } => {
            answers::complete(file, answers, circumstances)
        }
        Command::OpenCalendar => answers::open_calendar(file, circumstances),
        Command::ProposeTimes { starts, with, zone } => {
            let wanted = times::Wanted { starts, with: with.as_ref() };
            times::propose(file, &wanted, *zone, circumstances)
        }
        Command::LeaveWishes { wishes } => waiting_list::leave_wishes(file, wishes, circumstances),
        Command::WithdrawWishes => Ok(waiting_list::withdraw(file)),
        Command::PassOffer { proposal } => waiting_list::pass(file, proposal, circumstances),
        Command::OfferTime => Ok(waiting_list::offer(file, circumstances)),
        Command::ApproveTime { proposal, start } => {
            times::approve(file, proposal, *start, circumstances)
        }
        Command::DeclineTimes { proposal, note } => {
            times::decline(file, proposal, note, circumstances)
        }
        Command::BookTime { start, with, despite } => {
            let wanted = booking::Wanted { start: *start, with: with.as_ref(), despite };
            booking::book(file, &wanted, circumstances)
        }
        Command::CancelAppointment { appointment, note } => {
            appointment::cancel(file, appointment, note, circumstances)
        }
        Command::RecordOutcome { appointment, outcome } => {
            appointment::record_outcome(file, appointment, *outcome, circumstances)
        }
        Command::InviteAgain => staff::invite_again(file, circumstances),
        Command::InviteTo { session } => staff::invite_to(file, session, circumstances),
        Command::CloseFile { note } => staff::close(file, note, circumstances),
        Command::SettleLetters => staff::settle_letters(file, circumstances),
        Command::StopNudges => Ok(stop_nudges(file)),
        Command::ReportLetterNotSent { letter } => Ok(report_letter_not_sent(file, *letter)),
        Command::TimePassed => Ok(clock::time_passed(file, circumstances)),
    }
}

fn stop_nudges(file: &ClientFile) -> Vec<Event> {
    if file.nudges_stopped { vec![] } else { vec![Event::NudgesStopped] }
}

/// One task for each kind of letter: the same report again opens no second one.
fn report_letter_not_sent(file: &ClientFile, letter: LetterKind) -> Vec<Event> {
    let is_known = file.letters_not_sent.iter().any(|(known, _)| *known == letter);
    if is_known { vec![] } else { vec![Event::LetterNotSent { letter }] }
}

impl Circumstances<'_> {
    fn staff_only(&self) -> Result<(), Refusal> {
        match self.actor {
            Actor::Staff(_) => Ok(()),
            Actor::Client | Actor::Clock => Err(Refusal::StaffOnly),
        }
    }
}

#[cfg(test)]
mod tests;
