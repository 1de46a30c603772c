//! How the stores are.

use super::Problem;
use super::shapes::{Money, rfc3339};
use crate::app::App;
use axum::Json;
use axum::extract::State;
use cloud_sync_store::{StoreError, StoreRow, TodaysSales, barred, business_day};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What a store sold today.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SalesToday {
    /// How many sales.
    pub count: u64,
    /// How much.
    pub total: Money,
    /// When its last entry arrived, RFC 3339.
    pub as_of: Option<String>,
}

/// Whether a store is connected, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoreState {
    /// Connected now.
    Online,
    /// Heard before.
    Offline,
    /// Never heard.
    NeverSeen,
    /// Shut out.
    Revoked,
    /// Set aside until a person has looked.
    Quarantined,
}

/// A store as headquarters knows it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StoreStatus {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// See [`StoreState`].
    pub state: StoreState,
    /// Whether it is connected now.
    pub online: bool,
    /// When it was last heard, RFC 3339.
    pub last_seen: Option<String>,
    /// Entries that are not here; null: unknown. For a store that is offline, the last figure.
    pub behind_entries: Option<u64>,
    /// Since when its oldest entry waits, RFC 3339.
    pub behind_since: Option<String>,
    /// What headquarters holds of its journal.
    pub acked_seq: u64,
    /// The life of its box that may speak.
    pub epoch: u32,
    /// What it sold today, as far as it arrived.
    pub sales_today: SalesToday,
    /// What a person should do, if anything.
    pub message: Option<String>,
}

/// All stores.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Stores {
    /// By name.
    pub stores: Vec<StoreStatus>,
    /// When this was true, RFC 3339.
    pub as_of: String,
}

pub(super) fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(stores))
}

/// How the stores are.
#[utoipa::path(get, path = "/stores", responses(
    (status = OK, body = Stores), (status = "default", body = Problem)
))]
async fn stores(State(app): State<Arc<App>>) -> Result<Json<Stores>, Problem> {
    Ok(Json(app.ask(read).await?))
}

fn read(app: &App) -> Result<Stores, StoreError> {
    let now = app.now();
    // What a store was acknowledged comes first: its sales are then at least those.
    let rows = app.store.stores()?;
    let sales: BTreeMap<_, _> = app.store.sales_of(&business_day(now))?.into_iter().collect();
    let stores = rows.into_iter().map(|row| {
        let sold = sales.get(&row.id).copied();
        status(row, sold, app)
    });
    Ok(Stores { stores: stores.collect(), as_of: rfc3339(now) })
}

fn status(row: StoreRow, sold: Option<TodaysSales>, app: &App) -> StoreStatus {
    let live = app.hub.online(row.id);
    let state = match row {
        _ if row.revoked_at.is_some() => StoreState::Revoked,
        _ if row.quarantine.is_some() => StoreState::Quarantined,
        _ if live => StoreState::Online,
        _ if row.last_seen.is_none() => StoreState::NeverSeen,
        _ => StoreState::Offline,
    };
    let behind = row.reported_seq.map(|reported| reported.saturating_sub(row.acked.seq));
    let message = barred(&row).map(|refusal| refusal.message);
    let nothing = edge_domain::Money::zero(row.currency);
    StoreStatus {
        id: row.id.to_string(),
        name: row.name,
        state,
        online: state == StoreState::Online,
        last_seen: row.last_seen.map(rfc3339),
        behind_entries: behind,
        behind_since: row.behind_since.filter(|_| behind != Some(0)).map(rfc3339),
        acked_seq: row.acked.seq,
        epoch: row.epoch,
        sales_today: SalesToday {
            count: sold.map_or(0, |sold| sold.count),
            total: sold.map_or(nothing, |sold| sold.total).into(),
            as_of: row.acked_at.map(rfc3339),
        },
        message,
    }
}
