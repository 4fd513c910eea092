//! `anteroom add`, `list`, `pause`, `suspend`, `resume`, `remove`, `backup`, `restore`, `export`,
//! `import`: what an operator does to the practices of a house, wherever it is kept.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use clap::Subcommand;
use domain::{Handbook, PracticeId};
use handbook::Sources;
use shell::{Clock as _, Shell, SystemChance, SystemClock};
use store::{Standing, StoredHandbook};

use crate::{
    OperateProblem, Operator, Premises,
    closing::wait_until_closed,
    copies::{Wanted, copy_in, copy_out, items, restore},
    copy_file::check_copy,
    load_practice,
    operator::have_typed,
    read_practice, see_that_links_open,
};

/// What is done to the practices of a house.
#[derive(Debug, Subcommand)]
pub enum PracticesCommand {
    /// Puts the handbook of a practice's folder in force: of a new practice, or of one that is here.
    Add {
        /// The folder.
        folder: PathBuf,
    },
    /// Lists the practices.
    List,
    /// Lets the letters of a practice wait.
    Pause {
        /// Its id, as `list` names it.
        id: String,
    },
    /// Closes the pages of a practice, for visitors and for staff, and lets its letters wait.
    Suspend {
        /// Its id.
        id: String,
    },
    /// Opens the pages of a practice, and lets its letters go.
    Resume {
        /// Its id.
        id: String,
    },
    /// Removes a practice that is suspended, with everything that is known of its clients.
    Remove {
        /// Its id.
        id: String,
    },
    /// Copies everything into a new file, with the secrets that sign links: keep it safe.
    Backup {
        /// The file.
        file: PathBuf,
        /// As it was then (on AWS, of the last 35 days), such as 2026-11-22T10:00:00Z.
        #[arg(long, value_name = "WHEN", value_parser = moment)]
        at: Option<DateTime<Utc>>,
    },
    /// Takes a copy into a house without practices. Letters wait until `resume`.
    Restore {
        /// The file.
        file: PathBuf,
    },
    /// Copies one practice into a new file, with the secret that signs its links: keep it safe.
    Export {
        /// Its id.
        id: String,
        /// The file.
        file: PathBuf,
        /// As it was then (on AWS, of the last 35 days), such as 2026-11-22T10:00:00Z.
        #[arg(long, value_name = "WHEN", value_parser = moment)]
        at: Option<DateTime<Utc>>,
    },
    /// Takes a copy in beside other practices. Letters wait until `resume`.
    Import {
        /// The file.
        file: PathBuf,
    },
}

impl PracticesCommand {
    /// Whether it is about a house that must be there already.
    pub fn needs_a_house(&self) -> bool {
        match self {
            Self::Add { .. } | Self::Restore { .. } | Self::Import { .. } => false,
            Self::List
            | Self::Pause { .. }
            | Self::Suspend { .. }
            | Self::Resume { .. }
            | Self::Remove { .. }
            | Self::Backup { .. }
            | Self::Export { .. } => true,
        }
    }

    /// Sees that what it is to take in can be: asked before a house is opened for it, which a folder
    /// would be made for.
    ///
    /// # Errors
    /// What is wrong with the folder or the copy.
    pub fn check_sources(&self) -> Result<(), OperateProblem> {
        match self {
            Self::Add { folder } => drop(read_practice(folder)?),
            Self::Restore { file } | Self::Import { file } => check_copy(file)?,
            Self::List
            | Self::Pause { .. }
            | Self::Suspend { .. }
            | Self::Resume { .. }
            | Self::Remove { .. }
            | Self::Backup { .. }
            | Self::Export { .. } => {}
        }
        Ok(())
    }
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let words = "it has the form 2026-11-22T10:00:00Z, or ends with an offset such as +01:00";
    DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).map_err(|_| words.to_owned())
}

/// Does it, and tells the operator what came of it.
///
/// # Errors
/// Why it is not done; unless it says otherwise, nothing was changed.
pub async fn carry_out(
    command: PracticesCommand,
    premises: &impl Premises,
    operator: &impl Operator,
) -> Result<(), OperateProblem> {
    let told = match command {
        PracticesCommand::Add { folder } => add(premises, &folder).await,
        PracticesCommand::List => list(premises).await,
        PracticesCommand::Pause { id } => stand(premises, &id, Standing::Paused).await,
        PracticesCommand::Suspend { id } => stand(premises, &id, Standing::Suspended).await,
        PracticesCommand::Resume { id } => stand(premises, &id, Standing::Open).await,
        PracticesCommand::Remove { id } => remove(premises, &id, operator).await,
        PracticesCommand::Backup { file, at } => {
            copy_out(premises, Wanted { practice: None, at, file: &file }, operator).await
        }
        PracticesCommand::Export { id, file, at } => {
            copy_out(premises, Wanted { practice: Some(&id), at, file: &file }, operator).await
        }
        PracticesCommand::Restore { file } => restore(premises, &file, operator).await,
        PracticesCommand::Import { file } => copy_in(premises, &file, operator).await,
    }?;
    operator.hear(&told);
    Ok(())
}

