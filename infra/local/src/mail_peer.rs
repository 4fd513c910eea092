//! What stands beside the tables for functions that run on their own: an end of the SES v2 API
//! that keeps messages in the mailbox, and the settings that lead the functions here.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    routing::post,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{DataFolder, HouseProblem, Mailbox, data_folder::write_private};

/// The part of a `SendEmail` request that our functions use (SES API v2, raw content).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    destination: Destination,
    content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    to_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    raw: Raw,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    data: String,
}

/// The largest message that SES takes, in base64.
const MESSAGE_MAX: usize = 40 * 1024 * 1024;

/// Answers `SendEmail` and keeps the message.
pub fn mail_peer(mailbox: Arc<Mailbox>) -> Router {
    Router::new()
        .route("/v2/email/outbound-emails", post(send_email))
        .layer(DefaultBodyLimit::max(MESSAGE_MAX))
        .with_state(mailbox)
}

async fn send_email(
    State(mailbox): State<Arc<Mailbox>>,
    Json(email): Json<SendEmail>,
) -> (StatusCode, Json<Value>) {
    let refused = |words: &str| (StatusCode::BAD_REQUEST, Json(json!({ "message": words })));
    let Some(to) = email.destination.to_addresses.first() else {
        return refused("a message needs a recipient");
    };
    let Ok(message) = BASE64_STANDARD.decode(&email.content.raw.data) else {
        return refused("the message is not base64");
    };
    match mailbox.keep(to, message) {
        Ok(number) => (StatusCode::OK, Json(json!({ "MessageId": format!("local-{number}") }))),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "message": "cannot keep it" }))),
    }
}

/// Writes the settings with which functions of `cargo lambda watch` find these tables and this
/// mail peer; answers the file.
pub fn lambda_environment(
    data: &DataFolder,
    tables: SocketAddr,
    mail: SocketAddr,
    origin: &str,
) -> Result<std::path::PathBuf, HouseProblem> {
    let secret = data.link_keys()?.to_text().trim_end().replace('\n', ",");
    let settings = format!(
        "AWS_ENDPOINT_URL_DYNAMODB=http://{tables}\n\
         AWS_ENDPOINT_URL_SESV2=http://{mail}\n\
         AWS_REGION=local\n\
         AWS_ACCESS_KEY_ID=local\n\
         AWS_SECRET_ACCESS_KEY=local\n\
         ANTEROOM_TABLES=anteroom-\n\
         ANTEROOM_ORIGIN={origin}\n\
         ANTEROOM_LINK_KEY={secret}\n"
    );
    let path = data.lambda_environment();
    write_private(&path, settings.as_bytes())
        .map_err(|source| HouseProblem::DataFolder { path: path.clone(), source })?;
    Ok(path)
}
