//! The catalogue: what is sold, at which price. Shards of at most about 1,000 items, two levels
//! of maps in each.
//!
//! Shape, v1: `items / <bucket> / <sku> / {name, gtin, unit, rate, category, station, modifiers,
//! price, +<detail>...}`. `price` is one text (JSON) that says how much, who set it and when; each
//! detail (`cloud-sync/protocol`, `v1::details`) is a register of its own, as JSON.
//!
//! **Merge rule.** Fields of an item merge one by one. Where a price was set in two places
//! apart, both values stay; the one that holds is headquarters' before a store's, then the later
//! (by its hybrid clock), then the greater name, so that every replica picks the same. People
//! see both and settle it by setting the price again. Where the same item was *created* in two
//! places, the item that holds the holding price gives the other fields.

use crate::document::{DocError, Document};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use cloud_sync_protocol::v1::details::{self, DetailsV1};
use cloud_sync_protocol::v1::item::{groups_from_json, groups_to_json};
use edge_domain::codes::gtin::Gtin;
use edge_domain::hlc::Hlc;
use edge_domain::item::{Item, Sku};
use edge_domain::money::Money;
use edge_domain::quantity::Unit;
use edge_domain::tax::TaxRate;
use serde::{Deserialize, Serialize};

/// How many shards the catalogue has: 50,000 items make about 780 a shard.
pub const SHARDS: u32 = 64;
/// How many buckets a shard has.
const BUCKETS: u32 = 16;

/// Who set a price, in order of authority.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// A store, by its name.
    Store(String),
    /// Headquarters.
    Headquarters,
}

/// A price with its author and moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceMark {
    /// How much.
    pub price: Money,
    /// Who.
    pub by: Author,
    /// When.
    pub at: Hlc,
}

/// An item as the catalogue holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The item, at the price that holds.
    pub item: Item,
    /// Every price that was set apart, the one that holds first. One: no conflict.
    pub prices: Vec<PriceMark>,
}

#[derive(Serialize, Deserialize)]
struct PriceV1 {
    amount: i64,
    currency: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    store: Option<String>,
    at: u64,
}

fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The name of the shard that holds an item.
#[must_use]
pub fn shard_of(sku: &Sku) -> String {
    format!("catalogue/{:02}", fnv(sku.as_str()) % SHARDS)
}

fn bucket_of(sku: &Sku) -> String {
    format!("{:x}", fnv(sku.as_str()) / SHARDS % BUCKETS)
}

pub(crate) fn genesis(am: &mut AutoCommit) -> Result<(), DocError> {
    let items = am.put_object(ROOT, "items", ObjType::Map)?;
    for bucket in 0..BUCKETS {
        am.put_object(&items, format!("{bucket:x}"), ObjType::Map)?;
    }
    Ok(())
}

/// Puts an item into its shard: creates it, or changes what differs.
///
/// # Errors
/// [`DocError::Malformed`] for a document that is no catalogue.
pub fn put_item(
    document: &mut Document,
    item: &Item,
    by: &Author,
    at: Hlc,
) -> Result<(), DocError> {
    let known = entry(document, &item.sku)?;
    if known.as_ref().is_some_and(|known| known.item == *item) {
        return Ok(());
    }
    let bucket = bucket(&document.am, &item.sku)?;
    let object = match document.am.get(&bucket, item.sku.as_str())? {
        Some((_, object)) => object,
        None => document.am.put_object(&bucket, item.sku.as_str(), ObjType::Map)?,
    };
    let modifiers = match item.modifiers.as_slice() {
        [] => None,
        groups => Some(groups_to_json(groups).map_err(|e| DocError::Rule(e.to_string()))?),
    };
    let fields = [
        ("name", Some(item.name.clone())),
        ("gtin", item.gtin.map(|gtin| gtin.to_string())),
        ("unit", Some(item.unit.as_str().to_owned())),
        ("rate", Some(item.tax_rate.to_string())),
        ("category", item.category.clone()),
        ("station", item.station.clone()),
        ("modifiers", modifiers),
    ];
    for (field, value) in fields {
        put_text(&mut document.am, &object, field, value)?;
    }
    let mut details = DetailsV1::from(&item.details).registers().map_err(rule)?;
    for key in details::KEYS {
        put_text(&mut document.am, &object, &format!("+{key}"), details.remove(key))?;
    }
    if known.is_none_or(|known| known.item.price != item.price) {
        put_price(document, &object, item.price, by, at)?;
    }
    // No commit: an import puts hundreds, and the next look at the heads makes them one change.
    Ok(())
}

