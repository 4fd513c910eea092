//! Fetching a calendar feed from an address that somebody else chose.
//!
//! Such an address could lead to a machine that only this one can reach, so nothing is asked
//! before it is known to be public: the name is looked up once, every answer is checked, and the
//! connection goes to what was checked, not to the name. There is one request, by https, and no
//! redirect is followed. All of it together has [`PATIENCE`], and the body [`BODY_MAX`].
//!
//! What was fetched is what a stranger wrote: whoever reads the calendar must not trust it either.

mod error;
mod etag;
mod exchange;
mod network;
mod public_address;
#[cfg(test)]
mod tests;

pub use error::{FetchError, WhyNot};
pub use etag::ETag;

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    sync::{Arc, LazyLock},
    time::Duration,
};

use domain::FeedAddress;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{self, ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use error::NotPublic;
use network::{Internet, Network, Stream};
use public_address::is_public;

/// After so long a feed counts as not answering, everything from its name to its last byte together.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a feed may have, in bytes: ten years of a full calendar.
const BODY_MAX: usize = 1024 * 1024;

/// So many addresses of one name are tried, one after the other.
const ATTEMPTS_MAX: usize = 3;

/// What a feed answered.
#[derive(Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It is as it was when it had the tag that was given.
    Unchanged,
    /// This is how it is now.
    New {
        /// The calendar as it came: nobody has looked at it yet.
        body: Vec<u8>,
        /// What to give the next time, if the server has such tags.
        etag: Option<ETag>,
    },
}

/// Prints a length: what stands in a calendar never reaches a log by accident.
impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchanged => f.write_str("Unchanged"),
            Self::New { body, .. } => write!(f, "New({} bytes)", body.len()),
        }
    }
}

type MakeConnector = Box<dyn FnOnce() -> TlsConnector + Send>;

/// Fetches calendar feeds. To be made once and kept; a clone is cheap.
#[derive(Clone)]
pub struct FeedFetcher {
    network: Arc<dyn Network>,
    /// Made when it is first needed: reading some 140 roots is no part of a start.
    tls: Arc<LazyLock<TlsConnector, MakeConnector>>,
}

fn connector(roots: RootCertStore) -> TlsConnector {
    // The provider is named, so that no other crate's choice for the process matters.
    let mut tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap_or_else(|_| unreachable!("ring knows the default versions of TLS"))
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(tls).into()
}

impl Default for FeedFetcher {
    fn default() -> Self {
        Self::new()
    }
}

impl FeedFetcher {
    /// A fetcher on the real internet, which trusts what Mozilla trusts.
    pub fn new() -> Self {
        let roots = || webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        Self::on(Arc::new(Internet), roots)
    }

    fn on(
        network: Arc<dyn Network>,
        roots: impl FnOnce() -> RootCertStore + Send + 'static,
    ) -> Self {
        let make: MakeConnector = Box::new(|| connector(roots()));
        Self { network, tls: Arc::new(LazyLock::new(make)) }
    }

    /// Fetches the feed at `address`, or learns that it is still what had the tag `known`.
    ///
    /// Nothing is tried again here. The system's look-up of a name cannot be called off: it may
    /// go on for a while on a thread of its own after the answer "too slow".
    pub async fn fetch(
        &self,
        address: &FeedAddress,
        known: Option<&ETag>,
    ) -> Result<Fetched, FetchError> {
        let outcome = tokio::time::timeout(PATIENCE, self.try_fetch(address, known)).await;
        outcome
            .unwrap_or(Err(WhyNot::Slow))
            .map_err(|why| FetchError { host: address.host().to_owned(), why })
    }

    async fn try_fetch(
        &self,
        address: &FeedAddress,
        known: Option<&ETag>,
    ) -> Result<Fetched, WhyNot> {
        let found = self.network.look_up(address.host()).await.map_err(WhyNot::Unknown)?;
        let stream = self.connect(&all_public(found)?).await?;
        let stream = self.secure(address, stream).await?;
        exchange::ask(stream, address, known).await
    }

    /// Connects to the first of these addresses that takes the connection.
    async fn connect(&self, checked: &[IpAddr]) -> Result<Stream, WhyNot> {
        let mut failure = None;
        for address in checked.iter().take(ATTEMPTS_MAX) {
            match self.network.connect(SocketAddr::new(*address, 443)).await {
                Ok(stream) => return Ok(stream),
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.map_or(WhyNot::Nowhere, WhyNot::Unreachable))
    }

    async fn secure(
        &self,
        address: &FeedAddress,
        stream: Stream,
    ) -> Result<TlsStream<Stream>, WhyNot> {
        let name = ServerName::try_from(address.host().to_owned())
            .unwrap_or_else(|_| unreachable!("a feed address has the name of a host"));
        self.tls.connect(name, stream).await.map_err(|error| {
            let is_about_tls =
                matches!(error.get_ref(), Some(cause) if cause.is::<rustls::Error>());
            if is_about_tls { WhyNot::Insecure(error) } else { WhyNot::Unreachable(error) }
        })
    }
}

/// These addresses, if every one of them is public: a name with both kinds is a trap.
fn all_public(found: Vec<IpAddr>) -> Result<Vec<IpAddr>, WhyNot> {
    match found.iter().find(|address| !is_public(**address)) {
        Some(private) => Err(WhyNot::NotPublic(NotPublic(*private))),
        None => Ok(found),
    }
}
