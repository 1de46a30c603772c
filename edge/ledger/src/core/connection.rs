//! Connections: how the writer's and the readers' are set up, and whose file it is.

use super::{Settings, View};
use crate::error::{LedgerError, unreadable};
use cloud_sync_protocol::entry::Hash;
use edge_domain::ids::StoreId;
use edge_domain::money::Currency;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use std::path::Path;
use uuid::Uuid;

impl View<'_> {
    /// The store's currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// A value that was remembered under a name.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        let mut statement = self.conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
        Ok(statement.query_row([key], |row| row.get(0)).optional()?)
    }
}

pub(crate) fn prepare(conn: &Connection) -> Result<(), LedgerError> {
    conn.busy_timeout(std::time::Duration::from_secs(2))?;
    conn.set_prepared_statement_cache_capacity(128);
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;
         PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;
         PRAGMA journal_size_limit = 16777216;",
    )?;
    Ok(())
}

/// A connection that can only read.
pub(crate) fn reader(path: &Path) -> Result<Connection, LedgerError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(std::time::Duration::from_secs(2))?;
    conn.set_prepared_statement_cache_capacity(64);
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -4096;")?;
    Ok(conn)
}

/// Reads a ledger that may be in use, without knowing whose it is: for auditors.
///
/// # Errors
/// What the reading says, or [`LedgerError`] where the file does not open.
pub fn audit<T, E: From<LedgerError>>(
    folder: &Path,
    reading: impl FnOnce(View<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let conn = reader(&folder.join("ledger.sqlite")).map_err(E::from)?;
    let begun = conn.execute_batch("BEGIN").map_err(LedgerError::from);
    begun.map_err(E::from)?;
    let currency: Option<String> = conn
        .query_row("SELECT value FROM meta WHERE key = 'currency'", [], |row| row.get(0))
        .optional()
        .map_err(LedgerError::from)
        .map_err(E::from)?;
    let currency = currency.as_deref().unwrap_or("EUR").parse().map_err(unreadable);
    reading(View { conn: &conn, currency: currency.map_err(E::from)? })
}

/// Whose ledger it is: whoever opened it first.
pub(super) fn own(conn: &Connection, settings: &Settings) -> Result<StoreId, LedgerError> {
    conn.execute(
        "INSERT OR IGNORE INTO meta (key, value)
         VALUES ('store', ?1), ('epoch', 1), ('currency', ?2)",
        params![settings.store.uuid().as_bytes().as_slice(), settings.currency.as_str()],
    )?;
    let bytes: Vec<u8> =
        conn.query_row("SELECT value FROM meta WHERE key = 'store'", [], |row| row.get(0))?;
    Uuid::from_slice(&bytes).map(StoreId::new).map_err(unreadable)
}

pub(super) fn meta_number(conn: &Connection, key: &str) -> Result<Option<u32>, LedgerError> {
    let mut statement = conn.prepare("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(super) fn sync_folder(folder: &Path) -> Result<(), LedgerError> {
    let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| LedgerError::Storage(error.to_string()))
}

pub(crate) fn hash_of(bytes: &[u8]) -> Result<Hash, LedgerError> {
    let bytes = bytes.try_into().map_err(|_| unreadable("a hash has 32 bytes"))?;
    Ok(Hash::from_bytes(bytes))
}
