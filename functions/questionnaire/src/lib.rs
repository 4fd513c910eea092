//! The questionnaire: shown, saved as it is filled in, completed, changed until the call.

mod answers;
mod pages;

use axum::{
    Router,
    routing::{get, post},
};
use documents::pages::QUESTIONNAIRE_SCRIPT;
use shell::{Kept, Shell, guarded};

/// The routes of this function.
pub fn router(shell: Shell) -> Router {
    guarded(
        env!("CARGO_PKG_NAME"),
        Router::new()
            .route("/{practice}/questionnaire.js", get(async || Kept::script(QUESTIONNAIRE_SCRIPT)))
            .route("/{practice}/questionnaire/{link}", get(pages::show).post(pages::complete))
            .route("/{practice}/questionnaire/{link}/save", post(pages::save))
            .with_state(shell),
    )
}
