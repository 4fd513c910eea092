//! The waiting list: what has come free is offered in turn.

use chrono::TimeDelta;
use domain::{Actor, Command, PracticeId, next_local};
use shell::{Problem, Shell, Wish};

/// Looks the list through, whoever has waited longest first, and turns its book to the next look:
/// the next day, or earlier if a time comes free.
pub(crate) async fn look_through(shell: &Shell, practice: &PracticeId) -> Result<(), Problem> {
    let Some(book) = shell.store.waiting_book(practice).await? else { return Ok(()) };
    let (now, handbook) = (shell.now(), shell.handbook(practice).await?);
    if now < book.due {
        return Ok(());
    }
    let waiting = shell.store.clients_waiting(practice).await?;
    for client in &waiting {
        let wish = Wish {
            practice: practice.clone(),
            client: client.clone(),
            id: shell.command_id(),
            actor: Actor::Clock,
            command: Command::OfferTime,
            source: None,
        };
        // One file that fails does not keep the others from their turn.
        if let Err(problem) = shell.handle(&wish).await {
            let (client, problem) = (client.as_str(), problem.for_the_log());
            tracing::error!(client, problem, "nothing could be offered");
        }
    }
    let (zone, opens) = (handbook.practice.zone, handbook.rules.nudges_between.from);
    let next = (!waiting.is_empty()).then(|| next_local(zone, now + TimeDelta::seconds(1), opens));
    Ok(shell.store.turn_waiting_book(practice, &book, next).await?)
}
