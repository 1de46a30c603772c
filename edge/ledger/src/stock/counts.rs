//! Counts.

use super::{ROWS_MAX, collect, quantity, sku_of, uuid_of};
use crate::core::View;
use crate::error::{LedgerError, unreadable};
use edge_domain::StoreTime;
use edge_domain::ids::CountId;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::stock::{Place, variance};
use rusqlite::{Row, params};

/// A count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountRow {
    /// Its id.
    pub id: CountId,
    /// The snapshot: the journal as it stood at this entry.
    pub snapshot: u64,
    /// What is counted.
    pub place: Place,
    /// Whether the counters are not told what is expected.
    pub blind: bool,
    /// When it began.
    pub opened_at: StoreTime,
    /// When it ended.
    pub closed_at: Option<StoreTime>,
}

/// One item of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountLine {
    /// Which.
    pub sku: Sku,
    /// What the books said when the count began.
    pub at_opening: Quantity,
    /// What was counted, and what the books said then.
    pub counted: Option<(Quantity, Quantity, StoreTime)>,
}

const COLUMNS: &str = "id, seq, place, blind, opened_at, closed_at";

impl CountLine {
    /// By how much the count differs from the books of that moment.
    ///
    /// # Errors
    /// Beyond the bound of a quantity.
    pub fn variance(&self) -> Result<Option<Quantity>, LedgerError> {
        let differs = |(counted, expected, _)| variance(counted, expected);
        self.counted.map(differs).transpose().map_err(unreadable)
    }
}

impl View<'_> {
    /// A count.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn count(&self, id: CountId) -> Result<Option<CountRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM stock_count WHERE id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.uuid().as_bytes().as_slice()])?;
        rows.next()?.map(count_of).transpose()
    }

    /// Counts, the newest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn counts(&self, limit: u32) -> Result<Vec<CountRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM stock_count ORDER BY seq DESC LIMIT ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        collect(statement.query(params![limit.min(ROWS_MAX)])?, count_of)
    }

    /// The items of a count, by SKU.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn count_lines(&self, id: CountId) -> Result<Vec<CountLine>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT sku, at_opening, counted, expected, counted_at FROM stock_count_line
             WHERE id = ?1 ORDER BY sku",
        )?;
        collect(statement.query([id.uuid().as_bytes().as_slice()])?, |row| {
            let counted: Option<i64> = row.get(2)?;
            let counted = counted.map(|counted| -> Result<_, LedgerError> {
                let (expected, at) = (quantity(row.get(3)?)?, StoreTime::from_millis(row.get(4)?));
                Ok((quantity(counted)?, expected, at))
            });
            Ok(CountLine {
                sku: sku_of(&row.get::<_, String>(0)?)?,
                at_opening: quantity(row.get(1)?)?,
                counted: counted.transpose()?,
            })
        })
    }

    /// Items that lie in a place, by SKU: what there is to count.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn skus_in(&self, place: &Place, limit: usize) -> Result<Vec<Sku>, LedgerError> {
        let mut statement = self.conn.prepare(
            "SELECT sku FROM stock_level WHERE location = ?1 AND quantity <> 0
             ORDER BY sku LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        collect(statement.query(params![place.as_str(), limit])?, |row| {
            sku_of(&row.get::<_, String>(0)?)
        })
    }

    /// Items of a category, by SKU.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn skus_of_category(&self, category: &str, limit: usize) -> Result<Vec<Sku>, LedgerError> {
        let mut statement =
            self.conn.prepare("SELECT sku FROM item WHERE category = ?1 ORDER BY sku LIMIT ?2")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        collect(statement.query(params![category, limit])?, |row| sku_of(&row.get::<_, String>(0)?))
    }
}

fn count_of(row: &Row<'_>) -> Result<CountRow, LedgerError> {
    Ok(CountRow {
        id: CountId::new(uuid_of(&row.get::<_, Vec<u8>>(0)?)?),
        snapshot: row.get::<_, i64>(1)?.cast_unsigned(),
        place: Place::read(&row.get::<_, String>(2)?).map_err(unreadable)?,
        blind: row.get(3)?,
        opened_at: StoreTime::from_millis(row.get(4)?),
        closed_at: row.get::<_, Option<i64>>(5)?.map(StoreTime::from_millis),
    })
}
