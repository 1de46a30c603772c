//! The ledger on one connection, without threads: opening, and transactions in which several
//! commands share one commit. The writer thread and the simulator both drive this.

use crate::error::LedgerError;
use crate::gate::PieceMoved;
use crate::reports::Tally;
use crate::{journal, schema};
use cloud_sync_protocol::entry::ChainHead;
use edge_domain::hlc::Hlc;
use edge_domain::ids::StoreId;
use edge_domain::money::Currency;
use edge_domain::time::{Clock, Entropy};
use rusqlite::{Connection, params};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

mod connection;
mod mint;
mod sums;

pub use connection::audit;
pub(crate) use connection::{hash_of, prepare, reader};
use connection::{meta_number, own, sync_folder};

/// What the ledger needs to know and may not make up.
#[derive(Clone)]
pub struct Settings {
    /// Whose ledger it is. A ledger of another store is refused.
    pub store: StoreId,
    /// The store's currency.
    pub currency: Currency,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives chance.
    pub entropy: Arc<dyn Entropy>,
}

/// Where the journal stands, kept in memory; restored when a command is undone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor {
    pub(crate) head: ChainHead,
    pub(crate) hlc: Hlc,
    pub(crate) feed: u64,
}

/// The ledger on one connection.
pub struct Core {
    conn: Connection,
    path: Option<PathBuf>,
    settings: Settings,
    epoch: u32,
    cursor: Cursor,
    generation: u64,
    /// What is not yet in the sums of reports, where that is known: after an opening or a commit
    /// that failed, the next commit reads it from the journal.
    tally: Tally,
    tally_known: bool,
    /// Whether that may wait for the next commit.
    sums_wait: bool,
    /// Pieces that the open transaction sold or took back.
    moved: Vec<PieceMoved>,
    /// The last id that was minted.
    last_id: Cell<u128>,
}

/// What can be read, from any connection.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) currency: Currency,
}

/// A command's hands on the ledger while its transaction is open.
pub struct Tx<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) settings: &'a Settings,
    pub(crate) epoch: u32,
    pub(crate) cursor: &'a mut Cursor,
    pub(crate) generation: &'a mut u64,
    pub(crate) tally: &'a mut Tally,
    pub(crate) moved: &'a mut Vec<PieceMoved>,
    pub(crate) last_id: &'a Cell<u128>,
}

