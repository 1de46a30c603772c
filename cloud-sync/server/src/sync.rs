//! The stores' end: mutual TLS, then a WebSocket a store and a way for bulk.
//!
//! A connection without a certificate of our authority ends in the handshake. Whose it is comes
//! from the certificate; whether it may speak, from the store's row, at every word.

mod accept;
mod batches;
mod line;

pub(crate) use accept::{serve, tls};

use crate::app::App;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum::{Extension, Router};
use cloud_sync_protocol::entry::BATCH_BYTES_MAX;
use edge_domain::ids::StoreId;
use std::sync::Arc;

/// Which store a connection belongs to, by its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Peer(StoreId);

/// What a store may ask.
fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/sync", get(line::open))
        .route("/sync/batches", post(batches::take))
        .layer(DefaultBodyLimit::max(BATCH_BYTES_MAX))
        .layer(from_fn_with_state(app.clone(), crate::http::watch))
        .with_state(app)
}

/// The same router for one connection.
fn router_for(router: &Router, peer: Peer) -> Router {
    router.clone().layer(Extension(peer))
}
