//! Reading requests, with this house's errors.

use super::Problem;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

/// A query string.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(error) => {
                Err(Problem::new(StatusCode::BAD_REQUEST, "bad_query", error.body_text()))
            }
        }
    }
}

/// A body with its headers, unread.
pub(crate) struct Raw {
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The bytes.
    pub(crate) body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state).await.map_err(rejected)?;
        Ok(Self { headers, body })
    }
}

fn rejected(error: BytesRejection) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            "The request's body is larger than this address takes. Send it in smaller parts.",
        ),
        _ => Problem::new(StatusCode::BAD_REQUEST, "body_unreadable", error.body_text()),
    }
}

impl Raw {
    /// The body as JSON of a shape.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let json = kind.is_some_and(|kind| {
            let essence = kind.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case("application/json")
        });
        if !json {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send JSON, with Content-Type: application/json.",
            ));
        }
        let bad = |status, code, error: &serde_json::Error| {
            Problem::new(status, code, format!("The body cannot be read: {error}"))
        };
        serde_json::from_slice(&self.body).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => {
                bad(StatusCode::UNPROCESSABLE_ENTITY, "bad_body", &error)
            }
            _ => bad(StatusCode::BAD_REQUEST, "malformed_json", &error),
        })
    }
}
