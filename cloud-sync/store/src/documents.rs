//! The documents in memory, and the conversation about them with every store that is connected.
//!
//! Whatever another replica wrote is durable before anything is said about it. Where a write
//! fails, the copy in memory is dropped: it never claims what the database does not hold.

mod rights;
mod slot;

use crate::backend::Store;
use crate::error::StoreError;
use crate::model::{CatalogueItem, Conflict, DocumentKey};
use cloud_sync_documents::catalogue::{self, Author, SHARDS};
use cloud_sync_documents::{Actor, DocError, Scope, SyncState, order, scope_of};
use edge_domain::hlc::Hlc;
use edge_domain::ids::{OrderId, StoreId};
use edge_domain::item::{Item, Sku};
use edge_domain::money::Money;
use edge_domain::time::StoreTime;
use slot::Slot;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use uuid::Uuid;

/// One connection of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// A message that a session has to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// To whom.
    pub session: SessionId,
    /// About which document.
    pub doc: String,
    /// Automerge's sync message.
    pub bytes: Vec<u8>,
}

/// What came of an edit or a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// What is to be sent now.
    pub outgoing: Vec<Outgoing>,
    /// Items whose rows changed.
    pub skus: Vec<String>,
    /// Whether a conflict came, went or changed.
    pub conflicts: bool,
}

#[derive(Debug)]
struct Session {
    store: StoreId,
    states: BTreeMap<DocumentKey, SyncState>,
}

/// All documents of headquarters. Calls are CPU-bound and block: a thread of their own, never an
/// async worker.
pub struct Documents {
    store: Arc<dyn Store>,
    actor: Actor,
    clock: Hlc,
    slots: BTreeMap<DocumentKey, Slot>,
    sessions: BTreeMap<SessionId, Session>,
    demand: rights::Demand,
}