/// Sets the price of an item that the shard holds. Setting it settles a conflict, even to the
/// value that holds already.
///
/// # Errors
/// [`DocError::Rule`] for an unknown item or a price below nothing.
pub fn set_price(
    document: &mut Document,
    sku: &Sku,
    price: Money,
    by: &Author,
    at: Hlc,
) -> Result<(), DocError> {
    if price.is_negative() {
        return Err(DocError::Rule(format!("the price of {sku} must not be negative")));
    }
    let bucket = bucket(&document.am, sku)?;
    let objects = document.am.get_all(&bucket, sku.as_str())?;
    let objects: Vec<ObjId> = objects.into_iter().map(|(_, object)| object).collect();
    if objects.is_empty() {
        return Err(DocError::Rule(format!("the catalogue has no item {sku}")));
    }
    for object in objects {
        put_price(document, &object, price, by, at)?;
    }
    document.am.commit();
    Ok(())
}

/// One item.
///
/// # Errors
/// [`DocError::Malformed`], [`DocError::Rule`].
pub fn entry(document: &Document, sku: &Sku) -> Result<Option<Entry>, DocError> {
    let bucket = bucket(&document.am, sku)?;
    read_entry(&document.am, &bucket, sku)
}

/// Every item of a shard. An item that a newer release wrote in a way that this one cannot read
/// stays in the document and is left out here.
///
/// # Errors
/// [`DocError::Malformed`] for a document that is no catalogue.
pub fn entries(document: &Document) -> Result<Vec<Entry>, DocError> {
    let mut entries = Vec::new();
    let items = object(&document.am, &ROOT, "items")?;
    for bucket in document.am.keys(&items) {
        let bucket = object(&document.am, &items, &bucket)?;
        for key in document.am.keys(&bucket) {
            let Ok(sku) = Sku::new(&key) else { continue };
            if let Ok(Some(entry)) = read_entry(&document.am, &bucket, &sku) {
                entries.push(entry);
            }
        }
    }
    Ok(entries)
}

fn rule(error: impl std::fmt::Display) -> DocError {
    DocError::Rule(error.to_string())
}

fn object(am: &AutoCommit, parent: &ObjId, key: &str) -> Result<ObjId, DocError> {
    match am.get(parent, key)? {
        Some((Value::Object(ObjType::Map), object)) => Ok(object),
        _ => Err(DocError::Malformed(format!("there is no map {key:?}"))),
    }
}

fn bucket(am: &AutoCommit, sku: &Sku) -> Result<ObjId, DocError> {
    let items = object(am, &ROOT, "items")?;
    object(am, &items, &bucket_of(sku))
}

fn put_text(
    am: &mut AutoCommit,
    object: &ObjId,
    field: &str,
    value: Option<String>,
) -> Result<(), DocError> {
    let known = text(am, object, field)?;
    match value {
        Some(value) if known.as_ref() != Some(&value) => Ok(am.put(object, field, value)?),
        None if known.is_some() => Ok(am.delete(object, field)?),
        _ => Ok(()),
    }
}

