//! A running headquarters, and stores that speak to it as an appliance would.

use cloud_sync_protocol::entry::ChainHead;
use cloud_sync_protocol::message::{FRAME_BYTES_MAX, Hello, PROTOCOL, ToHq, ToStore};
use cloud_sync_server::config::Config;
use cloud_sync_server::pki::{Authority, Issued};
use cloud_sync_server::server::{Server, start};
use cloud_sync_server::system::{SystemClock, SystemEntropy};
use cloud_sync_store::{NewStore, Store};
use edge_domain::ids::StoreId;
use edge_domain::time::Clock;
use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use uuid::Uuid;

pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) dir: TempDir,
    pub(crate) http: reqwest::Client,
}

pub(crate) struct Line(WebSocketStream<TlsStream<TcpStream>>);

fn config(dir: &Path) -> Config {
    Config {
        http_listen: "127.0.0.1:0".parse().unwrap(),
        sync_listen: "127.0.0.1:0".parse().unwrap(),
        sync_names: vec!["localhost".into(), "127.0.0.1".into()],
        data_dir: dir.to_owned(),
        log_level: "info".into(),
    }
}

pub(crate) fn store_id(n: u128) -> StoreId {
    StoreId::new(Uuid::from_u128(n))
}

impl World {
    pub(crate) async fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        let server = start(&config(dir.path())).await.unwrap();
        Self { server, dir, http: reqwest::Client::new() }
    }

    pub(crate) async fn restarted(self) -> Self {
        let Self { server, dir, http } = self;
        server.stop().await;
        let server = start(&config(dir.path())).await.unwrap();
        Self { server, dir, http }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.server.app.store
    }

    /// Adds a store and issues its certificate.
    pub(crate) fn enrol(&self, n: u128) -> Issued {
        let name = format!("Shop {n}");
        let new = NewStore { id: store_id(n), name, currency: "EUR".parse().unwrap() };
        self.store().add_store(&new, SystemClock.now()).unwrap();
        issue(&self.dir.path().join("tls"), n)
    }

    pub(crate) fn tls(&self, identity: Option<&Issued>) -> ClientConfig {
        let pem = std::fs::read(self.dir.path().join("tls/ca.crt")).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
        let builder = ClientConfig::builder().with_root_certificates(roots);
        let Some(identity) = identity else { return builder.with_no_client_auth() };
        let chain = CertificateDer::from_pem_slice(identity.certificate_pem.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).unwrap();
        builder.with_client_auth_cert(vec![chain], key).unwrap()
    }

    /// Opens the WebSocket; an error is the handshake's.
    pub(crate) async fn connect(&self, identity: Option<&Issued>) -> anyhow::Result<Line> {
        let tls = TlsConnector::from(Arc::new(self.tls(identity)));
        let stream = TcpStream::connect(self.server.sync).await?;
        let stream = tls.connect("localhost".try_into()?, stream).await?;
        let mut config = WebSocketConfig::default();
        config.max_message_size = Some(FRAME_BYTES_MAX);
        let opened = client_async_with_config("wss://localhost/sync", stream, Some(config));
        let (socket, _) = tokio::time::timeout(PATIENCE, opened).await??;
        Ok(Line(socket))
    }

    /// Opens the line of an enrolled store and is welcomed.
    pub(crate) async fn welcomed(&self, n: u128, identity: &Issued) -> (Line, ChainHead) {
        let mut line = self.connect(Some(identity)).await.unwrap();
        let head = self.store().store(store_id(n)).unwrap().unwrap().acked;
        line.say(&ToHq::Hello(hello(n, 1, head))).await;
        match line.hear().await.expect("a welcome") {
            ToStore::Welcome { acked, .. } => (line, acked),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.http)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        let response = self.http.get(self.url(path)).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub(crate) async fn post(&self, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let request = self.http.post(self.url(path)).header("idempotency-key", key).json(body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

/// A certificate of the authority in a folder.
pub(crate) fn issue(tls_dir: &Path, n: u128) -> Issued {
    let authority = Authority::open(tls_dir, &SystemClock, &SystemEntropy).unwrap();
    authority.issue(store_id(n), &SystemClock, &SystemEntropy).unwrap()
}

pub(crate) fn hello(n: u128, epoch: u32, head: ChainHead) -> Hello {
    Hello {
        protocol: PROTOCOL,
        capabilities: vec![],
        store: Uuid::from_u128(n),
        epoch,
        head,
        release: "test".into(),
    }
}

impl Line {
    pub(crate) async fn say(&mut self, message: &ToHq) {
        self.0.send(Message::Binary(message.encode().into())).await.unwrap();
    }

    /// The next message; None when the line ended.
    pub(crate) async fn hear(&mut self) -> Option<ToStore> {
        loop {
            let frame = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a word");
            match frame?.ok()? {
                Message::Binary(bytes) => return ToStore::decode(&bytes).unwrap(),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// The next message that is not about documents.
    pub(crate) async fn hear_fact(&mut self) -> Option<ToStore> {
        loop {
            match self.hear().await? {
                ToStore::Doc { .. } => {}
                other => return Some(other),
            }
        }
    }

    /// The refusal's code, after which the line ends.
    pub(crate) async fn refusal(&mut self) -> String {
        let Some(ToStore::Refused { code, message }) = self.hear_fact().await else {
            panic!("no refusal")
        };
        assert!(message.len() > 20, "it says what to do: {message}");
        assert_eq!(self.hear().await, None, "and hangs up");
        code
    }
}
