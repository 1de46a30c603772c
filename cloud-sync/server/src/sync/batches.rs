//! Bulk: a batch a request, for a store that comes back after days.

use super::Peer;
use crate::app::App;
use crate::events::Topic;
use crate::http::Problem;
use crate::http::extract::Raw;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use cloud_sync_protocol::entry::{ChainHead, unpack};
use cloud_sync_protocol::session::hq::AcceptError;
use cloud_sync_store::StoreError;
use edge_domain::ids::StoreId;
use serde::Serialize;
use std::sync::Arc;

/// The header with the epoch of the box. Without it the store must have an open line, whose
/// hello was checked.
const EPOCH: &str = "outpost-epoch";

#[derive(Debug, Serialize)]
pub(super) struct Acked {
    seq: u64,
    hash: String,
}

pub(super) async fn take(
    State(app): State<Arc<App>>,
    Extension(Peer(store)): Extension<Peer>,
    raw: Raw,
) -> Result<Json<Acked>, Problem> {
    fence(&app, store, &raw).await?;
    let taken = app.ask(move |app| Ok(accept(app, store, &raw.body))).await??;
    Ok(Json(Acked { seq: taken.seq, hash: taken.hash.to_string() }))
}

/// A copied or replaced box may hold good entries and must not send them.
async fn fence(app: &Arc<App>, store: StoreId, raw: &Raw) -> Result<(), Problem> {
    let refused = |code: &str, detail: &str| Problem::new(StatusCode::FORBIDDEN, code, detail);
    let row = app.ask(move |app| app.store.store(store)).await?;
    let row = row.ok_or_else(|| Problem::from(StoreError::UnknownStore(store)))?;
    let told = raw.headers.get(EPOCH).and_then(|epoch| epoch.to_str().ok()?.parse::<u32>().ok());
    let open = app.hub.open_lines().into_iter().find(|(id, _)| *id == store);
    match told.or(open.map(|(_, epoch)| epoch)) {
        Some(epoch) if epoch == row.epoch => Ok(()),
        Some(_) => Err(refused(
            "old_epoch",
            "This box is not the one that headquarters knows: it is a copy or was replaced. \
             Switch it off, or enrol it again.",
        )),
        None => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "epoch_missing",
            "Send the box's epoch as `Outpost-Epoch`, or open the line first.",
        )),
    }
}

fn accept(app: &App, store: StoreId, body: &[u8]) -> Result<ChainHead, Problem> {
    let refused = |code: &str, detail: &str| Problem::new(StatusCode::FORBIDDEN, code, detail);
    let entries = unpack(body).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "malformed_batch", error.to_string())
    })?;
    if entries.iter().any(|entry| entry.store != store) {
        return Err(refused("foreign_entries", "The batch holds another store's entries."));
    }
    taken(app, store, app.store.accept(store, &entries, app.now())).map_err(|error| match error {
        AcceptError::Gap(expected) => Problem {
            expected: Some(expected),
            ..Problem::new(
                StatusCode::CONFLICT,
                "gap",
                format!("Headquarters expects entry {expected} next. Send from there."),
            )
        },
        AcceptError::Quarantined(refusal) => refused(&refusal.code, &refusal.message),
        AcceptError::Busy => StoreError::Storage("entries were not written".into()).into(),
    })
}

/// Counts an outcome, and pokes who watches.
pub(super) fn taken(
    app: &App,
    store: StoreId,
    outcome: Result<ChainHead, AcceptError>,
) -> Result<ChainHead, AcceptError> {
    app.metrics.batch(match &outcome {
        Ok(_) => "accepted",
        Err(AcceptError::Gap(_)) => "gap",
        Err(AcceptError::Quarantined(_)) => "quarantined",
        Err(AcceptError::Busy) => "busy",
    });
    if outcome.is_ok() {
        app.events.poke(Topic::Sales, [store.to_string()]);
    }
    app.events.poke(Topic::Stores, [store.to_string()]);
    outcome
}
