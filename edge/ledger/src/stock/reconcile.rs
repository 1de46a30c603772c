//! The ledger against what follows from it, per item.

use super::{collect, quantity, sku_of};
use crate::core::View;
use crate::error::LedgerError;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use rusqlite::params;

/// One item, summed over all places that are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// Which item.
    pub sku: Sku,
    /// What the moves of the ledger make.
    pub ledger: Quantity,
    /// What the levels say.
    pub level: Quantity,
    /// What the lots say.
    pub lots: Quantity,
    /// What they may say at most: the levels that are above nothing.
    pub lots_max: Quantity,
    /// What the promises make.
    pub promises: Quantity,
    /// What is set aside for them.
    pub reserved: Quantity,
}

impl Reconciled {
    /// Whether all of it agrees.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.ledger == self.level && self.promises == self.reserved && self.lots <= self.lots_max
    }
}

/// `?1` is the item, or null for all of them.
const RECONCILE: &str = "WITH
    moved (sku, quantity) AS (
      SELECT sku, quantity FROM stock_move WHERE (?1 IS NULL OR sku = ?1)
        AND target NOT IN ('supplier', 'customer', 'shrinkage', 'production', 'elsewhere')
      UNION ALL SELECT sku, -quantity FROM stock_move WHERE (?1 IS NULL OR sku = ?1)
        AND source NOT IN ('supplier', 'customer', 'shrinkage', 'production', 'elsewhere')),
    ledger AS (SELECT sku, sum(quantity) AS quantity FROM moved GROUP BY sku),
    level AS (SELECT sku, sum(quantity) AS quantity, sum(max(quantity, 0)) AS lies FROM stock_level
      WHERE (?1 IS NULL OR sku = ?1) GROUP BY sku),
    lots AS (SELECT sku, sum(quantity) AS quantity FROM stock_lot
      WHERE (?1 IS NULL OR sku = ?1) GROUP BY sku),
    promises AS (SELECT sku, sum(quantity) AS quantity FROM reservation
      JOIN reservation_line ON reservation_line.reservation = reservation.id
      WHERE state = 'held' AND (?1 IS NULL OR sku = ?1) GROUP BY sku),
    every AS (SELECT sku FROM ledger UNION SELECT sku FROM level UNION SELECT sku FROM lots
      UNION SELECT sku FROM promises
      UNION SELECT sku FROM reserved WHERE (?1 IS NULL OR sku = ?1))
    SELECT sku, coalesce(ledger.quantity, 0), coalesce(level.quantity, 0),
      coalesce(lots.quantity, 0), coalesce(level.lies, 0), coalesce(promises.quantity, 0), coalesce(reserved.quantity, 0)
    FROM every LEFT JOIN ledger USING (sku) LEFT JOIN level USING (sku) LEFT JOIN lots USING (sku)
      LEFT JOIN promises USING (sku) LEFT JOIN reserved USING (sku) ORDER BY sku";

impl View<'_> {
    /// Every item that ever moved or was promised, or one: recomputed from the ledger's moves and
    /// compared with what the shop works with. Reads all moves: for auditors, not for tills.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn reconcile(&self, sku: Option<&Sku>) -> Result<Vec<Reconciled>, LedgerError> {
        let mut statement = self.conn.prepare(RECONCILE)?;
        collect(statement.query(params![sku.map(Sku::as_str)])?, |row| {
            Ok(Reconciled {
                sku: sku_of(&row.get::<_, String>(0)?)?,
                ledger: quantity(row.get(1)?)?,
                level: quantity(row.get(2)?)?,
                lots: quantity(row.get(3)?)?,
                lots_max: quantity(row.get(4)?)?,
                promises: quantity(row.get(5)?)?,
                reserved: quantity(row.get(6)?)?,
            })
        })
    }
}
