//! What was sold.

use super::Problem;
use super::extract::Params;
use super::shapes::{Money, rfc3339};
use crate::app::App;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cloud_sync_store::{self as store, GroupBy};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Which sales.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SalesParams {
    /// The first business day, as in 2026-11-21.
    from: Option<String>,
    /// The last business day.
    to: Option<String>,
    /// `store`, `day` or `item`.
    group_by: Option<String>,
}

/// A row of a report. Two currencies make two rows of the same key.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SalesRow {
    /// A store's id, a day, or a SKU.
    pub key: String,
    /// What people read.
    pub name: String,
    /// Sales; for items, lines.
    pub count: u64,
    /// How much was sold; only for items.
    pub quantity: Option<String>,
    /// What was paid for it.
    pub total: Money,
}

/// A report.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SalesReport {
    /// The rows.
    pub rows: Vec<SalesRow>,
    /// When this was true, RFC 3339.
    pub as_of: String,
}

pub(super) fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(sales))
}

/// What was sold, by store, business day or item.
#[utoipa::path(get, path = "/reports/sales", params(SalesParams), responses(
    (status = OK, body = SalesReport), (status = "default", body = Problem)
))]
async fn sales(
    State(app): State<Arc<App>>,
    Params(params): Params<SalesParams>,
) -> Result<Json<SalesReport>, Problem> {
    let group_by = match params.group_by.as_deref() {
        None | Some("store") => GroupBy::Store,
        Some("day") => GroupBy::Day,
        Some("item") => GroupBy::Item,
        Some(other) => {
            let detail = format!("Group by store, day or item, not by {other:?}.");
            return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail));
        }
    };
    let (from, to) = (params.from.map(day).transpose()?, params.to.map(day).transpose()?);
    let query = store::SalesQuery { from, to, group_by };
    let rows = app.ask(move |app| app.store.sales_report(&query)).await?;
    let row = |row: store::SalesRow| SalesRow {
        quantity: row.quantity(),
        key: row.key,
        name: row.name,
        count: row.count,
        total: row.total.into(),
    };
    Ok(Json(SalesReport { rows: rows.into_iter().map(row).collect(), as_of: rfc3339(app.now()) }))
}

fn day(text: String) -> Result<String, Problem> {
    // A time of day is taken off: reports are by business day.
    let date = text.split('T').next().unwrap_or_default();
    match date.parse::<jiff::civil::Date>() {
        Ok(date) => Ok(date.to_string()),
        Err(_) => {
            let detail = format!("{text:?} is not a day, as in 2026-11-21.");
            Err(Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail))
        }
    }
}
