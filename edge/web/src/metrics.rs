//! Figures for dashboards, as OpenMetrics. Names are a contract: CONTRACTS.md.

use crate::Api;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::Instant;

/// What labels an HTTP request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct HttpLabels {
    method: String,
    route: String,
    status: u16,
}

/// One label called `outcome`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Outcome {
    /// What became of it.
    pub outcome: String,
}

/// What labels a payment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct PaymentLabels {
    /// `cash` or `card`.
    pub method: String,
    /// `taken` or `refused`.
    pub outcome: String,
}

/// What labels a device.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct DeviceLabels {
    /// Its id.
    pub device: String,
}

/// One label called `verdict`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct VerdictLabel {
    /// What the gate made of a tag that left.
    pub verdict: String,
}

/// The store's figures.
pub struct Metrics {
    registry: Registry,
    http: Family<HttpLabels, Histogram, fn() -> Histogram>,
    /// Orders and sales by what became of them.
    pub orders: Family<Outcome, Counter>,
    /// Payments by method and what became of them.
    pub payments: Family<PaymentLabels, Counter>,
    /// From the command to the durable answer.
    pub commit: Histogram,
    /// From a ticket's firing to its bump.
    pub ticket: Histogram,
    /// Print jobs by what became of them.
    pub prints: Family<Outcome, Counter>,
    device_up: Family<DeviceLabels, Gauge>,
    behind: Gauge,
    last_success: Gauge,
    rfid_reads: Counter,
    gate_alarms: Family<VerdictLabel, Counter>,
}

const SECONDS: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
const TICKET_SECONDS: [f64; 7] = [60.0, 120.0, 300.0, 480.0, 600.0, 900.0, 1800.0];

fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let http: Family<HttpLabels, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(seconds as fn() -> Histogram);
        let (orders, payments) = (Family::default(), Family::default());
        let (commit, ticket) = (seconds(), Histogram::new(TICKET_SECONDS));
        let (prints, device_up) = (Family::default(), Family::default());
        let (behind, last_success) = (Gauge::default(), Gauge::default());
        let (rfid_reads, gate_alarms) = (Counter::default(), Family::default());
        let r = &mut registry;
        r.register("outpost_rfid_reads", "Reads of RFID readers", rfid_reads.clone());
        r.register("outpost_gate_alarms", "Tags that left, by verdict", gate_alarms.clone());
        r.register("outpost_http_request_duration_seconds", "HTTP requests", http.clone());
        r.register("outpost_orders", "Orders and sales", orders.clone());
        r.register("outpost_payments", "Payments", payments.clone());
        r.register("outpost_ledger_commit_seconds", "Command to durable", commit.clone());
        r.register("outpost_kitchen_ticket_seconds", "Fired to bumped", ticket.clone());
        r.register("outpost_print_jobs", "Print jobs", prints.clone());
        r.register("outpost_device_up", "1 where a device is online", device_up.clone());
        r.register("outpost_sync_behind_entries", "Not acknowledged yet", behind.clone());
        r.register(
            "outpost_sync_last_success_timestamp_seconds",
            "Last word from headquarters",
            last_success.clone(),
        );
        Self {
            registry,
            http,
            orders,
            payments,
            commit,
            ticket,
            prints,
            device_up,
            behind,
            last_success,
            rfid_reads,
            gate_alarms,
        }
    }
}

impl Metrics {
    /// Counts what became of an order.
    pub fn order(&self, outcome: &str) {
        self.orders.get_or_create(&Outcome { outcome: outcome.to_owned() }).inc();
    }

    /// Counts what became of a payment.
    pub fn payment(&self, method: &str, outcome: &str) {
        let labels = PaymentLabels { method: method.to_owned(), outcome: outcome.to_owned() };
        self.payments.get_or_create(&labels).inc();
    }
}

pub(crate) async fn observe(State(api): State<Api>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().to_string();
    let route = request.extensions().get::<MatchedPath>();
    // Unmatched paths share one label: a scanner of addresses must not fill the memory.
    let route = route.map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let labels = HttpLabels { method, route, status: response.status().as_u16() };
    api.metrics.http.get_or_create(&labels).observe(begun.elapsed().as_secs_f64());
    response
}

pub(crate) async fn serve(State(api): State<Api>) -> Response {
    let metrics = &api.metrics;
    for device in api.devices.devices() {
        let up = i64::from(device.state == "online");
        metrics.device_up.get_or_create(&DeviceLabels { device: device.id }).set(up);
    }
    let (reads, verdicts) = api.devices.gate_figures();
    metrics.rfid_reads.inc_by(reads.saturating_sub(metrics.rfid_reads.get()));
    for (verdict, count) in verdicts {
        let counter =
            metrics.gate_alarms.get_or_create_owned(&VerdictLabel { verdict: verdict.into() });
        counter.inc_by(count.saturating_sub(counter.get()));
    }
    let sync = api.sync.sync();
    metrics.behind.set(i64::try_from(sync.behind_entries).unwrap_or(i64::MAX));
    if let Some(at) = sync.last_success_at.and_then(|at| at.parse::<jiff::Timestamp>().ok()) {
        metrics.last_success.set(at.as_second());
    }
    let mut text = String::new();
    // Writing to a string fails only when memory does.
    let _ = encode(&mut text, &metrics.registry);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([("content-type", kind)], text).into_response()
}
