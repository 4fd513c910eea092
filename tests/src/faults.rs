//! Tables that fail: a connector between the client and the tables that loses answers,
//! refuses connections, throttles, reports conflicts, and dies in the middle of its work.
//!
//! What happens comes from one seed. Whether the effect took place before the answer was lost is
//! drawn too: that is the fault that tells honest retries from hopeful ones.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;

use crate::TestTables;

/// What can happen to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// The call never arrives.
    Refused,
    /// The call takes effect; its answer is lost.
    AnswerLost,
    /// The tables ask to come back later.
    Throttled,
    /// Two transactions met.
    Conflict,
    /// The process dies: this call and all that follow fail until it is revived.
    Crash,
}

/// Tables that fail now and then.
#[derive(Clone)]
pub struct FaultyTables {
    inner: SharedHttpConnector,
    chance: Arc<Mutex<fastrand::Rng>>,
    is_on: Arc<AtomicBool>,
    is_dead: Arc<AtomicBool>,
    injected: Arc<AtomicU64>,
}

impl std::fmt::Debug for FaultyTables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FaultyTables")
    }
}

impl FaultyTables {
    /// Faults from this seed, in front of these tables. Switched off at first.
    pub fn new(tables: &TestTables, seed: u64) -> Self {
        // The SDK draws the pauses between its own retries from here.
        fastrand::seed(seed);
        Self {
            inner: tables.connector(),
            chance: Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))),
            is_on: Arc::default(),
            is_dead: Arc::default(),
            injected: Arc::default(),
        }
    }

    /// Switches faults on or off; switching off also revives what has died.
    pub fn switch(&self, is_on: bool) {
        self.is_on.store(is_on, Ordering::SeqCst);
        self.revive();
    }

    /// Starts the process again that has died.
    pub fn revive(&self) {
        self.is_dead.store(false, Ordering::SeqCst);
    }

    /// How many faults there were.
    pub fn injected(&self) -> u64 {
        self.injected.load(Ordering::SeqCst)
    }

    fn draw(&self, is_transaction: bool) -> Fault {
        if !self.is_on.load(Ordering::SeqCst) {
            return Fault::None;
        }
        if self.is_dead.load(Ordering::SeqCst) {
            return Fault::Crash;
        }
        let drawn = self.chance.lock().unwrap_or_else(PoisonError::into_inner).u32(0..100);
        let fault = match drawn {
            0..6 => Fault::Refused,
            6..14 => Fault::AnswerLost,
            14..18 => Fault::Throttled,
            18..23 if is_transaction => Fault::Conflict,
            23..25 => Fault::Crash,
            _ => Fault::None,
        };
        if fault != Fault::None {
            self.injected.fetch_add(1, Ordering::SeqCst);
        }
        fault
    }
}

impl HttpConnector for FaultyTables {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
        let fault = self.draw(target.ends_with("TransactWriteItems"));
        let faulty = self.clone();
        HttpConnectorFuture::new(async move {
            match fault {
                Fault::None => faulty.inner.call(request).await,
                Fault::Refused => Err(ConnectorError::io("connection refused".into())),
                Fault::AnswerLost => {
                    faulty.inner.call(request).await?;
                    Err(ConnectorError::timeout("the answer was lost".into()))
                }
                Fault::Throttled => Ok(refusal("ThrottlingException", "")),
                Fault::Conflict => Ok(refusal(
                    "TransactionCanceledException",
                    r#","CancellationReasons":[{"Code":"TransactionConflict"}]"#,
                )),
                Fault::Crash => {
                    faulty.is_dead.store(true, Ordering::SeqCst);
                    Err(ConnectorError::user("the process has died".into()))
                }
            }
        })
    }
}

fn refusal(kind: &str, more: &str) -> HttpResponse {
    let body = format!(
        r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{kind}","message":"injected"{more}}}"#
    );
    let status = StatusCode::try_from(400).unwrap_or_else(|_| unreachable!("400 is a status"));
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}