impl Core {
    /// Opens the ledger in a folder, creating it on first use.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn open(folder: &Path, settings: Settings) -> Result<Self, LedgerError> {
        std::fs::create_dir_all(folder).map_err(|e| LedgerError::Storage(e.to_string()))?;
        let path = folder.join("ledger.sqlite");
        let first_use = !path.exists();
        let mut conn = Connection::open(&path)?;
        prepare(&conn)?;
        schema::migrate(&mut conn)?;
        if first_use {
            // The journal mode's first, unsynced unlink could bring back an empty file after a
            // power cut (measured): close, sync the folder, open again before the first sale.
            drop(conn);
            sync_folder(folder)?;
            conn = Connection::open(&path)?;
            prepare(&conn)?;
        }
        Self::on(conn, Some(path), settings)
    }

    /// A ledger in memory, for the simulator and for tests of rules.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn in_memory(settings: Settings) -> Result<Self, LedgerError> {
        let mut conn = Connection::open_in_memory()?;
        schema::migrate(&mut conn)?;
        Self::on(conn, None, settings)
    }

    fn on(
        conn: Connection,
        path: Option<PathBuf>,
        settings: Settings,
    ) -> Result<Self, LedgerError> {
        let owner = own(&conn, &settings)?;
        if owner != settings.store {
            return Err(LedgerError::Storage(format!(
                "it belongs to store {owner}, not to {}",
                settings.store
            )));
        }
        let epoch = meta_number(&conn, "epoch")?.unwrap_or(1);
        let cursor = Cursor::default();
        let mut core = Self {
            conn,
            path,
            settings,
            epoch,
            cursor,
            generation: 0,
            tally: Tally::default(),
            tally_known: false,
            sums_wait: false,
            moved: vec![],
            last_id: Cell::new(0),
        };
        core.cursor = journal::cursor(&core.conn)?;
        journal::check_tail(&core.conn, core.settings.store, core.cursor.head)?;
        Ok(core)
    }

    /// Drops the connection and opens the file again, after the disk failed.
    pub(crate) fn reopen(&mut self) -> Result<(), LedgerError> {
        let Some(path) = self.path.clone() else { return Ok(()) };
        let conn = Connection::open(&path)?;
        prepare(&conn)?;
        let (generation, sums_wait) = (self.generation, self.sums_wait);
        *self = Self::on(conn, Some(path), self.settings.clone())?;
        (self.generation, self.sums_wait) = (generation, sums_wait);
        Ok(())
    }

    /// What can be read here.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { conn: &self.conn, currency: self.settings.currency }
    }

    /// Where the journal stands.
    #[must_use]
    pub const fn head(&self) -> ChainHead {
        self.cursor.head
    }

    /// The last sequence of the feed.
    #[must_use]
    pub const fn feed(&self) -> u64 {
        self.cursor.feed
    }

    /// Which life of the box this is.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Runs one command in a transaction of its own.
    ///
    /// # Errors
    /// The command's own error, or the ledger's.
    pub fn transact<T, E: From<LedgerError>>(
        &mut self,
        command: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin().map_err(E::from)?;
        // A refused command undid itself: the commit closes the transaction either way.
        let outcome = self.first(command);
        self.commit().map_err(E::from)?;
        outcome
    }

    pub(crate) fn begin(&mut self) -> Result<(), LedgerError> {
        self.moved.clear();
        self.run("BEGIN IMMEDIATE")
    }

    /// The first command of the open transaction: undone with it if it fails, since nothing else
    /// is in it. A savepoint would copy every page that the command touches, for nothing.
    pub(crate) fn first<T, E: From<LedgerError>>(
        &mut self,
        command: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let before = self.cursor;
        let outcome = self.serve(command);
        if outcome.is_err() {
            self.cursor = before;
            self.again().map_err(E::from)?;
        }
        outcome
    }

    /// A further command within the open transaction; undone alone if it fails.
    pub(crate) fn step<T, E: From<LedgerError>>(
        &mut self,
        command: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let before = self.cursor;
        self.run("SAVEPOINT command").map_err(E::from)?;
        let outcome = self.serve(command);
        if outcome.is_err() {
            self.cursor = before;
            self.run("ROLLBACK TO command").map_err(E::from)?;
        }
        self.run("RELEASE command").map_err(E::from)?;
        outcome
    }

    /// Begins the transaction anew. A full disk may have ended it already.
    fn again(&self) -> Result<(), LedgerError> {
        if !self.conn.is_autocommit() {
            self.run("ROLLBACK")?;
        }
        self.run("BEGIN IMMEDIATE")
    }

    fn serve<T, E>(&mut self, command: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let (mut tally, moved) = (Tally::default(), self.moved.len());
        let mut tx = Tx {
            conn: &self.conn,
            settings: &self.settings,
            epoch: self.epoch,
            cursor: &mut self.cursor,
            generation: &mut self.generation,
            tally: &mut tally,
            moved: &mut self.moved,
            last_id: &self.last_id,
        };
        let outcome = command(&mut tx);
        match outcome {
            Ok(_) => self.tally.take(tally),
            Err(_) => self.moved.truncate(moved),
        }
        outcome
    }

    fn run(&self, sql: &str) -> Result<(), LedgerError> {
        Ok(self.conn.prepare_cached(sql)?.execute([]).map(drop)?)
    }

    pub(crate) fn commit(&mut self) -> Result<(), LedgerError> {
        if !self.tally_known {
            self.tally_rest()?;
        }
        if !self.sums_wait || self.tally.is_due() {
            self.tally.write(&self.conn, self.cursor.head.seq)?;
        }
        self.run("COMMIT")
    }

    /// Gives up the open transaction and what it changed in memory.
    pub(crate) fn abandon(&mut self) {
        // A failed COMMIT may have rolled back already; either way nothing stays.
        let _ = self.conn.execute_batch("ROLLBACK");
        self.generation += 1;
        self.forget_tally();
        if let Ok(cursor) = journal::cursor(&self.conn) {
            self.cursor = cursor;
        }
    }

    /// Leaves moving the log into the file to somebody else: see [`crate::checkpoint`].
    pub(crate) fn never_checkpoint(&self) -> Result<(), LedgerError> {
        Ok(self.conn.execute_batch("PRAGMA wal_autocheckpoint = 0")?)
    }

    /// Moves all of the log into the file and begins it anew, while nobody else writes.
    pub(crate) fn restart_log(&self) {
        // Readers that hold it up are waited for as long as the busy timeout; then the next one
        // tries.
        let _ = self.conn.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()));
    }

    /// The pieces that the transaction moved.
    pub(crate) fn take_moved(&mut self) -> Vec<PieceMoved> {
        std::mem::take(&mut self.moved)
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
}

impl<'a> Tx<'a> {
    /// What can be read, with what this transaction wrote.
    #[must_use]
    pub const fn view(&self) -> View<'_> {
        View { conn: self.conn, currency: self.settings.currency }
    }

    /// The wall clock.
    #[must_use]
    pub fn now(&self) -> edge_domain::StoreTime {
        self.settings.clock.now()
    }

    /// Counts what was undone after it had succeeded, as when a commit fails: whoever keeps a copy of what was written in memory
    /// throws it away when this changes.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        *self.generation
    }

    /// The store's currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.settings.currency
    }

    /// Brings the sums of reports up to here when this commits.
    pub fn sum_up(&mut self) {
        self.tally.wanted = true;
    }

    /// The next running number of a series, from 1.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn next_number(&mut self, series: &str) -> Result<u32, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO meta (key, value) VALUES (?1, 1)
             ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value",
        )?;
        Ok(statement.query_row([series], |row| row.get(0))?)
    }

    /// Remembers a value under a name.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn set_meta(&mut self, key: &str, value: &[u8]) -> Result<(), LedgerError> {
        let mut statement =
            self.conn.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?;
        statement.execute(params![key, value])?;
        Ok(())
    }
}
