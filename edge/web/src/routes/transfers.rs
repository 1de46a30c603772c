//! Goods that change places.

use crate::Api;
use crate::post::{Post, id};
use crate::problem::Problem;
use crate::routes::stock::{lot_name, place};
use crate::shapes::{Amount, Transfer};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use edge_app::{
    Desk, ShopError, StockError, Transfer as Moving, receive_transfer, settle_transfer,
    transfer_stock,
};
use edge_domain::ids::TransferId;
use edge_domain::item::Sku;
use edge_domain::stock::End;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(transfers, new_transfer))
        .routes(routes!(transfer))
        .routes(routes!(arrive))
        .routes(routes!(settle))
}

/// One item to move.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MovedLine {
    /// The item.
    sku: String,
    /// How much.
    quantity: String,
    /// Of which lot; what expires first where none is named.
    #[serde(default)]
    lot: Option<String>,
    /// The lot's last day.
    #[serde(default)]
    expires: Option<String>,
}

/// What is to change places. `from_store` or `to_store` names another store in place of a
/// location; such goods are on their way until they are received.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTransfer {
    /// From this place; `store` where nothing is said.
    #[serde(default)]
    from: Option<String>,
    /// To this place; `store` where nothing is said.
    #[serde(default)]
    to: Option<String>,
    /// From another store.
    #[serde(default)]
    from_store: Option<String>,
    /// To another store.
    #[serde(default)]
    to_store: Option<String>,
    /// Whether goods between two places of this store are on their way until they are received.
    #[serde(default)]
    in_transit: bool,
    /// What.
    lines: Vec<MovedLine>,
    /// What people call it.
    #[serde(default)]
    reference: Option<String>,
}

/// What arrived; all of it where no lines are given.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Arrival {
    /// What.
    #[serde(default)]
    lines: Option<Vec<Amount>>,
}

/// Why the rest is given up.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Settling {
    /// In somebody's words.
    #[serde(default)]
    note: Option<String>,
}

/// Which transfers.
#[derive(Debug, Deserialize, IntoParams)]
pub struct WhichTransfers {
    /// `open`: those with something on its way.
    state: Option<String>,
    /// At most so many; 100 where nothing is said.
    limit: Option<u32>,
}

/// Transfers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Transfers {
    /// Newest first.
    pub transfers: Vec<Transfer>,
}

/// Moves goods, or sends them on their way.
#[utoipa::path(post, path = "/stock/transfers", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewTransfer,
    responses((status = 201, body = Transfer), (status = "4XX", body = Problem)))]
pub(crate) async fn new_transfer(
    State(api): State<Api>,
    post: Post<NewTransfer>,
) -> Result<(StatusCode, Json<Transfer>), Problem> {
    let body = post.body;
    let line = |line: MovedLine| -> Result<_, Problem> {
        let sku = Sku::new(&line.sku).map_err(ShopError::from)?;
        let quantity = line.quantity.parse().map_err(ShopError::from)?;
        Ok((sku, quantity, lot_name(line.lot, line.expires)?))
    };
    let end = |here: Option<String>, store: Option<String>| match (here, store) {
        (Some(_), Some(_)) => Err(Problem::invalid("Say a location or a store, not both.")),
        (here, None) => Ok(End::Here(place(here.as_deref())?)),
        (None, Some(store)) => Ok(End::Elsewhere(store)),
    };
    let ask = Moving {
        from: end(body.from, body.from_store)?,
        to: end(body.to, body.to_store)?,
        on_its_way: body.in_transit,
        lines: body.lines.into_iter().map(line).collect::<Result<_, _>>()?,
        reference: body.reference,
    };
    let sent = api.run(post.identity, move |desk| {
        let id = transfer_stock(desk, ask)?;
        shown(desk, id)
    });
    Ok((StatusCode::CREATED, Json(sent.await?)))
}

/// Transfers, the newest first.
#[utoipa::path(get, path = "/stock/transfers", params(WhichTransfers),
    responses((status = 200, body = Transfers)))]
pub(crate) async fn transfers(
    State(api): State<Api>,
    Query(which): Query<WhichTransfers>,
) -> Result<Json<Transfers>, Problem> {
    let (open, limit) = (which.state.as_deref() == Some("open"), which.limit.unwrap_or(100));
    let rows = api.read(move |view| Ok(view.transfers(open, limit)?)).await?;
    let transfers = rows.iter().map(Transfer::of).collect::<Result<_, _>>()?;
    Ok(Json(Transfers { transfers }))
}

/// One transfer.
#[utoipa::path(get, path = "/stock/transfers/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Transfer), (status = "4XX", body = Problem)))]
pub(crate) async fn transfer(
    State(api): State<Api>,
    path: Path<String>,
) -> Result<Json<Transfer>, Problem> {
    let id: TransferId = id(&path)?;
    let row = api.read(move |view| Ok(view.transfer(id)?.ok_or(StockError::UnknownTransfer)?));
    Ok(Json(Transfer::of(&row.await?)?))
}

/// Receives what is on its way. What is short stays on its way until it arrives or is settled.
#[utoipa::path(post, path = "/stock/transfers/{id}/receive", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Arrival,
    responses((status = 200, body = Transfer), (status = "4XX", body = Problem)))]
pub(crate) async fn arrive(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Arrival>,
) -> Result<Json<Transfer>, Problem> {
    let id: TransferId = id(&path)?;
    let read = |lines: Vec<Amount>| lines.iter().map(Amount::read).collect::<Result<Vec<_>, _>>();
    let came = post.body.lines.map(read).transpose()?;
    let arrived = api.run(post.identity, move |desk| {
        receive_transfer(desk, id, came)?;
        shown(desk, id)
    });
    Ok(Json(arrived.await?))
}

/// Gives up what never arrived: it goes to shrinkage.
#[utoipa::path(post, path = "/stock/transfers/{id}/settle", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Settling,
    responses((status = 200, body = Transfer), (status = "4XX", body = Problem)))]
pub(crate) async fn settle(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Settling>,
) -> Result<Json<Transfer>, Problem> {
    let id: TransferId = id(&path)?;
    let note = post.body.note;
    let settled = api.run(post.identity, move |desk| {
        settle_transfer(desk, id, note)?;
        shown(desk, id)
    });
    Ok(Json(settled.await?))
}

fn shown(desk: &Desk<'_, '_>, id: TransferId) -> Result<Transfer, ShopError> {
    Transfer::of(&desk.view().transfer(id)?.ok_or(StockError::UnknownTransfer)?)
}
