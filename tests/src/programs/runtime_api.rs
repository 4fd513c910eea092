//! A stand-in for Lambda's Runtime API, for one process: it hands over events one by one and says
//! when each was asked for and answered (AWS, "Using the Lambda runtime API").

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use bytes::Bytes;
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc},
    task::JoinHandle,
};

/// What the process did.
#[derive(Debug)]
pub(super) enum Did {
    /// It asked for an event, so it has started or is done with the one before.
    Asked,
    /// It answered one, with this.
    Answered(Bytes),
    /// It says that something went wrong.
    Failed(String),
}

/// The Runtime API of one process.
pub(super) struct RuntimeApi {
    /// Where it is reached: host and port.
    pub(super) address: String,
    events: mpsc::UnboundedSender<Bytes>,
    did: mpsc::UnboundedReceiver<Did>,
    serving: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    events: Arc<Mutex<mpsc::UnboundedReceiver<Bytes>>>,
    did: mpsc::UnboundedSender<Did>,
}

impl RuntimeApi {
    pub(super) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let (events, waiting) = mpsc::unbounded_channel();
        let (told, did) = mpsc::unbounded_channel();
        let shared = Shared { events: Arc::new(Mutex::new(waiting)), did: told };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .route("/2018-06-01/runtime/init/error", post(failed_to_start))
            .with_state(shared);
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("a server");
        });
        Self { address, events, did, serving }
    }

    /// Hands an event over as soon as it is asked for.
    pub(super) fn give(&self, event: Bytes) {
        self.events.send(event).expect("the server runs");
    }

    /// What the process does next.
    pub(super) async fn next(&mut self) -> Did {
        self.did.recv().await.expect("the server runs")
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn next(State(shared): State<Shared>) -> Response {
    tell(&shared, Did::Asked);
    let Some(event) = shared.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let headers = [
        ("lambda-runtime-aws-request-id", "request"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:local:0:function:it"),
    ];
    let headers: HeaderMap = headers
        .into_iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
    (headers, event).into_response()
}

async fn answered(State(shared): State<Shared>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    tell(&shared, Did::Answered(body));
    StatusCode::ACCEPTED
}

async fn failed(State(shared): State<Shared>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    tell(&shared, Did::Failed(String::from_utf8_lossy(&body).into_owned()));
    StatusCode::ACCEPTED
}

async fn failed_to_start(State(shared): State<Shared>, body: Bytes) -> StatusCode {
    tell(&shared, Did::Failed(String::from_utf8_lossy(&body).into_owned()));
    StatusCode::ACCEPTED
}

fn tell(shared: &Shared, did: Did) {
    // Nobody listens any more when the process is being ended.
    drop(shared.did.send(did));
}
