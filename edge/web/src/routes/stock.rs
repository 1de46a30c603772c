//! What lies in the store, and what comes in.

use crate::Api;
use crate::post::Post;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use edge_app::{ShopError, receive_goods};
use edge_domain::item::Sku;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(stock)).routes(routes!(receive))
}

/// Which item.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Which {
    /// Its SKU.
    sku: String,
}

/// How much of an item lies in the store.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockLevel {
    /// The item.
    pub sku: String,
    /// How much; below nothing where more was sold than was known.
    pub quantity: String,
}

/// Goods of one item.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReceivedLine {
    /// The item.
    sku: String,
    /// How much.
    quantity: String,
}

/// Goods from a supplier.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewStockReceipt {
    /// What came.
    lines: Vec<ReceivedLine>,
    /// The delivery note's number.
    #[serde(default)]
    reference: Option<String>,
}

/// Goods that are booked.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StockReceipt {
    /// Its place in the journal.
    pub ledger_seq: u64,
}

/// How much of an item lies in the store.
#[utoipa::path(get, path = "/stock", params(Which),
    responses((status = 200, body = StockLevel), (status = "4XX", body = Problem)))]
pub(crate) async fn stock(
    State(api): State<Api>,
    Query(which): Query<Which>,
) -> Result<Json<StockLevel>, Problem> {
    let sku = Sku::new(&which.sku).map_err(ShopError::from)?;
    let quantity = api.read(move |view| {
        view.item(&sku)?.ok_or_else(|| ShopError::UnknownItem(sku.to_string()))?;
        Ok(view.stock(&sku)?)
    });
    Ok(Json(StockLevel { sku: which.sku, quantity: quantity.await?.to_string() }))
}

/// Books goods from a supplier.
#[utoipa::path(post, path = "/stock/receipts", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewStockReceipt,
    responses((status = 201, body = StockReceipt), (status = "4XX", body = Problem)))]
pub(crate) async fn receive(
    State(api): State<Api>,
    post: Post<NewStockReceipt>,
) -> Result<(StatusCode, Json<StockReceipt>), Problem> {
    let NewStockReceipt { lines, reference } = post.body;
    let line = |line: ReceivedLine| {
        let sku = Sku::new(&line.sku).map_err(ShopError::from)?;
        Ok((sku, line.quantity.parse().map_err(ShopError::from)?))
    };
    let lines = lines.into_iter().map(line).collect::<Result<_, ShopError>>()?;
    let receipt = api.run(post.identity, move |desk| {
        Ok(StockReceipt { ledger_seq: receive_goods(desk, lines, reference)? })
    });
    Ok((StatusCode::CREATED, Json(receipt.await?)))
}
