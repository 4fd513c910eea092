//! An internet of one server, in memory: names and addresses by decree, TLS by real certificates,
//! answers by a script. With tokio's paused clock a slow server takes no time.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{RootCertStore, ServerConfig, crypto::ring, pki_types::PrivatePkcs8KeyDer},
};

use super::super::network::{Arriving, Network, Stream};

/// Whose word counts, and what it signed.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// What somebody trusts who trusts this authority alone.
    pub(super) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        roots
    }

    /// A server that can prove to be `host`, until the first day of `year`.
    pub(super) fn server(&self, host: &str, year: i32) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, 1, 1);
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();
        Arc::new(server)
    }
}

/// What the server does once a request has come.
#[derive(Clone)]
pub(super) enum Script {
    /// Sends this and hangs up.
    Answer(Vec<u8>),
    /// Sends the first, and then the second again and again, with a pause before each.
    Endless(Vec<u8>, Duration, Vec<u8>),
    /// Hangs up before anybody has said who they are.
    HangUp,
    /// Says nothing at all.
    Silence,
}

/// The whole internet of one test.
pub(super) struct Village {
    /// What every name leads to; nothing, if nobody knows the name.
    pub(super) addresses: Vec<IpAddr>,
    /// The addresses where somebody takes the connection.
    pub(super) awake: Vec<IpAddr>,
    pub(super) tls: Arc<ServerConfig>,
    pub(super) script: Script,
    pub(super) look_ups: Mutex<Vec<String>>,
    pub(super) connections: Mutex<Vec<SocketAddr>>,
    pub(super) requests: Arc<Mutex<Vec<String>>>,
    /// How many bytes of answers the client took.
    pub(super) taken: Arc<AtomicUsize>,
}

impl Network for Village {
    fn look_up<'a>(&'a self, host: &'a str) -> Arriving<'a, Vec<IpAddr>> {
        self.look_ups.lock().unwrap().push(host.to_owned());
        Box::pin(async {
            if self.addresses.is_empty() {
                return Err(io::Error::new(io::ErrorKind::NotFound, "no such name"));
            }
            Ok(self.addresses.clone())
        })
    }

    fn connect(&self, address: SocketAddr) -> Arriving<'_, Stream> {
        self.connections.lock().unwrap().push(address);
        Box::pin(async move {
            if !self.awake.contains(&address.ip()) {
                return Err(io::ErrorKind::ConnectionRefused.into());
            }
            let (ours, theirs) = tokio::io::duplex(16 * 1024);
            let server = Server {
                tls: Arc::clone(&self.tls),
                script: self.script.clone(),
                requests: Arc::clone(&self.requests),
                taken: Arc::clone(&self.taken),
            };
            // The client may hang up at any moment, and often should.
            tokio::spawn(async move { drop(server.serve(theirs).await) });
            let ours: Stream = Box::pin(ours);
            Ok(ours)
        })
    }
}

struct Server {
    tls: Arc<ServerConfig>,
    script: Script,
    requests: Arc<Mutex<Vec<String>>>,
    taken: Arc<AtomicUsize>,
}

impl Server {
    async fn serve(self, stream: DuplexStream) -> io::Result<()> {
        if matches!(self.script, Script::HangUp) {
            return Ok(());
        }
        let mut stream = TlsAcceptor::from(self.tls).accept(stream).await?;
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await?);
        }
        self.requests.lock().unwrap().push(String::from_utf8(request).unwrap());
        match self.script {
            Script::Answer(answer) => {
                stream.write_all(&answer).await?;
                stream.shutdown().await
            }
            Script::Endless(start, pause, piece) => {
                stream.write_all(&start).await?;
                loop {
                    tokio::time::sleep(pause).await;
                    stream.write_all(&piece).await?;
                    stream.flush().await?;
                    self.taken.fetch_add(piece.len(), Ordering::SeqCst);
                }
            }
            Script::HangUp | Script::Silence => std::future::pending().await,
        }
    }
}
