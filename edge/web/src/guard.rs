//! Who may call: pages of the appliance itself, and programs. Pages of other sites may not, even
//! though they run in a browser on this machine (cross-site requests, DNS rebinding).

use crate::Api;
use crate::problem::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What pages of the appliance may load: only the appliance's own.
const CONTENT_POLICY: &str = "default-src 'self'; img-src 'self' data:; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

pub(crate) async fn guard(State(api): State<Api>, request: Request, next: Next) -> Response {
    if let Err(problem) = allowed(&api, request.headers()) {
        return problem.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let set = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in set {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn allowed(api: &Api, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let host = text(header::HOST).unwrap_or("localhost");
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    let known = matches!(name, "localhost" | "127.0.0.1" | "[::1]")
        || name.ends_with(".localhost")
        || api.hosts.iter().any(|known| known == name);
    if !known {
        let detail = format!("This appliance is not called {name}.");
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "unknown_host", detail));
    }
    let own = |origin: &str| origin.split_once("://").is_some_and(|(_, rest)| rest == host);
    match text(header::ORIGIN) {
        Some(origin) if !own(origin) => {
            let detail = "Pages of other sites may not use this appliance.";
            Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin", detail))
        }
        _ => Ok(()),
    }
}
