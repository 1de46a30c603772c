//! Figures for dashboards and alarms, in OpenMetrics' text form.

use crate::app::App;
use cloud_sync_store::StoreError;
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::time::Duration;

/// Seconds: from a cached answer to a report over a year.
const BUCKETS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfStore {
    store: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRequest {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfBatch {
    outcome: &'static str,
}

/// All figures of headquarters.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    behind: Family<OfStore, Gauge>,
    heard: Family<OfStore, Gauge>,
    online: Gauge,
    requests: Family<OfRequest, Histogram>,
    batches: Family<OfBatch, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Figures, all at nothing.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("outpost");
        let (behind, heard, online) = (Family::default(), Family::default(), Gauge::default());
        let requests = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> _);
        let batches = Family::default();
        let behind_help = "Entries of the store's journal that are not here, by its last word";
        registry.register("sync_behind_entries", behind_help, behind.clone());
        let heard_help = "When the store was last heard, in seconds since 1970";
        let name = "sync_last_success_timestamp";
        registry.register_with_unit(name, heard_help, Unit::Seconds, heard.clone());
        registry.register("stores_online", "Stores that are connected", online.clone());
        let help = "How long requests took";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, requests.clone());
        registry.register("sync_batches", "Batches of entries that came", batches.clone());
        Self { registry, behind, heard, online, requests, batches }
    }

    /// A request was answered.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = OfRequest { method: method.into(), route: route.into(), status };
        self.requests.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// A batch was taken or not.
    pub fn batch(&self, outcome: &'static str) {
        self.batches.get_or_create(&OfBatch { outcome }).inc();
    }

    /// All figures as text. Blocks.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn text(&self, app: &App) -> Result<String, StoreError> {
        for row in app.store.stores()? {
            let labels = OfStore { store: row.id.to_string() };
            if let Some(reported) = row.reported_seq {
                let behind = reported.saturating_sub(row.acked.seq);
                let behind = i64::try_from(behind).unwrap_or(i64::MAX);
                self.behind.get_or_create(&labels).set(behind);
            }
            if let Some(seen) = row.last_seen {
                self.heard.get_or_create(&labels).set(seen.as_millis() / 1000);
            }
        }
        self.online.set(i64::try_from(app.hub.open_lines().len()).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.registry).map_err(|e| StoreError::Storage(e.to_string()))?;
        Ok(text)
    }
}
