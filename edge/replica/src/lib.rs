//! The store's copies of the documents that people edit in two places.
//!
//! **What it is.** Documents in memory, their bytes in the ledger's own database and in the very
//! transaction of what they belong to; merging what headquarters sends; and the projections of
//! both (items, orders) that the till reads.
//!
//! **What it never does.** It never keeps what was not committed: a command that fails forgets
//! what it touched, and after a failed commit everything is read again. A document is never the
//! only copy: see [`Replica::mend`].
//!
//! **Where to start reading.** [`Replica::edit`] for a local change, [`Replica::merge`] for a
//! remote one, [`Conversation`] for the talk with headquarters.

mod conversation;
mod project;

pub use conversation::{Conversation, Incoming};
pub use project::PriceNote;

use cloud_sync_documents::{Actor, DocError, Document, rights};
use edge_domain::item::Sku;
use edge_domain::rights::{Holder, Raised, Resource, Rights};
use edge_domain::time::Entropy;
use edge_ledger::{LedgerError, Tx, View};
use std::collections::{BTreeSet, HashMap};

/// How many changes may follow a snapshot before the document is written whole.
const CHANGES_MAX: usize = 200;
/// How many documents are kept in memory; an open one costs about 20 kB.
const DOCS_MAX: usize = 1_024;

