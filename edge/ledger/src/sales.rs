//! Sales: receipt numbers, and sales by id.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use edge_domain::fact::Fact;
use edge_domain::item::TerminalId;
use edge_domain::money::Money;
use edge_domain::quantity::Quantity;
use edge_domain::sale::{ReceiptNumber, Sale};
use edge_domain::{LineId, SaleId};
use rusqlite::{OptionalExtension, params};

/// A sale with its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleRow {
    /// The sale.
    pub sale: Sale,
    /// Its place.
    pub seq: u64,
}

impl Tx<'_> {
    /// The next receipt number of a terminal. Gap-free: it is taken in the transaction that
    /// records the sale, and given back with it.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn next_receipt(&mut self, terminal: &TerminalId) -> Result<ReceiptNumber, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO terminal (id, receipt) VALUES (?1, 1)
             ON CONFLICT (id) DO UPDATE SET receipt = receipt + 1 RETURNING receipt",
        )?;
        let number = statement.query_row([terminal.as_str()], |row| row.get(0))?;
        Ok(ReceiptNumber { terminal: terminal.clone(), number })
    }
}

impl View<'_> {
    /// One sale.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn sale(&self, id: SaleId) -> Result<Option<SaleRow>, LedgerError> {
        let mut statement = self.conn.prepare_cached("SELECT seq FROM sale WHERE id = ?1")?;
        let seq: Option<i64> =
            statement.query_row([id.uuid().as_bytes().as_slice()], |row| row.get(0)).optional()?;
        Ok(seq.map(|seq| self.sale_at(seq)).transpose()?.flatten())
    }

    /// The sale of a receipt.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn sale_of_receipt(&self, of: &ReceiptNumber) -> Result<Option<SaleRow>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT seq FROM sale WHERE terminal = ?1 AND number = ?2")?;
        let found = statement.query_row(params![of.terminal.as_str(), of.number], |row| row.get(0));
        let seq: Option<i64> = found.optional()?;
        Ok(seq.map(|seq| self.sale_at(seq)).transpose()?.flatten())
    }

    /// How much of a sold line came back, and what was given back for it.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn returned(&self, sale: SaleId, line: LineId) -> Result<(Quantity, Money), LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT quantity, amount FROM returned WHERE sale = ?1 AND line = ?2",
        )?;
        let (sale, line) = (sale.uuid(), line.uuid());
        let key = params![sale.as_bytes().as_slice(), line.as_bytes().as_slice()];
        let row = statement.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let (quantity, amount) = row.unwrap_or((0, 0));
        let quantity = Quantity::from_thousandths(quantity).map_err(unreadable)?;
        Ok((quantity, Money::new(amount, self.currency).map_err(unreadable)?))
    }

    /// What stands on an account of the general ledger: debits less credits.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn account(&self, name: &str) -> Result<Money, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT sum(amount) FROM posting WHERE account = ?1")?;
        let sum: Option<i64> = statement.query_row([name], |row| row.get(0))?;
        Money::new(sum.unwrap_or_default(), self.currency).map_err(unreadable)
    }

    /// The latest sales, newest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn latest_sales(&self, limit: u32) -> Result<Vec<SaleRow>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT seq FROM sale ORDER BY seq DESC LIMIT ?1")?;
        let seqs: Vec<i64> =
            statement.query_map(params![limit], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut sales = Vec::with_capacity(seqs.len());
        for seq in seqs {
            sales.extend(self.sale_at(seq)?);
        }
        Ok(sales)
    }

    fn sale_at(&self, seq: i64) -> Result<Option<SaleRow>, LedgerError> {
        Ok(match self.fact_at(seq)? {
            Some(Fact::SaleCompleted(sale)) => {
                Some(SaleRow { sale: *sale, seq: seq.cast_unsigned() })
            }
            _ => None,
        })
    }
}
