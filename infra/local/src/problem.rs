//! Why the house does not start: one sentence for the person at the keyboard.

use std::{io, net::SocketAddr, path::PathBuf};

use domain::PracticeId;
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
    /// The secrets are another house's.
    #[error(
        "the file {} has another secret than the letters of {practice} were signed with, so no link in \
         them would open. Bring the file back as it was, or write into it what a copy of this house has as \
         `link_keys` in its first line. If {practice} alone came from elsewhere, add a line to the file: \
         {practice}, a space, and the digits that its own copy has as `link_secret`",
        path.display()
    )]
    OtherSecret {
        /// The file of the secrets.
        path: PathBuf,
        /// Whose letters.
        practice: PracticeId,
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
