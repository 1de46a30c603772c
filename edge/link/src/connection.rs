//! One WebSocket: drives the protocol's session with the ledger, the documents and the line.

use crate::{Link, LinkError};
use cloud_sync_documents::{kind_of, order};
use cloud_sync_protocol::message::{FRAME_BYTES_MAX, ToStore};
use cloud_sync_protocol::session::store::{Effect, Input, Session};
use edge_app::{Shop, ShopError};
use edge_replica::Conversation;
use futures_util::{SinkExt, StreamExt};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

type Socket = WebSocketStream<TlsStream<TcpStream>>;

/// How long the line may take to come up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long headquarters may be silent: it pings every ten seconds.
const SILENCE: Duration = Duration::from_secs(30);
const TICK: Duration = Duration::from_secs(1);
/// How often documents are compared even when nobody says that they changed.
const RECONCILE: Duration = Duration::from_secs(60);

struct Line<'a> {
    link: &'a Link,
    socket: Socket,
    session: Session,
    talk: Arc<Mutex<Conversation>>,
    begun: tokio::time::Instant,
    welcomed: bool,
}

pub(crate) async fn run(link: &Link, tls: Arc<ClientConfig>) -> Result<(), LinkError> {
    let opened = tokio::time::timeout(CONNECT_TIMEOUT, open(&link.config.url, tls)).await;
    let socket = opened.map_err(|_| LinkError::Unreachable("it does not answer".into()))??;
    let mut progress = link.shop.ledger().progress();
    let head = progress.borrow_and_update().head;
    let (session, effects) = Session::open(link.identity(), head, 0);
    let talk = Arc::default();
    let begun = tokio::time::Instant::now();
    let mut line = Line { link, socket, session, talk, begun, welcomed: false };
    line.perform(effects).await?;
    let (mut tick, mut reconcile) = (tokio::time::interval(TICK), tokio::time::interval(RECONCILE));
    let mut heard = tokio::time::Instant::now();
    loop {
        tokio::select! {
            frame = line.socket.next() => {
                heard = tokio::time::Instant::now();
                let frame = frame.ok_or_else(|| LinkError::Unreachable("it hung up".into()))?;
                line.frame(frame.map_err(LinkError::unreachable)?).await?;
            }
            changed = progress.changed() => {
                if changed.is_err() {
                    return Ok(());
                }
                let head = progress.borrow_and_update().head;
                line.input(Input::Appended(head)).await?;
                line.say_edited().await?;
            }
            _ = tick.tick() => {
                if heard.elapsed() > SILENCE {
                    return Err(LinkError::Unreachable("it fell silent".into()));
                }
                line.input(Input::Tick).await?;
                line.presence().await?;
            }
            _ = reconcile.tick() => line.reconcile().await?,
        }
    }
}

async fn open(url: &str, tls: Arc<ClientConfig>) -> Result<Socket, LinkError> {
    let rest = url.strip_prefix("https://").unwrap_or(url).trim_end_matches('/');
    let (host, port) = rest.rsplit_once(':').unwrap_or((rest, "443"));
    let port: u16 = port.parse().map_err(LinkError::unreachable)?;
    let tcp = TcpStream::connect((host, port)).await.map_err(LinkError::unreachable)?;
    tcp.set_nodelay(true).map_err(LinkError::unreachable)?;
    let name = ServerName::try_from(host.to_owned()).map_err(LinkError::unreachable)?;
    let stream = TlsConnector::from(tls).connect(name, tcp).await;
    let stream = stream.map_err(LinkError::unreachable)?;
    let limits = WebSocketConfig::default()
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX));
    let request = format!("wss://{rest}/sync");
    let opened = tokio_tungstenite::client_async_with_config(request, stream, Some(limits)).await;
    Ok(opened.map_err(LinkError::unreachable)?.0)
}

impl Link {
    fn wall_ms(&self) -> i64 {
        self.shop.ledger().settings().clock.now().as_millis()
    }
}

/// Work on documents is heavy: never on a thread that serves others.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ShopError> + Send + 'static,
) -> Result<T, LinkError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(LinkError::unreachable)?;
    Ok(done?)
}

