//! The functions as they are deployed: programs of their own, each under a stand-in for Lambda's
//! Runtime API, with TLS to stand-ins for the services they ask. What no stand-in has is the way to
//! AWS and back, and Lambda's own work.

mod doors;
mod program;
mod runtime_api;
mod services;

pub use doors::page_event;
pub use program::Program;
pub use services::Services;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use axum::Router;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::template::Template;

/// All functions, running.
pub struct Programs {
    services: Arc<Services>,
    running: BTreeMap<String, Arc<Mutex<Program>>>,
}

impl Programs {
    /// Starts the program of each function; they are in this folder, by the functions' names.
    pub async fn start(folder: &Path, services: Arc<Services>) -> Self {
        let mut running = BTreeMap::new();
        for function in Template::read().functions() {
            let program = Program::start(&folder.join(&function.name), &services).await;
            running.insert(function.name, Arc::new(Mutex::new(program)));
        }
        Self { services, running }
    }

    /// Doors that lead to the functions as the template's routes do.
    pub(crate) fn doors(&self) -> Router {
        doors::doors(&self.running)
    }

    /// Tells a function something; answers its answer.
    pub async fn wake(&self, function: &str, event: &Value) -> Value {
        let mut program = self.running[function].lock().await;
        program.asked().await;
        program.answer(event).await
    }

    /// Brings the post what was written, as the outbox's stream does, until nothing more comes of it.
    pub(crate) async fn settle(&self) {
        loop {
            let records = self.services.take_records();
            if records.is_empty() {
                return;
            }
            let answer = self.wake("post", &json!({ "Records": records })).await;
            assert_eq!(answer, json!({ "batchItemFailures": [] }), "of {records:?}");
        }
    }
}