async fn add(premises: &impl Premises, folder: &Path) -> Result<String, OperateProblem> {
    let (sources, handbook) = read_practice(folder)?;
    if let Some(mail) = premises.mail_domain().await? {
        check_sender(&handbook, &mail)?;
    }
    let before = premises.store().handbook(&handbook.practice.id).await?;
    if let Some(before) = &before {
        see_that_it_is_the_same(before, &handbook)?;
    }
    // Asked before it is here: if AWS does not answer, nobody was let in.
    let why_it_waits = if before.is_none() { premises.why_mail_waits().await? } else { None };
    let keys = premises.link_keys().await?;
    see_that_links_open(premises.store(), &keys).await?;
    let shell = Shell::new(
        premises.store().clone(),
        keys,
        // No letter is written here, so no link is: no address is needed.
        "",
        Arc::new(SystemClock),
        Arc::new(SystemChance),
    );
    // What could not leave would be tried for some hours, and given up.
    let standing = if why_it_waits.is_some() { Standing::Paused } else { Standing::Open };
    let practice = load_practice(&shell, &sources, &handbook, standing).await?;
    let (name, version) = (&handbook.practice.name, &handbook.version);
    if let Some(why) = why_it_waits {
        return Ok(format!(
            "{name} is here: /{practice}, with handbook {version}. {why}, so it is paused: its letters \
             wait, but for those that let staff sign in. When `anteroom doctor` finds nothing wrong:\n  \
             anteroom resume {practice} {}",
            premises.address()
        ));
    }
    Ok(match before {
        None => format!("{name} is here: /{practice}, with handbook {version}."),
        Some(before) if before.folder.as_ref() == Some(version) => {
            format!("{name} has this handbook already ({version}).")
        }
        Some(before) => {
            let when = if premises.is_running() { " within a minute" } else { "" };
            let renamed = known(&before).map(|known| known.practice.name);
            let renamed = renamed.filter(|known| known != name).map_or_else(String::new, |known| {
                format!(
                    " Until now it was called {known}: if that is somebody else, load their folder \
                     again."
                )
            });
            format!("{name} ({practice}) goes by handbook {version}{when}.{renamed}")
        }
    })
}

/// A practice whose folder was copied from another's and kept its id would take the other's place.
fn see_that_it_is_the_same(
    before: &StoredHandbook,
    handbook: &Handbook,
) -> Result<(), OperateProblem> {
    // A handbook that cannot be read any more is no reason to refuse the one that mends it.
    let Some(known) = known(before) else { return Ok(()) };
    let (name, known) = (&handbook.practice.name, &known.practice);
    if known.name == *name || known.email == handbook.practice.email {
        return Ok(());
    }
    Err(OperateProblem::refused(format!(
        "{} is {} here, with the address {}: if {name} is somebody else, give it an id of its own in \
         its practice.toml; if it has a new name, change name and address one after the other",
        known.id,
        known.name,
        known.email.as_str()
    )))
}

/// A handbook that is in force, if this version can read it.
pub(crate) fn known(stored: &StoredHandbook) -> Option<Handbook> {
    let sources = Sources::from_json(&stored.sources).ok()?;
    handbook::read_again(&sources).ok()
}

async fn list(premises: &impl Premises) -> Result<String, OperateProblem> {
    let practices = premises.store().practices().await?;
    if practices.is_empty() {
        return Ok("There is no practice here.".to_owned());
    }
    let line = |(id, stored): &(PracticeId, StoredHandbook)| {
        let standing = match stored.standing {
            Standing::Open => "open",
            Standing::Paused => "paused: its letters wait",
            Standing::Suspended => "suspended: its pages are closed, and its letters wait",
        };
        let name = known(stored).map(|handbook| {
            let practice = handbook.practice;
            format!("{}, {}, ", practice.name, practice.email.as_str())
        });
        let name = name.unwrap_or_default();
        format!("{id}: {name}handbook {}, {standing}", stored.version)
    };
    Ok(practices.iter().map(line).collect::<Vec<_>>().join("\n"))
}

