//! Documents' bytes, and the catalogue's rows that follow from them.

use super::corrupt;
use crate::error::StoreError;
use crate::model::{CatalogueItem, DocumentKey, DocumentWrite, PriceValue, StoredDocument, TENANT};
use edge_domain::money::Money;
use edge_domain::time::StoreTime;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A price in the conflict column.
#[derive(Serialize, Deserialize)]
struct PriceRow {
    amount: i64,
    currency: String,
    store: Option<String>,
    at: i64,
}

const ITEM: &str = "SELECT sku, gtin, name, unit, price, currency, tax_rate, category, conflict \
     FROM catalogue_item WHERE tenant = ?1 AND store = ?2";

pub(super) fn one(
    conn: &Connection,
    key: &DocumentKey,
) -> Result<Option<StoredDocument>, StoreError> {
    let mut snapshot = conn.prepare_cached(
        "SELECT bytes FROM doc_snapshot WHERE tenant = ?1 AND store = ?2 AND name = ?3",
    )?;
    let at = params![TENANT, key.owner.as_bytes(), key.name];
    let Some(snapshot) = snapshot.query_row(at, |row| row.get(0)).optional()? else {
        return Ok(None);
    };
    let mut changes = conn.prepare_cached(
        "SELECT bytes FROM doc_change WHERE tenant = ?1 AND store = ?2 AND name = ?3 \
         ORDER BY place",
    )?;
    let changes = changes.query_map(at, |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(Some(StoredDocument { snapshot, changes }))
}

pub(super) fn owners(conn: &Connection, name: &str) -> Result<Vec<Uuid>, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT store FROM doc_snapshot WHERE tenant = ?1 AND name = ?2 ORDER BY store",
    )?;
    let rows = query.query_map([TENANT, name], |row| Ok(Uuid::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn live(conn: &Connection, owner: Uuid) -> Result<Vec<String>, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT name FROM doc_snapshot WHERE tenant = ?1 AND store = ?2 AND live = 1 \
         ORDER BY name",
    )?;
    let rows = query.query_map(params![TENANT, owner.as_bytes()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn write(conn: &Connection, write: &DocumentWrite) -> Result<(), StoreError> {
    let at = params![TENANT, write.key.owner.as_bytes(), write.key.name];
    if write.whole {
        conn.prepare_cached(
            "INSERT OR REPLACE INTO doc_snapshot (tenant, store, name, live, bytes) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            TENANT,
            write.key.owner.as_bytes(),
            write.key.name,
            write.live,
            write.bytes
        ])?;
        conn.prepare_cached(
            "DELETE FROM doc_change WHERE tenant = ?1 AND store = ?2 AND name = ?3",
        )?
        .execute(at)?;
    } else {
        conn.prepare_cached(
            "INSERT INTO doc_change (tenant, store, name, place, bytes) VALUES (?1, ?2, ?3, \
             (SELECT coalesce(max(place), 0) + 1 FROM doc_change \
             WHERE tenant = ?1 AND store = ?2 AND name = ?3), ?4)",
        )?
        .execute(params![
            TENANT,
            write.key.owner.as_bytes(),
            write.key.name,
            write.bytes
        ])?;
        conn.prepare_cached(
            "UPDATE doc_snapshot SET live = ?4 \
             WHERE tenant = ?1 AND store = ?2 AND name = ?3 AND live <> ?4",
        )?
        .execute(params![
            TENANT,
            write.key.owner.as_bytes(),
            write.key.name,
            write.live
        ])?;
    }
    write.items.iter().try_for_each(|item| put_item(conn, item))
}

fn put_item(conn: &Connection, item: &CatalogueItem) -> Result<(), StoreError> {
    let price = |value: &PriceValue| PriceRow {
        amount: value.price.minor(),
        currency: value.price.currency().to_string(),
        store: value.store.clone(),
        at: value.at.as_millis(),
    };
    let prices: Vec<PriceRow> = item.conflict.iter().map(price).collect();
    let conflict = (!prices.is_empty()).then(|| serde_json::to_string(&prices)).transpose();
    let conflict = conflict.map_err(|error| StoreError::Storage(error.to_string()))?;
    let gtin = item.gtin.as_deref().unwrap_or_default();
    conn.prepare_cached(
        "INSERT OR REPLACE INTO catalogue_item (tenant, store, sku, gtin, name, words, unit, \
         price, currency, tax_rate, category, conflict) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        TENANT,
        Uuid::nil().as_bytes(),
        item.sku,
        item.gtin,
        item.name,
        format!("{} {gtin} {}", item.sku, item.name).to_lowercase(),
        item.unit,
        item.price.minor(),
        item.price.currency().as_str(),
        item.tax_rate,
        item.category,
        conflict
    ])?;
    Ok(())
}

fn read_item(row: &Row<'_>) -> Result<CatalogueItem, StoreError> {
    let money = |minor: i64, currency: &str| {
        let currency = currency.parse().map_err(|_| corrupt("currency"))?;
        Money::new(minor, currency).map_err(|_| corrupt("amount"))
    };
    let conflict: Option<String> = row.get(8)?;
    let conflict: Vec<PriceRow> = match conflict {
        Some(text) => serde_json::from_str(&text).map_err(|_| corrupt("conflict"))?,
        None => vec![],
    };
    let value = |price: PriceRow| {
        let (store, at) = (price.store, StoreTime::from_millis(price.at));
        Ok(PriceValue { price: money(price.amount, &price.currency)?, store, at })
    };
    Ok(CatalogueItem {
        sku: row.get(0)?,
        gtin: row.get(1)?,
        name: row.get(2)?,
        unit: row.get(3)?,
        price: money(row.get(4)?, &row.get::<_, String>(5)?)?,
        tax_rate: row.get(6)?,
        category: row.get(7)?,
        conflict: conflict.into_iter().map(value).collect::<Result<_, StoreError>>()?,
    })
}

fn items(
    conn: &Connection,
    rest: &str,
    values: Vec<rusqlite::types::Value>,
) -> Result<Vec<CatalogueItem>, StoreError> {
    let mut query = conn.prepare_cached(&format!("{ITEM} {rest}"))?;
    let tenant = rusqlite::types::Value::from(TENANT.to_owned());
    let store = rusqlite::types::Value::from(Uuid::nil().as_bytes().to_vec());
    let mut rows = query.query(params_from_iter([tenant, store].into_iter().chain(values)))?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(read_item(row)?);
    }
    Ok(items)
}

/// The most words of a search that count.
const WORDS_MAX: usize = 8;

pub(super) fn search(
    conn: &Connection,
    text: &str,
    limit: u32,
) -> Result<Vec<CatalogueItem>, StoreError> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().take(WORDS_MAX).collect();
    let each = (3..words.len() + 3).map(|n| format!(" AND instr(words, ?{n}) > 0"));
    let rest = each.collect::<String>() + &format!(" ORDER BY name, sku LIMIT {limit}");
    items(conn, &rest, words.into_iter().map(|word| word.to_owned().into()).collect())
}

pub(super) fn item(conn: &Connection, sku: &str) -> Result<Option<CatalogueItem>, StoreError> {
    Ok(items(conn, "AND sku = ?3", vec![sku.to_owned().into()])?.pop())
}

pub(super) fn conflicts(conn: &Connection) -> Result<Vec<CatalogueItem>, StoreError> {
    items(conn, "AND conflict IS NOT NULL ORDER BY sku", vec![])
}
