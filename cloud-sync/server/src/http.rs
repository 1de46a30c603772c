//! The people's end: API, live pokes, health, metrics and dashboard. One file per group of
//! endpoints; each brings its own part of the OpenAPI description.

mod catalogue;
mod conflicts;
mod dashboard;
pub(crate) mod extract;
mod health;
mod live;
mod once;
mod orders;
mod origin;
mod problem;
mod reports;
mod rights;
pub mod shapes;
mod stores;

pub use problem::Problem;

use crate::app::App;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The largest body of a request of people.
pub const BODY_BYTES_MAX: usize = 256 << 10;

#[derive(OpenApi)]
#[openapi(info(
    title = "Outpost headquarters",
    description = "Money in minor units, quantities as decimal strings, times in RFC 3339, \
                   errors as application/problem+json with a stable `code`."
))]
struct Description;

fn documented() -> OpenApiRouter<Arc<App>> {
    let api = OpenApiRouter::new()
        .merge(stores::router())
        .merge(reports::router())
        .merge(catalogue::router())
        .merge(conflicts::router())
        .merge(orders::router())
        .merge(rights::router());
    OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", api)
}

/// The OpenAPI 3.1 document, made from the handlers.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    documented().into_openapi()
}

/// All of the people's end.
pub fn router(app: Arc<App>) -> Router {
    let (router, description) = documented().split_for_parts();
    let description = serde_json::to_string(&description).unwrap_or_default();
    let json = [(header::CONTENT_TYPE, "application/json")];
    router
        .route("/api/v1/openapi.json", get(|| async move { (json, description) }))
        .route("/api/v1/events", get(live::events))
        .merge(health::router())
        .merge(dashboard::router())
        .fallback(|| async { problem::not_found() })
        .method_not_allowed_fallback(|| async { problem::method_not_allowed() })
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(origin::of_this_machine))
        .layer(from_fn(guard))
        .layer(from_fn_with_state(app.clone(), watch))
        .layer(from_fn(edge_process::body::drain))
        .with_state(app)
}

/// What every answer carries against pages that mean no good.
async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let csp = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(csp));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Counts and logs a request. The trace is the caller's, where it names one (W3C Trace Context).
pub(crate) async fn watch(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().to_string();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "unmatched".into());
    let parent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    let trace = parent.and_then(|parent| parent.split('-').nth(1)).filter(|id| id.len() == 32);
    let trace_id = trace.map_or_else(|| random_hex(16), str::to_owned);
    let span = tracing::info_span!("request", trace_id, span_id = random_hex(8));
    let response = next.run(request).instrument(span.clone()).await;
    let (took, status) = (start.elapsed(), response.status());
    app.metrics.request(&method, &route, status.as_u16(), took);
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let _in = span.enter();
    if status.is_server_error() {
        tracing::error!(method, route, status = status.as_u16(), duration_ms, "request failed");
    } else {
        tracing::debug!(method, route, status = status.as_u16(), duration_ms, "request");
    }
    response
}

fn random_hex(bytes: usize) -> String {
    use edge_domain::time::Entropy;
    let mut random = vec![0; bytes];
    crate::system::SystemEntropy.fill(&mut random);
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An answer in JSON.
fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    (status, axum::Json(serde_json::json!(body))).into_response()
}
