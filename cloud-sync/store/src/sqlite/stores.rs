//! The stores' rows.

use super::{corrupt, int, uint};
use crate::error::StoreError;
use crate::model::{Certificate, NewStore, Quarantine, StoreRow, TENANT};
use cloud_sync_protocol::entry::{ChainHead, Hash};
use cloud_sync_protocol::message::Presence;
use edge_domain::ids::StoreId;
use edge_domain::time::StoreTime;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

const COLUMNS: &str = "store, name, currency, epoch, revoked_at, quarantine_code, \
     quarantine_reason, last_seen, reported_seq, behind_since, telemetry, acked_seq, acked_hash, \
     acked_at";

pub(super) fn add(conn: &Connection, new: &NewStore, now: StoreTime) -> Result<(), StoreError> {
    let added = conn.execute(
        "INSERT INTO store (tenant, store, name, currency, epoch, created_at, acked_seq, \
         acked_hash, acked_epoch) VALUES (?1, ?2, ?3, ?4, 1, ?5, 0, zeroblob(32), 0) \
         ON CONFLICT DO NOTHING",
        params![TENANT, new.id.uuid().as_bytes(), new.name, new.currency.as_str(), now.as_millis()],
    )?;
    if added == 0 { Err(StoreError::StoreExists(new.id)) } else { Ok(()) }
}

pub(super) fn add_certificate(
    conn: &Connection,
    id: StoreId,
    issued: &Certificate,
) -> Result<(), StoreError> {
    one(conn, id)?.ok_or(StoreError::UnknownStore(id))?;
    conn.execute(
        "INSERT INTO certificate (tenant, store, serial, fingerprint, not_after) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            TENANT,
            id.uuid().as_bytes(),
            issued.serial,
            issued.fingerprint,
            issued.not_after.as_millis()
        ],
    )?;
    Ok(())
}

pub(super) fn certificates(conn: &Connection, id: StoreId) -> Result<Vec<Certificate>, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT serial, fingerprint, not_after FROM certificate \
         WHERE tenant = ?1 AND store = ?2 ORDER BY serial",
    )?;
    let rows = query.query_map(params![TENANT, id.uuid().as_bytes()], |row| {
        Ok(Certificate {
            serial: row.get(0)?,
            fingerprint: row.get(1)?,
            not_after: StoreTime::from_millis(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn one(conn: &Connection, id: StoreId) -> Result<Option<StoreRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM store WHERE tenant = ?1 AND store = ?2");
    let mut query = conn.prepare_cached(&sql)?;
    let mut rows = query.query(params![TENANT, id.uuid().as_bytes()])?;
    rows.next()?.map(read).transpose()
}

pub(super) fn all(conn: &Connection) -> Result<Vec<StoreRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM store WHERE tenant = ?1 ORDER BY name, store");
    let mut query = conn.prepare_cached(&sql)?;
    let mut rows = query.query([TENANT])?;
    let mut stores = Vec::new();
    while let Some(row) = rows.next()? {
        stores.push(read(row)?);
    }
    Ok(stores)
}

fn read(row: &Row<'_>) -> Result<StoreRow, StoreError> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|at| at.map(StoreTime::from_millis));
    let currency: String = row.get(2)?;
    let quarantine = match (row.get(5)?, row.get(6)?) {
        (Some(code), Some(reason)) => Some(Quarantine { code, reason }),
        _ => None,
    };
    Ok(StoreRow {
        id: StoreId::new(Uuid::from_bytes(row.get(0)?)),
        name: row.get(1)?,
        currency: currency.parse().map_err(|_| corrupt("currency"))?,
        epoch: row.get(3)?,
        revoked_at: time(4)?,
        quarantine,
        last_seen: time(7)?,
        reported_seq: row.get::<_, Option<i64>>(8)?.map(uint),
        behind_since: time(9)?,
        telemetry: row.get(10)?,
        acked: ChainHead { seq: uint(row.get(11)?), hash: Hash::from_bytes(row.get(12)?) },
        acked_at: time(13)?,
    })
}

fn change(
    conn: &Connection,
    id: StoreId,
    set: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<(), StoreError> {
    let sql = format!("UPDATE store SET {set} WHERE tenant = ?1 AND store = ?2");
    let uuid = id.uuid();
    let key: [&dyn rusqlite::ToSql; 2] = [&TENANT, uuid.as_bytes()];
    let all: Vec<&dyn rusqlite::ToSql> = key.iter().chain(values).copied().collect();
    match conn.prepare_cached(&sql)?.execute(&*all)? {
        0 => Err(StoreError::UnknownStore(id)),
        _ => Ok(()),
    }
}

pub(super) fn revoke(conn: &Connection, id: StoreId, now: StoreTime) -> Result<(), StoreError> {
    change(conn, id, "revoked_at = coalesce(revoked_at, ?3)", &[&now.as_millis()])
}

pub(super) fn quarantine(
    conn: &Connection,
    id: StoreId,
    why: &Quarantine,
) -> Result<(), StoreError> {
    let set = "quarantine_reason = iif(quarantine_code IS NULL, ?4, quarantine_reason), \
               quarantine_code = coalesce(quarantine_code, ?3)";
    change(conn, id, set, &[&why.code, &why.reason])
}

pub(super) fn release(conn: &Connection, id: StoreId) -> Result<(), StoreError> {
    change(conn, id, "quarantine_code = NULL, quarantine_reason = NULL", &[])
}

pub(super) fn next_epoch(conn: &Connection, id: StoreId) -> Result<u32, StoreError> {
    change(conn, id, "epoch = epoch + 1", &[])?;
    Ok(one(conn, id)?.ok_or(StoreError::UnknownStore(id))?.epoch)
}

pub(super) fn seen(
    conn: &Connection,
    id: StoreId,
    how: &Presence,
    now: StoreTime,
) -> Result<(), StoreError> {
    let figures: serde_json::Map<String, serde_json::Value> =
        how.telemetry.iter().map(|(name, figure)| (name.clone(), (*figure).into())).collect();
    let telemetry = (!figures.is_empty()).then(|| serde_json::Value::from(figures).to_string());
    let set = "last_seen = ?3, reported_seq = ?4, behind_since = ?5, \
               telemetry = coalesce(?6, telemetry)";
    let seq = int(how.head.seq);
    change(conn, id, set, &[&now.as_millis(), &seq, &how.behind_since_ms, &telemetry])
}
