//! What reports read: follows from the entries alone, and can be made anew from them.

use super::{accept, int, stores};
use crate::error::StoreError;
use crate::model::{TENANT, business_day};
use cloud_sync_protocol::v1::fact::{Read, read};
use edge_domain::fact::Fact;
use edge_domain::ids::StoreId;
use edge_domain::sale::Sale;
use rusqlite::{Connection, OptionalExtension, params};

/// Raise it when a projection changes: the next start makes all of them anew.
const PROJECTIONS: i64 = 1;
/// How many entries a rebuild reads at once.
const REBUILD_ENTRIES: u32 = 1_000;

/// Whether the rows are of another release.
pub(super) fn outdated(conn: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT value FROM meta WHERE key = 'projections'";
    let of: Option<i64> = conn.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(of != Some(PROJECTIONS))
}

/// Makes all rows anew.
pub(super) fn rebuild(conn: &Connection) -> Result<(), StoreError> {
    for table in ["receipt", "sale", "sale_line", "sales_day", "item_day"] {
        conn.execute(&format!("DELETE FROM {table} WHERE tenant = ?1"), [TENANT])?;
    }
    for store in stores::all(conn)? {
        let mut after = 0;
        loop {
            let entries = accept::entries(conn, store.id, after, REBUILD_ENTRIES)?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            for entry in &entries {
                match read(&entry.kind, entry.version, &entry.body) {
                    Ok(Read::Known(fact)) => project(conn, store.id, entry.seq, &fact)?,
                    Ok(Read::Unknown) => {}
                    // It was accepted by a release that did not know its kind.
                    Err(error) => {
                        let (store, seq) = (store.id, entry.seq);
                        tracing::error!(%store, seq, %error, "an entry does not count in reports");
                    }
                }
            }
        }
    }
    let sql = "INSERT INTO meta (key, value) VALUES ('projections', ?1) \
               ON CONFLICT DO UPDATE SET value = excluded.value";
    conn.execute(sql, [PROJECTIONS])?;
    Ok(())
}

/// Writes what follows from one fact.
pub(super) fn project(
    conn: &Connection,
    store: StoreId,
    seq: u64,
    fact: &Fact,
) -> Result<(), StoreError> {
    match fact {
        Fact::SaleCompleted(sale) => sold(conn, store, seq, sale),
        Fact::DepositTaken(_)
        | Fact::OrderCancelled { .. }
        | Fact::TicketFired(_)
        | Fact::TicketBumped { .. }
        | Fact::TicketRecalled { .. }
        | Fact::Stock(_)
        | Fact::PriceSet(_)
        | Fact::Audited(_)
        | Fact::Shift(_)
        | Fact::RightsMoved(_)
        | Fact::ValueIssued(_)
        | Fact::SlipsGiven(_)
        | Fact::RefundMoved(_) => Ok(()),
    }
}

fn sold(conn: &Connection, store: StoreId, seq: u64, sale: &Sale) -> Result<(), StoreError> {
    let (uuid, parts) = (store.uuid(), sale.parts());
    let (store, terminal) = (uuid.as_bytes(), parts.receipt.terminal.as_str());
    let (day, total) = (business_day(parts.at), sale.totals().gross.minor());
    let (currency, number) = (parts.currency.as_str(), parts.receipt.number);
    conn.prepare_cached(
        "INSERT INTO receipt (tenant, store, terminal, number) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO UPDATE SET number = excluded.number",
    )?
    .execute(params![TENANT, store, terminal, number])?;
    conn.prepare_cached(
        "INSERT INTO sale (tenant, store, id, seq, terminal, number, at, day, currency, total) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        TENANT,
        store,
        parts.id.uuid().as_bytes(),
        int(seq),
        terminal,
        number,
        parts.at.as_millis(),
        day,
        currency,
        total
    ])?;
    conn.prepare_cached(
        "INSERT INTO sales_day (tenant, store, day, currency, count, total) \
         VALUES (?1, ?2, ?3, ?4, 1, ?5) \
         ON CONFLICT DO UPDATE SET count = count + 1, total = total + excluded.total",
    )?
    .execute(params![TENANT, store, day, currency, total])?;
    lines(conn, store, seq, &day, sale)
}

fn lines(
    conn: &Connection,
    store: &[u8; 16],
    seq: u64,
    day: &str,
    sale: &Sale,
) -> Result<(), StoreError> {
    let currency = sale.parts().currency.as_str();
    let mut insert = conn.prepare_cached(
        "INSERT INTO sale_line (tenant, store, seq, line, sku, name, quantity, currency, total) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let mut count = conn.prepare_cached(
        "INSERT INTO item_day (tenant, store, day, sku, currency, name, count, quantity, total) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8) \
         ON CONFLICT DO UPDATE SET name = excluded.name, count = count + 1, \
         quantity = quantity + excluded.quantity, total = total + excluded.total",
    )?;
    for (line, place) in sale.parts().lines.iter().zip(1_i64..) {
        let total = line.total().map_err(|error| StoreError::Storage(error.to_string()))?.minor();
        let (sku, quantity) = (line.sku.as_str(), line.quantity.thousandths());
        insert.execute(params![
            TENANT,
            store,
            int(seq),
            place,
            sku,
            line.name,
            quantity,
            currency,
            total
        ])?;
        count.execute(params![TENANT, store, day, sku, currency, line.name, quantity, total])?;
    }
    Ok(())
}
