//! The engine under the tables: all contact with the `dynoxide` crate is in this file.
//!
//! It is young and has one author, so its version is pinned and `tests` says what we rely on.
//! A call comes in as DynamoDB's JSON and leaves as DynamoDB's JSON; no type of the engine
//! passes the door.

use std::{fmt, io, path::Path, sync::Arc};

use bytes::Bytes;
use dynoxide::{Database, DynoxideError};
use http::StatusCode;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use super::file::{self, Lock, TablesError};

/// The header that names the operation.
pub(super) const TARGET: &str = "x-amz-target";
/// The content type of every answer.
pub(super) const JSON: &str = "application/x-amz-json-1.0";

/// What the header says before the operation: the service and its version.
const TARGET_PREFIX: &str = "DynamoDB_20120810.";

/// What goes back to the caller, whichever way it came.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: String,
}

/// The engine and the lock that keeps other processes away. Clones share both.
#[derive(Clone)]
pub(super) struct Engine {
    database: Database,
    /// Held for as long as anyone can call. Declared last: the database must close before it.
    _lock: Option<Arc<Lock>>,
}

impl Engine {
    pub(super) fn open(path: &Path) -> Result<Self, TablesError> {
        let lock = file::claim(path)?;
        let unreadable = |source| TablesError::File { path: path.to_owned(), source };
        let Some(name) = path.to_str() else {
            let source = io::Error::new(io::ErrorKind::InvalidFilename, "the path is not UTF-8");
            return Err(unreadable(source.into()));
        };
        let database = Database::new(name).map_err(|source| unreadable(source.into()))?;
        Ok(Self { database, _lock: Some(Arc::new(lock)) })
    }

    pub(super) fn in_memory() -> Result<Self, TablesError> {
        let database = Database::memory().map_err(|source| TablesError::Memory(source.into()))?;
        Ok(Self { database, _lock: None })
    }

    /// Answers one call. The engine blocks, so it runs beside the async threads; this also holds
    /// tokio's paused clock still meanwhile.
    pub(super) async fn answer(&self, target: &str, body: Bytes) -> Answer {
        let engine = self.clone();
        let operation = target.strip_prefix(TARGET_PREFIX).unwrap_or_default().to_owned();
        let name = operation.clone();
        let outcome = tokio::task::spawn_blocking(move || engine.dispatch(&operation, &body)).await;
        let answer = match outcome {
            Ok(Ok(body)) => return Answer { status: StatusCode::OK, body },
            Ok(Err(refusal)) => refusal.into_answer(),
            // A panic inside poisons the engine's lock: from here on everything answers 500. What
            // it said may quote an item, so it is not repeated.
            Err(_) => Refusal::Died.into_answer(),
        };
        if answer.status.is_server_error() {
            tracing::error!(operation = name, answer = answer.body, "the tables failed in {name}");
        }
        answer
    }

    fn dispatch(&self, operation: &str, body: &[u8]) -> Result<String, Refusal> {
        let database = &self.database;
        match operation {
            "CreateTable" => call(body, |request| database.create_table(request)),
            "DescribeTable" => call(body, |request| database.describe_table(request)),
            "ListTables" => call(body, |request| database.list_tables(request)),
            "UpdateTimeToLive" => call(body, |request| database.update_time_to_live(request)),
            "PutItem" => call(body, |request| database.put_item(request)),
            "GetItem" => call(body, |request| database.get_item(request)),
            "UpdateItem" => call(body, |request| database.update_item(request)),
            "DeleteItem" => call(body, |request| database.delete_item(request)),
            "Query" => call(body, |request| database.query(request)),
            "Scan" => call(body, |request| database.scan(request)),
            "BatchGetItem" => call(body, |request| database.batch_get_item(request)),
            "BatchWriteItem" => call(body, |request| database.batch_write_item(request)),
            "TransactWriteItems" => call(body, |request| database.transact_write_items(request)),
            "TransactGetItems" => call(body, |request| database.transact_get_items(request)),
            _ => Err(Refusal::UnknownOperation),
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Engine")
    }
}

/// Why a call has no result.
enum Refusal {
    UnknownOperation,
    Died,
    Engine(DynoxideError),
}

impl Refusal {
    fn into_answer(self) -> Answer {
        let (status, body) = match self {
            Self::UnknownOperation => (
                StatusCode::BAD_REQUEST,
                error_body(
                    "com.amazon.coral.service#UnknownOperationException",
                    "the embedded tables do not know this operation",
                ),
            ),
            Self::Died => (
                StatusCode::INTERNAL_SERVER_ERROR,
                error_body(
                    "com.amazonaws.dynamodb.v20120810#InternalServerError",
                    "the engine died in this call",
                ),
            ),
            Self::Engine(error) => (
                StatusCode::from_u16(error.status_code())
                    .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                error.to_json(),
            ),
        };
        Answer { status, body }
    }
}

fn error_body(kind: &str, message: &str) -> String {
    json!({ "__type": kind, "message": message }).to_string()
}

/// Reads the request, asks the engine, writes the result.
fn call<Request: DeserializeOwned, Response: Serialize>(
    body: &[u8],
    run: impl FnOnce(Request) -> dynoxide::Result<Response>,
) -> Result<String, Refusal> {
    let request = serde_json::from_slice(body)
        .map_err(|error| Refusal::Engine(misread(&error.to_string())))?;
    let response = run(request).map_err(Refusal::Engine)?;
    serde_json::to_string(&response)
        .map_err(|error| Refusal::Engine(DynoxideError::InternalServerError(error.to_string())))
}

/// The engine checks values while it reads them, and marks what DynamoDB calls a validation
/// error; its own server unwraps the marks, but is not compiled in.
fn misread(message: &str) -> DynoxideError {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    for mark in ["VALIDATION_REQUEST:", "VALIDATION_AS_READ:", "VALIDATION:"] {
        if let Some(message) = message.strip_prefix(mark) {
            return DynoxideError::ValidationException(message.to_owned());
        }
    }
    let message = message.strip_prefix("SERIALIZATION:").unwrap_or(message);
    DynoxideError::SerializationException(message.to_owned())
}
