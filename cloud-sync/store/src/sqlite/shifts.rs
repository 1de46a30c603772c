//! A store's Z reports, checked again: headquarters holds the entries that they claim to sum up.

use super::int;
use crate::error::StoreError;
use crate::model::TENANT;
use cloud_sync_protocol::v1::fact::{Read, read};
use edge_domain::fact::Fact;
use edge_domain::ids::StoreId;
use edge_domain::shift::{ShiftClosed, ShiftFact, ShiftTotals};
use rusqlite::{Connection, OptionalExtension, params};

/// What is wrong with a fact of a drawer at a place of the journal, if anything is.
pub(super) fn broken(
    conn: &Connection,
    store: StoreId,
    seq: u64,
    fact: &Fact,
) -> Result<Option<String>, StoreError> {
    let Fact::Shift(ShiftFact::Closed(closed)) = fact else { return Ok(None) };
    let report = format!("Z report {}-{}", closed.terminal, closed.number);
    if closed.to.checked_add(1) != Some(seq) {
        return Ok(Some(format!("the {report} ends at another entry")));
    }
    let last = last_number(conn, store, closed)?;
    if Some(closed.number) != last.checked_add(1) {
        return Ok(Some(format!("the {report} does not follow number {last}")));
    }
    match summed(conn, store, closed)? {
        Some(totals) if totals == closed.totals => Ok(None),
        Some(_) => Ok(Some(format!("the {report} is not the sum of its entries"))),
        None => Ok(Some(format!("the {report} does not begin with its shift"))),
    }
}

/// The entries' own sums; None where the first of them did not open the shift.
fn summed(
    conn: &Connection,
    store: StoreId,
    closed: &ShiftClosed,
) -> Result<Option<ShiftTotals>, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT kind, version, body FROM entry WHERE tenant = ?1 AND store = ?2
         AND seq BETWEEN ?3 AND ?4 AND kind IN
         ('shift_opened', 'sale_completed', 'deposit_taken', 'refund_moved', 'shift_cash_moved')
         ORDER BY seq",
    )?;
    let uuid = store.uuid();
    let range = params![TENANT, uuid.as_bytes(), int(closed.from), int(closed.to)];
    let mut rows = query.query(range)?;
    let mut totals: Option<ShiftTotals> = None;
    while let Some(row) = rows.next()? {
        let (kind, body): (String, Vec<u8>) = (row.get(0)?, row.get(2)?);
        let Ok(Read::Known(fact)) = read(&kind, row.get(1)?, &body) else { continue };
        match (&mut totals, &fact) {
            (None, Fact::Shift(ShiftFact::Opened(opened))) if opened.id == closed.id => {
                totals = Some(ShiftTotals::new(opened.float));
            }
            (None, _) => return Ok(None),
            (Some(sums), fact) => {
                let taken = sums.take(&closed.terminal, fact);
                taken.map_err(|error| StoreError::Storage(error.to_string()))?;
            }
        }
    }
    Ok(totals)
}

fn last_number(conn: &Connection, store: StoreId, closed: &ShiftClosed) -> Result<u32, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT json_extract(CAST(body AS TEXT), '$.number') FROM entry
         WHERE tenant = ?1 AND store = ?2 AND kind = 'shift_closed'
         AND json_extract(CAST(body AS TEXT), '$.terminal') = ?3 ORDER BY seq DESC LIMIT 1",
    )?;
    let uuid = store.uuid();
    let of = params![TENANT, uuid.as_bytes(), closed.terminal.as_str()];
    Ok(query.query_row(of, |row| row.get(0)).optional()?.unwrap_or(0))
}
