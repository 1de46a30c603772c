//! Errors as `application/problem+json` (RFC 9457) with a stable `code`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use edge_app::{Kind, ShopError, StockError};
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
    /// Of `insufficient_stock`: what there is not enough of.
    #[serde(flatten)]
    pub shortage: Box<Shortage>,
}

/// What there is not enough of; empty but for `insufficient_stock`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Shortage {
    /// The item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// How much was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    /// How much can be promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<String>,
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
            shortage: Box::default(),
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
        let mut problem = Self::new(status, code, error.to_string());
        if let ShopError::Stock(StockError::Insufficient { sku, asked, available }) = &error {
            *problem.shortage = Shortage {
                sku: Some(sku.to_string()),
                asked: Some(asked.to_string()),
                available: Some(available.to_string()),
            };
        }
        problem
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
