//! Taking entries: each is checked before any of it is written.

use super::{int, projection, shifts, stores, uint};
use crate::admission;
use crate::error::StoreError;
use crate::model::{Quarantine, TENANT};
use cloud_sync_protocol::entry::{ChainError, ChainHead, Entry, Hash};
use cloud_sync_protocol::session::hq::AcceptError;
use cloud_sync_protocol::v1::fact::{Read, read};
use edge_domain::fact::Fact;
use edge_domain::hlc::Hlc;
use edge_domain::ids::{EntryId, StoreId};
use edge_domain::time::StoreTime;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// Why taking ends before the last entry.
enum Stop {
    Gap(u64),
    Quarantine(Quarantine),
    Storage(StoreError),
}

impl<E: Into<StoreError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}

/// A store's chain while entries are taken.
struct Taking<'a> {
    conn: &'a Connection,
    store: StoreId,
    now: StoreTime,
    head: ChainHead,
    epoch: u32,
    epoch_issued: u32,
}

/// See [`crate::Store::accept`]. The outer error rolls everything back.
pub(super) fn accept(
    conn: &Connection,
    store: StoreId,
    entries: &[Entry],
    now: StoreTime,
) -> Result<Result<ChainHead, AcceptError>, StoreError> {
    let Some(row) = stores::one(conn, store)? else {
        return Ok(Err(AcceptError::Quarantined(admission::unknown(store))));
    };
    if let Some(refusal) = admission::barred(&row) {
        return Ok(Err(AcceptError::Quarantined(refusal)));
    }
    let (held, head, epoch_issued) = (row.acked.seq, row.acked, row.epoch);
    let epoch = acked_epoch(conn, store)?;
    let mut taking = Taking { conn, store, now, head, epoch, epoch_issued };
    let stopped = entries.iter().try_for_each(|entry| taking.take(entry)).err();
    if taking.head.seq > held {
        taking.advance()?;
    }
    match stopped {
        None => Ok(Ok(taking.head)),
        Some(Stop::Storage(error)) => Err(error),
        Some(Stop::Gap(expected)) => Ok(Err(AcceptError::Gap(expected))),
        Some(Stop::Quarantine(why)) => {
            tracing::error!(%store, code = why.code, reason = why.reason, "store set aside");
            stores::quarantine(conn, store, &why)?;
            Ok(Err(AcceptError::Quarantined(admission::quarantined(&row.name, &why))))
        }
    }
}

