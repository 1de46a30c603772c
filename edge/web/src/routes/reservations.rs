//! Promises of goods.

use crate::Api;
use crate::post::{Post, id, parse};
use crate::problem::Problem;
use crate::routes::stock::now;
use crate::shapes::{Amount, Reservation, time};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use edge_app::{
    Desk, Reserve, ShopError, StockError, commit_reservation, release_reservation, reserve,
};
use edge_domain::ids::ReservationId;
use edge_domain::item::Sku;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(reservations, new_reservation))
        .routes(routes!(reservation))
        .routes(routes!(commit))
        .routes(routes!(release))
}

/// What is to be promised, all of it or nothing.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReservation {
    /// What; an item that stands twice adds up.
    lines: Vec<Amount>,
    /// For how long: 1 to 1,209,600 seconds, 900 where nothing is said.
    #[serde(default)]
    expires_in_seconds: Option<u32>,
    /// For which order.
    #[serde(default)]
    order: Option<String>,
    /// What whoever asks calls it.
    #[serde(default)]
    reference: Option<String>,
}

/// What was promised.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Promised {
    /// Its id.
    pub id: String,
    /// Until when.
    pub expires_at: String,
}

/// How a promise is kept.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Keeping {
    /// The sale that moved the goods; without one they leave the store now.
    #[serde(default)]
    sale: Option<String>,
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Nothing {}

/// Which promises.
#[derive(Debug, Deserialize, IntoParams)]
pub struct OfWhich {
    /// Of one item.
    sku: Option<String>,
    /// At most so many; 100 where nothing is said.
    limit: Option<u32>,
}

/// Promises that are held.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reservations {
    /// Those that end first at the head.
    pub reservations: Vec<Reservation>,
}

/// Promises goods, all lines or none. 202: they are set aside, durably, until they are taken,
/// given back or over.
#[utoipa::path(post, path = "/reservations", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewReservation,
    responses((status = 202, body = Promised), (status = 409, body = Problem), (status = "4XX", body = Problem)))]
pub(crate) async fn new_reservation(
    State(api): State<Api>,
    post: Post<NewReservation>,
) -> Result<(StatusCode, Json<Promised>), Problem> {
    let NewReservation { lines, expires_in_seconds, order, reference } = post.body;
    let ask = Reserve {
        lines: lines.iter().map(Amount::read).collect::<Result<_, _>>()?,
        seconds: expires_in_seconds,
        order: order.as_deref().map(parse).transpose()?,
        reference,
    };
    let promised = api.run(post.identity, move |desk| {
        let reserved = reserve(desk, ask)?;
        Ok(Promised { id: reserved.id.to_string(), expires_at: time(reserved.expires_at) })
    });
    Ok((StatusCode::ACCEPTED, Json(promised.await?)))
}

/// Promises that are held.
#[utoipa::path(get, path = "/reservations", params(OfWhich),
    responses((status = 200, body = Reservations), (status = "4XX", body = Problem)))]
pub(crate) async fn reservations(
    State(api): State<Api>,
    Query(which): Query<OfWhich>,
) -> Result<Json<Reservations>, Problem> {
    let sku = which.sku.as_deref().map(Sku::new).transpose().map_err(ShopError::from)?;
    let (now, limit) = (now(&api), which.limit.unwrap_or(100));
    let rows = api.read(move |view| Ok(view.held_reservations(sku.as_ref(), limit, now)?)).await?;
    Ok(Json(Reservations { reservations: rows.iter().map(Reservation::from).collect() }))
}

/// A promise, whatever became of it.
#[utoipa::path(get, path = "/reservations/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Reservation), (status = "4XX", body = Problem)))]
pub(crate) async fn reservation(
    State(api): State<Api>,
    path: Path<String>,
) -> Result<Json<Reservation>, Problem> {
    let (id, now): (ReservationId, _) = (id(&path)?, now(&api));
    let row = api
        .read(move |view| Ok(view.reservation(id, now)?.ok_or(StockError::UnknownReservation)?));
    Ok(Json(Reservation::from(&row.await?)))
}

/// Keeps a promise: the goods leave, once.
#[utoipa::path(post, path = "/reservations/{id}/commit", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Keeping,
    responses((status = 200, body = Reservation), (status = "4XX", body = Problem)))]
pub(crate) async fn commit(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Keeping>,
) -> Result<Json<Reservation>, Problem> {
    let id: ReservationId = id(&path)?;
    let sale = post.body.sale.as_deref().map(parse).transpose()?;
    let kept = api.run(post.identity, move |desk| {
        commit_reservation(desk, id, sale)?;
        shown(desk, id)
    });
    Ok(Json(kept.await?))
}

/// Gives a promise back.
#[utoipa::path(post, path = "/reservations/{id}/release", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Nothing,
    responses((status = 200, body = Reservation), (status = "4XX", body = Problem)))]
pub(crate) async fn release(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Nothing>,
) -> Result<Json<Reservation>, Problem> {
    let id: ReservationId = id(&path)?;
    let back = api.run(post.identity, move |desk| {
        release_reservation(desk, id)?;
        shown(desk, id)
    });
    Ok(Json(back.await?))
}

fn shown(desk: &Desk<'_, '_>, id: ReservationId) -> Result<Reservation, ShopError> {
    let row = desk.view().reservation(id, desk.now())?;
    Ok(Reservation::from(&row.ok_or(StockError::UnknownReservation)?))
}
