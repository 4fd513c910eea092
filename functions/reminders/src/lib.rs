//! Reminders: each minute, whatever is due is looked at, through the same door as any visitor.
//!
//! The index nominates, a consistent read decides. Running late, twice, or after a crash is
//! harmless.

mod agenda;
mod event;
mod night;
mod waiting_list;

use chrono::TimeDelta;
use domain::{Actor, ClientId, Command, PracticeId};
use shell::{Deadline, Figure, Problem, Shell, Wish, at_work};
use store::Due;

pub use event::{Event, answer};
pub use night::close_nights;

/// What this function is called.
const NAME: &str = env!("CARGO_PKG_NAME");

/// For so long one thing that is due may be looked at as a rule: three requests to the tables, each as
/// slow as it may be. A waiting list may take longer, and comes last; AWS ends a run after five minutes.
const LOOK_MAX: TimeDelta = TimeDelta::seconds(30);

/// A run that the clock wakes each minute begins nothing after three quarters of it: it makes room for
/// the next one.
const MINUTE: TimeDelta = TimeDelta::seconds(45 + LOOK_MAX.num_seconds());

/// What is so late is no longer on its way.
const LATE: TimeDelta = TimeDelta::minutes(2);

/// How many timers of one file are carried out in one go; the next look takes the rest.
const STEPS_MAX: usize = 10;

/// Begins what a practice has once and keeps: its day book, and its night. Done when its handbook is
/// loaded; what is begun already stays as it is.
pub async fn open_books(shell: &Shell, practice: &PracticeId) -> Result<(), Problem> {
    agenda::open_day_book(shell, practice).await?;
    night::open_night(shell, practice).await
}

/// Looks at what is due now, as far as there is time; answers how much it was.
///
/// One file that fails does not keep the others: it stays due, and the error is told.
pub async fn run(shell: &Shell, deadline: Deadline) -> Result<usize, Problem> {
    at_work(NAME, "the minute", look_at_what_is_due(shell, deadline)).await
}

async fn look_at_what_is_due(shell: &Shell, deadline: Deadline) -> Result<usize, Problem> {
    if let Err(problem) = tell_of_late_letters(shell).await {
        // Whoever is due is looked at all the same.
        let problem = problem.for_the_log();
        tracing::error!(problem, "it could not be seen whether letters are late");
    }
    let due = shell.store.due(shell.now()).await?;
    for (done, item) in due.iter().enumerate() {
        if !deadline.leaves(shell.now(), LOOK_MAX) {
            let left = due.len() - done;
            tracing::warn!(left, "there was no time for all that is due: the next run goes on");
            // A minute was not enough: whoever operates the house is to know.
            Figure::WorkUndone.tell(u64::try_from(left).unwrap_or(u64::MAX));
            return Ok(done);
        }
        let result = match item {
            Due::Client(practice, client) => time_passed(shell, practice, client).await,
            Due::DayBook(practice) => agenda::turn_page(shell, practice).await,
            Due::WaitingList(practice) => waiting_list::look_through(shell, practice).await,
            Due::Source(practice, source) => shell.refresh_source(practice, source).await,
        };
        if let Err(problem) = result {
            let problem = problem.for_the_log();
            tracing::error!(?item, problem, "something due could not be done");
            Figure::WorkUndone.tell(1);
        }
    }
    Ok(due.len())
}

/// A letter that waits for the clock and is late is told from here, too: the post may not be running.
async fn tell_of_late_letters(shell: &Shell) -> Result<(), Problem> {
    let first = shell.store.first_due_letter().await?;
    let late = first.map(|first| shell.now() - first).filter(|late| LATE < *late);
    if let Some(late) = late {
        Figure::LetterAge.tell(u64::try_from(late.num_seconds()).unwrap_or(0));
    }
    Ok(())
}

/// Tells a file that time has passed, until nothing more is due.
async fn time_passed(
    shell: &Shell,
    practice: &PracticeId,
    client: &ClientId,
) -> Result<(), Problem> {
    for _ in 0..STEPS_MAX {
        let outcome = shell
            .handle(&Wish {
                practice: practice.clone(),
                client: client.clone(),
                id: shell.command_id(),
                actor: Actor::Clock,
                command: Command::TimePassed,
                source: None,
            })
            .await?;
        if outcome.events.is_empty() {
            break;
        }
    }
    Ok(())
}