impl Taking<'_> {
    fn take(&mut self, entry: &Entry) -> Result<(), Stop> {
        if entry.store != self.store {
            let reason = format!("entry {} is of the store {}", entry.seq, entry.store);
            return Err(aside("broken_chain", reason));
        }
        if entry.seq <= self.head.seq {
            return self.compare(entry);
        }
        let head = entry.follows(self.head).map_err(|error| match error {
            ChainError::Gap { expected, .. } => Stop::Gap(expected),
            ChainError::Broken { .. } => aside("equivocation", error.to_string()),
            ChainError::Altered { .. } => aside("broken_chain", error.to_string()),
        })?;
        if entry.epoch < self.epoch || entry.epoch > self.epoch_issued {
            let reason = format!("entry {} is of life {}, out of turn", entry.seq, entry.epoch);
            return Err(aside("epoch", reason));
        }
        let rule = |rule: &dyn std::fmt::Display| {
            aside("broken_rule", format!("entry {} ({}): {rule}", entry.seq, entry.kind))
        };
        let fact = match read(&entry.kind, entry.version, &entry.body).map_err(|e| rule(&e))? {
            Read::Known(fact) => Some(fact),
            Read::Unknown => None,
        };
        if let Some(fact) = &fact {
            fact.postings().map_err(|error| rule(&error))?;
            if let Some(broken) = self.broken_receipt(fact)? {
                return Err(rule(&broken));
            }
            if let Some(broken) = shifts::broken(self.conn, self.store, entry.seq, fact)? {
                return Err(rule(&broken));
            }
        }
        self.insert(entry)?;
        if let Some(fact) = &fact {
            projection::project(self.conn, self.store, entry.seq, fact)?;
        }
        (self.head, self.epoch) = (head, entry.epoch);
        Ok(())
    }

    /// An entry that is held already came again: the same is passed over.
    fn compare(&self, entry: &Entry) -> Result<(), Stop> {
        if hash_at(self.conn, self.store, entry.seq)? == Some(entry.hash) {
            return Ok(());
        }
        let reason = format!("its entry {} is another one than it sent before", entry.seq);
        Err(aside("equivocation", reason))
    }

    /// Receipt numbers are per terminal and gap-free, and no sale is told twice.
    fn broken_receipt(&self, fact: &Fact) -> Result<Option<String>, StoreError> {
        let Fact::SaleCompleted(sale) = fact else { return Ok(None) };
        let (uuid, receipt) = (self.store.uuid(), &sale.parts().receipt);
        let mut last = self.conn.prepare_cached(
            "SELECT number FROM receipt WHERE tenant = ?1 AND store = ?2 AND terminal = ?3",
        )?;
        let key = params![TENANT, uuid.as_bytes(), receipt.terminal.as_str()];
        let last: u32 = last.query_row(key, |row| row.get(0)).optional()?.unwrap_or(0);
        if Some(receipt.number) != last.checked_add(1) {
            return Ok(Some(format!("receipt {receipt} does not follow number {last}")));
        }
        let mut known = self
            .conn
            .prepare_cached("SELECT 1 FROM sale WHERE tenant = ?1 AND store = ?2 AND id = ?3")?;
        let id = sale.parts().id;
        let twice = known.exists(params![TENANT, uuid.as_bytes(), id.uuid().as_bytes()])?;
        Ok(twice.then(|| format!("the sale {id} was recorded before")))
    }

    fn insert(&self, entry: &Entry) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO entry (tenant, store, seq, id, epoch, hlc, kind, version, body, hash, \
             accepted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        insert.execute(params![
            TENANT,
            self.store.uuid().as_bytes(),
            int(entry.seq),
            entry.id.uuid().as_bytes(),
            entry.epoch,
            entry.hlc.to_bits().cast_signed(),
            entry.kind,
            entry.version,
            entry.body,
            entry.hash.as_bytes(),
            self.now.as_millis()
        ])?;
        Ok(())
    }

    fn advance(&self) -> Result<(), StoreError> {
        let mut update = self.conn.prepare_cached(
            "UPDATE store SET acked_seq = ?3, acked_hash = ?4, acked_epoch = ?5, acked_at = ?6, \
             last_seen = ?6, reported_seq = max(coalesce(reported_seq, 0), ?3) \
             WHERE tenant = ?1 AND store = ?2",
        )?;
        update.execute(params![
            TENANT,
            self.store.uuid().as_bytes(),
            int(self.head.seq),
            self.head.hash.as_bytes(),
            self.epoch,
            self.now.as_millis()
        ])?;
        Ok(())
    }
}

fn aside(code: &str, reason: String) -> Stop {
    Stop::Quarantine(Quarantine { code: code.into(), reason })
}

fn acked_epoch(conn: &Connection, store: StoreId) -> Result<u32, StoreError> {
    let mut query =
        conn.prepare_cached("SELECT acked_epoch FROM store WHERE tenant = ?1 AND store = ?2")?;
    Ok(query.query_row(params![TENANT, store.uuid().as_bytes()], |row| row.get(0))?)
}

pub(super) fn hash_at(
    conn: &Connection,
    store: StoreId,
    seq: u64,
) -> Result<Option<Hash>, StoreError> {
    let mut query = conn
        .prepare_cached("SELECT hash FROM entry WHERE tenant = ?1 AND store = ?2 AND seq = ?3")?;
    let (uuid, seq) = (store.uuid(), int(seq));
    let key = params![TENANT, uuid.as_bytes(), seq];
    Ok(query.query_row(key, |row| row.get(0)).optional()?.map(Hash::from_bytes))
}

pub(super) fn entries(
    conn: &Connection,
    store: StoreId,
    after: u64,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let mut prev = hash_at(conn, store, after)?.unwrap_or_default();
    let mut query = conn.prepare_cached(
        "SELECT seq, id, epoch, hlc, kind, version, body, hash FROM entry \
         WHERE tenant = ?1 AND store = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4",
    )?;
    let (uuid, after) = (store.uuid(), int(after));
    let key = params![TENANT, uuid.as_bytes(), after, limit];
    let rows = query.query_map(key, |row| {
        Ok(Entry {
            store,
            seq: uint(row.get(0)?),
            id: EntryId::new(Uuid::from_bytes(row.get(1)?)),
            epoch: row.get(2)?,
            hlc: Hlc::from_bits(row.get::<_, i64>(3)?.cast_unsigned()),
            kind: row.get(4)?,
            version: row.get(5)?,
            body: row.get(6)?,
            hash: Hash::from_bytes(row.get(7)?),
            prev: Hash::default(),
        })
    })?;
    let mut entries: Vec<Entry> = rows.collect::<Result<_, _>>()?;
    for entry in &mut entries {
        entry.prev = std::mem::replace(&mut prev, entry.hash);
    }
    Ok(entries)
}
