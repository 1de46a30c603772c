//! The SQLite backend: one file in WAL mode with `synchronous=FULL`, one writing connection,
//! readers beside it. Measured elsewhere in this house: several writers starve each other, and
//! NORMAL loses acknowledged commits at a power cut.

mod accept;
mod answers;
mod docs;
mod projection;
mod reports;
mod schema;
mod shifts;
mod stores;

use crate::backend::Store;
use crate::error::StoreError;
use crate::model::{
    Answer, CatalogueItem, Certificate, DocumentKey, DocumentWrite, NewStore, Quarantine,
    SalesQuery, SalesRow, StoreRow, StoredDocument, TodaysSales,
};
use cloud_sync_protocol::entry::{ChainHead, Entry, Hash};
use cloud_sync_protocol::message::Presence;
use cloud_sync_protocol::session::hq::AcceptError;
use edge_domain::ids::StoreId;
use edge_domain::time::StoreTime;
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// How many reading connections are kept open. More readers at once open their own.
const READERS_KEPT: usize = 4;
/// How long a writer waits for another process (the command line beside the server).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Headquarters' tables in one SQLite file, or in memory for tests and the simulator.
#[derive(Debug)]
pub struct Sqlite {
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    path: Option<PathBuf>,
}

impl Sqlite {
    /// Opens the file, creates it if there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::prepare(Connection::open(path)?, Some(path.to_owned()))
    }

    /// Tables that live as long as this value.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::prepare(Connection::open_in_memory()?, None)
    }

    fn prepare(mut conn: Connection, path: Option<PathBuf>) -> Result<Self, StoreError> {
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "foreign_keys", "ON")?;
        conn.set_prepared_statement_cache_capacity(64);
        schema::migrate(&mut conn)?;
        let sqlite = Self { writer: Mutex::new(conn), readers: Mutex::default(), path };
        if sqlite.read(projection::outdated)? {
            sqlite.rebuild()?;
        }
        Ok(sqlite)
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        // A panic in the middle of a transaction rolled it back: the connection is sound.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write<T>(
        &self,
        run: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut conn = self.writer();
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = run(&tx)?;
        tx.commit()?;
        Ok(done)
    }

    fn read<T>(
        &self,
        run: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Some(path) = &self.path else { return run(&self.writer()) };
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut conn = match kept {
            Some(conn) => conn,
            None => {
                let conn = Connection::open(path)?;
                conn.busy_timeout(BUSY_TIMEOUT)?;
                conn.pragma_update(None, "query_only", "ON")?;
                conn
            }
        };
        let tx = conn.transaction()?;
        let done = run(&tx);
        drop(tx);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT {
            readers.push(conn);
        }
        done
    }
}

impl Store for Sqlite {
    fn add_store(&self, new: &NewStore, now: StoreTime) -> Result<(), StoreError> {
        self.write(|conn| stores::add(conn, new, now))
    }

    fn add_certificate(&self, id: StoreId, issued: &Certificate) -> Result<(), StoreError> {
        self.write(|conn| stores::add_certificate(conn, id, issued))
    }

    fn certificates(&self, id: StoreId) -> Result<Vec<Certificate>, StoreError> {
        self.read(|conn| stores::certificates(conn, id))
    }

    fn store(&self, id: StoreId) -> Result<Option<StoreRow>, StoreError> {
        self.read(|conn| stores::one(conn, id))
    }

    fn stores(&self) -> Result<Vec<StoreRow>, StoreError> {
        self.read(stores::all)
    }

    fn revoke(&self, id: StoreId, now: StoreTime) -> Result<(), StoreError> {
        self.write(|conn| stores::revoke(conn, id, now))
    }

    fn quarantine(&self, id: StoreId, why: &Quarantine) -> Result<(), StoreError> {
        self.write(|conn| stores::quarantine(conn, id, why))
    }

    fn release(&self, id: StoreId) -> Result<(), StoreError> {
        self.write(|conn| stores::release(conn, id))
    }

    fn next_epoch(&self, id: StoreId) -> Result<u32, StoreError> {
        self.write(|conn| stores::next_epoch(conn, id))
    }

