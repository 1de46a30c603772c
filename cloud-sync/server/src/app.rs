//! What both ends share.

use crate::events::{Events, Topic};
use crate::hub::Hub;
use crate::metrics::Metrics;
use cloud_sync_documents::Actor;
use cloud_sync_store::{Changed, Documents, Store, StoreError};
use edge_domain::time::{Clock, Entropy, StoreTime};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Headquarters while it runs.
pub struct App {
    /// The tables. Calls block: see [`App::ask`].
    pub store: Arc<dyn Store>,
    /// The stores that are connected.
    pub hub: Hub,
    /// What changed, for the dashboard.
    pub events: Events,
    /// Figures.
    pub metrics: Metrics,
    /// One request with an idempotency key at a time: people's edits are few.
    pub posts: tokio::sync::Mutex<()>,
    documents: Mutex<Documents>,
    clock: Arc<dyn Clock>,
    stopping: watch::Sender<bool>,
}

impl App {
    /// Headquarters over its tables.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: &dyn Entropy) -> Self {
        let mut actor = [0; 16];
        entropy.fill(&mut actor);
        let documents = Mutex::new(Documents::new(store.clone(), Actor(actor)));
        let events = Events::starting_at(clock.now());
        Self {
            store,
            hub: Hub::default(),
            events,
            metrics: Metrics::new(),
            posts: tokio::sync::Mutex::default(),
            documents,
            clock,
            stopping: watch::Sender::new(false),
        }
    }

    /// The wall clock now.
    #[must_use]
    pub fn now(&self) -> StoreTime {
        self.clock.now()
    }

    /// Runs what blocks on a thread that may.
    ///
    /// # Errors
    /// Those of `run`; [`StoreError::Storage`] if it panicked.
    pub async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        run: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || run(&app)).await;
        done.unwrap_or_else(|error| Err(StoreError::Storage(error.to_string())))
    }

    /// Runs with the documents, and hands what is to be said to the sessions, in order. Blocks.
    ///
    /// # Errors
    /// Those of `run`.
    pub fn with_documents<T>(
        &self,
        run: impl FnOnce(&mut Documents) -> Result<(T, Changed), StoreError>,
    ) -> Result<T, StoreError> {
        // A panic inside Automerge leaves copies in memory that are only ever re-read or merged.
        let mut documents = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        let (done, changed) = run(&mut documents)?;
        for slow in self.hub.deliver(changed.outgoing) {
            documents.leave(slow);
        }
        drop(documents);
        if !changed.skus.is_empty() {
            self.events.poke(Topic::Catalogue, changed.skus.clone());
        }
        if changed.conflicts {
            self.events.poke(Topic::Conflicts, changed.skus);
        }
        Ok(done)
    }

    /// Tells everything that runs to stop.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Resolves when headquarters stops.
    pub async fn stopped(&self) {
        // The sender lives in self, so that waiting only ends with the word.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }
}
