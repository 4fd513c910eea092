//! The folder in which a house keeps its tables, its mailbox, its link key and its clock.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use shell::{Chance as _, Clock, LinkKey, ManualClock, SystemChance, SystemClock};

use crate::HouseProblem;

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
        fs::create_dir_all(path).map_err(folder.unusable())?;
        // Found out now, in a sentence, and not by the first visitor.
        let probe = path.join(".writable");
        fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)).map_err(folder.unusable())?;
        Ok(folder)
    }

    /// The file of the tables.
    pub fn tables(&self) -> PathBuf {
        self.0.join("anteroom.db")
    }

    /// The folder of the mailbox.
    pub fn mailbox(&self) -> PathBuf {
        self.0.join("mailbox")
    }

    /// The file with the settings of functions that run beside the tables.
    pub fn lambda_environment(&self) -> PathBuf {
        self.0.join("lambda.env")
    }

    /// The secret that signs links, drawn once.
    pub fn link_secret(&self) -> Result<Vec<u8>, HouseProblem> {
        let path = self.0.join("link.key");
        match fs::read(&path) {
            Ok(secret) if secret.len() == 32 => Ok(secret),
            Ok(_) => Err(HouseProblem::Damaged { path, words: "a link key has 32 bytes" }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut secret = vec![0; 32];
                SystemChance.fill(&mut secret);
                write_private(&path, &secret).map_err(self.unusable())?;
                Ok(secret)
            }
            Err(error) => Err(self.unusable()(error)),
        }
    }

    /// The secret that signs links, if one was drawn or taken in.
    pub fn own_link_secret(&self) -> Result<Option<Vec<u8>>, HouseProblem> {
        if self.0.join("link.key").exists() { self.link_secret().map(Some) } else { Ok(None) }
    }

    /// Takes in the secret of a copy, where there is none.
    pub fn keep_link_secret(&self, secret: &[u8]) -> Result<(), HouseProblem> {
        if self.own_link_secret()?.is_some() {
            return Ok(());
        }
        write_private(&self.0.join("link.key"), secret).map_err(self.unusable())
    }

    /// The key that signs links.
    pub fn link_key(&self) -> Result<LinkKey, HouseProblem> {
        self.link_secret().map(|secret| LinkKey::new(&secret))
    }

    /// A clock moved by hand. It goes on where it was left, and never behind the machine's.
    pub fn manual_clock(&self) -> Result<ManualClock, HouseProblem> {
        let path = self.clock_file();
        let clock = ManualClock::at(SystemClock.now());
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(clock),
            Err(error) => return Err(self.unusable()(error)),
        };
        let kept =
            text.trim().parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let words = "it should hold the seconds since 1970; delete it to begin with today";
        clock.advance_to(kept.ok_or(HouseProblem::Damaged { path, words })?);
        Ok(clock)
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

/// A new file that only its owner may read. One that is there already is never written over.
pub(crate) fn new_private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;

    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}
