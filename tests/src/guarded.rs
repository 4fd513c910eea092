//! Tables that keep to the rights of the template: a connector between the client and the tables
//! that refuses what a function may not do, as the cloud would, and keeps what was asked for.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use shell::function_at_work;

use crate::{
    TestTables,
    rights::{Asked, Policy, Right},
    template::Template,
};

/// What the names of the tables begin with, in every house.
const PREFIX: &str = "anteroom-";

/// Tables that keep to the rights. Clones share what they have seen.
#[derive(Clone, Debug)]
pub struct GuardedTables {
    inner: SharedHttpConnector,
    seen: Arc<Mutex<Seen>>,
}

/// What functions asked for.
#[derive(Debug, Default)]
struct Seen {
    rights: BTreeSet<Right>,
    refused: Vec<String>,
}

impl GuardedTables {
    /// Stands before these tables.
    pub fn new(tables: &TestTables) -> Self {
        Self { inner: tables.connector(), seen: Arc::default() }
    }

    /// The rights that were used so far.
    pub fn used(&self) -> BTreeSet<Right> {
        self.seen().rights.clone()
    }

    /// The rights that were used since this was last asked.
    pub fn take_used(&self) -> BTreeSet<Right> {
        std::mem::take(&mut self.seen().rights)
    }

    /// What was asked for without a right, in words.
    pub fn refused(&self) -> Vec<String> {
        self.seen().refused.clone()
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the function at work may ask for this. Tests themselves may do everything.
    fn admits(&self, request: &HttpRequest) -> bool {
        let Some(function) = function_at_work() else { return true };
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let body = serde_json::from_slice(body).expect("JSON");
        let mut seen = self.seen();
        let mut is_allowed = true;
        for asked in Asked::of(function, operation, &body, PREFIX) {
            seen.rights.extend(asked.rights());
            if !policy().allows(&asked) {
                seen.refused.extend(asked.rights().map(|right| right.to_string()));
                is_allowed = false;
            }
        }
        is_allowed
    }
}

/// The rights of the template, read once.
fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| Policy::of(&Template::read()))
}

impl HttpConnector for GuardedTables {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if self.admits(&request) {
            self.inner.call(request)
        } else {
            HttpConnectorFuture::ready(Ok(access_denied()))
        }
    }
}

fn access_denied() -> HttpResponse {
    let body = r#"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not in the template"}"#;
    let status = StatusCode::try_from(400).unwrap_or_else(|_| unreachable!("400 is a status"));
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}
