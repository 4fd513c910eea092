//! The post: takes letters from the outbox, looks at each again, and sends it.
//!
//! claim → look again at the file → write the words → send → say so. A letter whose reason is
//! gone is stopped with the reason; one that the mail service cannot take now goes back; one
//! that it will never take becomes a task for a person.

mod compose;
mod event;
mod open_times;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Actor, Command, StopReason};
use shell::{
    Deadline, Figure, Mail, PostError, PostOffice, Problem, SENDING_MAX, Shell, Wish, at_work,
};
use store::{Claim, Ending, LEASE, Outgoing, OutgoingBody, OutgoingKey};

pub use event::{Answer, Event, Record, Schedule, answer, deliver_or_hand_on};

use compose::Composed;

/// What this function is called.
const NAME: &str = env!("CARGO_PKG_NAME");

/// How often a letter is tried before a person must look.
const ATTEMPTS_MAX: u32 = 10;

/// For so long one letter may take: a minute to get ready and be sent, and the notes about it.
const LETTER_MAX: TimeDelta = TimeDelta::seconds(75);

/// How often a letter is looked at while sending is paused.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It has left.
    Sent,
    /// It has no reason any more, or comes too late.
    Stopped(StopReason),
    /// It is tried again later.
    PutBack,
    /// It cannot be sent.
    GivenUp,
    /// Its time has not come.
    NotYet,
    /// Somebody else is sending it, or died while sending it: it is to be brought again.
    InOtherHands,
    /// It had come to its end before.
    Ended,
}

/// Sends one letter, if it is still to be sent.
pub async fn deliver(
    shell: &Shell,
    office: &dyn PostOffice,
    key: &OutgoingKey,
) -> Result<Delivery, Problem> {
    at_work(NAME, "a letter", deliver_one(shell, office, key)).await
}

async fn deliver_one(
    shell: &Shell,
    office: &dyn PostOffice,
    key: &OutgoingKey,
) -> Result<Delivery, Problem> {
    let now = shell.now();
    let letter = match shell.store.claim(key, now).await? {
        Claim::Ours(letter) => *letter,
        Claim::NotYet => return Ok(Delivery::NotYet),
        Claim::InOtherHands => return Ok(Delivery::InOtherHands),
        Claim::Ended => return Ok(Delivery::Ended),
    };
    match is_held(shell, &letter).await {
        Ok(false) => {}
        Ok(true) => {
            let ending = Ending::Held { retry_at: now + LOOK_AGAIN };
            shell.store.end_claim(&letter, &ending, now).await?;
            return Ok(Delivery::PutBack);
        }
        Err(problem) => return leave_untried(shell, &letter, &problem, now).await,
    }
    match compose::compose(shell, &letter, now).await {
        Ok(Composed::Mail(mail)) => send(shell, office, &letter, *mail, now).await,
        Ok(Composed::Stop(reason)) => {
            let words = reason.to_string();
            shell.store.end_claim(&letter, &Ending::Stopped { reason: &words }, now).await?;
            Ok(Delivery::Stopped(reason))
        }
        Err(compose::ComposeError::Words(error)) => {
            tracing::error!(letter = key.as_text(), %error, "a letter cannot be written");
            give_up(shell, &letter, "its words could not be written", now).await
        }
        Err(compose::ComposeError::World(problem)) => {
            leave_untried(shell, &letter, &problem, now).await
        }
    }
}

/// Puts a letter back that nobody has tried to send, because what it needs cannot be looked up. It has
/// time: until the mail service has refused it, nothing speaks against it.
async fn leave_untried(
    shell: &Shell,
    letter: &Outgoing,
    problem: &Problem,
    now: DateTime<Utc>,
) -> Result<Delivery, Problem> {
    let problem = problem.for_the_log();
    tracing::error!(letter = letter.key.as_text(), problem, "a letter could not be looked up");
    Figure::WorkUndone.tell(1);
    let retry_at = now + pause_after_waiting(letter.age_seconds(now));
    shell.store.end_claim(letter, &Ending::NotTried { retry_at }, now).await?;
    Ok(Delivery::PutBack)
}

/// Whether a letter waits because sending is paused. Staff can sign in all the same: they have to
/// see what a copy holds before its letters leave.
async fn is_held(shell: &Shell, letter: &Outgoing) -> Result<bool, Problem> {
    match &letter.body {
        OutgoingBody::SignIn { .. } => Ok(false),
        OutgoingBody::Client(..) | OutgoingBody::Agenda { .. } => {
            match shell.is_sending_paused(&letter.practice).await {
                // Its practice is being taken in or removed: whoever does it is not done yet.
                Err(Problem::NotFound) => Ok(true),
                is_paused => is_paused,
            }
        }
    }
}

