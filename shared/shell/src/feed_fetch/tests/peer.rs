//! A calendar server that somebody else wrote, where one runs: `tests/peers/calendar_server.py`
//! starts it on this machine, says where, and reads what was fetched.
//!
//! The fetcher is told of a public address, and finds TLS there, as always; the way on from there,
//! to a server that is on this machine and has no TLS, is that of any server behind a proxy.

use std::{env, fs, net::Ipv4Addr};

use tokio::{
    io::{copy_bidirectional, duplex},
    net::TcpStream,
};
use tokio_rustls::TlsAcceptor;

use super::{super::network::Arriving, *};

/// What stands at the public addresses.
struct Proxy {
    tls: Arc<rustls::ServerConfig>,
    behind: SocketAddr,
}

impl Network for Proxy {
    fn look_up<'a>(&'a self, _: &'a str) -> Arriving<'a, Vec<IpAddr>> {
        Box::pin(async { Ok(PUBLIC.to_vec()) })
    }

    fn connect(&self, address: SocketAddr) -> Arriving<'_, Stream> {
        assert_eq!(address, SocketAddr::new(PUBLIC[0], 443));
        let tls = TlsAcceptor::from(Arc::clone(&self.tls));
        Box::pin(async move {
            let mut behind = TcpStream::connect(self.behind).await?;
            let (ours, theirs) = duplex(16 * 1024);
            tokio::spawn(async move {
                let mut stream = tls.accept(theirs).await?;
                copy_bidirectional(&mut stream, &mut behind).await
            });
            let ours: Stream = Box::pin(ours);
            Ok(ours)
        })
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "who started the server says where it is")]
async fn a_feed_comes_from_a_server_that_somebody_else_wrote() {
    let told = ["PORT", "PATH", "FILE"].map(|word| env::var(format!("ANTEROOM_PEER_{word}")));
    let [Ok(port), Ok(path), Ok(file)] = told else { return };
    let authority = Authority::new();
    let behind = SocketAddr::from((Ipv4Addr::LOCALHOST, port.parse().unwrap()));
    let proxy = Proxy { tls: authority.server(HOST, 4000), behind };
    let fetcher = FeedFetcher::on(Arc::new(proxy), {
        let roots = authority.roots();
        move || roots
    });
    let address = FeedAddress::parse(&format!("https://{HOST}{path}")).unwrap();
    let first = fetcher.fetch(&address, None).await.unwrap();
    let Fetched::New { body, etag: Some(etag) } = &first else { panic!("{first:?}") };
    // A server may send again what it has sent before, although it could compare the tags.
    let again = fetcher.fetch(&address, Some(etag)).await.unwrap();
    assert!(again == Fetched::Unchanged || again == first);
    fs::write(file, body).unwrap();
}
