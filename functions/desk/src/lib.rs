//! The desk: what staff see and do.
//!
//! Nobody gets further than signing in without a session, and every form carries its session's
//! own word. The request page is the exception: whoever holds the assistant's letter may answer
//! that one request and sees nothing else.

mod session;
mod sign_in;
mod today;
mod whose;
mod calendar;
mod kept_free;
mod local_start;
mod others;
mod phone;
mod clients;
mod answers_pdf;
mod deeds;
mod handbook;
mod request;

use axum::{
    Router,
    routing::{get, post},
};
use shell::{Shell, guarded};

/// The routes of this function.
pub fn router(shell: Shell) -> Router {
    guarded(
        env!("CARGO_PKG_NAME"),
        Router::new()
            .route("/{practice}/desk", get(today::show))
            .route("/{practice}/desk/sign-in", get(sign_in::show).post(sign_in::ask))
            .route("/{practice}/desk/sign-in/code", get(sign_in::sent).post(sign_in::by_code))
            .route(
                "/{practice}/desk/sign-in/{link}",
                get(sign_in::show_link).post(sign_in::by_link),
            )
            .route("/{practice}/desk/sign-out", post(sign_in::sign_out))
            .route("/{practice}/desk/sessions", get(session::show).post(session::end))
            .route("/{practice}/desk/calendar", get(calendar::show).post(kept_free::change))
            .route("/{practice}/desk/calendar/others", get(others::show).post(others::change))
            .route("/{practice}/desk/calendar/phone", get(phone::show).post(phone::change))
            .route("/{practice}/desk/handbook", get(handbook::show).post(handbook::change))
            .route("/{practice}/desk/clients", get(clients::list).post(clients::add))
            .route("/{practice}/desk/clients/{client}", get(clients::show))
            .route("/{practice}/desk/clients/{client}/answers.pdf", get(answers_pdf::show))
            .route("/{practice}/desk/clients/{client}/{deed}", post(deeds::carry_out))
            .route("/{practice}/request/{link}", get(request::show))
            .route("/{practice}/request/{link}/approve", post(request::approve))
            .route("/{practice}/request/{link}/decline", post(request::decline))
            .with_state(shell),
    )
}
