//! Projections from the journal alone: after an update that adds one, or when one is in doubt.

use crate::core::Core;
use crate::error::{LedgerError, unreadable};
use crate::journal::signed;
use crate::projection;
use crate::reports::Tally;
use cloud_sync_protocol::v1::fact::{Read, read};
use edge_domain::fact::Fact;
use edge_domain::posting::Postings;
use rusqlite::Connection;

/// The projections' version: raised when a migration adds one that needs the past.
pub const PROJECTIONS: u32 = 7;

/// The tables that follow from facts about goods, each with its key.
pub(crate) const STOCK: [(&str, &str); 11] = [
    ("place", "name"),
    ("stock_level", "sku, location"),
    ("stock_lot", "sku, location, expires, lot"),
    ("stock_cost", "sku"),
    ("reservation", "id"),
    ("reservation_line", "reservation, sku"),
    ("reserved", "sku"),
    ("transfer", "id"),
    ("transfer_line", "transfer, sku, expires, lot"),
    ("stock_count", "id"),
    ("stock_count_line", "id, sku"),
];
/// The tables that follow from facts about rights, value and cards, each with its key.
pub(crate) const VALUE: [(&str, &str); 4] = [
    ("right_own", "resource, cell"),
    ("stored_value", "kind, reference"),
    ("customer_spend", "customer, day"),
    ("slip", "subject, seq"),
];
/// The place that every store has.
const PLACES: &str = "INSERT INTO place (name, title, sellable) VALUES ('store', 'Store', 1)";

/// Reads the facts that this release knows, in order; answers how many there are.
pub(crate) fn replay(
    conn: &Connection,
    each: impl FnMut(u64, &Fact, &[u8]) -> Result<(), LedgerError>,
) -> Result<u64, LedgerError> {
    replay_after(conn, 0, each)
}

/// The same, of the entries after one.
pub(crate) fn replay_after(
    conn: &Connection,
    after: u64,
    mut each: impl FnMut(u64, &Fact, &[u8]) -> Result<(), LedgerError>,
) -> Result<u64, LedgerError> {
    let mut statement =
        conn.prepare("SELECT seq, kind, version, body FROM journal WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = statement.query([signed(after)?])?;
    let mut facts = 0;
    while let Some(row) = rows.next()? {
        let (seq, body): (i64, Vec<u8>) = (row.get(0)?, row.get(3)?);
        let kind: String = row.get(1)?;
        if let Read::Known(fact) = read(&kind, row.get(2)?, &body).map_err(unreadable)? {
            each(seq.cast_unsigned(), &fact, &body)?;
            facts += 1;
        }
    }
    Ok(facts)
}

/// What follows from the goods that moved.
pub(crate) fn moves(conn: &Connection, postings: &Postings) -> Result<(), LedgerError> {
    postings.detailed().try_for_each(|(moved, detail)| projection::moved(conn, moved, detail))
}

impl Core {
    /// Writes every projection of facts again. The journal, the documents and the print spool
    /// are not touched.
    ///
    /// # Errors
    /// See [`LedgerError`]; nothing changed then.
    pub fn rebuild(&mut self) -> Result<u64, LedgerError> {
        self.forget_tally(); // what waited is in the sums that are written here
        self.transact(|tx| {
            let conn = tx.conn;
            conn.execute_batch(
                "DELETE FROM sale; DELETE FROM deposit; DELETE FROM ticket; DELETE FROM returned;
                 DELETE FROM promotion_use; DELETE FROM audit_entry; DELETE FROM shift;
                 DELETE FROM sold_till; DELETE FROM sold_tax; DELETE FROM sold_tender;
                 DELETE FROM sold_item; DELETE FROM sold_item_day; DELETE FROM sold_posting;
                 DELETE FROM sold_piece; UPDATE terminal SET receipt = 0;",
            )?;
            for (table, _) in STOCK.into_iter().chain(VALUE) {
                conn.execute_batch(&format!("DELETE FROM {table}"))?;
            }
            conn.execute_batch(PLACES)?;
            let mut tally = Tally::default();
            let facts = replay(conn, |seq, fact, body| {
                projection::apply(conn, seq, fact, body)?;
                tally.take_fact(fact)?;
                moves(conn, &fact.postings()?)
            })?;
            tally.write(conn, tx.cursor.head.seq)?;
            conn.execute_batch(
                "INSERT INTO terminal (id, receipt) SELECT terminal, max(number) FROM sale
                 WHERE true GROUP BY terminal
                 ON CONFLICT (id) DO UPDATE SET receipt = excluded.receipt;",
            )?;
            tx.set_meta("projections", &PROJECTIONS.to_be_bytes())?;
            Ok(facts)
        })
    }

    /// Rebuilds if this release has projections that the file does not.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn rebuild_if_older(&mut self) -> Result<Option<u64>, LedgerError> {
        let known = self.view().meta("projections")?;
        if known.as_deref() == Some(PROJECTIONS.to_be_bytes().as_slice()) {
            return Ok(None);
        }
        self.rebuild().map(Some)
    }
}
