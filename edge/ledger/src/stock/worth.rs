//! What the stock is worth, and what was lost of it.

use crate::core::View;
use crate::error::{LedgerError, unreadable};
use edge_domain::item::Sku;
use edge_domain::money::Money;
use edge_domain::quantity::Quantity;

/// What was lost, or found, of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shrinkage {
    /// The item.
    pub sku: Sku,
    /// How much was lost; below nothing for what turned up.
    pub quantity: Quantity,
    /// What it was worth at what a unit costs now; None where that is not known.
    pub value: Option<Money>,
}

impl View<'_> {
    /// What all goods are worth at what they cost, and how many items lie here whose cost nobody
    /// said.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn stock_worth(&self) -> Result<(Money, u64), LedgerError> {
        let thousandths: i64 =
            self.conn.query_row("SELECT coalesce(sum(value), 0) FROM stock_cost", [], |row| {
                row.get(0)
            })?;
        let unknown: i64 = self.conn.query_row(
            "SELECT count(DISTINCT sku) FROM stock_level
             WHERE quantity <> 0 AND sku NOT IN (SELECT sku FROM stock_cost)",
            [],
            |row| row.get(0),
        )?;
        let thousandths = Money::new(thousandths, self.currency).map_err(unreadable)?;
        let value = thousandths.scaled(1, 1_000).map_err(unreadable)?;
        Ok((value, unknown.cast_unsigned()))
    }

    /// What was lost of each item between two moments, in milliseconds since 1970: most
    /// first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn shrinkage(&self, from_ms: i64, until_ms: i64) -> Result<Vec<Shrinkage>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT stock_move.sku,
                    sum(CASE target WHEN 'shrinkage' THEN quantity ELSE -quantity END),
                    average
             FROM stock_move JOIN journal USING (seq)
             LEFT JOIN stock_cost ON stock_cost.sku = stock_move.sku
             WHERE (target = 'shrinkage' OR source = 'shrinkage')
               AND hlc >= ?1 AND hlc < ?2
             GROUP BY stock_move.sku ORDER BY 2 DESC, 1",
        )?;
        // Hybrid moments are milliseconds << 16 (edge/domain, `hlc`).
        let moment = |ms: i64| ms.max(0) << 16;
        let mut rows = statement.query([moment(from_ms), moment(until_ms)])?;
        let mut lost = Vec::new();
        while let Some(row) = rows.next()? {
            let quantity = Quantity::from_thousandths(row.get(1)?).map_err(unreadable)?;
            let average: Option<i64> = row.get(2)?;
            let worth = |average: i64| {
                let each = Money::new(average, self.currency)?;
                each.scaled(quantity.thousandths(), 1_000_000)
            };
            lost.push(Shrinkage {
                sku: Sku::new(&row.get::<_, String>(0)?).map_err(unreadable)?,
                quantity,
                value: average.map(worth).transpose().map_err(unreadable)?,
            });
        }
        Ok(lost)
    }
}
