//! Headquarters' own rights, and its watch over those of the stores.

use super::{Changed, Documents};
use crate::error::StoreError;
use crate::model::{DocumentKey, Quarantine};
use cloud_sync_documents::{kind_of, rights as document};
use edge_domain::ids::StoreId;
use edge_domain::rights::{Cell, Holder, Raised, Resource, Rights, RightsError, rebalance};
use edge_domain::time::StoreTime;
use std::collections::BTreeMap;
use uuid::Uuid;

/// For how long use counts as recent; then for as long again, so that nothing is forgotten at
/// once.
const WINDOW_MS: i64 = 3_600_000;

/// Every right of a shard.
pub(super) type All = BTreeMap<Resource, Rights>;

/// What stores used lately. It only guides who is given what: losing it costs nothing.
#[derive(Debug, Default)]
pub(super) struct Demand {
    rolled_ms: i64,
    older: BTreeMap<(Resource, Holder), u64>,
    newer: BTreeMap<(Resource, Holder), u64>,
}

impl Demand {
    fn recent(&self, resource: &Resource, rights: &Rights, place: Holder) -> u64 {
        let before = self.older.get(&(resource.clone(), place)).copied().unwrap_or(0);
        rights.get(Cell::Spent(place)).saturating_sub(before)
    }
}

/// What a store wrote that is not its own, or made smaller, as a sentence; None where it kept to
/// its own cells.
pub(super) fn trespass(before: &All, after: &All, store: StoreId) -> Option<String> {
    let mine = Holder::Store(store);
    let nothing = Rights::default();
    let grown = after.iter().find_map(|(resource, rights)| {
        let known = before.get(resource).unwrap_or(&nothing);
        let foreign =
            |(cell, value): &(Cell, u64)| cell.writer() != mine && *value != known.get(*cell);
        rights.cells().find(foreign).map(|(cell, _)| (resource, cell))
    });
    let shrunk = || {
        before.iter().find_map(|(resource, known)| {
            let rights = after.get(resource).unwrap_or(&nothing);
            let less = |(cell, value): &(Cell, u64)| rights.get(*cell) < *value;
            known.cells().find(less).map(|(cell, _)| (resource, cell))
        })
    };
    let (resource, cell) = grown.or_else(shrunk)?;
    Some(format!("it wrote {cell} of {resource}, which is not its own or never shrinks"))
}

