//! Promises, and what is promised of each item.

use crate::error::LedgerError;
use edge_domain::ids::ReservationId;
use edge_domain::stock::ReservationMade;
use edge_domain::{OrderId, SaleId, StoreTime};
use rusqlite::{Connection, params};

pub(super) fn made(conn: &Connection, fact: &ReservationMade) -> Result<(), LedgerError> {
    let id = fact.id.uuid();
    let order = fact.order.map(OrderId::uuid);
    let mut statement = conn.prepare_cached(
        "INSERT INTO reservation (id, state, made_at, expires_at, order_id, reference)
         VALUES (?1, 'held', ?2, ?3, ?4, ?5)",
    )?;
    statement.execute(params![
        id.as_bytes().as_slice(),
        fact.at.as_millis(),
        fact.expires_at.as_millis(),
        order.as_ref().map(|order| order.as_bytes().as_slice()),
        fact.reference,
    ])?;
    let mut line = conn.prepare_cached(
        "INSERT INTO reservation_line (reservation, sku, quantity) VALUES (?1, ?2, ?3)",
    )?;
    let mut sum = conn.prepare_cached(
        "INSERT INTO reserved (sku, quantity) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity",
    )?;
    for (sku, quantity) in &fact.lines {
        let quantity = quantity.thousandths();
        line.execute(params![id.as_bytes().as_slice(), sku.as_str(), quantity])?;
        sum.execute(params![sku.as_str(), quantity])?;
    }
    Ok(())
}

/// A promise ended; only one that is held can.
pub(super) fn ended(
    conn: &Connection,
    id: ReservationId,
    state: &str,
    sale: Option<SaleId>,
    at: StoreTime,
) -> Result<(), LedgerError> {
    let (uuid, sale) = (id.uuid(), sale.map(SaleId::uuid));
    let key = uuid.as_bytes().as_slice();
    let mut statement = conn.prepare_cached(
        "UPDATE reservation SET state = ?2, sale = ?3, ended_at = ?4
         WHERE id = ?1 AND state = 'held'",
    )?;
    let sale = sale.as_ref().map(|sale| sale.as_bytes().as_slice());
    if statement.execute(params![key, state, sale, at.as_millis()])? == 0 {
        return Ok(());
    }
    let mut lines =
        conn.prepare_cached("SELECT sku, quantity FROM reservation_line WHERE reservation = ?1")?;
    let mut less =
        conn.prepare_cached("UPDATE reserved SET quantity = quantity - ?2 WHERE sku = ?1")?;
    let mut rows = lines.query([key])?;
    while let Some(row) = rows.next()? {
        less.execute(params![
            row.get_ref(0)?.as_str().map_err(crate::error::unreadable)?,
            row.get::<_, i64>(1)?
        ])?;
    }
    Ok(())
}
