//! What lies in the store, what comes in, what is written off, and what needs a person.

use crate::Api;
use crate::post::Post;
use crate::problem::Problem;
use crate::shapes::{Location, Lot, Money, StockLevel};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use edge_app::{
    Adjust, AdjustLine, Delivery, LotName, ShopError, add_place, adjust_stock, receive_goods,
};
use edge_domain::StoreTime;
use edge_domain::item::Sku;
use edge_domain::stock::{Day, Goods, Place, PlaceName, Reason, ReceivedLine};
use edge_ledger::stock::ROWS_MAX;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(stock))
        .routes(routes!(receive))
        .routes(routes!(adjust))
        .routes(routes!(locations, add_location))
}

/// Which items: one, or a page of all that ever had stock.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Which {
    /// One item.
    sku: Option<String>,
    /// `1`: with its lots.
    lots: Option<u8>,
    /// Of a page: items after this SKU.
    after: Option<String>,
    /// Of a page: at most so many; 100 where nothing is said.
    limit: Option<u32>,
}

/// A page of items' stock.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockPage {
    /// By SKU.
    pub stock: Vec<StockLevel>,
    /// Where the next page begins, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One item's stock where `sku` was named, a page otherwise.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum StockAnswer {
    /// One item.
    One(Box<StockLevel>),
    /// A page.
    Page(StockPage),
}

/// Goods of one item.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReceivedGoods {
    /// The item.
    sku: String,
    /// How much.
    quantity: String,
    /// The code on the box.
    #[serde(default)]
    lot: Option<String>,
    /// The last day on which it may be sold, as in 2026-12-24.
    #[serde(default)]
    expires: Option<String>,
    /// What one unit cost.
    #[serde(default)]
    unit_cost: Option<Money>,
}

/// Goods from a supplier.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewStockReceipt {
    /// What came.
    lines: Vec<ReceivedGoods>,
    /// The delivery note's number.
    #[serde(default)]
    reference: Option<String>,
    /// Where it was put; `store` where nothing is said.
    #[serde(default)]
    location: Option<String>,
}

/// Something that is booked.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StockReceipt {
    /// Its place in the journal.
    pub ledger_seq: u64,
}

/// One item to adjust.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AdjustedLine {
    /// The item.
    sku: String,
    /// By how much; `-2` where two are gone.
    quantity: String,
    /// Where; `store` where nothing is said.
    #[serde(default)]
    location: Option<String>,
    /// Of which lot.
    #[serde(default)]
    lot: Option<String>,
    /// The lot's last day.
    #[serde(default)]
    expires: Option<String>,
}

/// An adjustment.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAdjustment {
    /// What.
    lines: Vec<AdjustedLine>,
    /// `breakage`, `theft`, `expired`, `found`, `correction`, `own_use` or `other`.
    reason: String,
    /// In somebody's words.
    #[serde(default)]
    note: Option<String>,
}

/// A place to add.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewLocation {
    /// 1 to 32 of a-z, 0-9 and -, as in `back-room`.
    name: String,
    /// What people call it.
    #[serde(default)]
    title: Option<String>,
    /// Whether what lies there may be promised to customers.
    #[serde(default)]
    sellable: bool,
}

/// The places of the store.
#[derive(Debug, Serialize, ToSchema)]
pub struct Locations {
    /// `store` first.
    pub locations: Vec<Location>,
}

/// What lies where: of one item, or of all of them, page by page.
#[utoipa::path(get, path = "/stock", params(Which),
    responses((status = 200, body = StockAnswer), (status = "4XX", body = Problem)))]
pub(crate) async fn stock(
    State(api): State<Api>,
    Query(which): Query<Which>,
) -> Result<Json<StockAnswer>, Problem> {
    let (now, currency) = (now(&api), api.shop.config().currency);
    let with_lots = which.lots == Some(1);
    let Some(sku) = which.sku else {
        let limit = which.limit.unwrap_or(100).clamp(1, ROWS_MAX);
        let after = which.after.unwrap_or_default();
        let rows = api.read(move |view| Ok(view.stock_rows(&after, limit, now)?)).await?;
        let full = u32::try_from(rows.len()).is_ok_and(|rows| rows == limit);
        let next = rows.last().filter(|_| full).map(|row| row.sku.to_string());
        let stock = rows.iter().map(|row| StockLevel::of(row, currency));
        let stock = stock.collect::<Result<_, _>>()?;
        return Ok(Json(StockAnswer::Page(StockPage { stock, next })));
    };
    let sku = Sku::new(&sku).map_err(ShopError::from)?;
    let level = api.read(move |view| {
        view.unit(&sku)?.ok_or_else(|| ShopError::UnknownItem(sku.to_string()))?;
        let mut level = StockLevel::of(&view.stock_row(&sku, now)?, currency)?;
        if with_lots {
            level.lots = Some(view.lots(&sku)?.into_iter().map(Lot::from).collect());
        }
        Ok(level)
    });
    Ok(Json(StockAnswer::One(Box::new(level.await?))))
}

