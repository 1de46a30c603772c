//! What lies in the store.

use crate::core::View;
use crate::error::{LedgerError, unreadable};
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use rusqlite::OptionalExtension;

impl View<'_> {
    /// How much of an item lies in the store. May be below nothing: a till sells what is in the
    /// customer's hand, and the count is mended later.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn stock(&self, sku: &Sku) -> Result<Quantity, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT quantity FROM stock_level WHERE sku = ?1 AND location = 'store'",
        )?;
        let level: Option<i64> =
            statement.query_row([sku.as_str()], |row| row.get(0)).optional()?;
        Quantity::from_thousandths(level.unwrap_or_default()).map_err(unreadable)
    }
}
