//! The store itself, its line to headquarters, its conflicts.

use crate::Api;
use crate::problem::Problem;
use crate::shapes::{Conflict, Store, SyncStatus};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(store))
        .routes(routes!(sync_status))
        .routes(routes!(conflicts))
}

/// Conflicts that people have to settle.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conflicts {
    /// By SKU.
    pub conflicts: Vec<Conflict>,
}

/// The store's name and settings.
#[utoipa::path(get, path = "/store", responses((status = 200, body = Store)))]
pub(crate) async fn store(State(api): State<Api>) -> Json<Store> {
    Json(api.store.as_ref().clone())
}

/// How far headquarters is behind.
#[utoipa::path(get, path = "/sync/status", responses((status = 200, body = SyncStatus)))]
pub(crate) async fn sync_status(State(api): State<Api>) -> Json<SyncStatus> {
    Json(api.sync.sync())
}

/// Prices that were set in two places apart.
#[utoipa::path(get, path = "/conflicts", responses((status = 200, body = Conflicts)))]
pub(crate) async fn conflicts(State(api): State<Api>) -> Result<Json<Conflicts>, Problem> {
    let rows = api.read(|view| Ok(view.conflicts()?)).await?;
    Ok(Json(Conflicts { conflicts: rows.iter().filter_map(Conflict::of).collect() }))
}
