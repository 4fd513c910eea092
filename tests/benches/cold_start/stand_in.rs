//! Stand-ins of the services that a function asks, behind one address with TLS: DynamoDB by the
//! embedded tables of a living world, the parameter store with its one secret, and SES, which only
//! has to take a connection.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anteroom::{Mailbox, tables::EmbeddedTables};
use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_types::body::SdkBody;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Request, StatusCode},
    response::{IntoResponse as _, Response},
    routing::any,
    serve::Listener,
};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use shell::{Clock as _, SystemClock};
use tests::{TestTables, World};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
    server::TlsStream,
};

/// The stand-ins, and what stands in their tables.
pub(crate) struct StandIn {
    /// The world in the tables, at the present moment.
    pub(crate) world: World,
    /// Where all of them are reached.
    pub(crate) endpoint: String,
    /// The root that their certificate hangs on, for `AWS_CA_BUNDLE`.
    pub(crate) roots: PathBuf,
}

impl StandIn {
    pub(crate) async fn open() -> Self {
        let tables = TestTables::embedded(&EmbeddedTables::in_memory().expect("tables"));
        let connector = tables.connector();
        let mailbox = Arc::new(Mailbox::in_memory());
        let office: Arc<Mailbox> = Arc::clone(&mailbox);
        let client = tables.client_by(tables.connector());
        let world = World::over(client, office, mailbox, |_| {}).await;
        world.asleep_until(SystemClock.now());
        world.settle().await;
        let (listener, roots) = TlsListener::open().await;
        let endpoint = format!("https://localhost:{}", listener.address.port());
        let router = Router::new().fallback(any(answer)).with_state(connector);
        tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
        Self { world, endpoint, roots }
    }
}

async fn answer(
    State(tables): State<SharedHttpConnector>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let Some(target) = target else { return StatusCode::NOT_FOUND.into_response() };
    if target.starts_with("AmazonSSM.") {
        let secret = "07".repeat(32);
        return format!(r#"{{"Parameter":{{"Value":"{secret}"}}}}"#).into_response();
    }
    let request = Request::post("http://tables/").header("x-amz-target", target);
    let request = request.body(SdkBody::from(body)).expect("a request");
    let request = request.try_into().expect("a request of the SDK");
    let answer = tables.call(request).await.expect("embedded tables answer");
    let status = StatusCode::from_u16(answer.status().as_u16()).expect("a status");
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, [("content-type", "application/x-amz-json-1.0")], body).into_response()
}

/// Takes connections with TLS.
struct TlsListener {
    inner: TcpListener,
    acceptor: TlsAcceptor,
    address: SocketAddr,
}

impl TlsListener {
    /// A listener, and the file with the root that it hangs on.
    async fn open() -> (Self, PathBuf) {
        let names = vec!["localhost".to_owned()];
        let own = rcgen::generate_simple_self_signed(names).expect("a certificate");
        let roots = std::env::temp_dir().join(format!("anteroom-roots-{}.pem", std::process::id()));
        #[expect(clippy::disallowed_methods, reason = "the programs read their roots from a file")]
        std::fs::write(&roots, own.cert.pem()).expect("a file for the root");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)
            .expect("a certificate with its key");
        let inner = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = inner.local_addr().expect("an address");
        (Self { inner, acceptor: Arc::new(config).into(), address }, roots)
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, peer) = self.inner.accept().await.expect("a connection");
            // A small answer must not wait for the acknowledgement of the one before.
            stream.set_nodelay(true).expect("a connection that sends at once");
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, peer);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(self.address)
    }
}
