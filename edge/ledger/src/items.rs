//! The catalogue's projection: what a till needs at a scan, in one look-up.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use crate::spelling;
use cloud_sync_protocol::v1::details::DetailsV1;
use cloud_sync_protocol::v1::item::{groups_from_json, groups_to_json};
use cloud_sync_protocol::v1::more::said;
use edge_domain::codes::gtin::Gtin;
use edge_domain::item::{Details, Item, Sku};
use edge_domain::money::{Currency, Money};
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::tax::TaxRate;
use rusqlite::{OptionalExtension, Row, params};

/// An item as the till sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// The item, at the price that holds.
    pub item: Item,
    /// Every price that was set apart (JSON of whoever projected it), where they conflict.
    pub conflict: Option<String>,
}

/// The most results of one search.
pub const RESULTS_MAX: usize = 200;

pub(crate) const COLUMNS: &str =
    "sku, gtin, name, unit, price, rate, category, station, modifiers, prices, details";

impl Tx<'_> {
    /// Projects an item; `conflict` names its prices where several were set apart.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_item(&mut self, item: &Item, conflict: Option<&str>) -> Result<(), LedgerError> {
        let modifiers = match item.modifiers.as_slice() {
            [] => None,
            groups => Some(groups_to_json(groups).map_err(unreadable)?),
        };
        let gtin = item.gtin.map(|gtin| gtin.number().cast_signed());
        let details = said(DetailsV1::from(&item.details));
        let details = details.map(|shape| serde_json::to_string(&shape)).transpose();
        let mut statement = self.conn.prepare_cached(
            "INSERT OR REPLACE INTO item (sku, gtin, name, unit, price, rate, category, station,
             modifiers, prices, details) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        statement.execute(params![
            item.sku.as_str(),
            gtin,
            item.name,
            item.unit.as_str(),
            item.price.minor(),
            item.tax_rate.thousandths(),
            item.category,
            item.station,
            modifiers,
            conflict,
            details.map_err(unreadable)?,
        ])?;
        self.put_codes(item)?;
        self.index(item)
    }

    fn put_codes(&mut self, item: &Item) -> Result<(), LedgerError> {
        let sku = item.sku.as_str();
        self.conn.prepare_cached("DELETE FROM item_code WHERE sku = ?1")?.execute([sku])?;
        for code in &item.details.barcodes {
            let mut statement = self.conn.prepare_cached(
                "INSERT OR REPLACE INTO item_code (code, sku, quantity) VALUES (?1, ?2, ?3)",
            )?;
            statement.execute(params![code.code, sku, code.quantity.thousandths()])?;
        }
        Ok(())
    }

    fn index(&mut self, item: &Item) -> Result<(), LedgerError> {
        let text = searched(item);
        let row = self.text_row(&item.sku)?;
        if let Some((row, known)) = row {
            if known == text {
                return Ok(());
            }
            self.conn.prepare_cached("DELETE FROM item_text WHERE rowid = ?1")?.execute([row])?;
        }
        let mut insert = self
            .conn
            .prepare_cached("INSERT INTO item_text (rowid, sku, text) VALUES (?1, ?2, ?3)")?;
        insert.execute(params![text_key(&item.sku), item.sku.as_str(), text])?;
        let mut insert =
            self.conn.prepare_cached("INSERT OR IGNORE INTO item_word (word) VALUES (?1)")?;
        for word in spelling::words(&text) {
            insert.execute([word])?;
        }
        Ok(())
    }

    fn text_row(&self, sku: &Sku) -> Result<Option<(i64, String)>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT rowid, text FROM item_text WHERE rowid = ?1")?;
        let row = statement.query_row([text_key(sku)], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(row.optional()?)
    }
}

/// What an item is found by: its names, its codes, its category and tags.
fn searched(item: &Item) -> String {
    let gtin = item.gtin.map(|gtin| gtin.to_string());
    let gtin = gtin.as_deref().map(|digits| digits.trim_start_matches('0'));
    let details = &item.details;
    let mut parts = vec![item.name.as_str(), item.sku.as_str()];
    parts.extend(item.category.as_deref());
    parts.extend(gtin);
    parts.extend(details.names.values().map(String::as_str));
    parts.extend(details.tags.iter().map(String::as_str));
    parts.extend(details.barcodes.iter().map(|code| code.code.trim_start_matches('0')));
    parts.join(" ")
}

/// The search index's row of an item: 63 bits of its SKU's SHA-256, so that no second index is
/// needed to find it again.
fn text_key(sku: &Sku) -> i64 {
    use sha2::Digest;
    let digest: [u8; 32] = sha2::Sha256::digest(sku.as_str()).into();
    let mut key = [0; 8];
    key.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(key) & i64::MAX
}

