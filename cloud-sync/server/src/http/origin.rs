//! Who may ask while nobody signs in: programs and pages of this machine. Without this, any page
//! in a browser on this machine could read the pokes (a WebSocket knows no CORS) or, behind a
//! name that it points at 127.0.0.1, everything.

use super::Problem;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;

pub(super) async fn of_this_machine(request: Request, next: Next) -> Response {
    if asked_here(&request) {
        return next.run(request).await;
    }
    let detail = "Nobody signs in here, so that only pages and programs of this machine may ask. \
                  Open http://localhost with this port.";
    Problem::new(StatusCode::FORBIDDEN, "foreign_origin", detail).into_response()
}

fn asked_here(request: &Request) -> bool {
    let text = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(header::HOST).or_else(|| request.uri().authority().map(|host| host.as_str()));
    let origin = text(header::ORIGIN);
    let origin = origin.map(|origin| origin.split_once("://").map_or(origin, |(_, host)| host));
    host.is_none_or(is_local) && origin.is_none_or(is_local)
}

fn is_local(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let address = host.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for local in ["localhost", "LOCALHOST:8090", "127.0.0.1:1", "127.9.0.1", "[::1]:8090"] {
            assert!(is_local(local), "{local}");
        }
        for foreign in
            ["", "null", "evil.example", "localhost.evil.example:80", "10.0.0.1", "[::2]"]
        {
            assert!(!is_local(foreign), "{foreign}");
        }
    }
}
