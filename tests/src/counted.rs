//! Tables that count their calls by kind: a connector between the client and the tables.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector},
    orchestrator::HttpRequest,
};

use crate::TestTables;

/// How often each operation was called, by its name at DynamoDB, such as `Query`.
pub type CallsByKind = BTreeMap<String, u32>;

/// Tables that count. Clones count together.
#[derive(Debug, Clone)]
pub struct CountedTables {
    inner: SharedHttpConnector,
    calls: Arc<Mutex<CallsByKind>>,
}

impl CountedTables {
    /// Counts what is asked of these tables.
    pub fn new(tables: &TestTables) -> Self {
        Self { inner: tables.connector(), calls: Arc::default() }
    }

    /// The calls since this was last asked.
    pub fn take(&self) -> CallsByKind {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
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
