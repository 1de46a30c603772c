//! What the stock is worth, and what was lost of it.

use crate::Api;
use crate::post::Who;
use crate::problem::Problem;
use crate::shapes::Money;
use axum::Json;
use axum::extract::{Query, State};
use edge_domain::staff::Permission;
use edge_ledger::reports::QUARTER_MS;
use edge_ledger::stock::Shrinkage;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which days of losses.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WhichLosses {
    /// The first day, in the store's zone, as in `2026-03-29`; today where nothing is said.
    from: Option<String>,
    /// The last day; the first where nothing is said.
    to: Option<String>,
}

/// What was lost of an item.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lost {
    /// The item.
    pub sku: String,
    /// How much; below 0 for what turned up.
    pub quantity: String,
    /// What it was worth at what a unit costs; nothing where that is not known.
    pub value: Option<Money>,
}

/// What the stock is worth now, and what was lost of it in some days.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockReport {
    /// All goods at what they cost.
    pub value: Money,
    /// How many items lie here whose cost nobody said: their worth is not in `value`.
    pub items_without_cost: u64,
    /// What was lost, most first.
    pub shrinkage: Vec<Lost>,
    /// The place in the journal that this stands at.
    pub as_of: u64,
}

impl From<&Shrinkage> for Lost {
    fn from(row: &Shrinkage) -> Self {
        Self {
            sku: row.sku.to_string(),
            quantity: row.quantity.to_string(),
            value: row.value.map(Money::from),
        }
    }
}

/// What the stock is worth, and what was lost of it.
#[utoipa::path(get, path = "/reports/stock", params(WhichLosses),
    responses((status = 200, body = StockReport), (status = "4XX", body = Problem)))]
pub(crate) async fn stock_report(
    State(api): State<Api>,
    Query(which): Query<WhichLosses>,
    Who(caller): Who,
) -> Result<Json<StockReport>, Problem> {
    let (from, until) = super::span(&api, which.from.as_deref(), which.to.as_deref())?;
    let report = api.read_for(caller, Permission::SeeReports, move |view, _| {
        let (value, items_without_cost) = view.stock_worth()?;
        let lost = view.shrinkage(from * QUARTER_MS, until * QUARTER_MS)?;
        Ok(StockReport {
            value: value.into(),
            items_without_cost,
            shrinkage: lost.iter().map(Lost::from).collect(),
            as_of: view.last_seq()?,
        })
    });
    Ok(Json(report.await?))
}
