//! The live feed: what changed, in order, resumable by sequence.
//!
//! A screen that was away gets what it missed; one that was away too long is told to fetch
//! everything again. Rows name what changed, and are filled in when they are sent: a slow screen
//! sees the newest state, never a queue of old ones.

use crate::Api;
use crate::shapes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use edge_app::ShopError;
use edge_domain::ids::{JobId, SettlementId};
use edge_domain::{OrderId, PaymentId, SaleId, TicketId};
use edge_ledger::View;
use edge_ledger::feed::FeedRow;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;

/// How often an idle line says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How many rows are read at once.
const ROWS: u32 = 200;

#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    topics: Option<String>,
    after: Option<u64>,
}

pub(crate) async fn events(
    State(api): State<Api>,
    Query(wanted): Query<Wanted>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.max_message_size(4 << 10).on_upgrade(move |socket| serve(api, wanted, socket))
}

async fn serve(api: Api, wanted: Wanted, mut socket: WebSocket) {
    let topics: Option<HashSet<String>> = wanted
        .topics
        .map(|topics| topics.split(',').map(|topic| topic.trim().to_owned()).collect());
    let mut progress = api.shop.ledger().progress();
    let last = progress.borrow_and_update().feed;
    let Ok((first_kept, _)) = api.read(|view| Ok(view.feed_bounds()?)).await else { return };
    let known = |after: u64| after <= last && after + 1 >= first_kept;
    let (mut cursor, reset) = match wanted.after {
        Some(after) if known(after) => (after, false),
        Some(_) => (last, true),
        None => (last, false),
    };
    if !say(&mut socket, &json!({ "type": "hello", "seq": last, "reset": reset })).await {
        return;
    }
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    heartbeat.reset();
    loop {
        match deliver(&api, topics.as_ref(), &mut cursor, &mut socket).await {
            Some(true) => continue,
            Some(false) => {}
            None => return,
        }
        tokio::select! {
            changed = progress.changed() => if changed.is_err() { return },
            _ = heartbeat.tick() => {
                if !say(&mut socket, &json!({ "type": "heartbeat", "seq": cursor })).await {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            }
        }
    }
}

/// Sends what came after the cursor. Some(true): there may be more; None: the line is gone.
async fn deliver(
    api: &Api,
    topics: Option<&HashSet<String>>,
    cursor: &mut u64,
    socket: &mut WebSocket,
) -> Option<bool> {
    let (after, boards) = (*cursor, api.clone());
    let wanted = topics.cloned();
    let read = api.read(move |view| {
        let rows = view.feed(after, ROWS)?;
        let full = rows.len() == ROWS as usize;
        let last = rows.last().map_or(after, |row| row.seq);
        let wanted = |row: &&FeedRow| wanted.as_ref().is_none_or(|t| t.contains(&row.topic));
        let frames = rows.iter().filter(wanted).filter_map(|row| frame(&boards, view, row));
        Ok((frames.collect::<Vec<_>>(), last, full))
    });
    let (frames, last, full) = read.await.ok()?;
    for frame in &frames {
        if !say(socket, frame).await {
            return None;
        }
    }
    *cursor = last;
    Some(full)
}

async fn say(socket: &mut WebSocket, frame: &Value) -> bool {
    let sent = socket.send(Message::Text(frame.to_string().into()));
    // A screen that takes nothing for ten seconds is gone; it will come back and resume.
    matches!(tokio::time::timeout(Duration::from_secs(10), sent).await, Ok(Ok(())))
}

fn frame(api: &Api, view: View<'_>, row: &FeedRow) -> Option<Value> {
    let data = match (&row.data, row.topic.as_str()) {
        (Some(_), "devices") => device(api, row)?,
        (_, "sync") => serde_json::to_value(api.sync.sync()).ok()?,
        (Some(data), _) => serde_json::from_str(data).ok()?,
        (None, _) => entity(view, row).ok()??,
    };
    let at = shapes::time(row.at);
    Some(json!({ "seq": row.seq, "topic": row.topic, "type": row.kind, "at": at, "data": data }))
}

fn device(api: &Api, row: &FeedRow) -> Option<Value> {
    let data: Value = serde_json::from_str(row.data.as_deref()?).ok()?;
    let id = data.get("device")?.as_str()?;
    let device = api.devices.devices().into_iter().find(|device| device.id == id)?;
    Some(json!({ "device": device }))
}

fn entity(view: View<'_>, row: &FeedRow) -> Result<Option<Value>, ShopError> {
    let Some(id) = row.entity else { return Ok(None) };
    Ok(match row.kind.as_str() {
        "order_changed" => match view.order(OrderId::new(id))? {
            Some(order) => Some(json!({ "order": shapes::Order::of(view, &order)? })),
            None => None,
        },
        "sale_completed" => view.sale(SaleId::new(id))?.map(|sale| {
            let order = sale.sale.parts().order.map(|order| order.to_string());
            json!({ "sale": shapes::Sale::from(&sale), "order_id": order })
        }),
        "ticket_fired" | "ticket_bumped" | "ticket_recalled" => view
            .ticket(TicketId::new(id))?
            .map(|ticket| json!({ "ticket": shapes::Ticket::from(&ticket) })),
        "settlement_changed" => view
            .settlement(SettlementId::new(id))?
            .map(|row| json!({ "settlement": shapes::Settlement::from(&row) })),
        "card_changed" => view
            .card(PaymentId::new(id))?
            .map(|card| json!({ "card": shapes::CardCharge::from(&card) })),
        "gate_alarm" | "gate_changed" => {
            view.gate_event(id)?.map(|event| json!({ "event": shapes::GateEvent::from(&event) }))
        }
        "print_job_changed" => view
            .job(JobId::new(id))?
            .map(|job| json!({ "print_job": shapes::PrintJob::from(&job) })),
        _ => None,
    })
}
