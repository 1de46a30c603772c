//! A plain HTTP client: what a script would do.

use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, as JSON; null where it is none.
    pub body: Value,
}

/// A client of one address.
#[derive(Clone, Debug)]
pub struct Client {
    /// As in `http://127.0.0.1:8080`.
    pub url: String,
    http: reqwest::Client,
    headers: Vec<(&'static str, String)>,
}

impl Answer {
    /// The problem's stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The body of a success.
    ///
    /// # Errors
    /// Anything but a 2xx, with what was said.
    pub fn ok(self) -> anyhow::Result<Value> {
        anyhow::ensure!((200..300).contains(&self.status), "{}: {}", self.status, self.body);
        Ok(self.body)
    }
}

impl Client {
    /// A client.
    ///
    /// # Errors
    /// When there is no TLS provider.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build()?;
        Ok(Self { url: url.to_owned(), http, headers: vec![] })
    }

    /// The same client, with a header on each request.
    #[must_use]
    pub fn bearing(&self, name: &'static str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.push((name, value.to_owned()));
        other
    }

    async fn send(&self, mut request: reqwest::RequestBuilder) -> anyhow::Result<Answer> {
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok(Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::Null) })
    }

    /// GET under `/api/v1`.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.send(self.http.get(format!("{}/api/v1{path}", self.url))).await
    }

    /// GET of a text anywhere.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn text(&self, path: &str) -> anyhow::Result<String> {
        Ok(self.http.get(format!("{}{path}", self.url)).send().await?.text().await?)
    }

    /// POST under `/api/v1` with a key of its own.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.post_as(path, &Uuid::new_v4().to_string(), body).await
    }

    /// POST under `/api/v1` with a given idempotency key.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn post_as(&self, path: &str, key: &str, body: &Value) -> anyhow::Result<Answer> {
        let request = self.http.post(format!("{}/api/v1{path}", self.url));
        self.send(request.header("idempotency-key", key).json(body)).await
    }

    /// POST of raw bytes under `/api/v1`.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn post_raw(&self, path: &str, kind: &str, body: Vec<u8>) -> anyhow::Result<Answer> {
        let request = self.http.post(format!("{}/api/v1{path}", self.url));
        self.send(request.header("content-type", kind).body(body)).await
    }

    /// Imports a catalogue of CSV rows.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn import(&self, csv: &str) -> anyhow::Result<Value> {
        self.post_raw("/items/import", "text/csv", csv.as_bytes().to_vec()).await?.ok()
    }
}