/// Books goods from a supplier.
#[utoipa::path(post, path = "/stock/receipts", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewStockReceipt,
    responses((status = 201, body = StockReceipt), (status = "4XX", body = Problem)))]
pub(crate) async fn receive(
    State(api): State<Api>,
    post: Post<NewStockReceipt>,
) -> Result<(StatusCode, Json<StockReceipt>), Problem> {
    let NewStockReceipt { lines, reference, location } = post.body;
    let line = |line: ReceivedGoods| -> Result<ReceivedLine, Problem> {
        let sku = Sku::new(&line.sku).map_err(ShopError::from)?;
        let quantity = line.quantity.parse().map_err(ShopError::from)?;
        let lot = lot_name(line.lot, line.expires)?.named()?;
        let unit_cost = line.unit_cost.map(|cost| cost.read()).transpose()?;
        Ok(ReceivedLine { goods: Goods { sku, quantity, lot }, unit_cost })
    };
    let lines = lines.into_iter().map(line).collect::<Result<_, _>>()?;
    let delivery = Delivery { lines, place: place(location.as_deref())?, reference };
    let receipt = api.run(post.identity, move |desk| {
        Ok(StockReceipt { ledger_seq: receive_goods(desk, delivery)? })
    });
    Ok((StatusCode::CREATED, Json(receipt.await?)))
}

/// Brings the books to what lies there, with a reason.
#[utoipa::path(post, path = "/stock/adjustments", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewAdjustment,
    responses((status = 201, body = StockReceipt), (status = "4XX", body = Problem)))]
pub(crate) async fn adjust(
    State(api): State<Api>,
    post: Post<NewAdjustment>,
) -> Result<(StatusCode, Json<StockReceipt>), Problem> {
    let NewAdjustment { lines, reason, note } = post.body;
    let known = Reason::from_name(&reason).ok_or_else(|| {
        let names: Vec<_> = Reason::NAMES.iter().map(|(_, name)| *name).collect();
        Problem::invalid(format!("{reason:?} is no reason: say one of {}.", names.join(", ")))
    })?;
    let line = |line: AdjustedLine| -> Result<AdjustLine, Problem> {
        Ok(AdjustLine {
            sku: Sku::new(&line.sku).map_err(ShopError::from)?,
            by: line.quantity.parse().map_err(ShopError::from)?,
            place: place(line.location.as_deref())?,
            lot: lot_name(line.lot, line.expires)?,
        })
    };
    let lines = lines.into_iter().map(line).collect::<Result<_, _>>()?;
    let ask = Adjust { lines, reason: known, note };
    let booked = api
        .run(post.identity, move |desk| Ok(StockReceipt { ledger_seq: adjust_stock(desk, ask)? }));
    Ok((StatusCode::CREATED, Json(booked.await?)))
}

/// The places of the store.
#[utoipa::path(get, path = "/stock/locations", responses((status = 200, body = Locations)))]
pub(crate) async fn locations(State(api): State<Api>) -> Result<Json<Locations>, Problem> {
    let places = api.read(|view| Ok(view.places()?)).await?;
    Ok(Json(Locations { locations: places.into_iter().map(Location::from).collect() }))
}

/// Adds a place.
#[utoipa::path(post, path = "/stock/locations", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewLocation,
    responses((status = 201, body = Location), (status = "4XX", body = Problem)))]
pub(crate) async fn add_location(
    State(api): State<Api>,
    post: Post<NewLocation>,
) -> Result<(StatusCode, Json<Location>), Problem> {
    let NewLocation { name, title, sellable } = post.body;
    let place = PlaceName::new(&name).map_err(|error| ShopError::Stock(error.into()))?;
    let added = api.run(post.identity, move |desk| {
        let title = title.filter(|title| !title.trim().is_empty());
        let shown = title.clone().unwrap_or_else(|| name.clone());
        add_place(desk, place, title, sellable)?;
        Ok(Location { name, title: shown, sellable })
    });
    Ok((StatusCode::CREATED, Json(added.await?)))
}

/// The wall clock of the shop.
pub(crate) fn now(api: &Api) -> StoreTime {
    api.shop.ledger().settings().clock.now()
}

/// A place by its name; the shelves where none is said.
pub(crate) fn place(name: Option<&str>) -> Result<Place, ShopError> {
    name.map_or(Ok(Place::Store), Place::read).map_err(|error| ShopError::Stock(error.into()))
}

/// A lot as a request names it.
pub(crate) fn lot_name(lot: Option<String>, expires: Option<String>) -> Result<LotName, Problem> {
    let day = expires.as_deref().map(str::parse::<Day>).transpose();
    let expires = day.map_err(|error| Problem::invalid(format!("{error}.")))?;
    Ok(LotName { code: lot.filter(|lot| !lot.is_empty()), expires })
}