fn put_price(
    document: &mut Document,
    object: &ObjId,
    price: Money,
    by: &Author,
    at: Hlc,
) -> Result<(), DocError> {
    let store = match by {
        Author::Headquarters => None,
        Author::Store(name) => Some(name.clone()),
    };
    let mark = PriceV1 {
        amount: price.minor(),
        currency: price.currency().to_string(),
        store,
        at: at.to_bits(),
    };
    let mark = serde_json::to_string(&mark).map_err(|e| DocError::Rule(e.to_string()))?;
    Ok(document.am.put(object, "price", mark)?)
}

fn text(am: &AutoCommit, object: &ObjId, field: &str) -> Result<Option<String>, DocError> {
    Ok(am.get(object, field)?.and_then(|(value, _)| as_text(&value)))
}

fn as_text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Scalar(scalar) => match scalar.as_ref() {
            ScalarValue::Str(text) => Some(text.to_string()),
            _ => None,
        },
        Value::Object(_) => None,
    }
}

fn price_mark(text: &str) -> Option<PriceMark> {
    let mark: PriceV1 = serde_json::from_str(text).ok()?;
    Some(PriceMark {
        price: Money::new(mark.amount, mark.currency.parse().ok()?).ok()?,
        by: mark.store.map_or(Author::Headquarters, Author::Store),
        at: Hlc::from_bits(mark.at),
    })
}

fn read_entry(am: &AutoCommit, bucket: &ObjId, sku: &Sku) -> Result<Option<Entry>, DocError> {
    let mut candidates = Vec::new();
    for (_, object) in am.get_all(bucket, sku.as_str())? {
        for (value, _) in am.get_all(&object, "price")? {
            if let Some(mark) = as_text(&value).and_then(|text| price_mark(&text)) {
                candidates.push((mark, object.clone()));
            }
        }
    }
    candidates.sort_by(|(a, _), (b, _)| {
        let key = |mark: &PriceMark| (matches!(mark.by, Author::Headquarters), mark.at);
        (key(b), &b.by, b.price).cmp(&(key(a), &a.by, a.price))
    });
    let Some((first, object)) = candidates.first() else { return Ok(None) };
    let item = read_item(am, object, sku, first.price)?;
    let mut prices: Vec<PriceMark> = candidates.into_iter().map(|(mark, _)| mark).collect();
    prices.dedup();
    Ok(Some(Entry { item, prices }))
}

fn read_item(am: &AutoCommit, object: &ObjId, sku: &Sku, price: Money) -> Result<Item, DocError> {
    let rule = |what: &str| rule(format!("{sku}: bad {what}"));
    let needed = |field: &str| text(am, object, field)?.ok_or_else(|| rule(field));
    let gtin = text(am, object, "gtin")?;
    let groups = text(am, object, "modifiers")?;
    let groups = groups.map(|text| groups_from_json(&text, price.currency()));
    let mut registers = Vec::new();
    for key in am.keys(object) {
        if let Some(detail) = key.strip_prefix('+') {
            registers.extend(text(am, object, &key)?.map(|text| (detail.to_owned(), text)));
        }
    }
    let details = DetailsV1::from_registers(registers).map_err(|_| rule("details"))?;
    let item = Item {
        sku: sku.clone(),
        gtin: gtin.map(|text| Gtin::parse(&text)).transpose().map_err(|_| rule("gtin"))?,
        name: needed("name")?,
        unit: Unit::from_name(&needed("unit")?).ok_or_else(|| rule("unit"))?,
        price,
        tax_rate: needed("rate")?.parse::<TaxRate>().map_err(|_| rule("rate"))?,
        category: text(am, object, "category")?,
        station: text(am, object, "station")?,
        modifiers: groups.unwrap_or(Some(vec![])).ok_or_else(|| rule("modifiers"))?,
        details: details.into_domain(price.currency()).map_err(|_| rule("details"))?,
    };
    item.checked().map_err(|error| DocError::Rule(error.to_string()))
}

#[cfg(test)]
mod tests;
