//! Why a feed could not be fetched: for its owner one sentence, for operators the chain of causes.

use std::{error::Error, fmt, io, net::IpAddr};

use http::StatusCode;

/// Why a feed could not be fetched, with what to do about it. Of its address only the host is told.
#[derive(Debug)]
pub struct FetchError {
    /// Where it was to be fetched.
    pub host: String,
    /// What went wrong.
    pub why: WhyNot,
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the calendar at {} {}", self.host, self.why)
    }
}

impl Error for FetchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.why.source()
    }
}

/// What went wrong: the end of a sentence that begins with "the calendar at".
#[derive(Debug, thiserror::Error)]
pub enum WhyNot {
    /// The name leads nowhere.
    #[error("cannot be found: please check its address, and try again later if it is right")]
    Unknown(#[source] io::Error),
    /// The name is known, and has no address.
    #[error("has no place on the internet: please check its address")]
    Nowhere,
    /// An address of it is one that only machines near this one can reach.
    #[error(
        "is not on the public internet, and only public ones are read: please check its address"
    )]
    NotPublic(#[source] NotPublic),
    /// No address of it takes a connection, or none is kept up.
    #[error(
        "cannot be reached: please try again later, and check its address if that does not help"
    )]
    Unreachable(#[source] io::Error),
    /// The certificate is not good for the host, or there is no common way to encrypt.
    #[error(
        "has no safe connection: whoever runs it must renew its certificate; please check its address too"
    )]
    Insecure(#[source] io::Error),
    /// What came is not HTTP, or not all of it.
    #[error("broke off or gave an answer that cannot be read: please try again later")]
    Broken(#[source] hyper::Error),
    /// Everything together took longer than two seconds.
    #[error("took longer than two seconds to come: please try again later")]
    Slow,
    /// The answer names another address.
    #[error(
        "has moved, and nobody is followed to another address: please copy its new address from where you keep it"
    )]
    Moved,
    /// The server does not give it to us: it is not there any more, or not shared.
    #[error(
        "is not handed out ({0}): please check that it is still shared, and copy its address once more"
    )]
    Withheld(StatusCode),
    /// The server has troubles of its own, or has been asked too often.
    #[error("cannot be had at the moment ({0}): please try again later")]
    Failing(StatusCode),
    /// What is there is something else than a calendar.
    #[error(
        "is not a calendar but something else: please copy the address that your calendar gives for subscribing"
    )]
    NotCalendar,
    /// It was asked for plain and came in an encoding, which could grow beyond measure.
    #[error("comes compressed although we ask for it plain: please tell whoever runs it")]
    Compressed,
    /// It is longer than a megabyte.
    #[error("has more than 1 MB: please share one with fewer past appointments")]
    TooLarge,
}

/// An address that a public name must not lead to. Whoever gave the name is not told the address:
/// it could be one of ours.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to {0}, which is not public")]
pub struct NotPublic(pub(super) IpAddr);
