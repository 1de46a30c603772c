//! Documents' bytes: a snapshot and the changes since, written in the transaction of what they
//! belong to. What is in the bytes is not the ledger's business.

use crate::core::{Tx, View};
use crate::error::LedgerError;
use rusqlite::{OptionalExtension, params};

/// A document as stored: its snapshot, and the changes since, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDoc {
    /// The whole document at some time.
    pub snapshot: Vec<u8>,
    /// What came after.
    pub changes: Vec<Vec<u8>>,
}

impl Tx<'_> {
    /// Stores a whole document, and drops the changes that it holds.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_snapshot(&mut self, name: &str, bytes: &[u8]) -> Result<(), LedgerError> {
        let mut put = self
            .conn
            .prepare_cached("INSERT OR REPLACE INTO doc_snapshot (name, bytes) VALUES (?1, ?2)")?;
        put.execute(params![name, bytes])?;
        self.conn.prepare_cached("DELETE FROM doc_change WHERE name = ?1")?.execute([name])?;
        Ok(())
    }

    /// Stores a change of a document that has a snapshot.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_change(&mut self, name: &str, bytes: &[u8]) -> Result<(), LedgerError> {
        let mut put =
            self.conn.prepare_cached("INSERT INTO doc_change (name, bytes) VALUES (?1, ?2)")?;
        put.execute(params![name, bytes])?;
        Ok(())
    }

    /// Forgets a document.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn drop_doc(&mut self, name: &str) -> Result<(), LedgerError> {
        self.conn.prepare_cached("DELETE FROM doc_snapshot WHERE name = ?1")?.execute([name])?;
        self.conn.prepare_cached("DELETE FROM doc_change WHERE name = ?1")?.execute([name])?;
        Ok(())
    }
}

impl View<'_> {
    /// One document.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn doc(&self, name: &str) -> Result<Option<StoredDoc>, LedgerError> {
        let mut snapshot =
            self.conn.prepare_cached("SELECT bytes FROM doc_snapshot WHERE name = ?1")?;
        let snapshot: Option<Vec<u8>> = snapshot.query_row([name], |row| row.get(0)).optional()?;
        let Some(snapshot) = snapshot else { return Ok(None) };
        let mut changes =
            self.conn.prepare_cached("SELECT bytes FROM doc_change WHERE name = ?1 ORDER BY id")?;
        let changes = changes.query_map([name], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(Some(StoredDoc { snapshot, changes }))
    }

    /// The names of all documents.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn doc_names(&self) -> Result<Vec<String>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT name FROM doc_snapshot ORDER BY name")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}
