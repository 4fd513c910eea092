//! Forms as they come in: every field bounded, every unreadable form a page.

use axum::{
    extract::{Form, FromRequest, FromRequestParts, Query, Request, rejection::FormRejection},
    http::{StatusCode, request::Parts},
};
use chrono::{DateTime, Utc};
use domain::CommandId;
use sha2::{Digest as _, Sha256};

use crate::{Problem, chance::base32};

/// How many fields the largest of our forms can have.
const FIELDS_MAX: usize = 400;

/// The fields of a form, in the order they came.
#[derive(Clone)]
pub struct FormText(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for FormText {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(unreadable)?;
        Self::bounded(fields)
    }
}

/// The fields of an address's query.
pub struct QueryText(pub FormText);

impl<S: Send + Sync> FromRequestParts<S> for QueryText {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(fields) = Query::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::NotFound)?;
        FormText::bounded(fields).map(Self)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unreadable(rejection: FormRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::TooLarge;
    }
    Problem::Form("Please go back, reload the page and send the form again.".to_owned())
}

impl FormText {
    fn bounded(fields: Vec<(String, String)>) -> Result<Self, Problem> {
        if FIELDS_MAX < fields.len() { Err(Problem::TooLarge) } else { Ok(Self(fields)) }
    }

    /// The first value of a field; empty if there is none.
    pub fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or("")
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Every field and its value.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The key that makes the same form, sent twice, one wish.
    pub fn key(&self) -> Result<CommandId, Problem> {
        self.key_for("")
    }

    /// The same for one of several deeds that a form can be sent for.
    ///
    /// Everything in the form counts: who goes back to a page, changes what stands there and sends
    /// it again has another wish.
    pub fn key_for(&self, deed: &str) -> Result<CommandId, Problem> {
        let unusable = |_| Problem::Form("Please reload the page and send it again.".to_owned());
        CommandId::parse(self.text("key")).map_err(unusable)?;
        let mut hash = Sha256::new();
        let parts = self.fields().flat_map(|(name, value)| [name, value]);
        for part in std::iter::once(deed).chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        CommandId::parse(&base32(half)).map_err(unusable)
    }

    /// What was sent, as a page shows it again.
    pub fn into_fields(self) -> Vec<(String, String)> {
        self.0
    }
}

/// Reads an instant as forms carry it: whole minutes since the Unix epoch.
pub fn form_instant(minutes: &str) -> Option<DateTime<Utc>> {
    if 9 < minutes.len() {
        return None;
    }
    DateTime::from_timestamp(minutes.parse::<i64>().ok()?.checked_mul(60)?, 0)
}
