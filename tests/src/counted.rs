//! Tables that count their calls by kind: a connector between the client and the embedded engine.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use anteroom::tables::{EmbeddedHttpClient, EmbeddedTables};
use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region},
};
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};

/// How often each operation was called, by its name at DynamoDB, such as `Query`.
pub type CallsByKind = BTreeMap<String, u32>;

/// Tables that count.
#[derive(Debug, Clone)]
pub struct CountedTables {
    inner: EmbeddedHttpClient,
    calls: Arc<Mutex<CallsByKind>>,
}

impl CountedTables {
    /// Counts what is asked of these tables.
    pub fn new(tables: &EmbeddedTables) -> Self {
        Self { inner: tables.connector(), calls: Arc::default() }
    }

    /// A client that is counted.
    pub fn client(&self) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("local"))
            .credentials_provider(Credentials::new("local", "local", None, None, "tests"))
            .http_client(self.clone())
            .build();
        Client::from_conf(config)
    }

    /// The calls since this was last asked.
    pub fn take(&self) -> CallsByKind {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl HttpClient for CountedTables {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for CountedTables {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let kind = target.rsplit('.').next().unwrap_or_default().to_owned();
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(kind).or_default() += 1;
        self.inner.call(request)
    }
}
