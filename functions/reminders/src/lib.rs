//! Reminders: each minute, whatever is due is looked at, through the same door as any visitor.
//!
//! The index nominates, a consistent read decides. Running late, twice, or after a crash is
//! harmless.

mod agenda;
mod event;
mod night;
mod waiting_list;

use domain::{Actor, ClientId, Command, PracticeId};
use shell::{Figure, Problem, Shell, Wish, at_work};
use store::Due;

pub use event::{Event, answer};
pub use night::close_nights;

/// What this function is called.
const NAME: &str = env!("CARGO_PKG_NAME");

/// How many timers of one file are carried out in one go; the next look takes the rest.
const STEPS_MAX: usize = 10;

/// Begins what a practice has once and keeps: its day book, and its night. Done when its handbook is
/// loaded; what is begun already stays as it is.
pub async fn open_books(shell: &Shell, practice: &PracticeId) -> Result<(), Problem> {
    agenda::open_day_book(shell, practice).await?;
    night::open_night(shell, practice).await
}

/// Looks at everything that is due now; answers how much it was.
///
/// One file that fails does not keep the others: it stays due, and the error is told.
pub async fn run(shell: &Shell) -> Result<usize, Problem> {
    at_work(NAME, "the minute", look_at_what_is_due(shell)).await
}

async fn look_at_what_is_due(shell: &Shell) -> Result<usize, Problem> {
    let mut due = shell.store.due(shell.now()).await?;
    // A list takes longer than anything else, and can wait a moment.
    due.sort_by_key(|item| matches!(item, Due::WaitingList(_)));
    for item in &due {
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
