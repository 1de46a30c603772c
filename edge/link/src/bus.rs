//! The in-store bus: lamps, displays and other people's automations hear what happened, by id.
//!
//! Optional, and never the only copy of anything: the broker may be away for ever, and a message
//! that is lost is lost. `outpost/<store>/<topic>/<type>` carries `{"seq","id"}`.

use edge_app::Shop;
use rumqttc::{AsyncClient, Event, LastWill, MqttOptions, Packet, QoS};
use std::time::Duration;
use tokio::sync::watch;

/// Where the broker is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusConfig {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// The bus.
pub struct Bus {
    shop: Shop,
    config: BusConfig,
}

/// How many messages may wait for the broker; beyond, they are dropped.
const WAITING_MAX: usize = 64;
/// rumqttc polls again at once when the broker is away: this keeps it from spinning.
const RETRY: Duration = Duration::from_secs(2);

impl std::str::FromStr for BusConfig {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        let expected = || format!("{url:?} is not a broker, as in mqtt://127.0.0.1:1883");
        let rest = url.strip_prefix("mqtt://").ok_or_else(expected)?.trim_end_matches('/');
        let (host, port) = rest.rsplit_once(':').unwrap_or((rest, "1883"));
        let port = port.parse().map_err(|_| expected())?;
        if host.is_empty() { Err(expected()) } else { Ok(Self { host: host.to_owned(), port }) }
    }
}

impl Bus {
    /// A bus that is not connected yet.
    #[must_use]
    pub const fn new(shop: Shop, config: BusConfig) -> Self {
        Self { shop, config }
    }

    /// Tells the bus what happens until `stop` changes.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let store = self.shop.ledger().settings().store;
        let presence = format!("outpost/{store}/presence");
        let mut options =
            MqttOptions::new(format!("outpost-{store}"), &self.config.host, self.config.port);
        options.set_keep_alive(Duration::from_secs(15));
        options.set_last_will(LastWill::new(&presence, "offline", QoS::AtLeastOnce, true));
        let (client, mut events) = AsyncClient::new(options, WAITING_MAX);
        // The poll has a task of its own: publishing from it would deadlock at the bound.
        let (online, mut connected) = watch::channel(false);
        let poll = tokio::spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Packet::ConnAck(_))) => {
                        online.send_replace(true);
                    }
                    Ok(_) => {}
                    Err(error) => {
                        if online.send_replace(false) {
                            tracing::info!(%error, "the in-store bus is away");
                        }
                        tokio::time::sleep(RETRY).await;
                    }
                }
            }
        });
        let mut progress = self.shop.ledger().progress();
        let mut cursor = progress.borrow_and_update().feed;
        loop {
            tokio::select! {
                _ = stop.changed() => break,
                changed = connected.changed() => {
                    let up = *connected.borrow_and_update();
                    if changed.is_ok() && up {
                        let _ = client.try_publish(&presence, QoS::AtLeastOnce, true, "online");
                    }
                }
                changed = progress.changed() => {
                    if changed.is_err() {
                        break;
                    }
                    let online = *connected.borrow();
                    cursor = self.publish(&client, cursor, online).await;
                }
            }
        }
        let _ = client.try_publish(&presence, QoS::AtLeastOnce, true, "offline");
        tokio::time::sleep(Duration::from_millis(50)).await;
        poll.abort();
    }

    /// Tells what came after the cursor; while the broker is away, it only moves on.
    async fn publish(&self, client: &AsyncClient, cursor: u64, online: bool) -> u64 {
        let shop = self.shop.clone();
        let read = move || shop.read(|view| Ok(view.feed(cursor, 200)?));
        let Ok(Ok(rows)) = tokio::task::spawn_blocking(read).await else { return cursor };
        let store = self.shop.ledger().settings().store;
        for row in rows.iter().filter(|_| online) {
            let topic = format!("outpost/{store}/{}/{}", row.topic, row.kind);
            let id = row.entity.map(|id| id.to_string());
            let payload = serde_json::json!({ "seq": row.seq, "id": id }).to_string();
            let _ = client.try_publish(topic, QoS::AtLeastOnce, false, payload);
        }
        rows.last().map_or(cursor, |row| row.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brokers_are_named_as_urls() {
        let config = BusConfig { host: "127.0.0.1".into(), port: 1883 };
        assert_eq!("mqtt://127.0.0.1:1883".parse(), Ok(config.clone()));
        assert_eq!("mqtt://127.0.0.1".parse(), Ok(config));
        assert!("http://x".parse::<BusConfig>().is_err());
        assert!("mqtt://:x".parse::<BusConfig>().is_err());
    }
}
