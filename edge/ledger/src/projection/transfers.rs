//! Goods that changed places, and those on their way.

use super::goods::{NO_DAY, day};
use crate::error::LedgerError;
use edge_domain::ids::TransferId;
use edge_domain::stock::{End, Goods, StockMoved, TransferReceived, TransferSent, TransferSettled};
use rusqlite::{Connection, params};

pub(super) fn moved(conn: &Connection, seq: i64, fact: &StockMoved) -> Result<(), LedgerError> {
    let (from, to) = (End::Here(fact.from.clone()), End::Here(fact.to.clone()));
    let (id, at) = (fact.id, fact.at.as_millis());
    head(conn, seq, id, (&from, &to), fact.reference.as_deref(), at, Some(at))?;
    lines(conn, id, &fact.lines, "sent = sent + ?5, arrived = arrived + ?5", [1, 1, 0])
}

pub(super) fn sent(conn: &Connection, seq: i64, fact: &TransferSent) -> Result<(), LedgerError> {
    let (id, at) = (fact.id, fact.at.as_millis());
    head(conn, seq, id, (&fact.from, &fact.to), fact.reference.as_deref(), at, None)?;
    lines(conn, id, &fact.lines, "sent = sent + ?5", [1, 0, 0])
}

pub(super) fn arrived(conn: &Connection, fact: &TransferReceived) -> Result<(), LedgerError> {
    let mut statement = conn.prepare_cached("UPDATE transfer SET arrived_at = ?2 WHERE id = ?1")?;
    statement.execute(params![fact.id.uuid().as_bytes().as_slice(), fact.at.as_millis()])?;
    lines(conn, fact.id, &fact.lines, "arrived = arrived + ?5", [0, 1, 0])
}

pub(super) fn settled(conn: &Connection, fact: &TransferSettled) -> Result<(), LedgerError> {
    lines(conn, fact.id, &fact.lines, "settled = settled + ?5", [0, 0, 1])
}

fn head(
    conn: &Connection,
    seq: i64,
    id: TransferId,
    (from, to): (&End, &End),
    reference: Option<&str>,
    sent_at: i64,
    arrived_at: Option<i64>,
) -> Result<(), LedgerError> {
    let here = |end: &End| match end {
        End::Here(place) => Some(place.to_string()),
        End::Elsewhere(_) => None,
    };
    let store = |end: &End| match end {
        End::Here(_) => None,
        End::Elsewhere(store) => Some(store.clone()),
    };
    let mut statement = conn.prepare_cached(
        "INSERT INTO transfer (id, seq, from_place, from_store, to_place, to_store, reference,
         sent_at, arrived_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    statement.execute(params![
        id.uuid().as_bytes().as_slice(),
        seq,
        here(from),
        store(from),
        here(to),
        store(to),
        reference,
        sent_at,
        arrived_at
    ])?;
    Ok(())
}

/// Adds to the lines: what changes where the line is known, and what a new one begins with.
fn lines(
    conn: &Connection,
    id: TransferId,
    lines: &[Goods],
    change: &str,
    first: [i64; 3],
) -> Result<(), LedgerError> {
    let sql = format!(
        "INSERT INTO transfer_line (transfer, sku, expires, lot, sent, arrived, settled)
         VALUES (?1, ?2, ?3, ?4, ?5 * ?6, ?5 * ?7, ?5 * ?8) ON CONFLICT DO UPDATE SET {change}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    for line in lines {
        let (code, expires) = match &line.lot {
            Some(lot) => (lot.code(), day(lot)),
            None => ("", NO_DAY.to_owned()),
        };
        statement.execute(params![
            id.uuid().as_bytes().as_slice(),
            line.sku.as_str(),
            expires,
            code,
            line.quantity.thousandths(),
            first[0],
            first[1],
            first[2],
        ])?;
    }
    Ok(())
}