impl View<'_> {
    /// The item of a SKU.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn item(&self, sku: &Sku) -> Result<Option<ItemRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM item WHERE sku = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([sku.as_str()])?;
        rows.next()?.map(|row| item_of(row, self.currency)).transpose()
    }

    /// The item of a trade item number.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn item_by_gtin(&self, gtin: Gtin) -> Result<Option<ItemRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM item WHERE gtin = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([gtin.number().cast_signed()])?;
        rows.next()?.map(|row| item_of(row, self.currency)).transpose()
    }

    /// What a further code on goods is: the item, and how many units a scan is.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn item_by_code(&self, code: &str) -> Result<Option<(ItemRow, Quantity)>, LedgerError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT sku, quantity FROM item_code WHERE code = ?1 ORDER BY sku")?;
        let found: Option<(String, i64)> =
            statement.query_row([code], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((sku, quantity)) = found else { return Ok(None) };
        let row = self.item(&Sku::new(&sku).map_err(unreadable)?)?;
        let quantity = Quantity::from_thousandths(quantity).map_err(unreadable)?;
        Ok(row.map(|row| (row, quantity)))
    }

    /// The variants of an item, by name.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn variants(&self, of: &Sku) -> Result<Vec<ItemRow>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM item
             WHERE details IS NOT NULL AND details ->> '$.variant.of' = ?1 ORDER BY name LIMIT 500"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        collect(statement.query([of.as_str()])?, self.currency)
    }

    /// Items of a category by name.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn items_in(
        &self,
        category: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ItemRow>, LedgerError> {
        let filter = if category.is_some() { "WHERE category = ?1" } else { "WHERE ?1 IS NULL" };
        let sql = format!("SELECT {COLUMNS} FROM item {filter} ORDER BY category, name LIMIT ?2");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let limit = i64::try_from(limit.min(RESULTS_MAX)).unwrap_or(i64::MAX);
        collect(statement.query(params![category, limit])?, self.currency)
    }

    /// Every item's key: for making documents anew.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn all_skus(&self) -> Result<Vec<Sku>, LedgerError> {
        let mut statement = self.conn.prepare("SELECT sku FROM item")?;
        let skus = statement.query_map([], |row| row.get::<_, String>(0))?;
        skus.map(|sku| Sku::new(&sku?).map_err(unreadable)).collect()
    }

    /// Items whose prices conflict.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn conflicts(&self) -> Result<Vec<ItemRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM item WHERE prices IS NOT NULL ORDER BY sku");
        let mut statement = self.conn.prepare_cached(&sql)?;
        collect(statement.query([])?, self.currency)
    }

    /// The categories, each with how many items it has.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn categories(&self) -> Result<Vec<(String, u32)>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT category, count(*) FROM item WHERE category IS NOT NULL
             GROUP BY category ORDER BY category",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

pub(crate) fn collect(
    mut rows: rusqlite::Rows<'_>,
    currency: Currency,
) -> Result<Vec<ItemRow>, LedgerError> {
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(item_of(row, currency)?);
    }
    Ok(items)
}

fn item_of(row: &Row<'_>, currency: Currency) -> Result<ItemRow, LedgerError> {
    let gtin: Option<i64> = row.get(1)?;
    let unit: String = row.get(3)?;
    let modifiers: Option<String> = row.get(8)?;
    let groups = modifiers.map(|text| groups_from_json(&text, currency));
    let item = Item {
        sku: Sku::new(&row.get::<_, String>(0)?).map_err(unreadable)?,
        gtin: gtin.map(|n| Gtin::from_number(n.cast_unsigned())).transpose().map_err(unreadable)?,
        name: row.get(2)?,
        unit: Unit::from_name(&unit).ok_or_else(|| unreadable(format!("unit {unit}")))?,
        price: Money::new(row.get(4)?, currency).map_err(unreadable)?,
        tax_rate: TaxRate::from_thousandths(row.get(5)?).map_err(unreadable)?,
        category: row.get(6)?,
        station: row.get(7)?,
        modifiers: groups.unwrap_or(Some(vec![])).ok_or_else(|| unreadable("modifiers"))?,
        details: match row.get_ref(10)?.as_str_or_null().map_err(unreadable)? {
            None => Details::default(),
            Some(text) => {
                let shape: DetailsV1 = serde_json::from_str(text).map_err(unreadable)?;
                shape.into_domain(currency).map_err(unreadable)?
            }
        },
    };
    Ok(ItemRow { item, conflict: row.get(9)? })
}
