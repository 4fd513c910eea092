//! Why a command ends: one sentence for the person at the keyboard.

use std::{error::Error, iter::successors};

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
        "the letters of {0} were signed with another secret than the one that is kept here, so no link in \
         them would open. On AWS the right one is in the history of the parameter: bring its line back \
         ({0}, a space, 64 digits; or the first line, which is the house's), and have the functions start \
         anew (deploy with --set LinkKeysVersion= and the parameter's version)"
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

/// A problem with the whole chain of its causes, in a line.
pub(crate) fn with_causes(problem: &(dyn Error + 'static)) -> String {
    let causes = successors(Some(problem), |&problem| problem.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
