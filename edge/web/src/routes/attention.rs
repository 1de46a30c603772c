//! What of the stock needs a person.

use crate::Api;
use crate::problem::Problem;
use crate::routes::stock::now;
use crate::shapes::{Lot, Transfer};
use axum::Json;
use axum::extract::{Query, State};
use edge_domain::stock::Day;
use edge_ledger::stock::ROWS_MAX;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(expiring)).routes(routes!(attention))
}

/// How far ahead to look.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Ahead {
    /// So many days, 7 where nothing is said; 0 is today.
    days: Option<u16>,
    /// At most so many lots.
    limit: Option<u32>,
}

/// Lots that expire soon, or did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Expiring {
    /// Today in this store.
    pub today: String,
    /// The earliest first.
    pub lots: Vec<Lot>,
}

/// A level below nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct NegativeLevel {
    /// The item.
    pub sku: String,
    /// Where.
    pub location: String,
    /// How much the books say.
    pub quantity: String,
}

/// An item of which more is promised than lies there.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverdraftLine {
    /// The item.
    pub sku: String,
    /// How much is promised.
    pub reserved: String,
    /// How much lies there.
    pub on_hand: String,
}

/// What needs a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attention {
    /// More was sold than was known: count these.
    pub negative: Vec<NegativeLevel>,
    /// More is promised than lies there: call somebody.
    pub overdrafts: Vec<OverdraftLine>,
    /// Some arrived, and the rest did not: receive it or settle it.
    pub transfers: Vec<Transfer>,
    /// May not be sold any more: take them off the shelf.
    pub expired: Vec<Lot>,
}

/// Lots that expire within some days, and those that did.
#[utoipa::path(get, path = "/stock/expiring", params(Ahead), responses((status = 200, body = Expiring)))]
pub(crate) async fn expiring(
    State(api): State<Api>,
    Query(ahead): Query<Ahead>,
) -> Result<Json<Expiring>, Problem> {
    let until = day(&api, i64::from(ahead.days.unwrap_or(7)))?;
    let limit = ahead.limit.unwrap_or(200);
    let lots = api.read(move |view| Ok(view.expiring(until, limit)?)).await?;
    let lots = lots.into_iter().map(Lot::from).collect();
    Ok(Json(Expiring { today: day(&api, 0)?.to_string(), lots }))
}

/// What needs a person: levels below nothing, promises that cannot be kept, goods that did not
/// arrive, lots that may not be sold any more.
#[utoipa::path(get, path = "/stock/attention", responses((status = 200, body = Attention)))]
pub(crate) async fn attention(State(api): State<Api>) -> Result<Json<Attention>, Problem> {
    let (now, yesterday) = (now(&api), day(&api, -1)?);
    let attention = api.read(move |view| {
        let negative = view.negative_levels(ROWS_MAX)?;
        let transfers = view.transfers(true, ROWS_MAX)?;
        let short = transfers.iter().filter(|row| row.state() == "short").map(Transfer::of);
        Ok(Attention {
            negative: (negative.into_iter())
                .map(|(sku, place, quantity)| NegativeLevel {
                    sku: sku.to_string(),
                    location: place.to_string(),
                    quantity: quantity.to_string(),
                })
                .collect(),
            overdrafts: (view.overdrafts(now)?.into_iter())
                .map(|over| OverdraftLine {
                    sku: over.sku.to_string(),
                    reserved: over.reserved.to_string(),
                    on_hand: over.sellable.to_string(),
                })
                .collect(),
            transfers: short.collect::<Result<_, _>>()?,
            expired: view.expiring(yesterday, ROWS_MAX)?.into_iter().map(Lot::from).collect(),
        })
    });
    Ok(Json(attention.await?))
}

/// A day of this store's calendar, so many after today.
fn day(api: &Api, after: i64) -> Result<Day, Problem> {
    let at = jiff::Timestamp::from_millisecond(now(api).as_millis()).unwrap_or_default();
    let zone = jiff::tz::TimeZone::get(&api.store.timezone).unwrap_or(jiff::tz::TimeZone::UTC);
    let days = jiff::Span::new().try_days(after).map_err(|_| Problem::internal())?;
    let date = at.to_zoned(zone).date().checked_add(days).map_err(|_| Problem::internal())?;
    date.to_string().parse().map_err(|_| Problem::internal())
}
