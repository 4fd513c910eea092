//! What can go wrong between us and the tables.

use std::error::Error;

/// A request to the tables that did not work out. The chain of causes is for operators.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The request failed, after the client's own retries.
    #[error("cannot {attempt}")]
    Request {
        /// What was being attempted.
        attempt: &'static str,
        /// Why it failed.
        source: Box<dyn Error + Send + Sync>,
    },
    /// An item is not of the shape it was written in.
    #[error("cannot read a stored {what}")]
    Unreadable {
        /// What it should be.
        what: &'static str,
        /// Why it is not.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// Wraps a failed request.
    pub(crate) fn request<E>(attempt: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Error + Send + Sync + 'static,
    {
        move |source| Self::Request { attempt, source: Box::new(source) }
    }

    /// Wraps a failed reading.
    pub(crate) fn unreadable<E>(what: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        move |source| Self::Unreadable { what, source: source.into() }
    }
}
