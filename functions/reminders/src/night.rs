//! The night: once a day each practice's files are all looked at, while nobody needs them.
//!
//! Nothing is done here that the minute does not do: what has come due and was missed is carried
//! out through the same door, what stands in the index for a wrong moment is put right, and a
//! letter that nobody brought is handed to the clock. Whatever is found so is told, because it
//! should not have been there. A file that cannot be looked at keeps no other from being.

use chrono::{Days, TimeDelta};
use domain::{Handbook, MinuteOfDay, PracticeId, local_date, next_due, next_local};
use shell::{Deadline, Figure, Problem, Shell, at_work};
use store::{FileAtNight, Indexed, Night, NightLook};

use crate::{NAME, time_passed};

/// At this hour of its own a practice is asleep.
const AT: MinuteOfDay = MinuteOfDay::hour(3);

/// A letter that has not been brought for so long is stranded.
const STRANDED_AFTER: TimeDelta = TimeDelta::hours(1);

/// For so long one part of a look may take: a page of files, of which some have to be put right.
const PART_MAX: TimeDelta = TimeDelta::minutes(2);

/// A night that takes longer than this is over when people are at work.
const OVER_BY_MORNING: TimeDelta = TimeDelta::hours(5);

/// What a night has found.
#[derive(Default)]
struct Found {
    letters_stranded: u64,
    files_forgotten: u64,
    files_unread: u64,
}

/// Plans the first night of a practice that has none.
pub(crate) async fn open_night(shell: &Shell, practice: &PracticeId) -> Result<(), Problem> {
    let handbook = shell.handbook(practice).await?;
    let first = next_local(handbook.practice.zone, shell.now(), AT);
    Ok(shell.store.open_night(practice, first).await?)
}

/// Closes the night of every practice where it has come, as far as there is time; answers of how many.
///
/// One that fails does not keep the others: it stays due, and the error is told. One that is not over
/// in time goes on in the next run, behind the others.
pub async fn close_nights(shell: &Shell, deadline: Deadline) -> Result<usize, Problem> {
    at_work(NAME, "the night", close_what_is_due(shell, deadline)).await
}

async fn close_what_is_due(shell: &Shell, deadline: Deadline) -> Result<usize, Problem> {
    let nights = shell.store.nights(shell.now()).await?;
    for (done, night) in nights.iter().enumerate() {
        if !deadline.leaves(shell.now(), PART_MAX) {
            let left = nights.len() - done;
            tracing::warn!(left, "there was no time for all nights: the next run goes on");
            Figure::WorkUndone.tell(u64::try_from(left).unwrap_or(u64::MAX));
            return Ok(done);
        }
        if let Err(problem) = close(shell, night, deadline).await {
            let (practice, problem) = (night.practice.as_str(), problem.for_the_log());
            tracing::error!(practice, problem, "the night of a practice could not be closed");
            Figure::WorkUndone.tell(1);
        }
    }
    Ok(nights.len())
}

/// Looks at the files of a practice from where the look has come to, and turns the night at its end.
async fn close(shell: &Shell, night: &Night, deadline: Deadline) -> Result<(), Problem> {
    let practice = &night.practice;
    let handbook = shell.handbook(practice).await?;
    let Some(mut look) = shell.store.look_of_night(night, shell.now()).await? else {
        return Ok(());
    };
    let mut found = Found::default();
    let closed = look_through(shell, &handbook, night, &mut look, &mut found, deadline).await;
    // Whatever was found before it failed has been put right, and is told.
    found.tell();
    closed
}

async fn look_through(
    shell: &Shell,
    handbook: &Handbook,
    night: &Night,
    look: &mut NightLook,
    found: &mut Found,
    deadline: Deadline,
) -> Result<(), Problem> {
    let practice = &night.practice;
    let mut reached = look.reached.clone();
    loop {
        let (files, next) = shell.store.files_at_night(practice, reached).await?;
        for file in files {
            let looked = match file {
                Ok(file) => look_at(shell, handbook, &file, look, found).await,
                Err(error) => Err(error.into()),
            };
            if let Err(problem) = looked {
                let (practice, problem) = (practice.as_str(), problem.for_the_log());
                tracing::error!(practice, problem, "a file could not be looked at by night");
                found.files_unread += 1;
                look.has_missed = true;
            }
        }
        let Some(next) = next else { break };
        if !deadline.leaves(shell.now(), PART_MAX) {
            if OVER_BY_MORNING < shell.now() - look.begun {
                let (practice, begun) = (practice.as_str(), look.begun.to_rfc3339());
                tracing::warn!(practice, begun, "the night of a practice lasts into its day");
                Figure::WorkUndone.tell(1);
            }
            return Ok(shell.store.mark_night(night, look, &next, shell.now()).await?);
        }
        reached = Some(next);
    }
    let now = shell.now();
    let today = local_date(handbook.practice.zone, now);
    let days = today - Days::new(1)..=today;
    let agendas = shell.store.stranded_agendas(practice, days, now - STRANDED_AFTER).await?;
    bring_again(shell, &agendas, found).await?;
    let next = next_local(handbook.practice.zone, now + TimeDelta::seconds(1), AT);
    shell.store.turn_night(night, look, next).await?;
    Figure::NightsClosed.tell(1);
    Ok(())
}

async fn look_at(
    shell: &Shell,
    handbook: &Handbook,
    seen: &FileAtNight,
    look: &NightLook,
    found: &mut Found,
) -> Result<(), Problem> {
    let (file, practice, now) = (&seen.file, &handbook.practice.id, shell.now());
    let belongs = Indexed::of(file, next_due(file, handbook));
    if seen.indexed.is_forgotten(&belongs) {
        let client = file.id.as_str();
        tracing::error!(client, "a file was forgotten: clock or desk would not have looked at it");
        found.files_forgotten += 1;
    }
    if may_have_letters(seen, look) {
        let before = now - STRANDED_AFTER;
        let letters = shell.store.stranded_letters(practice, &file.id, before).await?;
        bring_again(shell, &letters, found).await?;
    }
    if seen.indexed != belongs || belongs.is_due(now) {
        time_passed(shell, practice, &file.id).await?;
    }
    Ok(())
}

/// Whether anything was written about a file that the look before was too early for: a letter is
/// written with a change of its file.
fn may_have_letters(seen: &FileAtNight, look: &NightLook) -> bool {
    let (Some(changed), Some(before)) = (seen.changed, look.before) else { return true };
    before - STRANDED_AFTER <= changed
}

async fn bring_again(
    shell: &Shell,
    letters: &[store::OutgoingKey],
    found: &mut Found,
) -> Result<(), Problem> {
    for letter in letters {
        tracing::warn!(letter = letter.as_text(), "a letter was stranded and is brought again");
        shell.store.bring_again(letter, shell.now()).await?;
        found.letters_stranded += 1;
    }
    Ok(())
}

impl Found {
    fn tell(&self) {
        for (figure, number) in [
            (Figure::LettersStranded, self.letters_stranded),
            (Figure::FilesForgotten, self.files_forgotten),
            (Figure::WorkUndone, self.files_unread),
        ] {
            if 0 < number {
                figure.tell(number);
            }
        }
    }
}
