//! A store's line: one WebSocket, driven by the protocol's session.

use super::{Peer, batches};
use crate::app::App;
use crate::events::Topic;
use crate::hub::Down;
use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use cloud_sync_protocol::message::{FRAME_BYTES_MAX, Hello, Presence, ToHq, ToStore};
use cloud_sync_protocol::session::hq::{Effect, Input, Refusal, Session};
use cloud_sync_store::{Changed, SessionId, StoreError, admit, barred};
use edge_domain::ids::StoreId;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How often a silent line is asked whether it lives.
const PING: Duration = Duration::from_secs(10);
/// After so long without a word it does not.
const DEAD: Duration = Duration::from_secs(25);
/// How long a frame may take to be taken: a shard over a slow line.
const SEND_TIMEOUT: Duration = Duration::from_secs(20);

pub(super) async fn open(
    State(app): State<Arc<App>>,
    Extension(Peer(store)): Extension<Peer>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let upgrade = upgrade.max_message_size(FRAME_BYTES_MAX).max_frame_size(FRAME_BYTES_MAX);
    upgrade.on_upgrade(async move |socket| {
        let mut line = Line {
            app,
            store,
            socket,
            session: Session::default(),
            epoch: 0,
            welcomed: None,
            opened: Instant::now(),
        };
        let reason = line.run().await.err().unwrap_or(End::Gone);
        match &reason {
            End::Failed(error) => tracing::error!(%store, %error, "a store's line broke"),
            reason => tracing::info!(%store, ?reason, "a store's line ended"),
        }
        line.leave().await;
    })
}

/// Why a line ends.
#[derive(Debug)]
enum End {
    /// The store hung up, or was not heard any more.
    Gone,
    /// It was refused, or what it said cannot be understood.
    Refused,
    /// Another line of the same store took its place, or it was too slow.
    Replaced,
    /// Headquarters stops.
    Stopping,
    /// Headquarters' database failed; the store comes back.
    Failed(StoreError),
}

struct Line {
    app: Arc<App>,
    store: StoreId,
    socket: WebSocket,
    session: Session,
    epoch: u32,
    welcomed: Option<(SessionId, mpsc::Receiver<Down>)>,
    opened: Instant,
}

impl Line {
    async fn run(&mut self) -> Result<(), End> {
        let app = self.app.clone();
        let (mut ping, mut heard) = (tokio::time::interval(PING), Instant::now());
        loop {
            let down = async {
                match &mut self.welcomed {
                    Some((_, queue)) => queue.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                frame = self.socket.recv() => {
                    heard = Instant::now();
                    let frame = frame.and_then(Result::ok).ok_or(End::Gone)?;
                    self.frame(frame).await?;
                }
                down = down => match down.ok_or(End::Replaced)? {
                    Down::Doc { doc, bytes } => self.handle(Input::Doc { doc, bytes }).await?,
                    Down::Refuse(refusal) => self.refuse(refusal).await?,
                },
                now = ping.tick() => {
                    let unwelcome = self.welcomed.is_none() && now - self.opened > DEAD;
                    if now - heard > DEAD || unwelcome {
                        return Err(End::Gone);
                    }
                    self.send(Message::Ping(Vec::new().into())).await?;
                }
                () = app.stopped() => return Err(End::Stopping),
            }
        }
    }

    async fn frame(&mut self, frame: Message) -> Result<(), End> {
        match frame {
            Message::Binary(bytes) => match ToHq::decode(&bytes) {
                Ok(Some(message)) => self.handle(Input::Message(message)).await,
                // A newer release says more than we know.
                Ok(None) => Ok(()),
                Err(_) => Err(End::Refused),
            },
            Message::Text(_) => Err(End::Refused),
            Message::Close(_) => Err(End::Gone),
            Message::Ping(_) | Message::Pong(_) => Ok(()),
        }
    }

    /// Hands the session an input, and does what it wants done, in order.
    async fn handle(&mut self, input: Input) -> Result<(), End> {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let clock_ms = self.app.now().as_millis();
            for effect in self.session.handle(input, clock_ms) {
                inputs.extend(self.effect(effect).await?);
            }
        }
        Ok(())
    }

