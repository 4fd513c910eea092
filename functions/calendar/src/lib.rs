//! The special calendar: open times shown, times proposed, the appointment changed or cancelled.

mod zones;
mod view;
mod choose;
mod propose;
mod appointment;

use axum::{
    Router,
    http::header,
    routing::{get, post},
};
use documents::pages::CALENDAR_SCRIPT;
use shell::{Shell, guarded};

/// The routes of this function.
pub fn router(shell: Shell) -> Router {
    let script = || async {
        let kind = [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ];
        (kind, CALENDAR_SCRIPT)
    };
    guarded(
        Router::new()
            .route("/{practice}/calendar.js", get(script))
            .route("/{practice}/calendar/{link}", get(choose::show))
            .route("/{practice}/calendar/{link}/review", get(propose::review).post(propose::send))
            .route("/{practice}/appointment/{link}", get(appointment::show))
            .route("/{practice}/appointment/{link}/cancel", post(appointment::cancel))
            .with_state(shell),
    )
}
