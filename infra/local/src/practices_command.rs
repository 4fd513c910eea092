//! `anteroom backup`, `restore`, `export`, `import`, `list`, `pause`, `resume`: what an operator does
//! to the tables of a house that is closed.

use std::path::{Path, PathBuf};

use chrono::Utc;
use clap::Subcommand;
use domain::PracticeId;
use shell::{Clock as _, SystemClock};
use store::{Store, Tables};

use crate::{
    CopyProblem, CopySummary, DataFolder, HouseProblem, read_copy, tables::EmbeddedTables,
    write_copy,
};

/// What is done to the practices of a house that is closed.
#[derive(Debug, Subcommand)]
pub enum PracticesCommand {
    /// Copies everything into a new file, with the secret that signs links: keep it safe.
    Backup {
        /// The file.
        file: PathBuf,
    },
    /// Takes a copy into a house without practices. Letters wait until `resume`.
    Restore {
        /// The file.
        file: PathBuf,
    },
    /// Copies one practice into a new file, with the secret that signs links: keep it safe.
    Export {
        /// Its id, as `list` names it.
        id: String,
        /// The file.
        file: PathBuf,
    },
    /// Takes a copy in beside other practices. Letters wait until `resume`.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Lists the practices.
    List,
    /// Lets the letters of a practice wait.
    Pause {
        /// Its id.
        id: String,
    },
    /// Lets the letters of a practice go.
    Resume {
        /// Its id.
        id: String,
    },
}

/// A house that is closed: its data folder and its tables.
pub struct KeptHouse {
    data: DataFolder,
    store: Store,
}

impl KeptHouse {
    /// Opens the tables of a data folder. A running house keeps them to itself.
    pub async fn open(folder: &Path) -> Result<Self, HouseProblem> {
        let data = DataFolder::open(folder)?;
        let client = EmbeddedTables::open(&data.tables())?.client();
        let names = Tables::with_prefix("anteroom-");
        names.create(&client).await?;
        Ok(Self { data, store: Store::new(client, names) })
    }

    /// Does it, and says what came of it.
    pub async fn carry_out(&self, command: PracticesCommand) -> Result<String, HouseProblem> {
        match command {
            PracticesCommand::Backup { file } => self.copy_out(None, &file).await,
            PracticesCommand::Export { id, file } => {
                self.copy_out(Some(&practice_id(&id)?), &file).await
            }
            PracticesCommand::Restore { file } => {
                if !self.store.practices().await?.is_empty() {
                    let words = "there are practices here already; restore into a data folder of its \
                                 own (--data), or take the copy in beside them (`anteroom import`)";
                    return Err(HouseProblem::Start(words.to_owned()));
                }
                self.copy_in(&file).await
            }
            PracticesCommand::Import { file } => self.copy_in(&file).await,
            PracticesCommand::List => self.list().await,
            PracticesCommand::Pause { id } => self.pause(&id, true).await,
            PracticesCommand::Resume { id } => self.pause(&id, false).await,
        }
    }

    async fn copy_out(
        &self,
        practice: Option<&PracticeId>,
        file: &Path,
    ) -> Result<String, HouseProblem> {
        let secret = self.data.link_secret()?;
        let now = SystemClock.now();
        let copied = write_copy(&self.store, practice, &secret, now, file).await?;
        let words = "It holds clients' answers and the secret that signs links: keep it safe.";
        Ok(format!("{}\n{words}", summary("Copied", &copied, file)))
    }

    async fn copy_in(&self, file: &Path) -> Result<String, HouseProblem> {
        let own = self.data.own_link_secret()?;
        let (copied, secret) = read_copy(&self.store, own.as_deref(), file).await?;
        self.data.keep_link_secret(&secret)?;
        let resume: Vec<String> =
            copied.practices.iter().map(|id| format!("  anteroom resume {id}")).collect();
        Ok(format!(
            "{}\nNo letter leaves yet: some may have left from where the copy was taken. When they \
             may go from here:\n{}",
            summary("Took in", &copied, file),
            resume.join("\n")
        ))
    }

    async fn list(&self) -> Result<String, HouseProblem> {
        let practices = self.store.practices().await?;
        if practices.is_empty() {
            return Ok("There is no practice here.".to_owned());
        }
        let line = |(id, stored): &(PracticeId, store::StoredHandbook)| {
            let waits = if stored.is_sending_paused { ", letters wait" } else { "" };
            format!("{id}: handbook {}{waits}", stored.version)
        };
        Ok(practices.iter().map(line).collect::<Vec<_>>().join("\n"))
    }

    async fn pause(&self, practice: &str, is_paused: bool) -> Result<String, HouseProblem> {
        let practice = practice_id(practice)?;
        if !self.store.pause_sending(&practice, is_paused).await? {
            return Err(CopyProblem::NoPractice(practice).into());
        }
        Ok(if is_paused {
            format!("The letters of {practice} wait from now on.")
        } else {
            format!("The letters of {practice} go again: each within ten minutes.")
        })
    }
}

fn practice_id(id: &str) -> Result<PracticeId, HouseProblem> {
    PracticeId::parse(id).map_err(|_| {
        let words =
            format!("{id:?} is no practice's id; `anteroom list` names those that are here");
        HouseProblem::Start(words)
    })
}

fn summary(did: &str, copied: &CopySummary, file: &Path) -> String {
    let names: Vec<&str> = copied.practices.iter().map(PracticeId::as_str).collect();
    let whose = if names.is_empty() { "no practice".to_owned() } else { names.join(", ") };
    let taken = copied.taken.with_timezone(&Utc).format("%Y-%m-%d %H:%M UTC");
    format!("{did} {} items of {whose}, as of {taken}: {}", copied.items, file.display())
}
