//! A screen's ear: the live feed.

use anyhow::Context;
use futures_util::StreamExt;
use serde_json::Value;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// An open feed.
pub struct Feed {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The hello that it began with.
    pub hello: Value,
    /// The last sequence that was heard.
    pub seq: u64,
}

impl Feed {
    /// Opens the feed of some topics, after a sequence.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn open(url: &str, topics: &str, after: Option<u64>) -> anyhow::Result<Self> {
        let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
        let url = url.replacen("http", "ws", 1);
        let (socket, _) =
            connect_async(format!("{url}/api/v1/events?topics={topics}{after}")).await?;
        let mut feed = Self { socket, hello: Value::Null, seq: 0 };
        feed.hello = feed.frame().await?;
        feed.seq = feed.hello["seq"].as_u64().unwrap_or_default();
        Ok(feed)
    }

    /// The next frame, heartbeats too.
    ///
    /// # Errors
    /// When the line breaks or nothing comes for 20 seconds.
    pub async fn frame(&mut self) -> anyhow::Result<Value> {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(20), self.socket.next()).await;
            match next.context("nothing came")?.context("the feed ended")?? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                _ => continue,
            }
        }
    }

    /// The next event of a type.
    ///
    /// # Errors
    /// As [`Feed::frame`].
    pub async fn next(&mut self, kind: &str) -> anyhow::Result<Value> {
        loop {
            let frame = self.frame().await?;
            if frame["type"] == "heartbeat" {
                continue;
            }
            self.seq = frame["seq"].as_u64().unwrap_or(self.seq);
            if frame["type"] == kind {
                return Ok(frame);
            }
        }
    }
}
