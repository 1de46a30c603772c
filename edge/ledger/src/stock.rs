//! What lies where, of which lot, what it is worth, and what needs a person.

pub mod counts;
pub mod reconcile;
pub mod reservations;
pub mod transfers;

mod worth;

pub use worth::Shrinkage;

use crate::core::View;
use crate::error::{LedgerError, unreadable};
use crate::projection::{NO_DAY, read_lot};
use edge_domain::StoreTime;
use edge_domain::item::Sku;
use edge_domain::posting::Location;
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::stock::{Cost, Day, Lot, Place};
use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

/// The most rows of one answer.
pub const ROWS_MAX: u32 = 1_000;

/// A place of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// Which.
    pub place: Place,
    /// What people call it.
    pub title: String,
    /// Whether what lies there may be promised to customers.
    pub sellable: bool,
}

/// What is known of an item's stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRow {
    /// Which item.
    pub sku: Sku,
    /// How much lies in each place that ever had some.
    pub places: Vec<(Place, Quantity)>,
    /// How much is on its way.
    pub in_transit: Quantity,
    /// How much lies where it may be promised.
    pub sellable: Quantity,
    /// How much is promised.
    pub reserved: Quantity,
    /// What all of it is worth, where the cost is known.
    pub cost: Option<Cost>,
}

/// Some of a lot in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotRow {
    /// Which item.
    pub sku: Sku,
    /// Where.
    pub place: String,
    /// Which lot.
    pub lot: Lot,
    /// How much.
    pub quantity: Quantity,
}

impl StockRow {
    /// How much lies in the store's places.
    ///
    /// # Errors
    /// Beyond the bound of a quantity.
    pub fn on_hand(&self) -> Result<Quantity, LedgerError> {
        let sum = self.places.iter().try_fold(Quantity::ZERO, |sum, (_, level)| sum.plus(*level));
        sum.map_err(unreadable)
    }

    /// How much may still be promised.
    ///
    /// # Errors
    /// Beyond the bound of a quantity.
    pub fn available(&self) -> Result<Quantity, LedgerError> {
        self.sellable.plus(self.reserved.negated()).map_err(unreadable)
    }
}

