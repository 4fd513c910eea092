//! `anteroom backup`, `restore`, `export`, `import`: copies of a house and of one practice.

use std::{fs, path::Path};

use chrono::{DateTime, SubsecRound as _, Utc};
use domain::PracticeId;
use shell::{Clock as _, LinkKeys, SystemClock};
use store::{Standing, Store};

use crate::{
    CopyProblem, CopySummary, OperateProblem, Operator, Premises, closing::wait_until_closed,
    copy_file::is_half_taken_in, practices::practice_id, private_file::see_that_it_can_be_made,
    read_copy, write_copy,
};

/// What is copied.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    /// One practice, or everything.
    pub(crate) practice: Option<&'a str>,
    /// As it was then, or as it is.
    pub(crate) at: Option<DateTime<Utc>>,
    /// Where to.
    pub(crate) file: &'a Path,
}

pub(crate) async fn copy_out(
    premises: &impl Premises,
    wanted: Wanted<'_>,
    operator: &impl Operator,
) -> Result<String, OperateProblem> {
    let practice = wanted.practice.map(practice_id).transpose()?;
    let keys = premises.link_keys().await?;
    let words = "It holds clients' answers and the secrets that sign links: keep it safe.";
    let Some(at) = wanted.at else {
        if let Some(practice) = &practice {
            wait_until_closed(premises, practice, operator).await?;
        }
        let (store, now) = (premises.store(), SystemClock.now());
        let copied =
            write_copy(store, practice.as_ref(), &keys, now, wanted.file, operator).await?;
        let moving = if premises.is_running() && is_anybody_open(store, &copied).await? {
            "\nEach practice in it is of one moment, and those that are open have gone on since: who \
             moves one suspends it first."
        } else {
            ""
        };
        let damage = copied.damage.as_ref().map_or_else(String::new, |damage| {
            format!(
                "\nSomething in the house itself does not agree: {damage}. The copy has it as it is; \
                 please tell us."
            )
        });
        return Ok(format!("{}\n{words}{moving}{damage}", summary("Copied", &copied, wanted.file)));
    };
    if at > SystemClock.now() {
        let words = format!("--at {} is still to come", at.format("%Y-%m-%dT%H:%M:%SZ"));
        return Err(OperateProblem::refused(words));
    }
    // Before AWS has worked for minutes.
    see_that_it_can_be_made(wanted.file)
        .map_err(|source| CopyProblem::Unwritten { path: wanted.file.to_owned(), source })?;
    let copied = copy_as_it_was(premises, practice.as_ref(), at, &keys, wanted.file, operator);
    Ok(format!("{}\n{words}", summary("Copied", &copied.await?, wanted.file)))
}

async fn copy_as_it_was(
    premises: &impl Premises,
    practice: Option<&PracticeId>,
    at: DateTime<Utc>,
    keys: &LinkKeys,
    file: &Path,
    operator: &impl Operator,
) -> Result<CopySummary, OperateProblem> {
    let at = at.trunc_subsecs(0);
    let was = premises.recover(at, operator).await?;
    let copied = write_copy(&was, practice, keys, at, file, operator).await;
    if copied.as_ref().is_err_and(is_of_the_world) {
        operator.hear(
            "What AWS has brought back stays for the same command, which goes on with it, and removes \
             it at its end.",
        );
        return copied;
    }
    let forgotten = premises.forget(at, operator).await;
    let copied = copied?;
    if let Some(damage) = &copied.damage {
        // AWS brings each table back by itself: this moment fell into a transaction.
        fs::remove_file(file)
            .map_err(|source| CopyProblem::Unwritten { path: file.to_owned(), source })?;
        return Err(OperateProblem::refused(format!(
            "what AWS has brought back is not of one moment ({damage}): name another one, some seconds \
             before or after"
        )));
    }
    forgotten.map(|()| copied)
}

/// Whether it may go well another time; what a moment has not, it never has.
fn is_of_the_world(problem: &OperateProblem) -> bool {
    match problem {
        OperateProblem::NoPractice(_) => false,
        OperateProblem::Copy(problem) => match problem {
            CopyProblem::Unwritten { .. }
            | CopyProblem::Torn { .. }
            | CopyProblem::Unread { .. }
            | CopyProblem::NotACopy { .. }
            | CopyProblem::GoesOn(_)
            | CopyProblem::IsHereAlready(_)
            | CopyProblem::Store(_) => true,
        },
        OperateProblem::Aws(_)
        | OperateProblem::Folder(_)
        | OperateProblem::Store(_)
        | OperateProblem::House(_)
        | OperateProblem::OtherSecret(_)
        | OperateProblem::Refused(_)
        | OperateProblem::NotAgreed => true,
    }
}

/// Whether a page of these practices may have been open while they were copied.
async fn is_anybody_open(store: &Store, copied: &CopySummary) -> Result<bool, OperateProblem> {
    let practices = store.practices().await?;
    let mut copied = practices.iter().filter(|(id, _)| copied.practices.contains(id));
    Ok(copied.any(|(_, stored)| stored.standing != Standing::Suspended))
}

pub(crate) async fn restore(
    premises: &impl Premises,
    file: &Path,
    operator: &impl Operator,
) -> Result<String, OperateProblem> {
    let store = premises.store();
    let is_empty = store.practices().await?.is_empty();
    if !is_empty && !is_half_taken_in(store, file).await? {
        let words = "there are practices here already; restore into a house of its own (another \
                     --data or --stack), or take the copy in beside them (`anteroom import`)";
        return Err(OperateProblem::refused(words));
    }
    copy_in(premises, file, operator).await
}

pub(crate) async fn copy_in(
    premises: &impl Premises,
    file: &Path,
    operator: &impl Operator,
) -> Result<String, OperateProblem> {
    let copied = read_copy(premises, file, operator).await?;
    let address = premises.address();
    let resume: Vec<String> =
        copied.practices.iter().map(|id| format!("  anteroom resume {id} {address}")).collect();
    Ok(format!(
        "{}\nNo letter leaves yet: some may have left from where the copy was taken. When they \
         may go from here:\n{}",
        summary("Took in", &copied, file),
        resume.join("\n")
    ))
}

fn summary(did: &str, copied: &CopySummary, file: &Path) -> String {
    let names: Vec<&str> = copied.practices.iter().map(PracticeId::as_str).collect();
    let whose = if names.is_empty() { "no practice".to_owned() } else { names.join(", ") };
    let taken = copied.taken.with_timezone(&Utc).format("%Y-%m-%d %H:%M UTC");
    format!("{did} {} of {whose}, as of {taken}: {}", items(copied.items), file.display())
}

/// How many items, in words.
pub(crate) fn items(count: u64) -> String {
    if count == 1 { "1 item".to_owned() } else { format!("{count} items") }
}
