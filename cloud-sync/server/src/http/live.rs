//! The live pokes: a WebSocket that says what to fetch again.

use super::extract::Params;
use crate::app::App;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// How often a line says that it lives; a client that hears nothing for 12 s reconnects.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// A client that takes longer to take a frame is gone.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug, Deserialize)]
pub(super) struct LiveParams {
    after: Option<u64>,
}

pub(super) async fn events(
    State(app): State<Arc<App>>,
    Params(params): Params<LiveParams>,
    upgrade: WebSocketUpgrade,
) -> Response {
    // Nothing that a client says here is of interest.
    let upgrade = upgrade.max_message_size(4096).max_frame_size(4096);
    upgrade.on_upgrade(async move |mut socket| {
        if feed(&app, &mut socket, params.after).await.is_some() {
            let _ = socket.send(Message::Close(None)).await;
        }
    })
}

/// Feeds a client until it goes (None) or headquarters stops.
async fn feed(app: &App, socket: &mut WebSocket, after: Option<u64>) -> Option<()> {
    let mut joined = app.events.join(after);
    let mut last = joined.missed.last().map_or(joined.seq, |(seq, _)| *seq);
    send(socket, json!({"type": "hello", "seq": joined.seq, "reset": joined.reset}).to_string())
        .await?;
    for (_, frame) in joined.missed {
        send(socket, frame.to_string()).await?;
    }
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.reset();
    loop {
        tokio::select! {
            frame = joined.live.recv() => match frame {
                Ok((seq, frame)) => {
                    last = seq;
                    send(socket, frame.to_string()).await?;
                }
                // Too slow for the feed: it comes back with its last sequence.
                Err(RecvError::Lagged(_) | RecvError::Closed) => return Some(()),
            },
            _ = heartbeat.tick() => {
                send(socket, json!({"type": "heartbeat", "seq": last}).to_string()).await?;
            }
            heard = socket.recv() => {
                heard?.ok()?;
            }
            () = app.stopped() => return Some(()),
        }
    }
}

async fn send(socket: &mut WebSocket, text: String) -> Option<()> {
    tokio::time::timeout(SEND_TIMEOUT, socket.send(Message::text(text))).await.ok()?.ok()
}
