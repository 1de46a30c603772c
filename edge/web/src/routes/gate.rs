//! The gate's events.

use crate::Api;
use crate::problem::Problem;
use crate::shapes::GateEvent;
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The most events of one answer.
const LIMIT_MAX: u32 = 500;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(gate_events))
}

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Page {
    /// How many; 50 where nothing is said, 500 at most.
    limit: Option<u32>,
    /// Only those before this `seq`.
    before: Option<u64>,
}

/// Events.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateEvents {
    /// The latest first.
    pub events: Vec<GateEvent>,
    /// The feed's sequence that these hold already: topic `gate` tells of later ones.
    pub seq: u64,
}

/// What the gate decided, the latest first. Events are kept for a while: `gate.keep_days`.
#[utoipa::path(get, path = "/gate/events", params(Page),
    responses((status = 200, body = GateEvents), (status = "4XX", body = Problem)))]
pub(crate) async fn gate_events(
    State(api): State<Api>,
    Query(page): Query<Page>,
) -> Result<Json<GateEvents>, Problem> {
    let limit = page.limit.unwrap_or(50).clamp(1, LIMIT_MAX);
    let read = api.read(move |view| {
        let events = view.gate_events(page.before, limit)?;
        Ok((events, view.feed_bounds()?.1))
    });
    let (events, seq) = read.await?;
    Ok(Json(GateEvents { events: events.iter().map(GateEvent::from).collect(), seq }))
}
