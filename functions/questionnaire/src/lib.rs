//! The questionnaire: shown, saved as it is filled in, completed, changed until the call.

mod answers;
mod pages;

use axum::{
    Router,
    http::header,
    routing::{get, post},
};
use documents::pages::QUESTIONNAIRE_SCRIPT;
use shell::{Shell, guarded};

/// The routes of this function.
pub fn router(shell: Shell) -> Router {
    let script = || async {
        let kind = [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ];
        (kind, QUESTIONNAIRE_SCRIPT)
    };
    guarded(
        Router::new()
            .route("/{practice}/questionnaire.js", get(script))
            .route("/{practice}/questionnaire/{link}", get(pages::show).post(pages::complete))
            .route("/{practice}/questionnaire/{link}/save", post(pages::save))
            .with_state(shell),
    )
}
