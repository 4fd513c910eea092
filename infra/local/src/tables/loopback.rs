//! The same tables over HTTP on this machine, for processes that cannot share our memory.

use std::io;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
    routing,
};
use bytes::Bytes;
use http::{HeaderMap, header::CONTENT_TYPE};
use tokio::net::TcpListener;

use super::engine::{Engine, JSON, TARGET};

/// DynamoDB's own limit for one request.
const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

pub(super) async fn serve(engine: Engine, listener: TcpListener) -> io::Result<()> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::new(
            io::ErrorKind::AddrNotAvailable,
            format!("serve the tables on {address}: only a loopback address is safe"),
        ));
    }
    let router = Router::new()
        .route("/", routing::post(answer))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(engine);
    axum::serve(listener, router).await
}

/// A page in a browser cannot get here: the target header makes it ask first, and no one answers.
async fn answer(State(engine): State<Engine>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get(TARGET).and_then(|target| target.to_str().ok()).unwrap_or_default();
    let answer = engine.answer(target, body).await;
    (answer.status, [(CONTENT_TYPE, JSON)], answer.body).into_response()
}
