//! The post office: one interface, with the mail service or a local mailbox behind it.

use std::{error::Error, fmt, future::Future, pin::Pin, time::Duration};

use domain::EmailAddress;

/// A message ready to leave.
#[derive(Clone)]
pub struct Mail {
    /// Where it comes from.
    pub from: EmailAddress,
    /// Where it goes.
    pub to: EmailAddress,
    /// The whole message (RFC 5322).
    pub message: Vec<u8>,
    /// The letter's key, to find it again when the mail service tells of it.
    pub tag: String,
}

/// Prints the letter's key alone: a message never reaches a log by accident.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({})", self.tag)
    }
}

/// Why a message did not leave.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The mail service will never take it: a person must look.
    #[error("the mail service refuses the message")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
    /// The mail service did not take it now.
    #[error("the mail service does not take the message now")]
    Later(#[source] Box<dyn Error + Send + Sync>),
}

/// After so long a message counts as not taken.
pub const SENDING_MAX: Duration = Duration::from_secs(20);

/// A message on its way; the answer is the mail service's id for it.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<String, PostError>> + Send + 'a>>;

/// Sends messages. An implementation never retries, for the outbox does, and has an answer within
/// [`SENDING_MAX`].
pub trait PostOffice: Send + Sync {
    /// Sends one message.
    fn send(&self, mail: Mail) -> Sending<'_>;
}
