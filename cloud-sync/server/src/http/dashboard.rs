//! The dashboard's files, embedded: compressed where the browser takes it, cached where the name
//! says the content.

use super::{Problem, problem};
use crate::app::App;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use cloud_sync_server_assets::Assets;
use rust_embed::EmbeddedFile;
use std::sync::Arc;

const PAGE: &str = "dashboard/index.html";

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/dashboard/") }))
        .route("/dashboard", get(|| async { Redirect::permanent("/dashboard/") }))
        .route("/dashboard/", get(file))
        .route("/dashboard/{*path}", get(file))
        .route("/assets/{*path}", get(file))
}

async fn file(uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    if Assets::get(PAGE).is_none() {
        return Ok(not_built());
    }
    let path = uri.path().trim_start_matches('/');
    // A name with a dot is a file, and exists or not; anything else is a view of the page.
    let file_name = path.rsplit('/').next().unwrap_or_default();
    let path = match path {
        _ if Assets::get(path).is_some() => path,
        _ if path.starts_with("assets/") || file_name.contains('.') => {
            return Err(problem::not_found());
        }
        _ => PAGE,
    };
    serve(path, &headers).ok_or_else(problem::not_found)
}

fn serve(path: &str, headers: &HeaderMap) -> Option<Response> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let accepted = text(header::ACCEPT_ENCODING);
    let (encoding, file) = encoded(path, accepted)?;
    let hash: String =
        file.metadata.sha256_hash()[..16].iter().map(|b| format!("{b:02x}")).collect();
    let etag = format!("\"{hash}\"");
    let unchanged = text(header::IF_NONE_MATCH).split(',').any(|known| known.trim() == etag);
    let status = if unchanged { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let body = if unchanged { Body::empty() } else { Body::from(file.data) };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = match kind.type_() {
        mime_guess::mime::TEXT => format!("{}; charset=utf-8", kind.essence_str()),
        _ => kind.essence_str().to_owned(),
    };
    let for_ever = path.starts_with("assets/");
    let cache = if for_ever { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::ETAG, etag)
        .header(header::CACHE_CONTROL, cache)
        .header(header::VARY, "accept-encoding");
    if let Some(encoding) = encoding {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    response.body(body).ok()
}

/// The smallest form that the browser takes.
fn encoded(path: &str, accepted: &str) -> Option<(Option<&'static str>, EmbeddedFile)> {
    let takes = |wanted: &str| {
        accepted.split(',').any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            parts.next() == Some(wanted) && parts.all(|part| part != "q=0" && part != "q=0.0")
        })
    };
    for (encoding, suffix) in [("br", "br"), ("gzip", "gz")] {
        if takes(encoding)
            && let Some(file) = Assets::get(&format!("{path}.{suffix}"))
        {
            return Some((Some(encoding), file));
        }
    }
    Some((None, Assets::get(path)?))
}

fn not_built() -> Response {
    let page = "<!doctype html><meta charset=utf-8><title>Outpost headquarters</title>\
                <h1>The dashboard is not built</h1><p>Run <code>make build</code>, then start \
                headquarters again. Stores and the API are not affected.</p>";
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::SERVICE_UNAVAILABLE, kind, page).into_response()
}