impl Line<'_> {
    /// The session's clock: it does not jump when somebody sets the wall clock.
    fn now_ms(&self) -> i64 {
        i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    async fn frame(&mut self, frame: Message) -> Result<(), LinkError> {
        match frame {
            Message::Binary(bytes) => match ToStore::decode(&bytes) {
                Ok(Some(message)) => self.input(Input::Message(message)).await,
                Ok(None) => Ok(()), // a newer headquarters says something that we need not hear
                Err(error) => Err(LinkError::unreachable(error)),
            },
            Message::Close(_) => Err(LinkError::Unreachable("it hung up".into())),
            _ => Ok(()),
        }
    }

    async fn input(&mut self, input: Input) -> Result<(), LinkError> {
        let effects = self.session.handle(input, self.now_ms());
        self.perform(effects).await
    }

    async fn perform(&mut self, effects: Vec<Effect>) -> Result<(), LinkError> {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Send(message) => self.send(message.encode()).await?,
                Effect::ReadEntries { after, limit } => {
                    let shop = self.link.shop.clone();
                    let read = move || shop.read(|view| Ok(view.entries(after, limit)?));
                    let input = Input::Entries(blocking(read).await?);
                    effects.extend(self.session.handle(input, self.now_ms()));
                }
                Effect::Acked(head) => self.link.reporter.acked(head),
                Effect::Welcomed { clock_ms } => {
                    let clock_offset_ms = clock_ms - self.link.wall_ms();
                    tracing::info!(clock_offset_ms, "headquarters let us in");
                    self.welcomed = true;
                    self.link.reporter.connected(clock_offset_ms);
                    self.reconcile().await?;
                }
                Effect::Reconcile => self.reconcile().await?,
                Effect::ApplyDoc { doc, bytes } => self.hear(doc, bytes).await?,
                Effect::Close(reason) => return Err(reason.into()),
            }
        }
        Ok(())
    }

    async fn send(&mut self, frame: Vec<u8>) -> Result<(), LinkError> {
        let sent = self.socket.send(Message::Binary(frame.into())).await;
        sent.map_err(LinkError::unreachable)
    }

    /// Says how the store is, when it is due.
    async fn presence(&mut self) -> Result<(), LinkError> {
        let now = self.now_ms();
        let Some(mut presence) = self.session.presence_due(now) else { return Ok(()) };
        presence.clock_ms = self.link.wall_ms();
        let (shop, acked) = (self.link.shop.clone(), self.link.reporter.acked_seq());
        if self.session.behind() > 0 {
            let oldest = move || shop.read(|view| Ok(view.entry_time(acked + 1)?));
            presence.behind_since_ms = blocking(oldest).await?;
        }
        presence.telemetry = (self.link.telemetry)();
        self.send(cloud_sync_protocol::message::ToHq::Presence(presence).encode()).await
    }

    /// Compares every document that matters with headquarters' copy.
    async fn reconcile(&mut self) -> Result<(), LinkError> {
        if !self.welcomed {
            return Ok(());
        }
        let shop = self.link.shop.clone();
        let names = blocking(move || documents(&shop)).await?;
        self.say(names).await
    }

    /// Says what was edited here since the last time.
    async fn say_edited(&mut self) -> Result<(), LinkError> {
        if !self.welcomed {
            return Ok(());
        }
        let edited = {
            let mut replica =
                self.link.shop.replica().lock().unwrap_or_else(PoisonError::into_inner);
            replica.take_edited()
        };
        self.say(edited).await
    }

    async fn say(&mut self, names: Vec<String>) -> Result<(), LinkError> {
        for name in names {
            let (shop, talk, doc) = (self.link.shop.clone(), self.talk.clone(), name.clone());
            let say = move || {
                let mut talk = talk.lock().unwrap_or_else(PoisonError::into_inner);
                shop.read(|view| Ok(talk.say(shop.replica(), &view, &doc)?))
            };
            if let Some(bytes) = blocking(say).await? {
                let effects = self.session.handle(Input::Doc { doc: name, bytes }, self.now_ms());
                for effect in effects {
                    if let Effect::Send(message) = effect {
                        self.send(message.encode()).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes a document's message: what it brings is merged at a desk, like any command.
    async fn hear(&mut self, doc: String, bytes: Vec<u8>) -> Result<(), LinkError> {
        let (shop, talk, name) = (self.link.shop.clone(), self.talk.clone(), doc.clone());
        let hear = move || {
            let incoming = {
                let mut talk = talk.lock().unwrap_or_else(PoisonError::into_inner);
                shop.read(|view| Ok(talk.hear(shop.replica(), &view, &name, &bytes)?))?
            };
            let Some(incoming) = incoming else { return Ok(()) };
            shop.merge_document(incoming).wait().map(drop)
        };
        if let Err(error) = blocking(hear).await {
            // One document that cannot be merged must not stop the others.
            tracing::warn!(document = %doc, %error, "a document could not be merged");
        }
        self.say(vec![doc]).await
    }
}

/// How many orders that came to their end headquarters is told of again after a lost line.
const ENDED_ORDERS: u32 = 300;

/// What the whole tenant shares, the orders that live, and those that ended lately: their end may not have been
/// heard.
fn documents(shop: &Shop) -> Result<Vec<String>, ShopError> {
    shop.read(|view| {
        let (live, latest) = (view.live_orders(1_000)?, view.latest_orders(ENDED_ORDERS)?);
        let orders: BTreeSet<String> =
            live.iter().chain(&latest).map(|row| order::name_of(row.head.id)).collect();
        let matters = |name: &String| kind_of(name) != "order" || orders.contains(name);
        Ok(view.doc_names()?.into_iter().filter(matters).collect())
    })
}
