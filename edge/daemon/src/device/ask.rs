//! The running store, asked from a shell. Where staff sign in, the environment's [`SESSION`] holds
//! the token of a session (`POST /sessions`): an argument would be seen by everybody on the machine.

use crate::config::Config;
use anyhow::bail;
use serde_json::Value;
use std::time::Duration;

/// The variable with a session's token.
pub(super) const SESSION: &str = "OUTPOST_SESSION";

/// The store of a configuration.
pub(super) struct Store {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
    session: Option<String>,
    url: String,
}

impl Store {
    /// A line to it, whether it runs or not.
    pub(super) fn of(config: &Config) -> anyhow::Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(1))
            .timeout(Duration::from_secs(15))
            // Never leaves this machine: a system without certificates of its own will do.
            .tls_certs_only([])
            .build()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let session = std::env::var(SESSION).ok().filter(|token| !token.is_empty());
        let url = format!("http://{}/api/v1", config.listen);
        Ok(Self { runtime, client, session, url })
    }

    /// Posts nothing to a path; `None` if no store runs.
    pub(super) fn post(&self, path: &str) -> anyhow::Result<Option<Value>> {
        let key = uuid::Uuid::now_v7().to_string();
        let sent = self.client.post(format!("{}/{path}", self.url));
        let sent = sent.header("Idempotency-Key", key).json(&serde_json::json!({}));
        self.answer(sent)
    }

    /// What a path answers.
    pub(super) fn get(&self, path: &str) -> anyhow::Result<Value> {
        match self.answer(self.client.get(format!("{}/{path}", self.url)))? {
            Some(answer) => Ok(answer),
            None => bail!("the store stopped meanwhile"),
        }
    }

    fn answer(&self, sent: reqwest::RequestBuilder) -> anyhow::Result<Option<Value>> {
        let sent = match &self.session {
            Some(token) => sent.bearer_auth(token),
            None => sent,
        };
        self.runtime.block_on(async {
            let answer = match sent.send().await {
                Ok(answer) => answer,
                Err(error) if error.is_connect() => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            let good = answer.status().is_success();
            let body: Value = answer.json().await?;
            match good {
                true => Ok(Some(body)),
                false => bail!("{}", body["detail"].as_str().unwrap_or("the store refused")),
            }
        })
    }
}
