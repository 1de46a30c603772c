//! The screens: embedded files, compressed when they were built.

use crate::Api;
use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use edge_web_assets::Assets;

const MISSING: &str = "The screens are not part of this build. Run `make build`, then start again.";

pub(crate) fn screens() -> Router<Api> {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/pos/") }))
        .route("/pos", get(|| async { Redirect::permanent("/pos/") }))
        .route("/kitchen", get(|| async { Redirect::permanent("/kitchen/") }))
        .route("/gate", get(|| async { Redirect::permanent("/gate/") }))
        .route("/pos/", get(|headers| page("pos", headers)))
        .route("/kitchen/", get(|headers| page("kitchen", headers)))
        .route("/gate/", get(|headers| page("gate", headers)))
        .route("/assets/{*path}", get(asset))
}

async fn page(name: &'static str, headers: HeaderMap) -> Response {
    match file(&format!("{name}/index.html"), &headers) {
        Some(response) => response,
        None => (StatusCode::SERVICE_UNAVAILABLE, MISSING).into_response(),
    }
}

/// A missing file is a 404, never the page: a stale screen must not get HTML for a script.
async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let missing = || StatusCode::NOT_FOUND.into_response();
    file(&format!("assets/{path}"), &headers).unwrap_or_else(missing)
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepted = text(header::ACCEPT_ENCODING);
    let encodings = [("br", ".br"), ("gzip", ".gz")];
    let packed = encodings.into_iter().filter(|(name, _)| accepted.contains(name));
    let packed = packed
        .filter_map(|(name, ending)| Some((Assets::get(&format!("{path}{ending}"))?, Some(name))));
    let (file, encoding) = packed.chain(Assets::get(path).map(|file| (file, None))).next()?;
    let tag: String =
        file.metadata.sha256_hash()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let fresh = text(header::IF_NONE_MATCH) == tag;
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let hashed = path.starts_with("assets/");
    let cache = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, kind.essence_str())
        .header(header::CACHE_CONTROL, cache)
        .header(header::VARY, "accept-encoding")
        .header(header::ETAG, tag);
    if let Some(encoding) = encoding {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    if fresh {
        return response.status(StatusCode::NOT_MODIFIED).body(Body::empty()).ok();
    }
    response.body(Body::from(file.data.into_owned())).ok()
}