/// Sends the letters that are to be tried again by now, as far as there is time; answers how many were
/// looked at.
pub async fn retry(
    shell: &Shell,
    office: &dyn PostOffice,
    deadline: Deadline,
) -> Result<usize, Problem> {
    at_work(NAME, "the minute", retry_due(shell, office, deadline)).await
}

async fn retry_due(
    shell: &Shell,
    office: &dyn PostOffice,
    deadline: Deadline,
) -> Result<usize, Problem> {
    let letters = shell.store.due_letters(shell.now()).await?;
    for (done, letter) in letters.iter().enumerate() {
        if !deadline.leaves(shell.now(), LETTER_MAX) {
            let left = letters.len() - done;
            tracing::warn!(left, "there was no time for all letters: the next run goes on");
            return Ok(done);
        }
        // One letter that fails must not keep the others.
        if let Err(problem) = deliver(shell, office, letter).await {
            let problem = problem.for_the_log();
            tracing::error!(
                letter = letter.as_text(),
                problem,
                "a letter could not be tried again"
            );
            Figure::WorkUndone.tell(1);
        }
    }
    Ok(letters.len())
}

async fn send(
    shell: &Shell,
    office: &dyn PostOffice,
    letter: &Outgoing,
    mail: Mail,
    now: DateTime<Utc>,
) -> Result<Delivery, Problem> {
    Figure::LetterAge.tell(letter.age_seconds(now));
    // Writing it may have taken long: once its minute is over, somebody else may send it as well.
    if letter.claimed_until.is_none_or(|until| until < shell.now() + SENDING_MAX) {
        tracing::warn!(letter = letter.key.as_text(), "a letter was not ready to leave in time");
        let ending = Ending::NotTried { retry_at: now + LEASE };
        shell.store.end_claim(letter, &ending, now).await?;
        return Ok(Delivery::PutBack);
    }
    match office.send(mail).await {
        Ok(message_id) => {
            let ending = Ending::Sent { message_id: &message_id };
            shell.store.end_claim(letter, &ending, now).await?;
            let caused_by = letter.request.as_deref();
            tracing::info!(letter = letter.key.as_text(), caused_by, "a letter has left");
            Ok(Delivery::Sent)
        }
        Err(PostError::Later(cause)) => {
            tracing::warn!(letter = letter.key.as_text(), %cause, "a letter could not leave now");
            try_later(shell, letter, "the mail service does not take it", now).await
        }
        Err(PostError::Refused(cause)) => {
            tracing::error!(letter = letter.key.as_text(), %cause, "a letter cannot be sent");
            give_up(shell, letter, "the mail service does not take it", now).await
        }
    }
}

/// Puts a letter back, or gives it up after the last attempt.
async fn try_later(
    shell: &Shell,
    letter: &Outgoing,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Delivery, Problem> {
    if ATTEMPTS_MAX <= letter.attempts {
        return give_up(shell, letter, reason, now).await;
    }
    let retry_at = now + pause_after(letter.attempts);
    shell.store.end_claim(letter, &Ending::PutBack { retry_at }, now).await?;
    Ok(Delivery::PutBack)
}

/// As long again as it has waited since its time came, a minute at least and an hour at most.
fn pause_after_waiting(seconds: u64) -> TimeDelta {
    TimeDelta::seconds(seconds.clamp(60, 3_600).cast_signed())
}

/// One minute after the first attempt, then twice as long each time, at most six hours.
fn pause_after(attempts: u32) -> TimeDelta {
    TimeDelta::minutes(1 << attempts.saturating_sub(1).min(9)).min(TimeDelta::hours(6))
}

/// The letter ends here; a letter about a client becomes a task first, so that it is never
/// silently lost.
async fn give_up(
    shell: &Shell,
    letter: &Outgoing,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Delivery, Problem> {
    if let OutgoingBody::Client(client, facts) = &letter.body {
        shell
            .handle(&Wish {
                practice: letter.practice.clone(),
                client: client.clone(),
                id: shell.command_id(),
                actor: Actor::Clock,
                command: Command::ReportLetterNotSent { letter: facts.kind },
                source: None,
            })
            .await?;
    }
    shell.store.end_claim(letter, &Ending::GivenUp { reason }, now).await?;
    Figure::LettersGivenUp.tell(1);
    Ok(Delivery::GivenUp)
}
