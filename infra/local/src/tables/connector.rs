//! The SDK's way in: an HTTP client that answers in this process instead of dialling.

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::header::CONTENT_TYPE;

use super::engine::{Answer, Engine, JSON, TARGET};

/// An HTTP client that has one host only: the embedded tables. It ignores the address.
#[derive(Clone, Debug)]
pub struct EmbeddedHttpClient {
    engine: Engine,
}

impl EmbeddedHttpClient {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }
}

impl HttpClient for EmbeddedHttpClient {
    /// Time-outs need no setting: there is no connection to wait for.
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for EmbeddedHttpClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let engine = self.engine.clone();
        HttpConnectorFuture::new(async move {
            let target = request.headers().get(TARGET).unwrap_or_default().to_owned();
            let Some(body) = request.body().bytes().map(Bytes::copy_from_slice) else {
                return Err(ConnectorError::user("a DynamoDB call never streams its body".into()));
            };
            Ok(response(engine.answer(&target, body).await))
        })
    }
}

fn response(answer: Answer) -> HttpResponse {
    let status = StatusCode::from(answer.status);
    let mut response = HttpResponse::new(status, SdkBody::from(answer.body));
    response.headers_mut().insert(CONTENT_TYPE.as_str(), JSON);
    response
}
