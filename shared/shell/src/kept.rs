//! Files that do not depend on anybody, and that browsers may keep.

use std::borrow::Cow;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// A file that browsers may keep for an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    kind: &'static str,
    body: Cow<'static, str>,
}

impl Kept {
    /// A script.
    pub fn script(body: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: "text/javascript; charset=utf-8", body: body.into() }
    }

    /// A stylesheet.
    pub fn style(body: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: "text/css; charset=utf-8", body: body.into() }
    }
}

impl IntoResponse for Kept {
    fn into_response(self) -> Response {
        let headers =
            [(header::CONTENT_TYPE, self.kind), (header::CACHE_CONTROL, "public, max-age=3600")];
        (headers, self.body.into_owned()).into_response()
    }
}
