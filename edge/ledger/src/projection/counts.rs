//! Counts: what the books said when, and what was counted.

use crate::error::LedgerError;
use edge_domain::item::Sku;
use edge_domain::stock::{CountClosed, CountOpened, CountTaken};
use rusqlite::{Connection, params};

pub(super) fn opened(conn: &Connection, seq: i64, fact: &CountOpened) -> Result<(), LedgerError> {
    let id = fact.id.uuid();
    let mut statement = conn.prepare_cached(
        "INSERT INTO stock_count (id, seq, place, blind, opened_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let (place, at) = (fact.place.as_str(), fact.at.as_millis());
    statement.execute(params![id.as_bytes().as_slice(), seq, place, fact.blind, at])?;
    fact.skus.iter().try_for_each(|sku| line(conn, id, sku))
}

/// A line with the level as it is now in the count's place.
fn line(conn: &Connection, id: uuid::Uuid, sku: &Sku) -> Result<(), LedgerError> {
    let mut statement = conn.prepare_cached(
        "INSERT OR IGNORE INTO stock_count_line (id, sku, at_opening)
         SELECT ?1, ?2, coalesce((SELECT quantity FROM stock_level
           WHERE sku = ?2 AND location = stock_count.place), 0)
         FROM stock_count WHERE id = ?1",
    )?;
    statement.execute(params![id.as_bytes().as_slice(), sku.as_str()])?;
    Ok(())
}

pub(super) fn taken(conn: &Connection, fact: &CountTaken) -> Result<(), LedgerError> {
    let id = fact.id.uuid();
    let mut statement = conn.prepare_cached(
        "UPDATE stock_count_line SET counted = ?3, counted_at = ?4,
         expected = coalesce((SELECT quantity FROM stock_level JOIN stock_count ON
           stock_level.location = stock_count.place WHERE stock_count.id = ?1 AND sku = ?2), 0)
         WHERE id = ?1 AND sku = ?2",
    )?;
    for (sku, counted) in &fact.lines {
        line(conn, id, sku)?;
        let (counted, at) = (counted.thousandths(), fact.at.as_millis());
        statement.execute(params![id.as_bytes().as_slice(), sku.as_str(), counted, at])?;
    }
    Ok(())
}

/// A count ended. What it corrected in the books moved nothing on the shelf: other counts that
/// are open and have counted the same must not book it again.
pub(super) fn closed(conn: &Connection, fact: &CountClosed) -> Result<(), LedgerError> {
    let mut statement =
        conn.prepare_cached("UPDATE stock_count SET closed_at = ?2 WHERE id = ?1")?;
    statement.execute(params![fact.id.uuid().as_bytes().as_slice(), fact.at.as_millis()])?;
    let mut corrected = conn.prepare_cached(
        "UPDATE stock_count_line SET expected = expected + ?3 WHERE sku = ?1 AND id IN
         (SELECT id FROM stock_count WHERE closed_at IS NULL AND place = ?2)",
    )?;
    for (sku, by) in &fact.lines {
        corrected.execute(params![sku.as_str(), fact.place.as_str(), by.thousandths()])?;
    }
    Ok(())
}
