//! Headquarters: its real tables, documents and sessions, driven as `cloud-sync/server` does.

use crate::chance::{DriftingClock, SeededEntropy};
use crate::plan::Sabotage;
use anyhow::{Context as _, Result};
use cloud_sync_documents::Actor;
use cloud_sync_protocol::entry::Entry;
use cloud_sync_protocol::message::{ToHq, ToStore};
use cloud_sync_protocol::session::hq::{AcceptError, Effect, Input, Session};
use cloud_sync_store::{Documents, Outgoing, SessionId, Sqlite, Store, admit, barred};
use edge_domain::ids::StoreId;
use edge_domain::item::Item;
use edge_domain::money::Money;
use edge_domain::rights::{Resource, Rights};
use edge_domain::time::{Clock, Entropy, StoreTime};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// What has to be sent, and on which connection.
pub(crate) type Letters = Vec<(u64, ToStore)>;

struct Line {
    store: StoreId,
    session: Session,
    joined: Option<SessionId>,
}

/// Headquarters while its process lives, over tables that outlive it.
pub(crate) struct Headquarters {
    pub(crate) tables: Arc<Sqlite>,
    pub(crate) clock: Arc<DriftingClock>,
    /// How many of a hundred batches meet a database that cannot write now.
    pub(crate) busy_pct: u8,
    documents: Documents,
    entropy: Arc<SeededEntropy>,
    lines: BTreeMap<u64, Line>,
    sessions: u64,
    sabotage: Option<Sabotage>,
    unwritten: Vec<(StoreId, Vec<Entry>)>,
    chance: fastrand::Rng,
}

impl Headquarters {
    pub(crate) fn new(
        clock: Arc<DriftingClock>,
        seed: u64,
        sabotage: Option<Sabotage>,
    ) -> Result<Self> {
        let tables = Arc::new(Sqlite::in_memory()?);
        let entropy = SeededEntropy::new(seed);
        let documents = Documents::new(tables.clone(), actor(&entropy));
        Ok(Self {
            tables,
            clock,
            busy_pct: 0,
            documents,
            entropy,
            lines: BTreeMap::new(),
            sessions: 0,
            sabotage,
            unwritten: vec![],
            chance: fastrand::Rng::with_seed(seed ^ 0x5eed),
        })
    }

    pub(crate) fn now(&self) -> StoreTime {
        self.clock.now()
    }

    /// The power goes: all that was in memory is gone; what was committed stays.
    pub(crate) fn crash(&mut self) {
        self.documents = Documents::new(self.tables.clone(), actor(&self.entropy));
        self.lines.clear();
        self.unwritten.clear();
        self.sessions = 0;
    }

    /// A connection came up.
    pub(crate) fn open(&mut self, connection: u64, store: StoreId) {
        let line = Line { store, session: Session::default(), joined: None };
        self.lines.insert(connection, line);
    }

    /// Whether it believes that the connection is up.
    pub(crate) fn holds(&self, connection: u64) -> bool {
        self.lines.contains_key(&connection)
    }

    /// A connection went down.
    pub(crate) fn hang_up(&mut self, connection: u64) {
        if let Some(joined) = self.lines.remove(&connection).and_then(|line| line.joined) {
            self.documents.leave(joined);
        }
    }

    /// A frame came.
    pub(crate) fn hear(&mut self, connection: u64, frame: &[u8]) -> Result<Letters> {
        let mut letters = Vec::new();
        if let Some(message) = ToHq::decode(frame)? {
            self.handle(connection, Input::Message(message), &mut letters)?;
        }
        Ok(letters)
    }

    /// Sets a price everywhere.
    pub(crate) fn set_price(&mut self, sku: &str, price: Money) -> Result<Letters> {
        let (_, changed) = self.documents.set_price(sku, price, self.clock.now())?;
        self.post(changed.outgoing)
    }

    /// Settles the first conflict that people see, if there is one.
    pub(crate) fn resolve_one(&mut self, price: Money) -> Result<Letters> {
        let Some(item) = self.tables.conflicts()?.into_iter().next() else { return Ok(vec![]) };
        let conflict = cloud_sync_store::Conflict::of(&item);
        let (_, changed) = self.documents.resolve(&conflict.id, price, self.clock.now())?;
        self.post(changed.outgoing)
    }

    /// Puts items into the catalogue.
    pub(crate) fn put_items(&mut self, items: &[Item]) -> Result<Letters> {
        let changed = self.documents.put_items(items, self.clock.now())?;
        self.post(changed.outgoing)
    }

