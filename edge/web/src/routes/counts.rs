//! Counts, while selling goes on.

use crate::Api;
use crate::post::{Post, id};
use crate::problem::Problem;
use crate::routes::reservations::Nothing;
use crate::routes::stock::place;
use crate::shapes::{Amount, Count, CountSummary};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use edge_app::{CountScope, ShopError, StockError, close_count, count_now, open_count, take_count};
use edge_domain::ids::CountId;
use edge_domain::item::Sku;
use edge_ledger::View;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(counts, new_count))
        .routes(routes!(count))
        .routes(routes!(take))
        .routes(routes!(close_counting))
}

/// What is to be counted: items, a category, or whatever the books say lies there. With `lines`,
/// it is counted and closed at once.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCount {
    /// Where; `store` where nothing is said.
    #[serde(default)]
    location: Option<String>,
    /// Which items.
    #[serde(default)]
    skus: Vec<String>,
    /// Or which category.
    #[serde(default)]
    category: Option<String>,
    /// Whether the counters are not told what is expected.
    #[serde(default)]
    blind: bool,
    /// What was counted: then the count is closed at once.
    #[serde(default)]
    lines: Option<Vec<Amount>>,
}

/// What was counted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Counted {
    /// What; an item that is counted again replaces what was said before.
    lines: Vec<Amount>,
}

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
pub struct HowManyCounts {
    /// At most so many; 50 where nothing is said.
    limit: Option<u32>,
}

/// Counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// Newest first.
    pub counts: Vec<CountSummary>,
}

/// Begins a count: the levels as they are now are what is expected.
#[utoipa::path(post, path = "/stock/counts", params(("Idempotency-Key" = Option<String>, Header)),
    request_body = NewCount,
    responses((status = 201, body = Count), (status = "4XX", body = Problem)))]
pub(crate) async fn new_count(
    State(api): State<Api>,
    post: Post<NewCount>,
) -> Result<(StatusCode, Json<Count>), Problem> {
    let NewCount { location, skus, category, blind, lines } = post.body;
    let place = place(location.as_deref())?;
    let skus = skus.iter().map(|sku| Sku::new(sku)).collect::<Result<_, _>>();
    let skus = skus.map_err(ShopError::from)?;
    let read = |lines: Vec<Amount>| lines.iter().map(Amount::read).collect::<Result<Vec<_>, _>>();
    let lines = lines.map(read).transpose()?;
    let count = api.run(post.identity, move |desk| {
        let id = match lines {
            Some(lines) => count_now(desk, place, lines)?,
            None => open_count(desk, CountScope { place, skus, category, blind })?,
        };
        shown(desk.view(), id)
    });
    Ok((StatusCode::CREATED, Json(count.await?)))
}

/// Counts, the newest first.
#[utoipa::path(get, path = "/stock/counts", params(HowManyCounts),
    responses((status = 200, body = Counts)))]
pub(crate) async fn counts(
    State(api): State<Api>,
    Query(how_many): Query<HowManyCounts>,
) -> Result<Json<Counts>, Problem> {
    let limit = how_many.limit.unwrap_or(50);
    let rows = api.read(move |view| Ok(view.counts(limit)?)).await?;
    Ok(Json(Counts { counts: rows.iter().map(CountSummary::from).collect() }))
}

/// One count with its lines.
#[utoipa::path(get, path = "/stock/counts/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Count), (status = "4XX", body = Problem)))]
pub(crate) async fn count(
    State(api): State<Api>,
    path: Path<String>,
) -> Result<Json<Count>, Problem> {
    let id: CountId = id(&path)?;
    Ok(Json(api.read(move |view| shown(view, id)).await?))
}

/// Takes what was counted. What is sold before and after does not matter.
#[utoipa::path(post, path = "/stock/counts/{id}/lines", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Counted,
    responses((status = 200, body = Count), (status = "4XX", body = Problem)))]
pub(crate) async fn take(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Counted>,
) -> Result<Json<Count>, Problem> {
    let id: CountId = id(&path)?;
    let lines = post.body.lines.iter().map(Amount::read).collect::<Result<_, _>>()?;
    let count = api.run(post.identity, move |desk| {
        take_count(desk, id, lines)?;
        shown(desk.view(), id)
    });
    Ok(Json(count.await?))
}

/// Ends a count and books its differences. Items that nobody counted stay as they are.
#[utoipa::path(post, path = "/stock/counts/{id}/close", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Nothing,
    responses((status = 200, body = Count), (status = "4XX", body = Problem)))]
pub(crate) async fn close_counting(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Nothing>,
) -> Result<Json<Count>, Problem> {
    let id: CountId = id(&path)?;
    let count = api.run(post.identity, move |desk| {
        close_count(desk, id)?;
        shown(desk.view(), id)
    });
    Ok(Json(count.await?))
}

pub(crate) fn shown(view: View<'_>, id: CountId) -> Result<Count, ShopError> {
    let row = view.count(id)?.ok_or(StockError::UnknownCount)?;
    Count::of(&row, &view.count_lines(id)?)
}
