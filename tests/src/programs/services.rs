//! Stand-ins of the services that a function asks, behind one address with TLS: DynamoDB by the
//! embedded tables, the parameter store with its one secret, and SES by a mailbox. What is written into
//! the outbox is noted, as its stream does.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use anteroom::{Mailbox, mail_peer, tables::EmbeddedTables};
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
use serde_json::{Value, json};
use shell::{Clock as _, SystemClock};
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

use crate::{TestTables, World, world::SECRET};

/// The stand-ins.
pub struct Services {
    /// Where all of them are reached.
    pub(super) endpoint: String,
    /// The root that their certificate hangs on, for `AWS_CA_BUNDLE`.
    pub(super) roots: PathBuf,
    records: Records,
}

/// Letters that were put into the outbox, as its stream tells of them.
type Records = Arc<Mutex<Vec<Value>>>;

#[derive(Clone)]
struct Shared {
    tables: SharedHttpConnector,
    records: Records,
}

impl Services {
    /// The services, and a world at the present moment in their tables.
    pub async fn open() -> (Arc<Self>, World) {
        let tables = TestTables::embedded(&EmbeddedTables::in_memory().expect("tables"));
        let mailbox = Arc::new(Mailbox::in_memory());
        let office: Arc<Mailbox> = Arc::clone(&mailbox);
        let client = tables.client_by(tables.connector());
        let world = World::over(client, office, Arc::clone(&mailbox), |_| {}).await;
        world.asleep_until(SystemClock.now());
        world.settle().await;
        let (listener, roots) = TlsListener::open().await;
        let endpoint = format!("https://localhost:{}", listener.address.port());
        let records = Records::default();
        let shared = Shared { tables: tables.connector(), records: Arc::clone(&records) };
        let router = Router::new().fallback(any(answer)).with_state(shared);
        let router = router.merge(mail_peer(mailbox));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
        (Arc::new(Self { endpoint, roots, records }), world)
    }

    /// What was put into the outbox since this was last asked.
    pub(super) fn take_records(&self) -> Vec<Value> {
        std::mem::take(&mut self.records.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn answer(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let Some(target) = target else { return StatusCode::NOT_FOUND.into_response() };
    if target.starts_with("AmazonSSM.") {
        let secret = hex::encode([SECRET; 32]);
        return format!(r#"{{"Parameter":{{"Value":"{secret}"}}}}"#).into_response();
    }
    let request = Request::post("http://tables/").header("x-amz-target", target);
    let request = request.body(SdkBody::from(body.clone())).expect("a request");
    let request = request.try_into().expect("a request of the SDK");
    let answer = shared.tables.call(request).await.expect("embedded tables answer");
    let status = StatusCode::from_u16(answer.status().as_u16()).expect("a status");
    if status.is_success() && target.ends_with(".TransactWriteItems") {
        shared.records.lock().unwrap_or_else(PoisonError::into_inner).extend(records(&body));
    }
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, [("content-type", "application/x-amz-json-1.0")], body).into_response()
}

/// The stream's records of what a transaction puts into the outbox.
fn records(transaction: &Bytes) -> Vec<Value> {
    let transaction: Value = serde_json::from_slice(transaction).expect("JSON");
    let writes = transaction["TransactItems"].as_array().into_iter().flatten();
    let puts = writes.map(|write| &write["Put"]);
    let letters = puts.filter(|put| put["TableName"] == "anteroom-outbox").map(|put| &put["Item"]);
    let record = |letter: &Value| {
        json!({
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": { "pk": letter["pk"], "sk": letter["sk"] },
                "SequenceNumber": "100000000000000000001",
            },
        })
    };
    letters.map(record).collect()
}

/// The file with the root goes, too.
impl Drop for Services {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.roots));
    }
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
        let inner = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = inner.local_addr().expect("an address");
        let names = vec!["localhost".to_owned()];
        let own = rcgen::generate_simple_self_signed(names).expect("a certificate");
        let roots = std::env::temp_dir().join(format!("anteroom-roots-{}.pem", address.port()));
        #[expect(clippy::disallowed_methods, reason = "the programs read their roots from a file")]
        std::fs::write(&roots, own.cert.pem()).expect("a file for the root");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)
            .expect("a certificate with its key");
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
