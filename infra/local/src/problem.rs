//! Why the house does not start: one sentence for the person at the keyboard.

use std::{io, net::SocketAddr, path::PathBuf};

use operate::{FolderProblem, OperateProblem};
use store::StoreError;

use crate::tables::TablesError;

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
    /// A practice's folder is named where the data is meant.
    #[error(
        "{} is the folder of a practice, and no place for data: name it with --practice, and another \
         one with --data",
        .0.display()
    )]
    PracticeAsData(PathBuf),
    /// A file of the data folder is not what it was.
    #[error("the file {} is damaged: {words}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        words: &'static str,
    },
    /// A file of the data folder is not there any more.
    #[error("the file {} is gone: {words}", path.display())]
    Gone {
        /// Which.
        path: PathBuf,
        /// What that means, and what to do.
        words: &'static str,
    },
    /// A practice's folder.
    #[error(transparent)]
    Folder(#[from] FolderProblem),
    /// What an operator's command came to.
    #[error(transparent)]
    Operate(#[from] OperateProblem),
    /// The tables do not open.
    #[error(transparent)]
    Tables(#[from] TablesError),
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
