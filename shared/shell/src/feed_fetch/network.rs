//! The way to the internet: names and connections, and no choice between them.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
};

/// Bytes in both directions.
pub(super) type Stream = Pin<Box<dyn TwoWays>>;

/// What a [`Stream`] can do.
pub(super) trait TwoWays: AsyncRead + AsyncWrite + Send {}

impl<S: AsyncRead + AsyncWrite + Send> TwoWays for S {}

/// Something on its way from the network.
pub(super) type Arriving<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// What the fetcher asks of the world. Neither of the two may do the work of the other: between
/// them the addresses are checked.
pub(super) trait Network: Send + Sync {
    /// Every address of a host.
    fn look_up<'a>(&'a self, host: &'a str) -> Arriving<'a, Vec<IpAddr>>;

    /// A connection to exactly this address.
    fn connect(&self, address: SocketAddr) -> Arriving<'_, Stream>;
}

/// The real internet, as the machine knows it.
pub(super) struct Internet;

impl Network for Internet {
    fn look_up<'a>(&'a self, host: &'a str) -> Arriving<'a, Vec<IpAddr>> {
        Box::pin(async move {
            // The dot says that the name is complete: without it, the machine's own domain and
            // its list of hosts could have another meaning for it.
            let found = lookup_host((format!("{host}."), 443)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }

    fn connect(&self, address: SocketAddr) -> Arriving<'_, Stream> {
        Box::pin(async move {
            let stream: Stream = Box::pin(TcpStream::connect(address).await?);
            Ok(stream)
        })
    }
}
