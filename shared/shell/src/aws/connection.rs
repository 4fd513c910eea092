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
use chrono::{DateTime, Utc};
use http::Request;
use http_body_util::{BodyExt as _, Limited};

use super::AwsError;

/// The roots of Amazon Trust Services.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon_roots.pem");

/// After so long a connection counts as not made, as in the SDK's own default.
const CONNECT_PATIENCE: Duration = Duration::from_millis(3_100);

/// After so long a connection that nobody waits for yet is given up: a start must not wait for it.
pub const OPEN_PATIENCE: Duration = Duration::from_secs(1);

/// The most that is listened to of an answer that nobody asked for.
const HEARD_MAX: usize = 64 * 1024;

/// After so long a page counts as not answering.
const LOOK_PATIENCE: Duration = Duration::from_secs(30);

/// How a page answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// With what status.
    pub status: http::StatusCode,
    /// Whether it is a page, and not something that stands in front of the house and says no.
    pub is_page: bool,
    /// When, by its own clock, if it said so.
    pub date: Option<DateTime<Utc>>,
}

/// Everything that goes out goes through here. Clones share one pool of connections.
#[derive(Clone, Debug)]
pub struct Connection(SharedHttpConnector);

impl Connection {
    /// A connection that trusts AWS, and these roots besides, if there are any (PEM).
    pub fn new(more_roots: Option<Vec<u8>>) -> Result<Self, AwsError> {
        let roots = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
        Self::trusting(roots, more_roots)
    }

    /// A connection to the house's own pages, for an operator: it trusts what this machine trusts, as
    /// a browser does, for anybody's certificate may stand in front of the house.
    pub fn to_pages(more_roots: Option<Vec<u8>>) -> Result<Self, AwsError> {
        Self::trusting(TrustStore::empty().with_native_roots(true), more_roots)
    }

    fn trusting(roots: TrustStore, more_roots: Option<Vec<u8>>) -> Result<Self, AwsError> {
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
    pub fn for_clients(&self) -> SharedHttpClient {
        let connector = self.0.clone();
        http_client_fn(move |_, _| connector.clone())
    }

    /// Sends one request of our own making; nobody retries it.
    pub(crate) async fn send(&self, request: Request<SdkBody>) -> Result<HttpResponse, AwsError> {
        let request = HttpRequest::try_from(request)?;
        Ok(self.0.call(request).await?)
    }

    /// How a page answers. Nobody retries it.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn look_at(&self, address: &str) -> Result<Looked, AwsError> {
        let request = Request::get(address).body(SdkBody::empty())?;
        let response = tokio::time::timeout(LOOK_PATIENCE, self.send(request)).await??;
        let header = |name: &str| response.headers().get(name);
        let date = header("date")
            .and_then(|date| DateTime::parse_from_rfc2822(date).ok().map(|date| date.to_utc()));
        let is_page = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        let status = http::StatusCode::from_u16(response.status().as_u16())?;
        Ok(Looked { status, is_page, date })
    }

    /// Opens the connection to `endpoint` before anybody waits for it. Whatever comes back, it is
    /// open then; if nothing does soon, the first who needs it will say so.
    pub async fn open(&self, endpoint: &str) {
        let request = Request::get(format!("{endpoint}/ping")).body(SdkBody::empty());
        if let Ok(request) = request {
            drop(tokio::time::timeout(OPEN_PATIENCE, self.ask_and_listen(request)).await);
        }
    }

    /// A connection whose answer was not heard to its end may not be used again.
    async fn ask_and_listen(&self, request: Request<SdkBody>) -> Result<(), AwsError> {
        let answer = self.send(request).await?;
        Limited::new(answer.into_body(), HEARD_MAX).collect().await?;
        Ok(())
    }
}
