//! A POST: its body, and its identity for ever.

use crate::problem::Problem;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Path, Request};
use axum::http::StatusCode;
use bytes::Bytes;
use edge_ledger::Command;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// The longest idempotency key, in bytes.
const KEY_BYTES_MAX: usize = 200;

/// The raw body of a POST with its identity.
pub(crate) struct Raw {
    pub(crate) bytes: Bytes,
    pub(crate) identity: Option<Command>,
}

/// The JSON body of a POST with its identity.
pub(crate) struct Post<T> {
    pub(crate) body: T,
    pub(crate) identity: Option<Command>,
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let key = match request.headers().get("idempotency-key") {
            None => None,
            Some(key) => Some(key.to_str().ok().filter(|key| good_key(key)).ok_or_else(|| {
                let detail = "An idempotency key has 1 to 200 visible ASCII characters.";
                Problem::new(StatusCode::BAD_REQUEST, "invalid_idempotency_key", detail)
            })?),
        };
        let key = key.map(str::to_owned);
        let path = request.uri().path().to_owned();
        let query = request.uri().query().unwrap_or_default().to_owned();
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        let identity =
            key.map(|key| Command::new(&key, &[path.as_bytes(), query.as_bytes(), &bytes]));
        Ok(Self { bytes, identity })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Post<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let raw = Raw::from_request(request, state).await?;
        let bytes: &[u8] = if raw.bytes.is_empty() { b"{}" } else { &raw.bytes };
        let body = serde_json::from_slice(bytes).map_err(|error| {
            let detail = format!("The request is not what is expected here: {error}.");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", detail)
        })?;
        Ok(Self { body, identity: raw.identity })
    }
}

fn good_key(key: &str) -> bool {
    !key.is_empty() && key.len() <= KEY_BYTES_MAX && key.bytes().all(|byte| byte.is_ascii_graphic())
}

fn unread(rejection: BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let detail = "The request is too large for this address.";
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail);
    }
    Problem::new(StatusCode::BAD_REQUEST, "body_unreadable", "The request did not arrive whole.")
}

/// An id in a path; what is none is not there.
pub(crate) fn id<T: FromStr>(Path(text): &Path<String>) -> Result<T, Problem> {
    parse(text)
}

/// An id; what is none is not there.
pub(crate) fn parse<T: FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("{text} is not an id of anything."),
        )
    })
}
