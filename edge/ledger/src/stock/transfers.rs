//! Goods that changed places, and those on their way.

use super::{ROWS_MAX, collect, known_lot, quantity, sku_of, uuid_of};
use crate::core::View;
use crate::error::{LedgerError, unreadable};
use edge_domain::StoreTime;
use edge_domain::ids::TransferId;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::stock::{End, Lot, Place};
use rusqlite::{Row, params};

/// A transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRow {
    /// Its id.
    pub id: TransferId,
    /// From here.
    pub from: End,
    /// To here.
    pub to: End,
    /// What people call it.
    pub reference: Option<String>,
    /// When it left.
    pub sent_at: StoreTime,
    /// When something arrived last.
    pub arrived_at: Option<StoreTime>,
    /// What.
    pub lines: Vec<TransferLine>,
}

/// One item of a transfer, of one lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferLine {
    /// What.
    pub sku: Sku,
    /// Of which lot, where it is known.
    pub lot: Option<Lot>,
    /// How much left.
    pub sent: Quantity,
    /// How much arrived.
    pub arrived: Quantity,
    /// How much was given up.
    pub settled: Quantity,
}

const COLUMNS: &str =
    "id, from_place, from_store, to_place, to_store, reference, sent_at, arrived_at";

impl TransferLine {
    /// What is still on its way.
    ///
    /// # Errors
    /// Beyond the bound of a quantity.
    pub fn missing(&self) -> Result<Quantity, LedgerError> {
        let gone = self.arrived.plus(self.settled).map_err(unreadable)?;
        self.sent.plus(gone.negated()).map_err(unreadable)
    }
}

impl TransferRow {
    /// `received`, `in_transit`, or `short` where some arrived and the rest did not.
    #[must_use]
    pub fn state(&self) -> &'static str {
        let missing = |line: &TransferLine| line.missing().is_ok_and(|q| q > Quantity::ZERO);
        match (self.lines.iter().any(missing), self.arrived_at) {
            (false, _) => "received",
            (true, None) => "in_transit",
            (true, Some(_)) => "short",
        }
    }
}

impl View<'_> {
    /// A transfer.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn transfer(&self, id: TransferId) -> Result<Option<TransferRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM transfer WHERE id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.uuid().as_bytes().as_slice()])?;
        rows.next()?.map(|row| self.transfer_row(row)).transpose()
    }

    /// Transfers, the newest first; with `open`, those with something on its way.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn transfers(&self, open: bool, limit: u32) -> Result<Vec<TransferRow>, LedgerError> {
        let filter = match open {
            true => {
                "WHERE id IN (SELECT transfer FROM transfer_line WHERE sent > arrived + settled)"
            }
            false => "",
        };
        let sql = format!("SELECT {COLUMNS} FROM transfer {filter} ORDER BY seq DESC LIMIT ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        collect(statement.query(params![limit.min(ROWS_MAX)])?, |row| self.transfer_row(row))
    }

    fn transfer_row(&self, row: &Row<'_>) -> Result<TransferRow, LedgerError> {
        let id: Vec<u8> = row.get(0)?;
        let end = |place: usize, store: usize| -> Result<End, LedgerError> {
            match (row.get::<_, Option<String>>(place)?, row.get::<_, Option<String>>(store)?) {
                (Some(place), _) => Place::read(&place).map(End::Here).map_err(unreadable),
                (None, Some(store)) => Ok(End::Elsewhere(store)),
                (None, None) => Err(unreadable("a transfer without an end")),
            }
        };
        let mut lines = self.conn.prepare_cached(
            "SELECT sku, lot, expires, sent, arrived, settled FROM transfer_line
             WHERE transfer = ?1 ORDER BY sku, expires, lot",
        )?;
        Ok(TransferRow {
            id: TransferId::new(uuid_of(&id)?),
            from: end(1, 2)?,
            to: end(3, 4)?,
            reference: row.get(5)?,
            sent_at: StoreTime::from_millis(row.get(6)?),
            arrived_at: row.get::<_, Option<i64>>(7)?.map(StoreTime::from_millis),
            lines: collect(lines.query([&id])?, |row| {
                Ok(TransferLine {
                    sku: sku_of(&row.get::<_, String>(0)?)?,
                    lot: known_lot(&row.get::<_, String>(1)?, &row.get::<_, String>(2)?)?,
                    sent: quantity(row.get(3)?)?,
                    arrived: quantity(row.get(4)?)?,
                    settled: quantity(row.get(5)?)?,
                })
            })?,
        })
    }
}
