//! What was edited in two places apart, and settling it.

use super::Problem;
use super::extract::Raw;
use super::once::once;
use super::shapes::{Conflict, Money};
use crate::app::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use cloud_sync_store as store;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// All conflicts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Conflicts {
    /// By SKU.
    pub conflicts: Vec<Conflict>,
}

/// The value that shall hold.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Resolve {
    /// One of the values, or another.
    pub value: Money,
}

pub(super) fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(conflicts)).routes(routes!(resolve))
}

/// What waits to be settled. Meanwhile the first value holds, everywhere.
#[utoipa::path(get, path = "/conflicts", responses(
    (status = OK, body = Conflicts), (status = "default", body = Problem)
))]
async fn conflicts(State(app): State<Arc<App>>) -> Result<Json<Conflicts>, Problem> {
    let items = app.ask(|app| app.store.conflicts()).await?;
    let conflicts = items.iter().map(store::Conflict::of).map(Conflict::from).collect();
    Ok(Json(Conflicts { conflicts }))
}

/// Settles a conflict in every store.
#[utoipa::path(post, path = "/conflicts/{id}/resolve", request_body = Resolve,
    params(
        ("id" = String, Path, description = "The conflict"),
        ("Idempotency-Key" = String, Header, description = "One UUID per intention")
    ),
    responses((status = OK, body = Conflict), (status = "default", body = Problem))
)]
async fn resolve(State(app): State<Arc<App>>, Path(id): Path<String>, raw: Raw) -> Response {
    let path = format!("/conflicts/{id}/resolve");
    once(&app, &path, &raw, async || {
        let asked: Resolve = raw.json()?;
        let value = edge_domain::Money::try_from(asked.value)?;
        let settled = app.ask(move |app| {
            app.with_documents(|documents| documents.resolve(&id, value, app.now()))
        });
        Ok(Conflict::from(settled.await?))
    })
    .await
}