async fn stand(
    premises: &impl Premises,
    practice: &str,
    standing: Standing,
) -> Result<String, OperateProblem> {
    let practice = practice_id(practice)?;
    let stored = premises.store().handbook(&practice).await?;
    let stored = stored.ok_or_else(|| OperateProblem::NoPractice(practice.clone()))?;
    if (stored.standing, standing) == (Standing::Suspended, Standing::Paused) {
        return Err(OperateProblem::refused(format!(
            "{practice} is suspended: its letters wait already, and to pause it would open its pages"
        )));
    }
    if !premises.store().set_standing(&practice, standing, SystemClock.now()).await? {
        return Err(OperateProblem::NoPractice(practice));
    }
    let words = told(&practice, standing, premises.is_running());
    if standing == Standing::Open {
        return Ok(words);
    }
    Ok(format!("{words} Until:\n  anteroom resume {practice} {}", premises.address()))
}

/// What a practice does from now on. Where its pages are open, a minute passes before all of them know.
fn told(practice: &PracticeId, standing: Standing, is_running: bool) -> String {
    match (standing, is_running) {
        (Standing::Open, true) => {
            format!("{practice} is open within a minute; letters that waited leave within ten.")
        }
        (Standing::Open, false) => {
            format!("{practice} is open: letters that waited leave when the house does its work.")
        }
        (Standing::Paused, true) => {
            format!("{practice} is paused within a minute: its letters wait.")
        }
        (Standing::Paused, false) => format!("{practice} is paused: its letters wait."),
        (Standing::Suspended, true) => format!(
            "The pages of {practice} are closed within a minute, and its letters wait. Time goes on: \
             times that were held end. `anteroom export` and `remove` wait for that minute."
        ),
        (Standing::Suspended, false) => format!(
            "The pages of {practice} are closed, and its letters wait. Time goes on: times that were \
             held end."
        ),
    }
}

async fn remove(
    premises: &impl Premises,
    practice: &str,
    operator: &impl Operator,
) -> Result<String, OperateProblem> {
    let practice = practice_id(practice)?;
    let store = premises.store();
    let stored = store.handbook(&practice).await?;
    let stored = stored.ok_or_else(|| OperateProblem::NoPractice(practice.clone()))?;
    let address = premises.address();
    if stored.standing != Standing::Suspended {
        return Err(OperateProblem::refused(format!(
            "only a suspended practice can be removed: `anteroom suspend {practice} {address}` first, \
             and `anteroom export {practice} FILE {address}` keeps a copy; nothing was changed"
        )));
    }
    operator.hear(&format!(
        "This removes {practice} with everything that is known of its clients. It cannot be undone \
         except from a copy."
    ));
    have_typed(operator, "Type the practice's id to remove it:", practice.as_str())?;
    wait_until_closed(premises, &practice, operator).await?;
    operator.hear("Removing it; a large house takes some minutes.");
    // The handbook goes last: what was cut off can be done again.
    let removed = store.remove_all_but_handbook(&practice).await?;
    let keys = premises.link_keys().await?;
    if keys.without(&practice) != keys {
        // Or what is left of it would be in everybody's way if this is cut off here.
        store.forget_link_fingerprint(&practice).await?;
        premises.keep_link_keys(&keys.without(&practice), operator).await?;
    }
    store.remove_handbook(&practice).await?;
    Ok(format!("{practice} is gone: {}. Copies of it are not.", items(removed + 1)))
}

/// SES sends for the domain that it knows, and for no other.
pub(crate) fn check_sender(handbook: &Handbook, mail: &str) -> Result<(), OperateProblem> {
    let sender = handbook.practice.email.as_str();
    let (mail, domain) = (mail.to_ascii_lowercase(), sender.rsplit_once('@'));
    let domain = domain.map(|(_, domain)| domain.to_ascii_lowercase()).unwrap_or_default();
    if domain == mail || domain.ends_with(&format!(".{mail}")) {
        return Ok(());
    }
    Err(OperateProblem::refused(format!(
        "{} has the address {sender} in its practice.toml, and this house sends for {mail} only: give \
         it an address of {mail}, or deploy with another --mail-domain",
        handbook.practice.id
    )))
}

pub(crate) fn practice_id(id: &str) -> Result<PracticeId, OperateProblem> {
    PracticeId::parse(id).map_err(|_| {
        let words =
            format!("{id:?} is no practice's id; `anteroom list` names those that are here");
        OperateProblem::Refused(words)
    })
}
