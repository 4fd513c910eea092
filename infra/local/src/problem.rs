//! Why the house does not start: one sentence for the person at the keyboard.

use std::{io, net::SocketAddr, path::PathBuf};

use handbook::Mistake;
use store::StoreError;

use crate::{CopyProblem, tables::TablesError};

/// Why the house does not start.
#[derive(Debug, thiserror::Error)]
pub enum HouseProblem {
    /// Somebody else listens there.
    #[error(
        "cannot listen on {address}: is another house running? choose another port with --port"
    )]
    Port {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The data folder cannot be used.
    #[error("cannot write to the data folder {}: choose another one with --data", path.display())]
    DataFolder {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file of the data folder is not what it was.
    #[error("the file {} is damaged: {words}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        words: &'static str,
    },
    /// The practice's folder cannot be read.
    #[error("cannot read the practice's folder {}: name another one", path.display())]
    PracticeFolder {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The practice's folder has mistakes.
    #[error("{}", in_lines(.0))]
    Handbook(Vec<Mistake>),
    /// The tables do not open.
    #[error(transparent)]
    Tables(#[from] TablesError),
    /// A copy of the house.
    #[error(transparent)]
    Copy(#[from] CopyProblem),
    /// The tables do not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something on the way to a running house failed.
    #[error("{0}")]
    Start(String),
    /// The server broke.
    #[error("the server stopped")]
    Server(#[source] io::Error),
}

fn in_lines(mistakes: &[Mistake]) -> String {
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