impl View<'_> {
    /// How much of an item lies on the shelves. May be below nothing: a till sells what is in the
    /// customer's hand, and the count is mended later.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn stock(&self, sku: &Sku) -> Result<Quantity, LedgerError> {
        self.level(sku, &Location::Store)
    }

    /// How much of an item lies somewhere.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn level(&self, sku: &Sku, place: &Location) -> Result<Quantity, LedgerError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT quantity FROM stock_level WHERE sku = ?1 AND location = ?2")?;
        let level: Option<i64> =
            statement.query_row([sku.as_str(), place.as_str()], |row| row.get(0)).optional()?;
        quantity(level.unwrap_or_default())
    }

    /// How much of an item lies where it may be promised.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn sellable(&self, sku: &Sku) -> Result<Quantity, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT coalesce(sum(quantity), 0) FROM stock_level WHERE sku = ?1 AND
             (location = 'store' OR location IN (SELECT name FROM place WHERE sellable))",
        )?;
        quantity(statement.query_row([sku.as_str()], |row| row.get(0))?)
    }

    /// What an item is counted in; None for an item that is not known.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn unit(&self, sku: &Sku) -> Result<Option<Unit>, LedgerError> {
        let mut statement = self.conn.prepare_cached("SELECT unit FROM item WHERE sku = ?1")?;
        let mut rows = statement.query([sku.as_str()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let name = row.get_ref(0)?.as_str().map_err(unreadable)?;
        Unit::from_name(name).map(Some).ok_or_else(|| unreadable(format!("unit {name}")))
    }

    /// The store's places; `store` first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn places(&self) -> Result<Vec<PlaceRow>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT name, title, sellable FROM place ORDER BY name <> 'store', name",
        )?;
        let mut rows = statement.query([])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let place = Place::read(&row.get::<_, String>(0)?).map_err(unreadable)?;
            places.push(PlaceRow { place, title: row.get(1)?, sellable: row.get(2)? });
        }
        Ok(places)
    }

    /// What is known of an item's stock.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn stock_row(&self, sku: &Sku, now: StoreTime) -> Result<StockRow, LedgerError> {
        let mut row = StockRow {
            sku: sku.clone(),
            places: vec![],
            in_transit: Quantity::ZERO,
            sellable: self.sellable(sku)?,
            reserved: self.reserved(sku, now)?,
            cost: self.cost(sku)?,
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT location, quantity FROM stock_level WHERE sku = ?1
             ORDER BY location <> 'store', location",
        )?;
        let mut rows = statement.query([sku.as_str()])?;
        while let Some(level) = rows.next()? {
            let (place, held) = (level.get::<_, String>(0)?, quantity(level.get(1)?)?);
            match place.as_str() {
                "transit" => row.in_transit = held,
                name => row.places.push((Place::read(name).map_err(unreadable)?, held)),
            }
        }
        Ok(row)
    }

    /// Items that ever had stock or a promise, by SKU, after `after`.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn stock_rows(
        &self,
        after: &str,
        limit: u32,
        now: StoreTime,
    ) -> Result<Vec<StockRow>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT sku FROM (SELECT DISTINCT sku FROM stock_level WHERE sku > ?1
               UNION SELECT sku FROM reserved WHERE sku > ?1) ORDER BY sku LIMIT ?2",
        )?;
        let skus = statement
            .query_map(params![after, limit.min(ROWS_MAX)], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        skus.iter().map(|text| self.stock_row(&sku_of(text)?, now)).collect()
    }

    /// What an item is worth, where its cost is known.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn cost(&self, sku: &Sku) -> Result<Option<Cost>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT value, average FROM stock_cost WHERE sku = ?1")?;
        let cost = statement
            .query_row([sku.as_str()], |row| Ok(Cost { value: row.get(0)?, average: row.get(1)? }));
        Ok(cost.optional()?)
    }

    /// The lots of an item, as they leave.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn lots(&self, sku: &Sku) -> Result<Vec<LotRow>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT sku, location, lot, expires, quantity FROM stock_lot WHERE sku = ?1
             ORDER BY expires, lot, location",
        )?;
        collect(statement.query([sku.as_str()])?, lot_of)
    }

    /// Lots in the store whose last day is `until` or earlier, the earliest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn expiring(&self, until: Day, limit: u32) -> Result<Vec<LotRow>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT sku, location, lot, expires, quantity FROM stock_lot
             WHERE expires <> '~' AND expires <= ?1 AND location <> 'transit'
             ORDER BY expires, sku, lot, location LIMIT ?2",
        )?;
        collect(statement.query(params![until.to_string(), limit.min(ROWS_MAX)])?, lot_of)
    }

    /// Levels below nothing: more was sold than was known, so somebody has to count.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn negative_levels(&self, limit: u32) -> Result<Vec<(Sku, Place, Quantity)>, LedgerError> {
        let mut statement = self.conn.prepare(
            "SELECT sku, location, quantity FROM stock_level
             WHERE quantity < 0 AND location <> 'transit' ORDER BY sku, location LIMIT ?1",
        )?;
        collect(statement.query([limit.min(ROWS_MAX)])?, |row| {
            let place = Place::read(&row.get::<_, String>(1)?).map_err(unreadable)?;
            Ok((sku_of(&row.get::<_, String>(0)?)?, place, quantity(row.get(2)?)?))
        })
    }
}

fn collect<T>(
    mut rows: rusqlite::Rows<'_>,
    each: impl Fn(&Row<'_>) -> Result<T, LedgerError>,
) -> Result<Vec<T>, LedgerError> {
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        list.push(each(row)?);
    }
    Ok(list)
}

fn lot_of(row: &Row<'_>) -> Result<LotRow, LedgerError> {
    Ok(LotRow {
        sku: sku_of(&row.get::<_, String>(0)?)?,
        place: row.get(1)?,
        lot: read_lot(&row.get::<_, String>(2)?, &row.get::<_, String>(3)?)?,
        quantity: quantity(row.get(4)?)?,
    })
}

/// A lot of a transfer's line, where it is known.
fn known_lot(code: &str, expires: &str) -> Result<Option<Lot>, LedgerError> {
    if code.is_empty() && expires == NO_DAY { Ok(None) } else { read_lot(code, expires).map(Some) }
}

fn quantity(thousandths: i64) -> Result<Quantity, LedgerError> {
    Quantity::from_thousandths(thousandths).map_err(unreadable)
}

fn sku_of(text: &str) -> Result<Sku, LedgerError> {
    Sku::new(text).map_err(unreadable)
}

fn uuid_of(bytes: &[u8]) -> Result<Uuid, LedgerError> {
    Uuid::from_slice(bytes).map_err(unreadable)
}

#[cfg(test)]
mod tests;
