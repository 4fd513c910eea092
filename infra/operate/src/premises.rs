//! Where a house is kept.

use chrono::{DateTime, Utc};
use shell::LinkKeys;
use store::Store;

use crate::{OperateProblem, Operator};

/// Where a house is kept: in a data folder of this machine, or in a stack on AWS.
pub trait Premises {
    /// Its tables.
    fn store(&self) -> &Store;

    /// How a command that is meant for it is told which one it is: `--stack NAME`, or `--data PATH`.
    fn address(&self) -> String;

    /// Whether its pages may be open while a command is at work.
    fn is_running(&self) -> bool {
        false
    }

    /// The domain that its letters leave from, if only one can.
    fn mail_domain(&self) -> impl Future<Output = Result<Option<String>, OperateProblem>> {
        async { Ok(None) }
    }

    /// Why no letter can reach everybody from here yet, if so.
    fn why_mail_waits(&self) -> impl Future<Output = Result<Option<String>, OperateProblem>> {
        async { Ok(None) }
    }

    /// Its tables as they were at a moment, brought back beside those of now until [`Self::forget`].
    fn recover(
        &self,
        _at: DateTime<Utc>,
        _operator: &impl Operator,
    ) -> impl Future<Output = Result<Store, OperateProblem>> {
        let words = "only AWS remembers how a house was (--stack names one there); of a data folder \
                     there is what `anteroom backup` has copied";
        async move { Err(OperateProblem::refused(words)) }
    }

    /// Removes what was brought back of that moment.
    fn forget(
        &self,
        _at: DateTime<Utc>,
        _operator: &impl Operator,
    ) -> impl Future<Output = Result<(), OperateProblem>> {
        async { Ok(()) }
    }

    /// The secrets that its links are signed with.
    fn link_keys(&self) -> impl Future<Output = Result<LinkKeys, OperateProblem>>;

    /// Keeps these from now on, so that whoever signs or reads a link next goes by them. Doing it again
    /// completes what was cut off.
    fn keep_link_keys(
        &self,
        keys: &LinkKeys,
        operator: &impl Operator,
    ) -> impl Future<Output = Result<(), OperateProblem>>;
}
