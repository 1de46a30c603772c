//! The kitchen's tickets.

use crate::Api;
use crate::post::{Post, id};
use crate::problem::Problem;
use crate::routes::orders::Empty;
use crate::shapes::Ticket;
use axum::Json;
use axum::extract::{Path, Query, State};
use edge_app::{bump_ticket, recall_ticket};
use edge_domain::TicketId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How many finished tickets a screen can take back.
const BUMPED_SHOWN: u32 = 60;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(tickets)).routes(routes!(bump)).routes(routes!(recall))
}

/// Which tickets.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Which {
    /// A station's name; all where nothing is said.
    station: Option<String>,
    /// `open` or `bumped`.
    state: Option<String>,
}

/// Tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tickets {
    /// Open ones oldest first, bumped ones latest first.
    pub tickets: Vec<Ticket>,
    /// The feed's sequence that these hold already.
    pub seq: u64,
}

/// What the kitchen has to make, or made.
#[utoipa::path(get, path = "/kitchen/tickets", params(Which),
    responses((status = 200, body = Tickets), (status = "4XX", body = Problem)))]
pub(crate) async fn tickets(
    State(api): State<Api>,
    Query(which): Query<Which>,
) -> Result<Json<Tickets>, Problem> {
    let (rows, seq) = api
        .read(move |view| {
            let station = which.station.as_deref().filter(|name| !name.is_empty());
            let rows = match which.state.as_deref() {
                Some("bumped") => view.bumped_tickets(station, BUMPED_SHOWN)?,
                _ => view.open_tickets(station)?,
            };
            Ok((rows, view.feed_bounds()?.1))
        })
        .await?;
    Ok(Json(Tickets { tickets: rows.iter().map(Ticket::from).collect(), seq }))
}

/// Finishes a ticket.
#[utoipa::path(post, path = "/kitchen/tickets/{id}/bump", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 200, body = Ticket), (status = "4XX", body = Problem)))]
pub(crate) async fn bump(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Empty>,
) -> Result<Json<Ticket>, Problem> {
    let id: TicketId = id(&path)?;
    let waited = api.run(post.identity, move |desk| {
        let row = bump_ticket(desk, id)?;
        let waited = row.bumped_at.map(|at| at.as_millis() - row.ticket.fired_at.as_millis());
        Ok((Ticket::from(&row), waited))
    });
    let (ticket, waited_ms) = waited.await?;
    if let Some(waited) = waited_ms.and_then(|ms| u64::try_from(ms).ok()) {
        api.metrics.ticket.observe(std::time::Duration::from_millis(waited).as_secs_f64());
    }
    Ok(Json(ticket))
}

/// Takes a ticket back.
#[utoipa::path(post, path = "/kitchen/tickets/{id}/recall", params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Empty,
    responses((status = 200, body = Ticket), (status = "4XX", body = Problem)))]
pub(crate) async fn recall(
    State(api): State<Api>,
    path: Path<String>,
    post: Post<Empty>,
) -> Result<Json<Ticket>, Problem> {
    let id: TicketId = id(&path)?;
    let ticket = api.run(post.identity, move |desk| Ok(Ticket::from(&recall_ticket(desk, id)?)));
    Ok(Json(ticket.await?))
}