impl Documents {
    /// The rights in a resource.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn rights(&mut self, resource: &Resource) -> Result<Rights, StoreError> {
        let key = key_of(resource);
        Ok(document::read(&self.load(&key)?.document, resource)?)
    }

    /// The rights in every resource, by resource: at most so many after one.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn all_rights(
        &mut self,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(Resource, Rights)>, StoreError> {
        let mut all: Vec<(String, Resource, Rights)> = Vec::new();
        for key in self.rights_documents()? {
            let found = document::all(&self.load(&key)?.document)?;
            all.extend(found.into_iter().map(|(of, rights)| (of.to_string(), of, rights)));
        }
        all.retain(|(name, ..)| name.as_str() > after);
        all.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        all.truncate(limit);
        Ok(all.into_iter().map(|(_, resource, rights)| (resource, rights)).collect())
    }

    /// Makes rights, which headquarters holds until it gives them.
    ///
    /// # Errors
    /// [`StoreError::Rights`], [`StoreError::Storage`].
    pub fn mint_rights(
        &mut self,
        resource: &Resource,
        amount: u64,
    ) -> Result<(Rights, Changed), StoreError> {
        self.edit_rights(resource, |rights| Ok(vec![rights.mint(Holder::Headquarters, amount)?]))
    }

    /// Gives a store rights that headquarters holds; with `mint`, what it lacks is made.
    ///
    /// # Errors
    /// [`StoreError::UnknownStore`], [`StoreError::Rights`], [`StoreError::Storage`].
    pub fn give_rights(
        &mut self,
        resource: &Resource,
        to: StoreId,
        amount: u64,
        mint: bool,
    ) -> Result<(Rights, Changed), StoreError> {
        self.store.store(to)?.ok_or(StoreError::UnknownStore(to))?;
        self.edit_rights(resource, |rights| {
            let lacks = amount.saturating_sub(rights.usable(Holder::Headquarters));
            let mut raised = Vec::new();
            if mint && lacks > 0 {
                raised.push(rights.mint(Holder::Headquarters, lacks)?);
            }
            raised.push(rights.give(Holder::Headquarters, Holder::Store(to), amount)?);
            Ok(raised)
        })
    }

    /// Answers who asks, asks who holds, spreads what is idle: all resources. Running it twice
    /// changes nothing more.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn rebalance(&mut self, now: StoreTime) -> Result<Changed, StoreError> {
        let mut all = Changed::default();
        let roll = now.as_millis().saturating_sub(self.demand.rolled_ms).abs() >= WINDOW_MS;
        if roll {
            self.demand.older = std::mem::take(&mut self.demand.newer);
            self.demand.rolled_ms = now.as_millis();
        }
        for key in self.rights_documents()? {
            let found = document::all(&self.load(&key)?.document)?;
            if roll {
                for (resource, rights) in &found {
                    for place in rights.places() {
                        let used = rights.get(Cell::Spent(place));
                        self.demand.newer.insert((resource.clone(), place), used);
                    }
                }
            }
            if self.balance(&key, &found)? {
                all.outgoing.extend(self.settle(&key, None)?.outgoing);
            }
        }
        Ok(all)
    }

    /// What follows from what a store wrote, in the copy in memory: [`Documents::settle`] comes
    /// after it. Answers whether anything grew.
    pub(super) fn balance(&mut self, key: &DocumentKey, all: &All) -> Result<bool, StoreError> {
        let mut any = false;
        for (resource, rights) in all {
            let mut known = rights.clone();
            let recent = |place| self.demand.recent(resource, rights, place);
            let raised = rebalance(&mut known, &recent)?;
            if !raised.is_empty() {
                document::write(&mut self.load(key)?.document, resource, &raised)?;
                any = true;
            }
        }
        Ok(any)
    }

    /// Sets a store aside that wrote what is not its own; what it wrote is forgotten.
    pub(super) fn set_aside(
        &mut self,
        store: StoreId,
        key: &DocumentKey,
        reason: String,
    ) -> Result<Changed, StoreError> {
        tracing::error!(%store, document = %key.name, reason, "a store is set aside");
        self.slots.remove(key);
        for session in self.sessions.values_mut() {
            session.states.remove(key);
        }
        let why = Quarantine { code: "foreign_rights".into(), reason };
        self.store.quarantine(store, &why)?;
        Ok(Changed::default())
    }

    /// The shared documents that exist, but for the catalogue's shards.
    pub(super) fn others(&self) -> Result<Vec<DocumentKey>, StoreError> {
        let names = self.store.live_documents(Uuid::nil())?.into_iter();
        let names = names.filter(|name| kind_of(name) != "catalogue");
        Ok(names.map(|name| DocumentKey { owner: Uuid::nil(), name }).collect())
    }

    fn rights_documents(&self) -> Result<Vec<DocumentKey>, StoreError> {
        let mut keys = self.others()?;
        keys.retain(is_rights);
        Ok(keys)
    }

    fn edit_rights(
        &mut self,
        resource: &Resource,
        act: impl FnOnce(&mut Rights) -> Result<Vec<Raised>, RightsError>,
    ) -> Result<(Rights, Changed), StoreError> {
        let key = key_of(resource);
        let slot = self.load(&key)?;
        let mut rights = document::read(&slot.document, resource)?;
        let raised = act(&mut rights)?;
        document::write(&mut slot.document, resource, &raised)?;
        Ok((rights, self.settle(&key, None)?))
    }
}

/// Whether a document is one of rights.
pub(super) fn is_rights(key: &DocumentKey) -> bool {
    kind_of(&key.name) == "rights"
}

fn key_of(resource: &Resource) -> DocumentKey {
    DocumentKey { owner: Uuid::nil(), name: document::shard_of(resource) }
}
