//! What goes in and out of the tables, in the domain's words.

use cloud_sync_documents::catalogue;
use cloud_sync_protocol::entry::ChainHead;
use edge_domain::ids::StoreId;
use edge_domain::money::{Currency, Money};
use edge_domain::quantity::Quantity;
use edge_domain::time::StoreTime;
use uuid::Uuid;

/// The only tenant for now. It stands in every key.
pub const TENANT: &str = "default";

/// A store to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStore {
    /// Its id.
    pub id: StoreId,
    /// What people call it.
    pub name: String,
    /// What it sells in.
    pub currency: Currency,
}

/// A certificate that was issued to a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its serial number, in hex.
    pub serial: String,
    /// SHA-256 of its DER bytes.
    pub fingerprint: [u8; 32],
    /// Until when it holds.
    pub not_after: StoreTime,
}

/// Why a store was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// `equivocation`, `broken_chain`, `broken_rule`, `epoch`, `foreign_rights`.
    pub code: String,
    /// What was seen, for the person who has to look.
    pub reason: String,
}

/// A store as its row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRow {
    /// Its id.
    pub id: StoreId,
    /// What people call it.
    pub name: String,
    /// What it sells in.
    pub currency: Currency,
    /// The life of its box that may speak.
    pub epoch: u32,
    /// When it was shut out, if it was.
    pub revoked_at: Option<StoreTime>,
    /// Why it was set aside, if it was.
    pub quarantine: Option<Quarantine>,
    /// When it was last heard.
    pub last_seen: Option<StoreTime>,
    /// The end of its own journal, by its word.
    pub reported_seq: Option<u64>,
    /// Since when its oldest unsent entry waits.
    pub behind_since: Option<StoreTime>,
    /// What it measured: a JSON object.
    pub telemetry: Option<String>,
    /// What headquarters holds of its journal, durably.
    pub acked: ChainHead,
    /// When the last entry arrived.
    pub acked_at: Option<StoreTime>,
}

/// A store's sales of one day, in its own currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TodaysSales {
    /// How many.
    pub count: u64,
    /// How much.
    pub total: Money,
}

/// What a report is grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// A row a store.
    Store,
    /// A row a business day.
    Day,
    /// A row an item.
    Item,
}

/// Which sales a report is about; days as in `2026-11-21`, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalesQuery {
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// A row for each what.
    pub group_by: GroupBy,
}

/// A row of a report. Two currencies make two rows of the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalesRow {
    /// A store's id, a day, or a SKU.
    pub key: String,
    /// What people read.
    pub name: String,
    /// Sales; for items, lines.
    pub count: u64,
    /// How much was sold, in thousandths; only for items. A sum may exceed one line's bound.
    pub thousandths: Option<i64>,
    /// What was paid for it.
    pub total: Money,
}

impl SalesRow {
    /// The quantity in people's writing, without a bound.
    #[must_use]
    pub fn quantity(&self) -> Option<String> {
        let thousandths = self.thousandths?;
        let whole = thousandths / 1000;
        let rest = Quantity::from_thousandths(thousandths % 1000).ok()?.to_string();
        Some(match rest.split_once('.') {
            Some((_, fraction)) => format!("{whole}.{fraction}"),
            None => whole.to_string(),
        })
    }
}

/// A price that was set, and whether it is the one that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceValue {
    /// How much.
    pub price: Money,
    /// The store's name; None for headquarters.
    pub store: Option<String>,
    /// When.
    pub at: StoreTime,
}

/// An item of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueItem {
    /// Its SKU.
    pub sku: String,
    /// Its GTIN, if it has one.
    pub gtin: Option<String>,
    /// What people read.
    pub name: String,
    /// `each` or `kg`.
    pub unit: String,
    /// The price that holds.
    pub price: Money,
    /// The tax rate in per cent.
    pub tax_rate: String,
    /// Its category.
    pub category: Option<String>,
    /// The prices that were set apart, the one that holds first; empty: no conflict.
    pub conflict: Vec<PriceValue>,
}

/// Prices of one item that were set apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Stable for the item.
    pub id: String,
    /// The item.
    pub sku: String,
    /// What people read.
    pub name: String,
    /// The values, the one that holds first.
    pub values: Vec<PriceValue>,
}

impl Conflict {
    /// The conflict of an item.
    #[must_use]
    pub fn of(item: &CatalogueItem) -> Self {
        Self {
            id: Self::id_of(&item.sku),
            sku: item.sku.clone(),
            name: item.name.clone(),
            values: item.conflict.clone(),
        }
    }

    /// An id that is safe in a path, whatever the SKU holds.
    #[must_use]
    pub fn id_of(sku: &str) -> String {
        sku.bytes().fold(String::from("price-"), |id, byte| format!("{id}{byte:02x}"))
    }

    /// The SKU of an id.
    #[must_use]
    pub fn sku_of(id: &str) -> Option<String> {
        let hex = id.strip_prefix("price-")?;
        let byte = |n: usize| u8::from_str_radix(hex.get(n..n + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
        String::from_utf8(bytes?).ok()
    }
}

impl From<&catalogue::Entry> for CatalogueItem {
    fn from(entry: &catalogue::Entry) -> Self {
        let item = &entry.item;
        let value = |mark: &catalogue::PriceMark| PriceValue {
            price: mark.price,
            store: match &mark.by {
                catalogue::Author::Headquarters => None,
                catalogue::Author::Store(name) => Some(name.clone()),
            },
            at: mark.at.time(),
        };
        let conflict = if entry.prices.len() > 1 { entry.prices.as_slice() } else { &[] };
        Self {
            sku: item.sku.to_string(),
            gtin: item.gtin.map(|gtin| gtin.to_string()),
            name: item.name.clone(),
            unit: item.unit.as_str().to_owned(),
            price: item.price,
            tax_rate: item.tax_rate.to_string(),
            category: item.category.clone(),
            conflict: conflict.iter().map(value).collect(),
        }
    }
}

/// Which document: whose, and its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentKey {
    /// The store that it belongs to; the nil UUID for what all stores share.
    pub owner: Uuid,
    /// Its name, as in `catalogue/07`.
    pub name: String,
}

/// A document's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDocument {
    /// The whole document at some time.
    pub snapshot: Vec<u8>,
    /// What came after, oldest first.
    pub changes: Vec<Vec<u8>>,
}

/// What became of a document, to be written in one transaction with what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentWrite {
    /// Which.
    pub key: DocumentKey,
    /// A whole document in place of all before it; else a change.
    pub whole: bool,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether stores are told of it when they join.
    pub live: bool,
    /// The items whose rows change.
    pub items: Vec<CatalogueItem>,
}

/// An answer that was given to an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// SHA-256 of what was asked.
    pub fingerprint: [u8; 32],
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// The business day of a moment: for now the date in UTC. A moment that no calendar has counts
/// as the first or the last day of the calendar.
#[must_use]
pub fn business_day(at: StoreTime) -> String {
    let bound = if at.as_millis() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    let moment = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(bound);
    moment.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