    async fn effect(&mut self, effect: Effect) -> Result<Option<Input>, End> {
        match effect {
            Effect::Send(message) => self.say(&message).await?,
            Effect::Admit(hello) => return Ok(Some(Input::Admitted(self.admit(*hello).await?))),
            Effect::Accept(entries) => {
                let store = self.store;
                let accepted = self.app.ask(move |app| {
                    let outcome = app.store.accept(store, &entries, app.now());
                    Ok(batches::taken(app, store, outcome))
                });
                return Ok(Some(Input::Accepted(accepted.await.map_err(End::Failed)?)));
            }
            Effect::Welcomed(_) => self.welcome().await?,
            Effect::Presence(presence) => return self.presence(presence).await,
            Effect::ApplyDoc { doc, bytes } => return self.apply(doc, bytes).await,
            Effect::Close => return Err(End::Refused),
        }
        Ok(None)
    }

    async fn admit(
        &mut self,
        hello: Hello,
    ) -> Result<Result<cloud_sync_protocol::entry::ChainHead, Refusal>, End> {
        if hello.store != self.store.uuid() {
            let message = format!(
                "The certificate is of the store {}, the box says it is {}. Give the box its own \
                 certificate.",
                self.store, hello.store
            );
            return Ok(Err(Refusal { code: "unknown_store".into(), message }));
        }
        self.epoch = hello.epoch;
        let admitted = self.app.ask(move |app| admit(&*app.store, &hello, app.now()));
        let admitted = admitted.await.map_err(End::Failed)?;
        if let Err(refusal) = &admitted {
            tracing::warn!(store = %self.store, code = refusal.code, "a store was refused");
            self.app.events.poke(Topic::Stores, [self.store.to_string()]);
        }
        Ok(admitted)
    }

    async fn welcome(&mut self) -> Result<(), End> {
        let (store, (session, queue)) = (self.store, self.app.hub.open(self.store, self.epoch));
        self.welcomed = Some((session, queue));
        tracing::info!(%store, "a store is online");
        self.app.events.poke(Topic::Stores, [store.to_string()]);
        let join = self.app.ask(move |app| {
            app.with_documents(|documents| {
                let outgoing = documents.join(session, store)?;
                Ok(((), Changed { outgoing, ..Changed::default() }))
            })
        });
        join.await.map_err(End::Failed)
    }

    async fn presence(&mut self, presence: Presence) -> Result<Option<Input>, End> {
        let store = self.store;
        let seen = self.app.ask(move |app| {
            app.store.seen(store, &presence, app.now())?;
            app.store.store(store)
        });
        let row = seen.await.map_err(End::Failed)?;
        self.app.events.poke(Topic::Stores, [store.to_string()]);
        Ok(row.as_ref().and_then(barred).map(|refusal| Input::Admitted(Err(refusal))))
    }

    /// Takes a document's message, if the store may still speak.
    async fn apply(&mut self, doc: String, bytes: Vec<u8>) -> Result<Option<Input>, End> {
        let Some((session, _)) = self.welcomed else { return Ok(None) };
        let store = self.store;
        let applied = self.app.ask(move |app| {
            if let Some(refusal) = app.store.store(store)?.as_ref().and_then(barred) {
                return Ok(Some(refusal));
            }
            app.with_documents(|documents| Ok(((), documents.receive(session, &doc, &bytes)?)))?;
            Ok(None)
        });
        match applied.await {
            Ok(refusal) => Ok(refusal.map(|refusal| Input::Admitted(Err(refusal)))),
            Err(error @ StoreError::Document(_)) => {
                tracing::warn!(%store, %error, "a document's message cannot be read");
                Err(End::Refused)
            }
            Err(error) => Err(End::Failed(error)),
        }
    }

    async fn refuse(&mut self, refusal: Refusal) -> Result<(), End> {
        self.handle(Input::Admitted(Err(refusal))).await
    }

    async fn say(&mut self, message: &ToStore) -> Result<(), End> {
        self.send(Message::Binary(message.encode().into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        let sent = tokio::time::timeout(SEND_TIMEOUT, self.socket.send(message)).await;
        sent.ok().and_then(Result::ok).ok_or(End::Gone)
    }

    async fn leave(mut self) {
        let close = self.socket.send(Message::Close(None));
        // Whoever does not take the farewell is gone already.
        let _ = tokio::time::timeout(Duration::from_secs(1), close).await;
        let Some((session, _)) = self.welcomed.take() else { return };
        self.app.hub.close(session);
        self.app.events.poke(Topic::Stores, [self.store.to_string()]);
        let left = self.app.ask(move |app| {
            app.with_documents(|documents| {
                documents.leave(session);
                Ok(((), Changed::default()))
            })
        });
        if let Err(error) = left.await {
            tracing::error!(%error, "a session did not leave the documents");
        }
    }
}
