//! A POST: its body, its identity for ever, and who sends it.

use crate::problem::Problem;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use edge_app::Caller;
use edge_ledger::Command;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::str::FromStr;

/// The longest idempotency key, in bytes.
const KEY_BYTES_MAX: usize = 200;

/// A command's identity, and who sends it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity {
    pub(crate) command: Option<Command>,
    pub(crate) caller: Caller,
}

/// The raw body of a POST with its identity.
pub(crate) struct Raw {
    pub(crate) bytes: Bytes,
    pub(crate) identity: Identity,
}

/// The JSON body of a POST with its identity.
pub(crate) struct Post<T> {
    pub(crate) body: T,
    pub(crate) identity: Identity,
}

/// The JSON body of a POST that holds a PIN: what it says is kept nowhere, not even as the
/// fingerprint of an identity, which would give a short PIN away.
pub(crate) struct Secret<T> {
    pub(crate) body: T,
    pub(crate) key: Option<String>,
    pub(crate) caller: Caller,
}

/// Who asks.
pub(crate) struct Who(pub(crate) Caller);

impl Identity {
    /// The same sender, without an identity: for the parts of a long command.
    pub(crate) fn part(&self) -> Self {
        Self { command: None, caller: self.caller.clone() }
    }
}

/// Who sends a request, as its headers say: `Authorization: Bearer` and `Outpost-Override`.
pub(crate) fn caller(headers: &HeaderMap) -> Caller {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let token = text("authorization").and_then(|value| value.strip_prefix("Bearer "));
    Caller::Person {
        token: token.map(|token| token.trim().to_owned()),
        approval: text("outpost-override").map(|token| token.trim().to_owned()),
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| good_key(key)).ok_or_else(|| {
        let detail = "An idempotency key has 1 to 200 visible ASCII characters.";
        Problem::new(StatusCode::BAD_REQUEST, "invalid_idempotency_key", detail)
    })?;
    Ok(Some(key.to_owned()))
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(caller(&parts.headers)))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Secret<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (key, caller) = (key(request.headers())?, caller(request.headers()));
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        Ok(Self { body: json(&bytes)?, key, caller })
    }
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (key, caller) = (key(request.headers())?, caller(request.headers()));
        let path = request.uri().path().to_owned();
        let query = request.uri().query().unwrap_or_default().to_owned();
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        let command =
            key.map(|key| Command::new(&key, &[path.as_bytes(), query.as_bytes(), &bytes]));
        Ok(Self { bytes, identity: Identity { command, caller } })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Post<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let raw = Raw::from_request(request, state).await?;
        Ok(Self { body: json(&raw.bytes)?, identity: raw.identity })
    }
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    serde_json::from_slice(bytes).map_err(|error| {
        let detail = format!("The request is not what is expected here: {error}.");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", detail)
    })
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
