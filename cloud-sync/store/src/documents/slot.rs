//! One document in memory, and what of it is durable.

use crate::backend::Store;
use crate::error::StoreError;
use crate::model::{CatalogueItem, DocumentKey, DocumentWrite};
use cloud_sync_documents::{Actor, Document, catalogue, kind_of, order};
use std::collections::BTreeMap;

/// After so many changes the whole document is written: loading stays fast.
const CHANGES_MAX: usize = 64;

pub(super) struct Slot {
    pub(super) document: Document,
    heads: Vec<[u8; 32]>,
    stored: bool,
    snapshot_bytes: usize,
    changes: usize,
    change_bytes: usize,
    items: BTreeMap<String, CatalogueItem>,
}

/// What became of a document.
pub(super) struct Written {
    pub(super) any: bool,
    pub(super) live: bool,
    pub(super) skus: Vec<String>,
    pub(super) conflicts: bool,
}

impl Slot {
    /// The document as it is stored, or a new one that is not stored yet.
    pub(super) fn load(
        store: &dyn Store,
        key: &DocumentKey,
        actor: Actor,
    ) -> Result<Self, StoreError> {
        let stored = store.document(key)?;
        let mut slot = Self {
            document: match &stored {
                None => Document::create(&key.name, actor)?,
                Some(stored) => {
                    let changes = stored.changes.iter().map(Vec::as_slice);
                    Document::load(&stored.snapshot, changes, actor)?
                }
            },
            heads: vec![],
            stored: stored.is_some(),
            snapshot_bytes: stored.as_ref().map_or(0, |stored| stored.snapshot.len()),
            changes: stored.as_ref().map_or(0, |stored| stored.changes.len()),
            change_bytes: stored.iter().flat_map(|s| &s.changes).map(Vec::len).sum(),
            items: BTreeMap::new(),
        };
        slot.heads = slot.document.heads();
        slot.items = slot.read_items(key)?;
        Ok(slot)
    }

    /// Writes what is not durable yet, and the rows that follow from it.
    pub(super) fn write(
        &mut self,
        store: &dyn Store,
        key: &DocumentKey,
    ) -> Result<Written, StoreError> {
        let (heads, live) = (self.document.heads(), self.live(key));
        if heads == self.heads {
            return Ok(Written { any: false, live, skus: vec![], conflicts: false });
        }
        let changes = self.document.changes_since(&self.heads);
        let whole = !self.stored
            || self.changes + 1 >= CHANGES_MAX
            || self.change_bytes + changes.len() > self.snapshot_bytes.max(4096);
        let bytes = if whole { self.document.save() } else { changes };
        let items = self.read_items(key)?;
        let differs = |item: &&CatalogueItem| self.items.get(&item.sku) != Some(item);
        let changed: Vec<CatalogueItem> = items.values().filter(differs).cloned().collect();
        let before = |sku: &str| self.items.get(sku).map_or(&[][..], |item| &item.conflict);
        let conflicts = changed.iter().any(|item| before(&item.sku) != item.conflict);
        let skus = changed.iter().map(|item| item.sku.clone()).collect();
        let length = bytes.len();
        let write = DocumentWrite { key: key.clone(), whole, bytes, live, items: changed };
        store.write_document(&write)?;
        if whole {
            (self.snapshot_bytes, self.changes, self.change_bytes) = (length, 0, 0);
        } else {
            (self.changes, self.change_bytes) = (self.changes + 1, self.change_bytes + length);
        }
        (self.heads, self.items, self.stored) = (heads, items, true);
        Ok(Written { any: true, live, skus, conflicts })
    }

    fn read_items(&self, key: &DocumentKey) -> Result<BTreeMap<String, CatalogueItem>, StoreError> {
        if kind_of(&key.name) != "catalogue" {
            return Ok(BTreeMap::new());
        }
        let entries = catalogue::entries(&self.document)?;
        let items = entries.iter().map(CatalogueItem::from);
        Ok(items.map(|item| (item.sku.clone(), item)).collect())
    }

    /// Whether stores are told of it when they join. What cannot be read yet is.
    fn live(&self, key: &DocumentKey) -> bool {
        kind_of(&key.name) != "order"
            || !matches!(order::read(&self.document), Ok(Some(view)) if !view.status.is_live())
    }
}
