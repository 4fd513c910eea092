//! The way to AWS: one connector, one TLS stack, and only the roots that AWS's services hang on.
//!
//! Reading the system's bundle of some 140 roots was half of what a function did before its first
//! request. The roots in `amazon_roots.pem` are those that AWS asks its customers to trust (Amazon
//! Root CA 1 to 4, and Starfield Services Root Certificate Authority G2; see Amazon Trust Services,
//! "Certification authorities", and the AWS security blog, "How to prepare for AWS's move to its own
//! certificate authority"); the first of them ends in 2037.

use std::time::Duration;

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::{
    Connector,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector as _, HttpConnectorSettings, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
};
use aws_smithy_types::body::SdkBody;
use http::Request;

use super::CloudError;

/// The roots of Amazon Trust Services.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon_roots.pem");

/// After so long a connection counts as not made, as in the SDK's own default.
const CONNECT_PATIENCE: Duration = Duration::from_millis(3_100);

/// Everything that goes out goes through here. Clones share one pool of connections.
#[derive(Clone, Debug)]
pub(super) struct Connection(SharedHttpConnector);

impl Connection {
    /// A connection that trusts AWS, and these roots besides, if there are any (PEM).
    pub(super) fn new(more_roots: Option<Vec<u8>>) -> Result<Self, CloudError> {
        let roots = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
        let roots = more_roots.into_iter().fold(roots, TrustStore::with_pem_certificate);
        let tls = TlsContext::builder().with_trust_store(roots).build()?;
        let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_PATIENCE).build();
        let connector = Connector::builder()
            // The TLS stack that starts fastest.
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(tls)
            .connector_settings(settings)
            .sleep_impl(TokioSleep::new())
            .build();
        Ok(Self(SharedHttpConnector::new(connector)))
    }

    /// For the clients of the SDK. How patient they are with a whole operation is their own.
    pub(super) fn for_clients(&self) -> SharedHttpClient {
        let connector = self.0.clone();
        http_client_fn(move |_, _| connector.clone())
    }

    /// Sends one request of our own making; nobody retries it.
    pub(super) async fn send(&self, request: Request<SdkBody>) -> Result<HttpResponse, CloudError> {
        let request = HttpRequest::try_from(request)?;
        Ok(self.0.call(request).await?)
    }

    /// Opens the connection to `endpoint` before anybody waits for it. Whatever comes back, it is
    /// open then; if nothing does, the first who needs it will say so.
    pub(super) async fn open(&self, endpoint: &str) {
        let request = Request::get(format!("{endpoint}/ping")).body(SdkBody::empty());
        if let Ok(request) = request {
            drop(self.send(request).await);
        }
    }
}
