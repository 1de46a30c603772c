//! Errors as people and programs get them: RFC 9457, with a stable `code`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cloud_sync_store::StoreError;
use edge_domain::rights::RightsError;
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the `code` tells problems apart.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable: programs decide by it.
    pub code: String,
    /// What happened, and what to do.
    pub detail: String,
    /// For the code `gap`: the entry that is expected next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
}

impl Problem {
    /// A problem.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status: status.as_u16(),
            code: code.into(),
            detail: detail.into(),
            expected: None,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let status = match error {
            StoreError::UnknownStore(_)
            | StoreError::UnknownItem(_)
            | StoreError::UnknownConflict => StatusCode::NOT_FOUND,
            StoreError::StoreExists(_) | StoreError::Rights(RightsError::NotHeld { .. }) => {
                StatusCode::CONFLICT
            }
            StoreError::Rights(_) => StatusCode::UNPROCESSABLE_ENTITY,
            StoreError::Document(_) => StatusCode::UNPROCESSABLE_ENTITY,
            StoreError::Storage(_) => {
                tracing::error!(%error, "the database failed");
                let detail = "Headquarters cannot read or write its database now. Nothing was \
                              changed. Stores keep selling. Try again; the log says more.";
                return Self::new(StatusCode::SERVICE_UNAVAILABLE, error.code(), detail);
            }
        };
        Self::new(status, error.code(), error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}

/// Nothing is here.
pub(super) fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.")
}

/// Something is here, but not for this verb.
pub(super) fn method_not_allowed() -> Problem {
    let detail = "This address does not take this kind of request.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}
