//! Request bodies that were answered before they were read.
//!
//! A server that answers early and closes resets the connection under a client that still
//! writes, and the client never sees the answer (RFC 9112, section 9.6). So the rest of the body
//! is read and thrown away before the answer leaves, up to a bound.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::EXPECT;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Body as _, Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// The most bytes that are thrown away after an answer: six of the largest imports.
const DRAINED_BYTES_MAX: usize = 64 << 20;
/// The longest that an answer waits for them; slower senders lose it.
const DRAIN_MS_MAX: u64 = 5_000;

/// A body that its handler may drop while somebody else still holds it.
struct Lent(Arc<Mutex<Body>>);

impl Lent {
    fn body(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl http_body::Body for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *self.body()).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body().size_hint()
    }
}

/// A layer that reads what a handler left of its request before the answer is sent.
pub async fn drain(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    // A client that asked first has sent nothing yet, and will not.
    if body.is_end_stream() || parts.headers.contains_key(EXPECT) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let kept = Arc::new(Mutex::new(body));
    let lent = Body::new(Lent(kept.clone()));
    let answer = next.run(Request::from_parts(parts, lent)).await;
    let rest = throw_away(Lent(kept));
    let _ = tokio::time::timeout(Duration::from_millis(DRAIN_MS_MAX), rest).await;
    answer
}

async fn throw_away(mut rest: Lent) {
    let mut drained = 0;
    while !rest.is_end_stream() && drained < DRAINED_BYTES_MAX {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut rest).poll_frame(cx)).await;
        match frame {
            Some(Ok(frame)) => drained += frame.data_ref().map_or(0, Bytes::len),
            Some(Err(_)) | None => return,
        }
    }
}
