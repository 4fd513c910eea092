//! The folder in which a house keeps its tables, its mailbox, its link key and its clock.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use operate::{OperateProblem, fresh_private_file};
use shell::{Chance as _, Clock, LinkKeys, LinkSecret, ManualClock, SystemChance, SystemClock};

use crate::{HouseProblem, tables::EmbeddedTables};

/// Where a house keeps what it must not forget.
#[derive(Debug, Clone)]
pub struct DataFolder(PathBuf);

/// Which clock a house goes by.
#[derive(Clone)]
pub enum Time {
    /// The machine's.
    System,
    /// One that is moved by hand.
    Manual(Arc<ManualClock>),
}

impl Time {
    /// The clock to ask.
    pub fn clock(&self) -> Arc<dyn Clock> {
        match self {
            Self::System => Arc::new(SystemClock),
            Self::Manual(clock) => Arc::<ManualClock>::clone(clock),
        }
    }
}

impl DataFolder {
    /// Opens the folder, making it where it is missing.
    pub fn open(path: &Path) -> Result<Self, HouseProblem> {
        let folder = Self(path.to_owned());
        if path.join("practice.toml").exists() {
            return Err(HouseProblem::PracticeAsData(path.to_owned()));
        }
        // What is in it is clients' answers: nobody else of this machine may look.
        make_private_folder(path).map_err(folder.unusable())?;
        // Found out now, in a sentence, and not by the first visitor.
        let probe = path.join(".writable");
        fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)).map_err(folder.unusable())?;
        // Before there are tables: later on nobody could tell a new house from one that lost them.
        if !folder.link_keys_file().exists() {
            folder.draw_link_keys()?;
        }
        Ok(folder)
    }

    /// Whether somebody's house is kept in this folder.
    pub fn has_a_house(path: &Path) -> bool {
        Self(path.to_owned()).tables().exists()
    }

    /// The file of the tables.
    pub fn tables(&self) -> PathBuf {
        self.0.join("anteroom.db")
    }

    /// Opens the tables.
    pub fn open_tables(&self) -> Result<EmbeddedTables, HouseProblem> {
        let path = self.tables();
        let tables = EmbeddedTables::open(&path)?;
        // The folder may have been somebody's before, and be open to others: clients' answers are not.
        #[cfg(unix)]
        for ending in ["", "-wal", "-shm"] {
            let file = PathBuf::from(format!("{}{ending}", path.display()));
            if file.exists() {
                let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
                fs::set_permissions(file, private).map_err(self.unusable())?;
            }
        }
        Ok(tables)
    }

    /// The folder of the mailbox.
    pub fn mailbox(&self) -> PathBuf {
        self.0.join("mailbox")
    }

    /// The file with the settings of functions that run beside the tables.
    pub fn lambda_environment(&self) -> PathBuf {
        self.0.join("lambda.env")
    }

    /// The secrets that sign links.
    pub fn link_keys(&self) -> Result<LinkKeys, HouseProblem> {
        let path = self.link_keys_file();
        let text = fs::read_to_string(&path).map_err(self.unusable())?;
        let words = "it should hold 64 hexadecimal digits, and a line for each practice that brought \
                     a secret; without it no link in a letter opens: bring it back from a copy";
        LinkKeys::parse(&text).map_err(|_| HouseProblem::Damaged { path, words })
    }

    /// The same problem in words about this folder.
    pub fn about(&self, problem: OperateProblem) -> HouseProblem {
        if let OperateProblem::OtherSecret(practice) = problem {
            return HouseProblem::OtherSecret { path: self.link_keys_file(), practice };
        }
        problem.into()
    }

    /// Draws the secret of a new house.
    fn draw_link_keys(&self) -> Result<(), HouseProblem> {
        let early = self.0.join("link.key");
        if early.exists() {
            let words =
                "it is of an early version, whose links cannot be kept: begin with a new folder";
            return Err(HouseProblem::Damaged { path: early, words });
        }
        if self.tables().exists() {
            let words = "the tables beside it are not: with another secret no link in a letter that has \
                         left would open. Put what a copy has as `link_keys` in its first line into a \
                         file of this name; if no letter has left yet, begin with a new folder";
            return Err(HouseProblem::Gone { path: self.link_keys_file(), words });
        }
        let mut secret = [0; 32];
        SystemChance.fill(&mut secret);
        self.keep_link_keys(&LinkKeys::new(LinkSecret::new(secret)))
    }

    /// Keeps these secrets from now on.
    pub fn keep_link_keys(&self, keys: &LinkKeys) -> Result<(), HouseProblem> {
        // Whole or not at all: half a secret is none.
        let fresh = self.0.join("link.keys.new");
        write_private(&fresh, keys.to_text().as_bytes())
            .and_then(|()| fs::rename(&fresh, self.link_keys_file()))
            .map_err(self.unusable())
    }

    fn link_keys_file(&self) -> PathBuf {
        self.0.join("link.keys")
    }

    /// A clock moved by hand. It goes on where it was left, and never behind the machine's.
    pub fn manual_clock(&self) -> Result<ManualClock, HouseProblem> {
        let clock = ManualClock::at(SystemClock.now());
        if let Some(kept) = self.kept_clock()? {
            clock.advance_to(kept);
        }
        Ok(clock)
    }

    /// Where the manual clock was left, if there ever was one.
    pub fn kept_clock(&self) -> Result<Option<DateTime<Utc>>, HouseProblem> {
        let path = self.clock_file();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unusable()(error)),
        };
        let kept =
            text.trim().parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let words = "it should hold the seconds since 1970; delete it to begin with today";
        kept.ok_or(HouseProblem::Damaged { path, words }).map(Some)
    }

    /// Remembers where the manual clock stands.
    pub fn keep_clock(&self, now: DateTime<Utc>) -> Result<(), HouseProblem> {
        // Whole or not at all: a clock that was torn would go back.
        let fresh = self.0.join("clock.new");
        fs::write(&fresh, now.timestamp().to_string())
            .and_then(|()| fs::rename(&fresh, self.clock_file()))
            .map_err(self.unusable())
    }

    fn clock_file(&self) -> PathBuf {
        self.0.join("clock")
    }

    fn unusable(&self) -> impl Fn(io::Error) -> HouseProblem + use<> {
        let path = self.0.clone();
        move |source| HouseProblem::DataFolder { path: path.clone(), source }
    }
}

fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)?;
    // One of ours that was there before, too, and one that was made for us; a folder with something
    // else in it is left as it is.
    #[cfg(unix)]
    if path.join("link.keys").exists() || fs::read_dir(path)?.next().is_none() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path)?.permissions().mode();
        // What its owner may not do, nobody else is let do for them.
        fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700))?;
    }
    Ok(())
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fresh_private_file(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
