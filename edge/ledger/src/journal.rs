//! The journal: appending facts, reading entries.

use crate::core::{Cursor, Tx, View, hash_of};
use crate::error::{LedgerError, unreadable};
use crate::gate;
use crate::projection;
use crate::rebuild::moves;
use cloud_sync_protocol::entry::{ChainHead, Entry, Hash};
use cloud_sync_protocol::v1::fact;
use edge_domain::fact::Fact;
use edge_domain::hlc::Hlc;
use edge_domain::ids::{EntryId, StoreId};
use edge_domain::item::Sku;
use edge_domain::posting::Postings;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

const COLUMNS: &str = "seq, id, epoch, hlc, kind, version, body, hash";

impl Tx<'_> {
    /// Records a fact: its entry in the chain, its postings, what follows from it. Answers with
    /// its place in the journal.
    ///
    /// # Errors
    /// [`LedgerError::Unbalanced`], or what the disk says.
    pub fn append(&mut self, fact: &Fact) -> Result<u64, LedgerError> {
        let postings = fact.postings()?;
        let body = fact::write(fact).map_err(unreadable)?;
        let hlc = self.cursor.hlc.next(self.settings.clock.now());
        let entry = Entry::sealed(
            self.cursor.head,
            EntryId::new(self.mint()),
            self.settings.store,
            self.epoch,
            hlc,
            fact.kind(),
            fact::VERSION,
            body,
        );
        insert(self.conn, &entry)?;
        // As a rebuild does it: first what the fact itself says, then its goods.
        projection::apply(self.conn, entry.seq, fact, &entry.body)?;
        self.tally.take_fact(fact)?;
        post(self.conn, entry.seq, &postings)?;
        if let Fact::SaleCompleted(sale) = fact {
            self.moved.extend(gate::pieces_of(sale));
        }
        self.cursor.head = entry.head();
        self.cursor.hlc = hlc;
        Ok(entry.seq)
    }
}

impl View<'_> {
    /// Entries after `after`, at most `limit`, in order.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn entries(&self, after: u64, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        let store = owner(self.conn)?;
        let mut prev = hash_at(self.conn, after)?.unwrap_or_default();
        let sql = format!("SELECT {COLUMNS} FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![signed(after)?, signed(limit as u64)?])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let entry = entry_of(row, store, prev)?;
            prev = entry.hash;
            entries.push(entry);
        }
        Ok(entries)
    }

    /// Whose ledger it is.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn store(&self) -> Result<StoreId, LedgerError> {
        owner(self.conn)
    }

    /// The hash of an entry, for whoever compares chains.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn head_at(&self, seq: u64) -> Result<Option<ChainHead>, LedgerError> {
        Ok(hash_at(self.conn, seq)?.map(|hash| ChainHead { seq, hash }))
    }

    /// The wall-clock time of an entry, in milliseconds since 1970.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn entry_time(&self, seq: u64) -> Result<Option<i64>, LedgerError> {
        let mut statement = self.conn.prepare_cached("SELECT hlc FROM journal WHERE seq = ?1")?;
        let hlc: Option<i64> = statement.query_row([signed(seq)?], |row| row.get(0)).optional()?;
        Ok(hlc.map(|bits| Hlc::from_bits(bits.cast_unsigned()).time().as_millis()))
    }

    /// The fact of an entry, and the entry's kind.
    pub(crate) fn fact_at(&self, seq: i64) -> Result<Option<Fact>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT kind, version, body FROM journal WHERE seq = ?1")?;
        let row = statement.query_row([seq], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, u16>(1)?, row.get::<_, Vec<u8>>(2)?))
        });
        let Some((kind, version, body)) = row.optional()? else { return Ok(None) };
        match fact::read(&kind, version, &body).map_err(unreadable)? {
            fact::Read::Known(fact) => Ok(Some(fact)),
            fact::Read::Unknown => Ok(None),
        }
    }
}

/// SQLite's integers are signed.
pub(crate) fn signed(value: u64) -> Result<i64, LedgerError> {
    i64::try_from(value).map_err(unreadable)
}

fn insert(conn: &Connection, entry: &Entry) -> Result<(), LedgerError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO journal (seq, id, epoch, hlc, kind, version, body, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    statement.execute(params![
        signed(entry.seq)?,
        entry.id.uuid().as_bytes().as_slice(),
        entry.epoch,
        entry.hlc.to_bits().cast_signed(),
        entry.kind,
        entry.version,
        entry.body,
        entry.hash.as_bytes().as_slice(),
    ])?;
    Ok(())
}

