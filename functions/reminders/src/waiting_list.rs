//! The waiting list: what has come free is offered in turn.

use chrono::TimeDelta;
use domain::{Actor, ClientId, Command, PracticeId, next_local};
use shell::{Problem, Shell, Wish};
use store::WAITING_LISTED;

/// Looks the list through, whoever has waited longest first, and turns its book to the next look:
/// the next day, or earlier if a time comes free.
///
/// The book keeps how far the look has come: whoever is cut short on a very long list is followed by
/// one who goes on there. If a time comes free meanwhile, the next look begins at the front.
pub(crate) async fn look_through(shell: &Shell, practice: &PracticeId) -> Result<(), Problem> {
    let Some(book) = shell.store.waiting_book(practice).await? else { return Ok(()) };
    let (now, handbook) = (shell.now(), shell.handbook(practice).await?);
    if now < book.due {
        return Ok(());
    }
    let mut reached = book.reached.clone();
    loop {
        let waiting = shell.store.clients_waiting(practice, reached.as_ref()).await?;
        for (_, client) in &waiting {
            offer(shell, practice, client).await;
        }
        reached = waiting.last().map(|(place, _)| place.clone()).or(reached);
        match &reached {
            Some(place) if WAITING_LISTED <= waiting.len() => {
                if !shell.store.mark_waiting_book(practice, &book, place).await? {
                    return Ok(());
                }
            }
            Some(_) | None => break,
        }
    }
    let (zone, opens) = (handbook.practice.zone, handbook.rules.nudges_between.from);
    let next = reached.map(|_| next_local(zone, now + TimeDelta::seconds(1), opens));
    Ok(shell.store.turn_waiting_book(practice, &book, next).await?)
}

/// Offers a time to one who waits, if one suits. One file that fails does not keep the others from
/// their turn.
async fn offer(shell: &Shell, practice: &PracticeId, client: &ClientId) {
    let wish = Wish {
        practice: practice.clone(),
        client: client.clone(),
        id: shell.command_id(),
        actor: Actor::Clock,
        command: Command::OfferTime,
        source: None,
    };
    if let Err(problem) = shell.handle(&wish).await {
        let (client, problem) = (client.as_str(), problem.for_the_log());
        tracing::error!(client, problem, "nothing could be offered");
    }
}
