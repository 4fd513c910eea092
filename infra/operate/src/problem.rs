//! Why a command ends: one sentence for the person at the keyboard.

use std::error::Error;

use domain::PracticeId;
use store::StoreError;

use crate::{AwsProblem, CopyProblem, FolderProblem};

/// Why a command ends.
#[derive(Debug, thiserror::Error)]
pub enum OperateProblem {
    /// AWS, or its command line.
    #[error(transparent)]
    Aws(#[from] AwsProblem),
    /// A copy.
    #[error(transparent)]
    Copy(#[from] CopyProblem),
    /// A practice's folder.
    #[error(transparent)]
    Folder(#[from] FolderProblem),
    /// The tables.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing is known of this practice.
    #[error("there is no practice {0} here; `anteroom list` names those that are")]
    NoPractice(PracticeId),
    /// What is kept as the secret of this practice's links is not what they were signed with.
    #[error(
        "the letters of {0} were signed with another secret than the one that is kept here (link.keys of a \
         data folder, or the parameter of a stack), so no link in them would open. A copy has it in its \
         first line, and the history of the parameter does: if it is the secret of another house, put \
         `link_keys` of a copy in its place; if only that of {0} is missing, add the line \"{0} \" with \
         its 64 digits (`link_secret` of its own copy)"
    )]
    OtherSecret(PracticeId),
    /// The house itself, or the way to it.
    #[error(transparent)]
    House(Box<dyn Error + Send + Sync>),
    /// What was asked for cannot be done, and why.
    #[error("{0}")]
    Refused(String),
    /// The operator said no.
    #[error("you did not agree, and nothing that runs was changed")]
    NotAgreed,
}

impl OperateProblem {
    /// Something about the house itself.
    pub fn house(words: impl Into<String>) -> Self {
        Self::House(words.into().into())
    }

    /// What was asked for cannot be done.
    pub fn refused(words: impl Into<String>) -> Self {
        Self::Refused(words.into())
    }
}
