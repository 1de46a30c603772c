//! Errors as `application/problem+json` (RFC 9457) with a stable `code`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use edge_app::{Kind, ShopError};
use edge_ledger::LedgerError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a request was refused. Nothing changed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code says which.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: String,
    /// A sentence that somebody at the counter can act on.
    pub detail: String,
}

impl Problem {
    /// A problem with a stable code.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status: status.as_u16(),
            code: code.into(),
            detail: detail.into(),
        }
    }

    pub(crate) fn internal() -> Self {
        let detail = "The appliance made a mistake. Try again; if it stays, call support.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", detail)
    }
}

impl From<ShopError> for Problem {
    fn from(error: ShopError) -> Self {
        let (code, kind) = error.code();
        let status = match (kind, &error) {
            (Kind::NotFound, _) => StatusCode::NOT_FOUND,
            (Kind::Invalid, _) => StatusCode::UNPROCESSABLE_ENTITY,
            (Kind::Conflict, _) => StatusCode::CONFLICT,
            (Kind::Unavailable, ShopError::Ledger(LedgerError::DiskFull)) => {
                StatusCode::INSUFFICIENT_STORAGE
            }
            (Kind::Unavailable, _) => StatusCode::SERVICE_UNAVAILABLE,
            (Kind::SignIn, _) => StatusCode::UNAUTHORIZED,
            (Kind::Forbidden, _) => StatusCode::FORBIDDEN,
            (Kind::Wait, _) => StatusCode::TOO_MANY_REQUESTS,
        };
        Self::new(status, code, error.to_string())
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        ShopError::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

pub(crate) async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing here.")
}

pub(crate) async fn method_not_allowed() -> Problem {
    let detail = "This address does not take such a request.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}
