//! The special calendar: open times shown, times proposed, the appointment changed or cancelled.

mod zones;
mod view;
mod nearest;
mod choose;
mod propose;
mod appointment;
mod phone;
mod waiting;

use axum::{
    Router,
    routing::{get, post},
};
use documents::pages::CALENDAR_SCRIPT;
use shell::{Kept, Shell, guarded};

/// The routes of this function.
pub fn router(shell: Shell) -> Router {
    guarded(
        env!("CARGO_PKG_NAME"),
        Router::new()
            .route("/{practice}/calendar.js", get(async || Kept::script(CALENDAR_SCRIPT)))
            .route("/{practice}/calendar/{link}", get(choose::show))
            .route("/{practice}/calendar/{link}/review", get(propose::review).post(propose::send))
            .route("/{practice}/calendar/{link}/wishes", post(waiting::change))
            .route("/{practice}/appointment/{link}", get(appointment::show))
            .route("/{practice}/appointment/{link}/cancel", post(appointment::cancel))
            .route("/{practice}/feed/{link}/calendar.ics", get(phone::read))
            .with_state(shell),
    )
}