/// Why a document could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplicaError {
    /// What the document says.
    #[error(transparent)]
    Doc(#[from] DocError),
    /// What the ledger says.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The documents of one store, as far as they are in memory.
#[derive(Debug)]
pub struct Replica {
    actor: Actor,
    docs: HashMap<String, Held>,
    touched: Vec<String>,
    edited: BTreeSet<String>,
    generation: u64,
}

#[derive(Clone, Debug)]
struct Held {
    document: Document,
    changes: usize,
    stored: bool,
}

impl Replica {
    /// A replica with a new actor: one that was used before, by a clone or a restored box, could
    /// never sync again (measured: "duplicate seq", for ever).
    #[must_use]
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut actor = [0; 16];
        entropy.fill(&mut actor);
        Self {
            actor: Actor(actor),
            docs: HashMap::new(),
            touched: vec![],
            edited: BTreeSet::new(),
            generation: 0,
        }
    }

    /// Edits a document and stores the change in the command's transaction. A document that is
    /// not known yet is created.
    ///
    /// # Errors
    /// What `edit` says; nothing is kept then.
    pub fn edit<T>(
        &mut self,
        tx: &mut Tx<'_>,
        name: &str,
        edit: impl FnOnce(&mut Document) -> Result<T, DocError>,
    ) -> Result<T, ReplicaError> {
        self.heed(tx);
        let mut held = self.take(&tx.view(), name)?;
        let before = held.document.heads();
        let value = edit(&mut held.document)?;
        self.store(tx, name, held, &before)?;
        Ok(value)
    }

    /// Merges what came from headquarters, and projects what follows. Answers the SKUs that
    /// changed.
    ///
    /// # Errors
    /// See [`ReplicaError`]; nothing is kept then.
    pub fn merge(
        &mut self,
        tx: &mut Tx<'_>,
        incoming: Incoming,
    ) -> Result<Vec<String>, ReplicaError> {
        self.heed(tx);
        let Incoming { name, base, changes, merged } = incoming;
        let mut held = self.take(&tx.view(), &name)?;
        let before = held.document.heads();
        if before == base {
            // Nobody edited it meanwhile: the work was done outside of the writer.
            held.document = merged;
        } else {
            held.document.apply(&changes)?;
        }
        if held.document.heads() == before && held.stored {
            self.docs.insert(name, held);
            return Ok(vec![]);
        }
        let changed = project::project(tx, &name, &held.document)?;
        self.store(tx, &name, held, &before)?;
        Ok(changed)
    }

    /// Projects some items of a shard after a local edit: an import touches a few of hundreds.
    ///
    /// # Errors
    /// See [`ReplicaError`].
    pub fn project_items(
        &mut self,
        tx: &mut Tx<'_>,
        name: &str,
        skus: &[Sku],
    ) -> Result<Vec<String>, ReplicaError> {
        let held = self.take(&tx.view(), name)?;
        let changed = project::some_items(tx, &held.document, skus);
        self.docs.insert(name.to_owned(), held);
        changed
    }

    /// The rights in a resource, as far as they are known here.
    ///
    /// # Errors
    /// See [`ReplicaError`].
    pub fn rights(&mut self, view: &View<'_>, resource: &Resource) -> Result<Rights, ReplicaError> {
        let name = rights::shard_of(resource);
        if !self.docs.contains_key(&name) && view.doc(&name)?.is_none() {
            return Ok(Rights::default()); // making an empty document to read costs more
        }
        self.read(view, &name, |document| rights::read(document, resource))
    }

    /// Edits the rights in a resource, and projects them. Answers what grew.
    ///
    /// # Errors
    /// What `act` says, or see [`ReplicaError`]; nothing is kept then.
    pub fn edit_rights<E: From<ReplicaError>>(
        &mut self,
        tx: &mut Tx<'_>,
        resource: &Resource,
        act: impl FnOnce(Holder, &mut Rights) -> Result<Vec<Raised>, E>,
    ) -> Result<Vec<Raised>, E> {
        let name = rights::shard_of(resource);
        let here = Holder::Store(tx.view().store().map_err(ReplicaError::from)?);
        let mut known = self.rights(&tx.view(), resource)?;
        let raised = act(here, &mut known)?;
        if !raised.is_empty() {
            self.edit(tx, &name, |document| rights::write(document, resource, &raised))?;
            let row = project::rights_row(here, resource.clone(), &known);
            tx.put_rights(&name, &row).map_err(ReplicaError::from)?;
        }
        Ok(raised)
    }

    /// Projects a document after a local edit.
    ///
    /// # Errors
    /// See [`ReplicaError`].
    pub fn project(&mut self, tx: &mut Tx<'_>, name: &str) -> Result<(), ReplicaError> {
        let held = self.take(&tx.view(), name)?;
        project::project(tx, name, &held.document)?;
        self.docs.insert(name.to_owned(), held);
        Ok(())
    }

    /// Looks into a document.
    ///
    /// # Errors
    /// See [`ReplicaError`].
    pub fn read<T>(
        &mut self,
        view: &View<'_>,
        name: &str,
        read: impl FnOnce(&Document) -> Result<T, DocError>,
    ) -> Result<T, ReplicaError> {
        let held = self.take(view, name)?;
        let value = read(&held.document);
        if held.stored {
            self.docs.insert(name.to_owned(), held);
        }
        Ok(value?)
    }

    /// A copy of a document to work on elsewhere.
    ///
    /// # Errors
    /// See [`ReplicaError`].
    pub fn copy(&mut self, view: &View<'_>, name: &str) -> Result<Document, ReplicaError> {
        let held = self.take(view, name)?;
        let document = held.document.clone();
        if held.stored {
            self.docs.insert(name.to_owned(), held);
        }
        Ok(document)
    }

    /// The command succeeded: what it touched may stay in memory.
    pub fn keep(&mut self) {
        self.edited.extend(self.touched.drain(..));
        while self.edited.len() > DOCS_MAX {
            self.edited.pop_first(); // the periodic comparison finds it
        }
    }

    /// The documents that changed since this was last asked.
    pub fn take_edited(&mut self) -> Vec<String> {
        std::mem::take(&mut self.edited).into_iter().collect()
    }

    /// The command failed: what it touched is read again from the ledger.
    pub fn forget(&mut self) {
        for name in std::mem::take(&mut self.touched) {
            self.docs.remove(&name);
        }
    }

    /// Makes documents that are missing anew from the projections: documents are never the only
    /// copy. Answers how many were made.
    ///
    /// # Errors
    /// See [`ReplicaError`].
    pub fn restore(&mut self, tx: &mut Tx<'_>, store: &str) -> Result<usize, ReplicaError> {
        project::restore(self, tx, store)
    }

    /// Looks after one document: one that cannot be read is made anew, one of an order that
    /// ended long ago is dropped. One at a time, because reading a shard takes 8 ms, and tills
    /// do not wait for all of them.
    ///
    /// # Errors
    /// See [`ReplicaError`].
    pub fn mend(
        &mut self,
        tx: &mut Tx<'_>,
        name: &str,
        store: &str,
    ) -> Result<usize, ReplicaError> {
        if project::is_over(tx, name)? {
            tx.drop_doc(name)?; // the sale is a fact; its order needs no document any more
            self.docs.remove(name);
            return Ok(0);
        }
        if self.docs.contains_key(name) || load(&tx.view(), name, self.actor).is_ok() {
            return Ok(0);
        }
        tracing::warn!(document = %name, "a document cannot be read; making it anew");
        tx.drop_doc(name)?;
        project::restore(self, tx, store)
    }

    fn heed(&mut self, tx: &Tx<'_>) {
        if self.generation != tx.generation() || self.docs.len() > DOCS_MAX {
            self.docs.clear();
            self.generation = tx.generation();
        }
    }

    fn take(&mut self, view: &View<'_>, name: &str) -> Result<Held, ReplicaError> {
        if let Some(held) = self.docs.remove(name) {
            return Ok(held);
        }
        match load(view, name, self.actor)? {
            Some(held) => Ok(held),
            None => {
                let document = Document::create(name, self.actor)?;
                Ok(Held { document, changes: 0, stored: false })
            }
        }
    }

    fn store(
        &mut self,
        tx: &mut Tx<'_>,
        name: &str,
        mut held: Held,
        before: &[[u8; 32]],
    ) -> Result<(), ReplicaError> {
        if !held.stored || held.changes >= CHANGES_MAX {
            tx.put_snapshot(name, &held.document.save())?;
            (held.stored, held.changes) = (true, 0);
        } else {
            let change = held.document.changes_since(before);
            if !change.is_empty() {
                tx.put_change(name, &change)?;
                held.changes += 1;
            }
        }
        self.touched.push(name.to_owned());
        self.docs.insert(name.to_owned(), held);
        Ok(())
    }
}

fn load(view: &View<'_>, name: &str, actor: Actor) -> Result<Option<Held>, ReplicaError> {
    let Some(stored) = view.doc(name)? else { return Ok(None) };
    let changes = stored.changes.iter().map(Vec::as_slice);
    let document = Document::load(&stored.snapshot, changes, actor)?;
    cloud_sync_documents::check(name, &document)?;
    Ok(Some(Held { document, changes: stored.changes.len(), stored: true }))
}

#[cfg(test)]
mod tests;