    fn seen(&self, id: StoreId, how: &Presence, now: StoreTime) -> Result<(), StoreError> {
        self.write(|conn| stores::seen(conn, id, how, now))
    }

    fn accept(
        &self,
        id: StoreId,
        entries: &[Entry],
        now: StoreTime,
    ) -> Result<ChainHead, AcceptError> {
        let outcome = self.write(|conn| accept::accept(conn, id, entries, now));
        outcome.unwrap_or_else(|error| {
            tracing::error!(store = %id, %error, "entries were not written");
            Err(AcceptError::Busy)
        })
    }

    fn hash_at(&self, id: StoreId, seq: u64) -> Result<Option<Hash>, StoreError> {
        self.read(|conn| accept::hash_at(conn, id, seq))
    }

    fn entries(&self, id: StoreId, after: u64, limit: u32) -> Result<Vec<Entry>, StoreError> {
        self.read(|conn| accept::entries(conn, id, after, limit))
    }

    fn sales_of(&self, day: &str) -> Result<Vec<(StoreId, TodaysSales)>, StoreError> {
        self.read(|conn| reports::sales_of(conn, day))
    }

    fn sales_report(&self, query: &SalesQuery) -> Result<Vec<SalesRow>, StoreError> {
        self.read(|conn| reports::sales(conn, query))
    }

    fn rebuild(&self) -> Result<(), StoreError> {
        self.write(projection::rebuild)
    }

    fn document(&self, key: &DocumentKey) -> Result<Option<StoredDocument>, StoreError> {
        self.read(|conn| docs::one(conn, key))
    }

    fn document_owners(&self, name: &str) -> Result<Vec<Uuid>, StoreError> {
        self.read(|conn| docs::owners(conn, name))
    }

    fn live_documents(&self, owner: Uuid) -> Result<Vec<String>, StoreError> {
        self.read(|conn| docs::live(conn, owner))
    }

    fn write_document(&self, write: &DocumentWrite) -> Result<(), StoreError> {
        self.write(|conn| docs::write(conn, write))
    }

    fn catalogue(&self, text: &str, limit: u32) -> Result<Vec<CatalogueItem>, StoreError> {
        self.read(|conn| docs::search(conn, text, limit))
    }

    fn catalogue_item(&self, sku: &str) -> Result<Option<CatalogueItem>, StoreError> {
        self.read(|conn| docs::item(conn, sku))
    }

    fn conflicts(&self) -> Result<Vec<CatalogueItem>, StoreError> {
        self.read(docs::conflicts)
    }

    fn answer(&self, key: &str) -> Result<Option<Answer>, StoreError> {
        self.read(|conn| answers::one(conn, key))
    }

    fn put_answer(&self, key: &str, answer: &Answer, now: StoreTime) -> Result<(), StoreError> {
        self.write(|conn| answers::put(conn, key, answer, now))
    }
}

/// Sequences and counts as SQLite's integers; nothing here comes near the bound.
fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn uint(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

fn corrupt(what: &str) -> StoreError {
    StoreError::Storage(format!("a row holds no {what}: restore the database from its backup"))
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::conformance!(Sqlite::in_memory().unwrap());

    #[test]
    fn what_was_acknowledged_is_there_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hq.db");
        let head = {
            let sqlite = Sqlite::open(&path).unwrap();
            crate::conformance::filled(&sqlite, 3)
        };
        let sqlite = Sqlite::open(&path).unwrap();
        assert_eq!(sqlite.stores().unwrap()[0].acked, head);
        let full: i64 = sqlite
            .writer()
            .query_row("SELECT synchronous FROM pragma_synchronous", [], |row| row.get(0))
            .unwrap();
        assert_eq!(full, 2, "acknowledged is durable: FULL");
    }

    #[test]
    fn entries_are_never_edited_or_cut() {
        let sqlite = Sqlite::in_memory().unwrap();
        crate::conformance::filled(&sqlite, 1);
        let conn = sqlite.writer();
        assert!(conn.execute("UPDATE entry SET body = x'00'", []).is_err());
        assert!(conn.execute("DELETE FROM entry", []).is_err());
    }
}
