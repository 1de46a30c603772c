//! Answers that were given to idempotency keys.

use crate::error::StoreError;
use crate::model::{Answer, TENANT};
use edge_domain::time::StoreTime;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

pub(super) fn one(conn: &Connection, key: &str) -> Result<Option<Answer>, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT fingerprint, status, answer FROM idempotency \
         WHERE tenant = ?1 AND store = ?2 AND key = ?3",
    )?;
    let answer = query.query_row(params![TENANT, Uuid::nil().as_bytes(), key], |row| {
        Ok(Answer { fingerprint: row.get(0)?, status: row.get(1)?, body: row.get(2)? })
    });
    Ok(answer.optional()?)
}

pub(super) fn put(
    conn: &Connection,
    key: &str,
    answer: &Answer,
    now: StoreTime,
) -> Result<(), StoreError> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO idempotency (tenant, store, key, fingerprint, status, answer, at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
    )?;
    insert.execute(params![
        TENANT,
        Uuid::nil().as_bytes(),
        key,
        answer.fingerprint,
        answer.status,
        answer.body,
        now.as_millis()
    ])?;
    Ok(())
}