fn post(conn: &Connection, seq: u64, postings: &Postings) -> Result<(), LedgerError> {
    let seq = signed(seq)?;
    let mut money = conn
        .prepare_cached("INSERT INTO posting (seq, n, account, amount) VALUES (?1, ?2, ?3, ?4)")?;
    for (n, posting) in (0_i64..).zip(postings.money()) {
        money.execute(params![seq, n, posting.account.to_string(), posting.amount.minor()])?;
    }
    let mut goods = conn.prepare_cached(
        "INSERT INTO stock_move (seq, n, sku, quantity, source, target)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (n, moved) in (0_i64..).zip(postings.goods()) {
        let (from, to) = (moved.from.as_str(), moved.to.as_str());
        goods.execute(params![seq, n, sku(&moved.sku), moved.quantity.thousandths(), from, to])?;
    }
    moves(conn, postings)
}

fn sku(sku: &Sku) -> &str {
    sku.as_str()
}

pub(crate) fn owner(conn: &Connection) -> Result<StoreId, LedgerError> {
    let mut statement = conn.prepare_cached("SELECT value FROM meta WHERE key = 'store'")?;
    let bytes: Vec<u8> = statement.query_row([], |row| row.get(0))?;
    Uuid::from_slice(&bytes).map(StoreId::new).map_err(unreadable)
}

fn hash_at(conn: &Connection, seq: u64) -> Result<Option<Hash>, LedgerError> {
    let mut statement = conn.prepare_cached("SELECT hash FROM journal WHERE seq = ?1")?;
    let bytes: Option<Vec<u8>> =
        statement.query_row([signed(seq)?], |row| row.get(0)).optional()?;
    bytes.map(|bytes| hash_of(&bytes)).transpose()
}

pub(crate) fn entry_of(row: &Row<'_>, store: StoreId, prev: Hash) -> Result<Entry, LedgerError> {
    let id: Vec<u8> = row.get(1)?;
    let hash: Vec<u8> = row.get(7)?;
    Ok(Entry {
        seq: row.get::<_, i64>(0)?.cast_unsigned(),
        id: EntryId::new(Uuid::from_slice(&id).map_err(unreadable)?),
        store,
        epoch: row.get(2)?,
        hlc: Hlc::from_bits(row.get::<_, i64>(3)?.cast_unsigned()),
        kind: row.get(4)?,
        version: row.get(5)?,
        body: row.get(6)?,
        prev,
        hash: hash_of(&hash)?,
    })
}

/// Where the journal and the feed stand.
pub(crate) fn cursor(conn: &Connection) -> Result<Cursor, LedgerError> {
    let last = conn
        .query_row("SELECT seq, hash, hlc FROM journal ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, i64>(2)?))
        })
        .optional()?;
    let feed: Option<i64> = conn.query_row("SELECT max(seq) FROM feed", [], |row| row.get(0))?;
    let feed = feed.unwrap_or_default().cast_unsigned();
    let Some((seq, hash, hlc)) = last else { return Ok(Cursor { feed, ..Cursor::default() }) };
    let head = ChainHead { seq: seq.cast_unsigned(), hash: hash_of(&hash)? };
    Ok(Cursor { head, hlc: Hlc::from_bits(hlc.cast_unsigned()), feed })
}

/// The end of the chain must be what was written: a torn or foreign file is noticed at start.
pub(crate) fn check_tail(
    conn: &Connection,
    store: StoreId,
    head: ChainHead,
) -> Result<(), LedgerError> {
    let Some(before) = head.seq.checked_sub(1) else { return Ok(()) };
    let prev = ChainHead { seq: before, hash: hash_at(conn, before)?.unwrap_or_default() };
    let sql = format!("SELECT {COLUMNS} FROM journal WHERE seq = ?1");
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([signed(head.seq)?])?;
    let row = rows.next()?.ok_or_else(|| LedgerError::Corrupt("the last entry is gone".into()))?;
    let entry = entry_of(row, store, prev.hash)?;
    entry.follows(prev).map(drop).map_err(|error| LedgerError::Corrupt(error.to_string()))
}
