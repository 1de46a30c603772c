//! Rights: who may still promise, sell or spend how much of what.

use super::Problem;
use super::extract::{Params, Raw};
use super::once::once;
use crate::app::App;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use cloud_sync_store::StoreError;
use edge_domain::ids::StoreId;
use edge_domain::rights::{Holder, Resource, Rights, RightsError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The most resources of one answer.
const LIMIT_MAX: usize = 500;

/// Which rights.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RightsParams {
    /// In one resource, as `item/MILK-1L`.
    resource: Option<String>,
    /// `overdrawn`: of which a store sold more than it held.
    state: Option<String>,
    /// Those after this resource.
    after: Option<String>,
    /// At most so many, up to 500; 100 if not given.
    limit: Option<usize>,
}

/// What one place holds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Share {
    /// `hq`, or a store's id.
    pub place: String,
    /// What it may promise or spend.
    pub held: u64,
    /// What it used in all.
    pub spent: u64,
    /// What it used beyond its rights: to be settled.
    pub overdrawn: u64,
}

/// The rights in one resource: thousandths of goods, minor units of value, sales of a promotion.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ResourceRights {
    /// As `item/MILK-1L`.
    pub resource: String,
    /// What was made in all.
    pub minted: u64,
    /// What was used in all, as far as is known here.
    pub spent: u64,
    /// By place.
    pub places: Vec<Share>,
}

/// Rights.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RightsList {
    /// By resource.
    pub rights: Vec<ResourceRights>,
}

/// Rights to be made, or given.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MoveRights {
    /// As `item/MILK-1L`.
    pub resource: String,
    /// To whom; without a store, rights are made and stay here.
    #[serde(default)]
    pub store: Option<String>,
    /// How much: thousandths of goods, minor units of value, sales.
    pub quantity: u64,
    /// Whether to make what headquarters lacks before it gives.
    #[serde(default)]
    pub mint: bool,
}

fn shown((resource, rights): (Resource, Rights)) -> ResourceRights {
    let share = |place: Holder| Share {
        place: place.to_string(),
        held: rights.usable(place),
        spent: rights.get(edge_domain::rights::Cell::Spent(place)),
        overdrawn: rights.overdrawn(place),
    };
    ResourceRights {
        resource: resource.to_string(),
        minted: rights.minted(),
        spent: rights.spent(),
        places: rights.places().into_iter().map(share).collect(),
    }
}

pub(super) fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(rights, move_rights))
}

/// Who holds how much of what.
#[utoipa::path(get, path = "/rights", params(RightsParams), responses(
    (status = OK, body = RightsList), (status = "default", body = Problem)
))]
async fn rights(
    State(app): State<Arc<App>>,
    Params(params): Params<RightsParams>,
) -> Result<Json<RightsList>, Problem> {
    let over = params.state.as_deref() == Some("overdrawn");
    let limit = params.limit.unwrap_or(100).min(LIMIT_MAX);
    let found = app.ask(move |app| {
        app.with_documents(|documents| {
            let found = match params.resource {
                Some(name) => {
                    let resource: Resource = name.parse()?;
                    let rights = documents.rights(&resource)?;
                    vec![(resource, rights)]
                }
                None => documents.all_rights(&params.after.unwrap_or_default(), usize::MAX)?,
            };
            Ok((found, cloud_sync_store::Changed::default()))
        })
    });
    let is_over = |rights: &Rights| rights.places().iter().any(|p| rights.overdrawn(*p) > 0);
    let wanted = found.await?.into_iter().filter(|(_, rights)| !over || is_over(rights));
    Ok(Json(RightsList { rights: wanted.take(limit).map(shown).collect() }))
}

/// Makes rights, or gives a store some of headquarters'.
#[utoipa::path(post, path = "/rights", request_body = MoveRights,
    params(("Idempotency-Key" = String, Header, description = "One UUID per intention")),
    responses((status = OK, body = ResourceRights), (status = "default", body = Problem))
)]
async fn move_rights(State(app): State<Arc<App>>, raw: Raw) -> Response {
    once(&app, "/rights", &raw, async || {
        let asked: MoveRights = raw.json()?;
        let resource: Resource = asked.resource.parse().map_err(StoreError::from)?;
        let store = asked.store.as_deref().map(str::parse::<StoreId>).transpose();
        let store = store.map_err(|_| {
            StoreError::from(RightsError::Name(asked.store.clone().unwrap_or_default()))
        })?;
        let (of, amount, mint) = (resource.clone(), asked.quantity, asked.mint);
        let moved = app.ask(move |app| {
            app.with_documents(|documents| match store {
                Some(store) => documents.give_rights(&of, store, amount, mint),
                None => documents.mint_rights(&of, amount),
            })
        });
        Ok(shown((resource, moved.await?)))
    })
    .await
}
