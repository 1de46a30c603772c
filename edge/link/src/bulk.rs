//! A long backlog goes up as packed batches over HTTPS, before the line is opened: the day after
//! a day without headquarters.

use crate::status::Reporter;
use crate::{LinkConfig, LinkError};
use cloud_sync_protocol::entry::{BATCH_ENTRIES_MAX, ChainHead, Hash, pack};
use edge_app::{Shop, ShopError};
use rustls::ClientConfig;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// A backlog below this goes over the line itself.
const BACKLOG_MIN: u64 = 2_000;
/// How long headquarters may take for one batch.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Which life of the box sends: an old one is refused.
const EPOCH: &str = "outpost-epoch";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    seq: u64,
    hash: String,
    code: String,
    detail: String,
    expected: Option<u64>,
}

pub(crate) async fn upload(
    shop: &Shop,
    config: &LinkConfig,
    tls: &Arc<ClientConfig>,
    reporter: &Reporter,
) -> Result<(), LinkError> {
    let head = shop.ledger().progress().borrow().head.seq;
    let mut acked = reporter.acked_seq();
    if head.saturating_sub(acked) < BACKLOG_MIN {
        return Ok(());
    }
    tracing::info!(behind = head - acked, "sending a long backlog");
    let client = reqwest::Client::builder()
        .use_preconfigured_tls(tls.as_ref().clone())
        .timeout(TIMEOUT)
        .build()
        .map_err(LinkError::unreachable)?;
    let url = format!("{}/sync/batches", config.url.trim_end_matches('/'));
    let epoch = shop.ledger().epoch();
    while acked < head {
        let batch = read_batch(shop, acked).await?;
        let sent = client
            .post(&url)
            .header(EPOCH, epoch)
            .body(batch)
            .send()
            .await
            .map_err(LinkError::unreachable)?;
        let status = sent.status();
        let answer: Answer = sent.json().await.map_err(LinkError::unreachable)?;
        match (status.is_success(), answer.expected) {
            (true, _) => {
                let Some(hash) = hash_of(&answer.hash) else {
                    return Err(LinkError::Unreachable("its answer makes no sense".into()));
                };
                acked = answer.seq;
                reporter.acked(ChainHead { seq: answer.seq, hash });
            }
            (false, Some(expected)) if expected > 0 && expected - 1 != acked => {
                acked = expected - 1;
            }
            _ if status.is_server_error() => {
                return Err(LinkError::Unreachable(format!("it answers {status}")));
            }
            _ => {
                return Err(LinkError::Refused { code: answer.code, message: answer.detail });
            }
        }
    }
    Ok(())
}

async fn read_batch(shop: &Shop, after: u64) -> Result<Vec<u8>, LinkError> {
    let shop = shop.clone();
    let read = tokio::task::spawn_blocking(move || {
        shop.read(|view| {
            let entries = view.entries(after, BATCH_ENTRIES_MAX)?;
            pack(&entries).map_err(|error| ShopError::Invalid(error.to_string()))
        })
    });
    Ok(read.await.map_err(LinkError::unreachable)??)
}

fn hash_of(hex: &str) -> Option<Hash> {
    let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    let bytes: Vec<u8> = (0..32).map(|n| byte(n * 2)).collect::<Option<_>>()?;
    Some(Hash::from_bytes(bytes.try_into().ok()?))
}
