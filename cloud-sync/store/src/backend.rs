//! What headquarters asks of its database. Every call blocks until it is durable.

use crate::error::StoreError;
use crate::model::{
    Answer, CatalogueItem, Certificate, DocumentKey, DocumentWrite, NewStore, Quarantine,
    SalesQuery, SalesRow, StoreRow, StoredDocument, TodaysSales,
};
use cloud_sync_protocol::entry::{ChainHead, Entry, Hash};
use cloud_sync_protocol::message::Presence;
use cloud_sync_protocol::session::hq::AcceptError;
use edge_domain::ids::StoreId;
use edge_domain::time::StoreTime;
use uuid::Uuid;

/// Headquarters' tables. Calls of several threads are safe; each is one transaction.
///
/// # Errors
/// Every call: [`StoreError::Storage`] where the database fails, and then nothing was written.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
pub trait Store: Send + Sync {
    /// Adds a store, with epoch 1 and an empty chain. [`StoreError::StoreExists`].
    fn add_store(&self, new: &NewStore, now: StoreTime) -> Result<(), StoreError>;

    /// Notes a certificate that was issued. [`StoreError::UnknownStore`].
    fn add_certificate(&self, id: StoreId, issued: &Certificate) -> Result<(), StoreError>;

    /// The certificates of a store, by serial.
    fn certificates(&self, id: StoreId) -> Result<Vec<Certificate>, StoreError>;

    /// One store.
    fn store(&self, id: StoreId) -> Result<Option<StoreRow>, StoreError>;

    /// All stores, by name.
    fn stores(&self) -> Result<Vec<StoreRow>, StoreError>;

    /// Shuts a store out, for good. [`StoreError::UnknownStore`].
    fn revoke(&self, id: StoreId, now: StoreTime) -> Result<(), StoreError>;

    /// Sets a store aside until [`Store::release`]. The first reason stays.
    fn quarantine(&self, id: StoreId, why: &Quarantine) -> Result<(), StoreError>;

    /// Lifts a quarantine. [`StoreError::UnknownStore`].
    fn release(&self, id: StoreId) -> Result<(), StoreError>;

    /// Issues the next epoch, at a restore or a replacement of the box.
    fn next_epoch(&self, id: StoreId) -> Result<u32, StoreError>;

    /// Remembers how a store is.
    fn seen(&self, id: StoreId, how: &Presence, now: StoreTime) -> Result<(), StoreError>;

    /// Takes entries of a store: checks chain, epochs, the shop's rules and receipt numbers,
    /// and writes them with all that follows from them. Idempotent: entries that are held
    /// already are compared and passed over.
    ///
    /// What precedes the first entry that cannot be taken is committed in any case. Returns the
    /// head, durable.
    ///
    /// # Errors
    /// `Gap` names the entry that is expected; `Quarantined` carries the reason (the store's row
    /// holds it too); `Busy` where the database failed and nothing was written.
    fn accept(
        &self,
        id: StoreId,
        entries: &[Entry],
        now: StoreTime,
    ) -> Result<ChainHead, AcceptError>;

    /// The hash of an entry that is held.
    fn hash_at(&self, id: StoreId, seq: u64) -> Result<Option<Hash>, StoreError>;

    /// Up to `limit` entries after `after`.
    fn entries(&self, id: StoreId, after: u64, limit: u32) -> Result<Vec<Entry>, StoreError>;

    /// The sales of a business day by store, each in the store's currency.
    fn sales_of(&self, day: &str) -> Result<Vec<(StoreId, TodaysSales)>, StoreError>;

    /// A report.
    fn sales_report(&self, query: &SalesQuery) -> Result<Vec<SalesRow>, StoreError>;

    /// Makes all that reports read anew from the entries.
    fn rebuild(&self) -> Result<(), StoreError>;

    /// A document's bytes.
    fn document(&self, key: &DocumentKey) -> Result<Option<StoredDocument>, StoreError>;

    /// Who has a document of this name.
    fn document_owners(&self, name: &str) -> Result<Vec<Uuid>, StoreError>;

    /// The names of an owner's live documents.
    fn live_documents(&self, owner: Uuid) -> Result<Vec<String>, StoreError>;

    /// Writes what became of a document, and the rows that follow from it.
    fn write_document(&self, write: &DocumentWrite) -> Result<(), StoreError>;

    /// Items whose SKU, GTIN or name holds every word of `text`; by name.
    fn catalogue(&self, text: &str, limit: u32) -> Result<Vec<CatalogueItem>, StoreError>;

    /// One item.
    fn catalogue_item(&self, sku: &str) -> Result<Option<CatalogueItem>, StoreError>;

    /// Items whose price was set in two places apart.
    fn conflicts(&self) -> Result<Vec<CatalogueItem>, StoreError>;

    /// The answer that was given to a key.
    fn answer(&self, key: &str) -> Result<Option<Answer>, StoreError>;

    /// Remembers the answer to a key; the first one stays.
    fn put_answer(&self, key: &str, answer: &Answer, now: StoreTime) -> Result<(), StoreError>;
}
