//! Tables that hold a look at everything up until something else has happened.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector},
    orchestrator::HttpRequest,
};
use tokio::sync::Notify;

use crate::TestTables;

/// A way to tables with a gate in front of some of its scans.
#[derive(Clone)]
pub struct GatedTables {
    inner: SharedHttpConnector,
    first: usize,
    step: usize,
    scans: Arc<AtomicUsize>,
    reached: Arc<Notify>,
    opened: Arc<Notify>,
}

impl std::fmt::Debug for GatedTables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GatedTables")
    }
}

impl GatedTables {
    /// The scan of this number, counted from 0, waits at the gate.
    pub fn at(tables: &TestTables, scan: usize) -> Self {
        Self::each(tables, scan, usize::MAX)
    }

    /// So does each one that comes so many later.
    pub fn each(tables: &TestTables, first: usize, step: usize) -> Self {
        let inner = tables.connector();
        let (reached, opened) = (Arc::default(), Arc::default());
        Self { inner, first, step, scans: Arc::default(), reached, opened }
    }

    /// Waits until a scan stands at the gate.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// Lets it through.
    pub fn open(&self) {
        self.opened.notify_one();
    }
}

impl HttpConnector for GatedTables {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let is_scan = target.ends_with(".Scan");
        let number = if is_scan { self.scans.fetch_add(1, Ordering::SeqCst) } else { 0 };
        let behind = number.checked_sub(self.first);
        let is_gated = is_scan && behind.is_some_and(|behind| behind % self.step == 0);
        let gated = self.clone();
        HttpConnectorFuture::new(async move {
            if is_gated {
                gated.reached.notify_one();
                gated.opened.notified().await;
            }
            gated.inner.call(request).await
        })
    }
}
