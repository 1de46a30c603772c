//! The store's line to headquarters.
//!
//! **What it is.** Reconcilers that bring what happened up and what was edited both ways: one
//! outbound WebSocket with mutual TLS, bulk uploads over HTTPS for long backlogs, and the
//! optional in-store bus (MQTT).
//!
//! **What it never does.** No sale waits for it. It holds nothing that the ledger does not: it
//! may be stopped at any moment and goes on from what headquarters acknowledged.
//!
//! **Where to start reading.** [`Link::run`]; what to say next is decided by
//! `cloud-sync/protocol`'s session, which the simulator drives too.

mod bulk;
mod bus;
mod connection;
mod status;
mod tls;

pub use bus::{Bus, BusConfig};
pub use status::{LinkState, LinkStatus};
pub use tls::{Credentials, TlsError};

use cloud_sync_protocol::session::store::{CloseReason, Identity};
use edge_app::Shop;
use status::Reporter;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The first and the longest wait before the line is tried again.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));
/// A refusal needs a person: asked again now and then, in case one came.
const REFUSED_WAIT: Duration = Duration::from_secs(15);

/// Where headquarters is, and who the store is there.
#[derive(Clone, Debug)]
pub struct LinkConfig {
    /// As in `https://hq.example.com:8443`.
    pub url: String,
    /// The store's certificate, its key, and headquarters' authority.
    pub credentials: Credentials,
    /// This release.
    pub release: String,
}

/// Figures for headquarters since the last time.
pub type TakeTelemetry = dyn Fn() -> Vec<(String, i64)> + Send + Sync;

/// The line to headquarters.
pub struct Link {
    shop: Shop,
    config: LinkConfig,
    reporter: Reporter,
    telemetry: Arc<TakeTelemetry>,
}

/// Why the line was lost.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Nothing answers there, or the line broke.
    #[error("headquarters cannot be reached: {0}")]
    Unreachable(String),
    /// The certificates do not fit.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Headquarters refuses the store.
    #[error("{message}")]
    Refused {
        /// The stable code.
        code: String,
        /// What to do.
        message: String,
    },
    /// The ledger cannot be read.
    #[error(transparent)]
    Shop(#[from] edge_app::ShopError),
}

impl LinkError {
    pub(crate) fn unreachable(error: impl std::fmt::Display) -> Self {
        Self::Unreachable(error.to_string())
    }
}

impl From<CloseReason> for LinkError {
    fn from(reason: CloseReason) -> Self {
        match reason {
            CloseReason::Refused { code, message } => Self::Refused { code, message },
            CloseReason::Silent => Self::Unreachable("it does not answer".into()),
        }
    }
}

impl Link {
    /// A line that is not up yet, and how it is.
    #[must_use]
    pub fn new(
        shop: Shop,
        config: LinkConfig,
        telemetry: Arc<TakeTelemetry>,
    ) -> (Self, watch::Receiver<LinkStatus>) {
        let (reporter, status) = Reporter::new(shop.clone());
        (Self { shop, config, reporter, telemetry }, status)
    }

    fn identity(&self) -> Identity {
        Identity {
            store: self.shop.ledger().settings().store,
            epoch: self.shop.ledger().epoch(),
            release: self.config.release.clone(),
        }
    }

    /// Keeps the line up until `stop` changes. Never ends by itself.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut wait = BACKOFF.0;
        loop {
            self.reporter.state(LinkState::Connecting, None);
            let ended = tokio::select! {
                ended = self.connect() => ended,
                _ = stop.changed() => return,
            };
            let worked = self.reporter.was_connected();
            if worked {
                wait = BACKOFF.0;
            }
            let pause = match ended {
                Ok(()) => wait,
                Err(LinkError::Refused { code, message }) => {
                    tracing::warn!(code, message, "headquarters refuses this store");
                    self.reporter.state(LinkState::Refused, Some(message));
                    REFUSED_WAIT
                }
                Err(error) => {
                    tracing::info!(%error, "the line to headquarters is down; selling goes on");
                    self.reporter.state(LinkState::Offline, Some(error.to_string()));
                    wait
                }
            };
            wait = (wait * 2).min(BACKOFF.1);
            let ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            let pause = Duration::from_millis(fastrand::u64(ms / 2..=ms));
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => return,
            }
        }
    }

    /// One connection, from the bulk of a long backlog to the last word.
    async fn connect(&self) -> Result<(), LinkError> {
        let tls = tls::client(&self.config.credentials)?;
        bulk::upload(&self.shop, &self.config, &tls, &self.reporter).await?;
        connection::run(self, tls).await
    }
}
