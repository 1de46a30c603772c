//! The store's HTTP.
//!
//! **What it is.** The routes under `/api/v1` with the OpenAPI document made from their handlers,
//! the live feed that every screen uses, health, metrics, and the screens themselves.
//!
//! **What it never does.** No rule of the shop is decided here: handlers turn a request into a
//! verb of `edge/app` and its outcome into a shape of [`shapes`]. No handler blocks: reading the
//! ledger happens on threads that may.
//!
//! **Where to start reading.** [`router`], then [`routes::orders`]; a new endpoint is a function
//! in a file of `routes/` and one line in that file's `routes()`.

pub mod metrics;
pub mod routes;
pub mod shapes;

mod events;
mod guard;
mod health;
mod post;
mod problem;
mod screens;

pub use problem::Problem;
pub use routes::scales::{AskProblem, ScaleReading};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use edge_app::{Actor, Caller, Shop, ShopError, ShopWords};
use edge_domain::StoreTime;
use edge_domain::staff::Permission;
use edge_ledger::View;
use std::sync::Arc;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

/// The largest body of an ordinary request, in bytes: a sale of 1,000 lines fits.
pub const BODY_BYTES_MAX: usize = 256 << 10;

/// What the devices are, for whoever shows them.
pub trait DeviceBoard: Send + Sync {
    /// Every configured device as it is now.
    fn devices(&self) -> Vec<shapes::Device>;

    /// What lies on the scale at a station, weighed now. Blocks for as long as the scale takes.
    ///
    /// # Errors
    /// If there is none, or it cannot be asked.
    fn weigh(&self, station: &str) -> Result<ScaleReading, AskProblem>;

    /// Lets a device that is no printer do something harmless, and says what it did. Blocks.
    ///
    /// # Errors
    /// If there is no such device, or it does not work.
    fn test(&self, id: &str) -> Result<String, AskProblem>;
    /// Lets a reader collect tags anew; false where there is no such reader.
    fn collect(&self, _reader: &str) -> bool {
        false
    }

    /// What a reader collected so far; `None` where it does not collect.
    fn collected(&self, _reader: &str) -> Option<Vec<String>> {
        None
    }

    /// Ends a reader's collection.
    fn stop_collecting(&self, _reader: &str) {}

    /// Reads of RFID readers since the start, and what became of tags that left, by verdict.
    fn gate_figures(&self) -> (u64, Vec<(&'static str, u64)>) {
        (0, Vec::new())
    }
}

/// How the line to headquarters is.
pub trait SyncBoard: Send + Sync {
    /// The line as it is now.
    fn sync(&self) -> shapes::SyncStatus;
}

/// What the handlers need.
#[derive(Clone)]
pub struct Api {
    /// The shop.
    pub shop: Shop,
    /// Its words on paper.
    pub words: Arc<ShopWords>,
    /// Its name and settings, as screens show them.
    pub store: Arc<shapes::Store>,
    /// Its devices.
    pub devices: Arc<dyn DeviceBoard>,
    /// Its line to headquarters.
    pub sync: Arc<dyn SyncBoard>,
    /// Its figures.
    pub metrics: Arc<metrics::Metrics>,
    /// Names under which browsers may call, besides the loopback's.
    pub hosts: Arc<Vec<String>>,
}

impl Api {
    /// Reads the ledger on a thread that may block.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        reading: impl FnOnce(View<'_>) -> Result<T, ShopError> + Send + 'static,
    ) -> Result<T, Problem> {
        let shop = self.shop.clone();
        let read = tokio::task::spawn_blocking(move || shop.read(reading)).await;
        Ok(read.map_err(|_| Problem::internal())??)
    }
}

impl Api {
    /// Reads for somebody who needs a permission for it.
    pub(crate) async fn read_for<T: Send + 'static>(
        &self,
        caller: Caller,
        permission: Permission,
        reading: impl FnOnce(View<'_>, &Actor) -> Result<T, ShopError> + Send + 'static,
    ) -> Result<T, Problem> {
        let (now, session_ms) = (self.now(), self.shop.config().rules.session_ms);
        let reading = move |view: View<'_>| {
            let actor = Actor::resolve(view, &caller, now, session_ms)?;
            actor.allowed(view, permission)?;
            reading(view, &actor)
        };
        self.read(reading).await
    }

    /// The wall clock.
    pub(crate) fn now(&self) -> StoreTime {
        self.shop.ledger().settings().clock.now()
    }
}

fn api() -> OpenApiRouter<Api> {
    let info = InfoBuilder::new()
        .title("Outpost store")
        .version("1")
        .description(Some("The API of one store appliance. Errors are problem+json (RFC 9457)."));
    let document = OpenApiBuilder::new().info(info.build()).build();
    OpenApiRouter::with_openapi(document).nest("/api/v1", routes::routes())
}

/// The OpenAPI 3.1 document, made from the handlers.
#[must_use]
pub fn openapi() -> OpenApi {
    api().into_openapi()
}

/// Everything that the store serves.
pub fn router(api_state: Api) -> Router {
    let (routes, document) = api().split_for_parts();
    let document: Arc<str> = document.to_json().unwrap_or_default().into();
    let openapi = move || {
        let document = document.clone();
        async move { ([("content-type", "application/json")], document.to_string()) }
    };
    routes
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api/v1/events", get(events::events))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::serve))
        .merge(screens::screens())
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(axum::middleware::from_fn_with_state(api_state.clone(), guard::guard))
        .layer(axum::middleware::from_fn_with_state(api_state.clone(), metrics::observe))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(axum::middleware::from_fn(edge_process::body::drain))
        .with_state(api_state)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// Typed clients are generated by operation: two of one name make one that does not compile.
    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let document = serde_json::to_value(super::openapi()).unwrap();
        let paths = document["paths"].as_object().unwrap().values();
        let operations = paths.flat_map(|path| path.as_object().unwrap().values());
        let names = operations.filter_map(|operation| operation["operationId"].as_str());
        let mut seen = BTreeSet::new();
        let twice: Vec<&str> = names.filter(|name| !seen.insert((*name).to_owned())).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
