//! Headquarters: where the stores' journals arrive, where prices are set, what the dashboard
//! reads.
//!
//! **What it is.** Two ends. The *sync end* ([`sync`]) speaks with stores only: mutual TLS, one
//! WebSocket a store, batches and documents. The *people's end* ([`http`]) is the API, the live
//! pokes, the metrics and the dashboard. Both are thin over `cloud-sync/store` and
//! `cloud-sync/protocol`.
//!
//! **What it never does.** It decides nothing about a sale: stores sell without it. It never
//! acknowledges before its own commit, never lets a store in by its certificate alone (its row
//! is asked each time), and never blocks an async worker with the database or a document.
//!
//! **Where to start reading.** [`server::start`] for what runs, [`sync`] for a store's line,
//! `http/` for one file per group of endpoints.

pub mod app;
pub mod cli;
pub mod config;
pub mod events;
pub mod http;
pub mod hub;
pub mod metrics;
pub mod pki;
pub mod server;
pub mod sync;
pub mod system;
