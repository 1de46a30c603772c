//! What is sold, at which price.

use super::Problem;
use super::extract::{Params, Raw};
use super::once::once;
use super::shapes::Money;
use crate::app::App;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use cloud_sync_store as store;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The most items of one answer.
const LIMIT_MAX: u32 = 500;
/// As many as a screen shows.
const LIMIT: u32 = 50;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ItemParams {
    /// Words of SKU, GTIN or name; all have to be found.
    q: Option<String>,
    /// At most so many, up to 500; 50 if not given.
    limit: Option<u32>,
}

/// An item of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CatalogueItem {
    /// Its SKU.
    pub sku: String,
    /// Its GTIN, 14 digits.
    pub gtin: Option<String>,
    /// What people read.
    pub name: String,
    /// `each` or `kg`.
    pub unit: String,
    /// The price that holds.
    pub price: Money,
    /// The tax rate in per cent.
    pub tax_rate: String,
    /// Its category.
    pub category: Option<String>,
    /// Whether its price was set in two places apart.
    pub price_conflict: bool,
}

/// Items.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CatalogueItems {
    /// By name.
    pub items: Vec<CatalogueItem>,
}

/// A price to be set everywhere.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct SetPrice {
    /// The item.
    pub sku: String,
    /// The price.
    pub price: Money,
}

impl From<store::CatalogueItem> for CatalogueItem {
    fn from(item: store::CatalogueItem) -> Self {
        Self {
            price_conflict: !item.conflict.is_empty(),
            sku: item.sku,
            gtin: item.gtin,
            name: item.name,
            unit: item.unit,
            price: item.price.into(),
            tax_rate: item.tax_rate,
            category: item.category,
        }
    }
}

pub(super) fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(items)).routes(routes!(prices))
}

/// Items that a search finds.
#[utoipa::path(get, path = "/catalogue/items", params(ItemParams), responses(
    (status = OK, body = CatalogueItems), (status = "default", body = Problem)
))]
async fn items(
    State(app): State<Arc<App>>,
    Params(params): Params<ItemParams>,
) -> Result<Json<CatalogueItems>, Problem> {
    let (text, limit) = (params.q.unwrap_or_default(), params.limit.unwrap_or(LIMIT));
    let found = app.ask(move |app| app.store.catalogue(&text, limit.min(LIMIT_MAX))).await?;
    Ok(Json(CatalogueItems { items: found.into_iter().map(CatalogueItem::from).collect() }))
}

/// Sets a price in every store. It settles a conflict.
#[utoipa::path(post, path = "/catalogue/prices", request_body = SetPrice,
    params(("Idempotency-Key" = String, Header, description = "One UUID per intention")),
    responses((status = OK, body = CatalogueItem), (status = "default", body = Problem))
)]
async fn prices(State(app): State<Arc<App>>, raw: Raw) -> Response {
    once(&app, "/catalogue/prices", &raw, async || {
        let asked: SetPrice = raw.json()?;
        let (sku, price) = (asked.sku, edge_domain::Money::try_from(asked.price)?);
        let item = app.ask(move |app| {
            app.with_documents(|documents| documents.set_price(&sku, price, app.now()))
        });
        Ok(CatalogueItem::from(item.await?))
    })
    .await
}
