//! What the gate goes by and what it decided: pieces that were sold, and its events.

use crate::core::{Core, Tx, View};
use crate::error::{LedgerError, unreadable};
use crate::feed::{Topic, Type};
use edge_domain::StoreTime;
use edge_domain::codes::gtin::Gtin;
use edge_domain::codes::piece::Piece;
use edge_domain::sale::Sale;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

const COLUMNS: &str =
    "seq, id, gate, kind, at, device, epc, epc_uri, gtin, serial, sku, name, evidence";

/// The most events that are kept, whatever their age.
pub const EVENTS_KEPT: u64 = 20_000;

/// A piece that a sale let go, or took back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PieceMoved {
    /// Which.
    pub piece: Piece,
    /// Whether it is the customer's now; the shop's again otherwise.
    pub sold: bool,
}

/// Hears of pieces from the ledger's own thread: what was sold, before the commit and so before any
/// paper; what came back, or was not sold after all, after it. Must not block.
pub type OnPieces = dyn Fn(&[PieceMoved]) + Send + Sync;

/// An event of the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateEvent {
    /// Its id.
    pub id: Uuid,
    /// Its place; 0 before it is written.
    pub seq: u64,
    /// The gate: the reader's station.
    pub gate: String,
    /// `alarm`, `reader_silent` or `reader_back`.
    pub kind: String,
    /// When.
    pub at: StoreTime,
    /// The reader.
    pub device: String,
    /// The tag, where it is about one.
    pub tag: Option<GateTag>,
    /// What it was decided by (JSON), in sums.
    pub evidence: Option<String>,
}

/// The tag of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateTag {
    /// Its memory, hexadecimal.
    pub epc: String,
    /// The same as a URI.
    pub epc_uri: String,
    /// The trade item number.
    pub gtin: Gtin,
    /// The serial number.
    pub serial: String,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
}

/// The pieces of a sale whose lines name them.
pub(crate) fn pieces_of(sale: &Sale) -> Vec<PieceMoved> {
    let lines = sale.parts().lines.iter();
    let moved = lines.flat_map(|line| {
        let sold = line.quantity.thousandths() > 0;
        let pieces = line.more.serials.iter().filter_map(|serial| Piece::of_text(serial));
        pieces.map(move |piece| PieceMoved { piece, sold })
    });
    moved.collect()
}

/// The projection of a sale.
pub(crate) fn sold(conn: &Connection, seq: i64, sale: &Sale) -> Result<(), LedgerError> {
    for PieceMoved { piece, sold } in pieces_of(sale) {
        let gtin = piece.gtin.number().cast_signed();
        if sold {
            let mut statement = conn.prepare_cached(
                "INSERT OR REPLACE INTO sold_piece (gtin, serial, seq) VALUES (?1, ?2, ?3)",
            )?;
            statement.execute(params![gtin, piece.serial, seq])?;
        } else {
            let mut statement =
                conn.prepare_cached("DELETE FROM sold_piece WHERE gtin = ?1 AND serial = ?2")?;
            statement.execute(params![gtin, piece.serial])?;
        }
    }
    Ok(())
}

/// What is sold is known as sold before any paper can say so; what comes back is the shop's again
/// only when that is durable. A commit that fails sold nothing.
pub(crate) fn commit(
    core: &mut Core,
    hear: Option<&OnPieces>,
    moved: Vec<PieceMoved>,
) -> Result<(), LedgerError> {
    let Some(hear) = hear else { return core.commit() };
    let (mut sold, back): (Vec<_>, Vec<_>) = moved.into_iter().partition(|moved| moved.sold);
    hear(&sold);
    let committed = core.commit();
    if committed.is_ok() {
        hear(&back);
    } else {
        sold.iter_mut().for_each(|moved| moved.sold = false);
        hear(&sold);
    }
    committed
}

impl Tx<'_> {
    /// Writes an event down and tells the screens. Events beyond [`EVENTS_KEPT`] or older than
    /// `keep_ms` go.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn note_gate(&mut self, event: &GateEvent, keep_ms: i64) -> Result<(), LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO gate_event (id, gate, kind, at, device, epc, epc_uri, gtin, serial, sku,
             name, evidence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        let tag = event.tag.as_ref();
        statement.execute(params![
            event.id.as_bytes().as_slice(),
            event.gate,
            event.kind,
            event.at.as_millis(),
            event.device,
            tag.map(|tag| &tag.epc),
            tag.map(|tag| &tag.epc_uri),
            tag.map(|tag| tag.gtin.number().cast_signed()),
            tag.map(|tag| &tag.serial),
            tag.map(|tag| &tag.sku),
            tag.map(|tag| &tag.name),
            event.evidence,
        ])?;
        let last = self.conn.last_insert_rowid();
        let mut prune =
            self.conn.prepare_cached("DELETE FROM gate_event WHERE seq <= ?1 OR at < ?2")?;
        let kept = i64::try_from(EVENTS_KEPT).unwrap_or(i64::MAX);
        prune.execute([last - kept, event.at.as_millis().saturating_sub(keep_ms)])?;
        let kind = if event.kind == "alarm" { Type::GateAlarm } else { Type::GateChanged };
        self.tell(Topic::Gate, kind, Some(event.id))
    }
}

impl View<'_> {
    /// Every piece that is the customers', once.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn sold_pieces(&self, mut each: impl FnMut(Piece)) -> Result<(), LedgerError> {
        let mut statement = self.conn.prepare_cached("SELECT gtin, serial FROM sold_piece")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let gtin: i64 = row.get(0)?;
            let gtin = Gtin::from_number(gtin.cast_unsigned()).map_err(unreadable)?;
            each(Piece { gtin, serial: row.get(1)? });
        }
        Ok(())
    }

    /// Whether a piece is a customer's.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn is_sold(&self, piece: &Piece) -> Result<bool, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT 1 FROM sold_piece WHERE gtin = ?1 AND serial = ?2")?;
        Ok(statement.exists(params![piece.gtin.number().cast_signed(), piece.serial])?)
    }

    /// The latest events before `before` (all where `None`), newest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn gate_events(
        &self,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<GateEvent>, LedgerError> {
        let before = before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
        let sql =
            format!("SELECT {COLUMNS} FROM gate_event WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![before, limit])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(event_of(row)?);
        }
        Ok(events)
    }

    /// One event.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn gate_event(&self, id: Uuid) -> Result<Option<GateEvent>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM gate_event WHERE id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.as_bytes().as_slice()])?;
        rows.next()?.map(event_of).transpose()
    }
}

fn event_of(row: &Row<'_>) -> Result<GateEvent, LedgerError> {
    let id: Vec<u8> = row.get(1)?;
    let tag = match row.get::<_, Option<String>>(6)? {
        None => None,
        Some(epc) => Some(GateTag {
            epc,
            epc_uri: row.get(7)?,
            gtin: Gtin::from_number(row.get::<_, i64>(8)?.cast_unsigned()).map_err(unreadable)?,
            serial: row.get(9)?,
            sku: row.get(10)?,
            name: row.get(11)?,
        }),
    };
    Ok(GateEvent {
        seq: row.get::<_, i64>(0)?.cast_unsigned(),
        id: Uuid::from_slice(&id).map_err(unreadable)?,
        gate: row.get(2)?,
        kind: row.get(3)?,
        at: StoreTime::from_millis(row.get(4)?),
        device: row.get(5)?,
        tag,
        evidence: row.get(12)?,
    })
}