    /// Makes rights.
    pub(crate) fn mint_rights(&mut self, resource: &Resource, amount: u64) -> Result<Letters> {
        let (_, changed) = self.documents.mint_rights(resource, amount)?;
        self.post(changed.outgoing)
    }

    /// Makes rights, and gives them to a store.
    pub(crate) fn give_rights(
        &mut self,
        resource: &Resource,
        to: StoreId,
        amount: u64,
    ) -> Result<Letters> {
        let (_, changed) = self.documents.give_rights(resource, to, amount, true)?;
        self.post(changed.outgoing)
    }

    /// Spreads rights, as the server does now and then.
    pub(crate) fn rebalance(&mut self) -> Result<Letters> {
        let changed = self.documents.rebalance(self.clock.now())?;
        self.post(changed.outgoing)
    }

    /// The rights in a resource, as it knows them.
    pub(crate) fn rights(&mut self, resource: &Resource) -> Result<Rights> {
        Ok(self.documents.rights(resource)?)
    }

    /// Under sabotage: writes what was acknowledged before.
    pub(crate) fn write_late(&mut self) {
        for (store, entries) in std::mem::take(&mut self.unwritten) {
            let _ = self.tables.accept(store, &entries, self.clock.now());
        }
    }

    fn handle(&mut self, connection: u64, input: Input, letters: &mut Letters) -> Result<()> {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let clock_ms = self.clock.now().as_millis();
            let Some(line) = self.lines.get_mut(&connection) else { return Ok(()) };
            let store = line.store;
            for effect in line.session.handle(input, clock_ms) {
                inputs.extend(self.effect(connection, store, effect, letters)?);
            }
        }
        Ok(())
    }

    fn effect(
        &mut self,
        connection: u64,
        store: StoreId,
        effect: Effect,
        letters: &mut Letters,
    ) -> Result<Option<Input>> {
        match effect {
            Effect::Send(message) => letters.push((connection, message)),
            Effect::Admit(hello) => {
                return Ok(Some(Input::Admitted(admit(&*self.tables, &hello, self.now())?)));
            }
            Effect::Accept(entries) => {
                return Ok(Some(Input::Accepted(self.accept(store, entries))));
            }
            Effect::Welcomed(_) => letters.extend(self.welcome(connection, store)?),
            Effect::Presence(presence) => {
                self.tables.seen(store, &presence, self.now())?;
                let row = self.tables.store(store)?;
                let refusal = row.as_ref().and_then(barred);
                return Ok(refusal.map(|refusal| Input::Admitted(Err(refusal))));
            }
            Effect::ApplyDoc { doc, bytes } => {
                let joined = self.lines.get(&connection).and_then(|line| line.joined);
                let joined = joined.context("a document came before the welcome")?;
                let changed = self.documents.receive(joined, &doc, &bytes)?;
                letters.extend(self.post(changed.outgoing)?);
            }
            Effect::Close => self.hang_up(connection),
        }
        Ok(None)
    }

    fn accept(
        &mut self,
        store: StoreId,
        entries: Vec<Entry>,
    ) -> Result<cloud_sync_protocol::entry::ChainHead, AcceptError> {
        if self.chance.u8(0..100) < self.busy_pct {
            return Err(AcceptError::Busy);
        }
        match (self.sabotage, entries.last().map(Entry::head)) {
            (Some(Sabotage::AckBeforeAccept), Some(head)) => {
                self.unwritten.push((store, entries));
                Ok(head)
            }
            _ => self.tables.accept(store, &entries, self.clock.now()),
        }
    }

    /// As the hub does: an older line of the same store gives way.
    fn welcome(&mut self, connection: u64, store: StoreId) -> Result<Letters> {
        let older = self.lines.iter().filter(|(id, line)| {
            **id != connection && line.store == store && line.joined.is_some()
        });
        for id in older.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.hang_up(id);
        }
        self.sessions += 1;
        let session = SessionId(self.sessions);
        if let Some(line) = self.lines.get_mut(&connection) {
            line.joined = Some(session);
        }
        let outgoing = self.documents.join(session, store)?;
        self.post(outgoing)
    }

    /// Documents' words go through their sessions, in order.
    fn post(&mut self, outgoing: Vec<Outgoing>) -> Result<Letters> {
        let mut letters = Vec::new();
        for Outgoing { session, doc, bytes } in outgoing {
            let line = self.lines.iter().find(|(_, line)| line.joined == Some(session));
            let Some(connection) = line.map(|(id, _)| *id) else { continue };
            self.handle(connection, Input::Doc { doc, bytes }, &mut letters)?;
        }
        Ok(letters)
    }
}

fn actor(entropy: &SeededEntropy) -> Actor {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    Actor(bytes)
}
