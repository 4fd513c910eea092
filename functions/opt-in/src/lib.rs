//! Opting in: the form on our page and on other sites, and the way back or out.
//!
//! The opt-in is always kept; what is limited is the mail that follows it. Known and unknown
//! addresses get the same answer in the same way.

mod form;
mod opt_in;
mod ways;
mod texts;

use axum::{Router, routing::get};
use shell::{Shell, guarded};

/// The routes of this function.
pub fn router(shell: Shell) -> Router {
    guarded(
        env!("CARGO_PKG_NAME"),
        Router::new()
            .route("/style.css", get(texts::neutral_style))
            .route("/{practice}", get(opt_in::show).post(opt_in::send))
            .route("/{practice}/form", get(opt_in::show_embedded))
            .route("/{practice}/thanks", get(texts::thanks))
            .route("/{practice}/policy", get(texts::policy))
            .route("/{practice}/style.css", get(texts::style))
            .route("/{practice}/embed.js", get(texts::embed_script))
            .route("/{practice}/resume/{link}", get(ways::resume))
            .route("/{practice}/stop/{link}", get(ways::show_stop).post(ways::stop))
            .with_state(shell),
    )
}
