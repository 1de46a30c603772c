//! One request, one effect: `Idempotency-Key`. The answer is kept durably, and given again.

use super::extract::Raw;
use super::{Problem, json};
use crate::app::App;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cloud_sync_store::Answer;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::future::Future;
use std::sync::Arc;

/// The longest key: a UUID fits several times.
const KEY_BYTES_MAX: usize = 128;

/// Runs a request once for its key. An answer other than success is not kept: the same key may
/// be tried again.
///
/// Between the effect and the answer's own commit lies a moment: whoever asks again after a
/// power cut just there has the effect written again, with the same value.
pub(super) async fn once<T: Serialize, F: Future<Output = Result<T, Problem>>>(
    app: &Arc<App>,
    path: &str,
    raw: &Raw,
    run: impl FnOnce() -> F,
) -> Response {
    match attempt(app, path, raw, run).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn attempt<T: Serialize, F: Future<Output = Result<T, Problem>>>(
    app: &Arc<App>,
    path: &str,
    raw: &Raw,
    run: impl FnOnce() -> F,
) -> Result<Response, Problem> {
    let key = key(raw)?;
    let mut sha = Sha256::new();
    sha.update(path.as_bytes());
    sha.update([0]);
    sha.update(&raw.body);
    let fingerprint: [u8; 32] = sha.finalize().into();
    let _turn = app.posts.lock().await;
    let asked = key.clone();
    if let Some(answer) = app.ask(move |app| app.store.answer(&asked)).await? {
        return given(&answer, fingerprint);
    }
    let done = serde_json::json!(run().await?);
    let answer = Answer { fingerprint, status: 200, body: done.to_string().into_bytes() };
    app.ask(move |app| app.store.put_answer(&key, &answer, app.now())).await?;
    Ok(json(StatusCode::OK, &done))
}

fn key(raw: &Raw) -> Result<String, Problem> {
    let bad = |code: &str, detail: &str| Problem::new(StatusCode::BAD_REQUEST, code, detail);
    let Some(key) = raw.headers.get("idempotency-key") else {
        let detail = "Send an Idempotency-Key: one UUID for each thing that a person does, the \
                      same when it is tried again.";
        return Err(bad("idempotency_key_missing", detail));
    };
    match key.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= KEY_BYTES_MAX => Ok(key.to_owned()),
        _ => Err(bad("idempotency_key_invalid", "The Idempotency-Key is not a UUID.")),
    }
}

fn given(answer: &Answer, fingerprint: [u8; 32]) -> Result<Response, Problem> {
    if answer.fingerprint != fingerprint {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request. Nothing was changed. Take a new \
             key for a new request.",
        ));
    }
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, answer.body.clone()).into_response();
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    Ok(response)
}