impl Documents {
    /// Documents that are loaded when they are needed. `actor` is 16 random bytes, new at every
    /// start: a reused one can never sync again.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, actor: Actor) -> Self {
        let (slots, sessions) = (BTreeMap::new(), BTreeMap::new());
        let demand = rights::Demand::default();
        Self { store, actor, clock: Hlc::default(), slots, sessions, demand }
    }

    /// A store was let in: begins the conversation about the catalogue and its live orders.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn join(
        &mut self,
        session: SessionId,
        store: StoreId,
    ) -> Result<Vec<Outgoing>, StoreError> {
        self.sessions.insert(session, Session { store, states: BTreeMap::new() });
        let shards = (0..SHARDS).map(|n| format!("catalogue/{n:02}"));
        let mut keys: Vec<_> =
            shards.map(|name| DocumentKey { owner: Uuid::nil(), name }).collect();
        keys.extend(self.others()?);
        let owner = store.uuid();
        let orders = self.store.live_documents(owner)?;
        keys.extend(orders.into_iter().map(|name| DocumentKey { owner, name }));
        let mut outgoing = Vec::new();
        for key in keys {
            self.load(&key)?;
            outgoing.extend(self.say(session, &key));
        }
        Ok(outgoing)
    }

    /// A connection ended. What only it needed leaves the memory.
    pub fn leave(&mut self, session: SessionId) {
        let Some(left) = self.sessions.remove(&session) else { return };
        if self.sessions.values().all(|other| other.store != left.store) {
            self.slots.retain(|key, _| key.owner != left.store.uuid());
        }
    }

    /// Takes a store's message. Documents of unknown kinds, and sessions that left, are passed
    /// over.
    ///
    /// # Errors
    /// [`StoreError::Document`] for what is no sync message, [`StoreError::Storage`].
    pub fn receive(
        &mut self,
        session: SessionId,
        doc: &str,
        message: &[u8],
    ) -> Result<Changed, StoreError> {
        let Some(peer) = self.sessions.get(&session) else { return Ok(Changed::default()) };
        let Some(key) = key_of(peer.store, doc) else {
            tracing::warn!(store = %peer.store, doc, "a document of an unknown kind was left alone");
            return Ok(Changed::default());
        };
        let store = peer.store;
        let known = rights_of(self.load(&key)?, &key)?;
        let (Some(slot), Some(peer)) = (self.slots.get_mut(&key), self.sessions.get_mut(&session))
        else {
            return Ok(Changed::default());
        };
        let state = peer.states.entry(key.clone()).or_default();
        if let Err(error) = slot.document.receive(state, message) {
            peer.states.remove(&key);
            self.slots.remove(&key);
            return Err(error.into());
        }
        if let Some(known) = known {
            let now = cloud_sync_documents::rights::all(&slot.document)?;
            if let Some(reason) = rights::trespass(&known, &now, store) {
                return self.set_aside(store, &key, reason);
            }
            if now != known {
                self.balance(&key, &now)?;
            }
        }
        self.settle(&key, Some(session))
    }

    /// Sets the price of an item everywhere. It settles a conflict.
    ///
    /// # Errors
    /// [`StoreError::UnknownItem`], a broken rule, [`StoreError::Storage`].
    pub fn set_price(
        &mut self,
        sku: &str,
        price: Money,
        now: StoreTime,
    ) -> Result<(CatalogueItem, Changed), StoreError> {
        let unknown = || StoreError::UnknownItem(sku.to_owned());
        let sku = Sku::new(sku).map_err(|_| unknown())?;
        let (key, at) = (shard_key(&sku), self.tick(now));
        let slot = self.load(&key)?;
        let known = catalogue::entry(&slot.document, &sku)?.ok_or_else(unknown)?;
        let currency = known.item.price.currency();
        if price.currency() != currency {
            let rule = format!("the price of {sku} is in {currency}, not in {}", price.currency());
            return Err(DocError::Rule(rule).into());
        }
        catalogue::set_price(&mut slot.document, &sku, price, &Author::Headquarters, at)?;
        let changed = self.settle(&key, None)?;
        let item = self.store.catalogue_item(sku.as_str())?.ok_or_else(unknown)?;
        Ok((item, changed))
    }

    /// Settles a conflict with a price; the answer shows it settled.
    ///
    /// # Errors
    /// [`StoreError::UnknownConflict`], and those of [`Documents::set_price`].
    pub fn resolve(
        &mut self,
        id: &str,
        value: Money,
        now: StoreTime,
    ) -> Result<(Conflict, Changed), StoreError> {
        let sku = Conflict::sku_of(id).ok_or(StoreError::UnknownConflict)?;
        let item = self.store.catalogue_item(&sku)?.ok_or(StoreError::UnknownConflict)?;
        if item.conflict.is_empty() {
            return Err(StoreError::UnknownConflict);
        }
        let (settled, changed) = self.set_price(&sku, value, now)?;
        let at = self.clock.time();
        let values = vec![crate::model::PriceValue { price: value, store: None, at }];
        Ok((Conflict { values, ..Conflict::of(&settled) }, changed))
    }

    /// Puts items into the catalogue, or changes what differs.
    ///
    /// # Errors
    /// A broken rule, [`StoreError::Storage`].
    pub fn put_items(&mut self, items: &[Item], now: StoreTime) -> Result<Changed, StoreError> {
        let at = self.tick(now);
        let mut shards: BTreeMap<DocumentKey, Vec<&Item>> = BTreeMap::new();
        for item in items {
            shards.entry(shard_key(&item.sku)).or_default().push(item);
        }
        let mut all = Changed::default();
        for (key, items) in shards {
            let slot = self.load(&key)?;
            let put = items.into_iter().try_for_each(|item| {
                catalogue::put_item(&mut slot.document, item, &Author::Headquarters, at)
            });
            if let Err(error) = put {
                self.slots.remove(&key);
                return Err(error.into());
            }
            let changed = self.settle(&key, None)?;
            all.outgoing.extend(changed.outgoing);
            all.skus.extend(changed.skus);
            all.conflicts |= changed.conflicts;
        }
        Ok(all)
    }

    /// An order as its document holds it, and whose it is.
    ///
    /// # Errors
    /// [`StoreError::Document`] for one that a newer release wrote, [`StoreError::Storage`].
    pub fn order(&mut self, id: OrderId) -> Result<Option<(StoreId, order::View)>, StoreError> {
        let name = order::name_of(id);
        let Some(owner) = self.store.document_owners(&name)?.first().copied() else {
            return Ok(None);
        };
        let key = DocumentKey { owner, name };
        let known = self.slots.contains_key(&key);
        let view = order::read(&self.load(&key)?.document);
        if !known {
            self.slots.remove(&key);
        }
        Ok(view?.map(|view| (StoreId::new(owner), view)))
    }

    fn tick(&mut self, now: StoreTime) -> Hlc {
        self.clock = self.clock.next(now);
        self.clock
    }

    fn load(&mut self, key: &DocumentKey) -> Result<&mut Slot, StoreError> {
        match self.slots.entry(key.clone()) {
            Entry::Occupied(slot) => Ok(slot.into_mut()),
            Entry::Vacant(vacant) => Ok(vacant.insert(Slot::load(&*self.store, key, self.actor)?)),
        }
    }

    /// Writes what changed, then says it: to everybody who shares the document where something
    /// changed, and to `speaker` in any case.
    fn settle(
        &mut self,
        key: &DocumentKey,
        speaker: Option<SessionId>,
    ) -> Result<Changed, StoreError> {
        let Some(slot) = self.slots.get_mut(key) else { return Ok(Changed::default()) };
        let written = match slot.write(&*self.store, key) {
            Ok(written) => written,
            Err(error) => {
                self.slots.remove(key);
                return Err(error);
            }
        };
        let shares = |session: &Session| key.owner.is_nil() || key.owner == session.store.uuid();
        let told: Vec<SessionId> = (self.sessions.iter())
            .filter(|(id, session)| Some(**id) == speaker || (written.any && shares(session)))
            .map(|(id, _)| *id)
            .collect();
        let outgoing = told.into_iter().filter_map(|session| self.say(session, key)).collect();
        if !written.live {
            self.slots.remove(key);
        }
        Ok(Changed { outgoing, skus: written.skus, conflicts: written.conflicts })
    }

    fn say(&mut self, session: SessionId, key: &DocumentKey) -> Option<Outgoing> {
        let state = self.sessions.get_mut(&session)?.states.entry(key.clone()).or_default();
        let bytes = self.slots.get_mut(key)?.document.sync_message(state)?;
        Some(Outgoing { session, doc: key.name.clone(), bytes })
    }
}

/// What a document of rights says before a store's message; None for any other.
fn rights_of(slot: &Slot, key: &DocumentKey) -> Result<Option<rights::All>, StoreError> {
    let all = || cloud_sync_documents::rights::all(&slot.document);
    Ok(rights::is_rights(key).then(all).transpose()?)
}

fn shard_key(sku: &Sku) -> DocumentKey {
    DocumentKey { owner: Uuid::nil(), name: catalogue::shard_of(sku) }
}

/// Whose document a store means by a name; None for a name that no document of the house has, so
/// that nobody fills the database with others.
fn key_of(store: StoreId, name: &str) -> Option<DocumentKey> {
    let owner = match scope_of(name)? {
        Scope::Tenant => Uuid::nil(),
        Scope::Store => store.uuid(),
    };
    Some(DocumentKey { owner, name: name.to_owned() })
}

#[cfg(test)]
mod tests;
