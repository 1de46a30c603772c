//! Drawers' shifts: which is open, and what belongs to one. A range of the journal says so, not
//! a clock.

use crate::core::View;
use crate::error::{LedgerError, unreadable};
use crate::journal::signed;
use cloud_sync_protocol::v1::fact::{Read, read};
use edge_domain::fact::Fact;
use edge_domain::ids::ShiftId;
use edge_domain::item::TerminalId;
use edge_domain::shift::{ShiftClosed, ShiftFact, ShiftOpened, ShiftTotals};
use rusqlite::{Connection, Params, params};

/// A shift as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftRow {
    /// How it began.
    pub opened: ShiftOpened,
    /// The journal's entry that opened it.
    pub opened_seq: u64,
    /// How it ended, if it did.
    pub closed: Option<ShiftClosed>,
}

impl View<'_> {
    /// One shift.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn shift(&self, id: ShiftId) -> Result<Option<ShiftRow>, LedgerError> {
        let uuid = id.uuid();
        let found = self.shift_rows("WHERE id = ?1", [uuid.as_bytes().as_slice()])?;
        Ok(found.into_iter().next())
    }

    /// The shift that is open at a terminal.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn open_shift(&self, terminal: &TerminalId) -> Result<Option<ShiftRow>, LedgerError> {
        let open = "WHERE terminal = ?1 AND closed_seq IS NULL";
        Ok(self.shift_rows(open, [terminal.as_str()])?.into_iter().next())
    }

    /// Whether a shift is open at a terminal.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn has_shift(&self, terminal: &TerminalId) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM shift WHERE terminal = ?1 AND closed_seq IS NULL";
        Ok(self.conn.prepare_cached(sql)?.exists([terminal.as_str()])?)
    }

    /// Whether a shift is open anywhere.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn has_any_shift(&self) -> Result<bool, LedgerError> {
        let sql = "SELECT 1 FROM shift WHERE closed_seq IS NULL";
        Ok(self.conn.prepare_cached(sql)?.exists([])?)
    }

    /// Shifts of a terminal or of all, the latest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn shifts(
        &self,
        terminal: Option<&TerminalId>,
        limit: u32,
    ) -> Result<Vec<ShiftRow>, LedgerError> {
        let of = "WHERE ?1 IS NULL OR terminal = ?1 ORDER BY opened_seq DESC LIMIT ?2";
        self.shift_rows(of, params![terminal.map(TerminalId::as_str), limit])
    }

    /// The last Z report's number of a terminal.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn last_z(&self, terminal: &TerminalId) -> Result<u32, LedgerError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT coalesce(max(number), 0) FROM shift WHERE terminal = ?1")?;
        Ok(statement.query_row([terminal.as_str()], |row| row.get(0))?)
    }

    /// What a shift adds up to until now, from the facts themselves.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn shift_totals(
        &self,
        opened: &ShiftOpened,
        from: u64,
    ) -> Result<ShiftTotals, LedgerError> {
        let mut totals = ShiftTotals::new(opened.float);
        // Other terminals' sales are not even read; the other kinds are few.
        let mut statement = self.conn.prepare_cached(
            "SELECT j.kind, j.version, j.body FROM journal j LEFT JOIN sale s ON s.seq = j.seq
             WHERE j.seq > ?1 AND (s.terminal = ?2
                 OR j.kind IN ('deposit_taken', 'refund_moved', 'shift_cash_moved')) ORDER BY j.seq",
        )?;
        let mut rows = statement.query(params![signed(from)?, opened.terminal.as_str()])?;
        while let Some(row) = rows.next()? {
            let (kind, body): (String, Vec<u8>) = (row.get(0)?, row.get(2)?);
            if let Read::Known(fact) = read(&kind, row.get(1)?, &body).map_err(unreadable)? {
                totals.take(&opened.terminal, &fact).map_err(unreadable)?;
            }
        }
        Ok(totals)
    }

    fn shift_rows(&self, which: &str, of: impl Params) -> Result<Vec<ShiftRow>, LedgerError> {
        let sql = format!("SELECT opened_seq, closed_seq FROM shift {which}");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let found = statement.query_map(of, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let found: Vec<(i64, Option<i64>)> = found.collect::<Result<_, _>>()?;
        found.into_iter().map(|(opened, closed)| self.shift_row(opened, closed)).collect()
    }

    fn shift_row(&self, opened_seq: i64, closed: Option<i64>) -> Result<ShiftRow, LedgerError> {
        let lost = || unreadable("a shift without its entry");
        let Some(Fact::Shift(ShiftFact::Opened(opened))) = self.fact_at(opened_seq)? else {
            return Err(lost());
        };
        let closed = match closed.map(|seq| self.fact_at(seq)).transpose()?.flatten() {
            Some(Fact::Shift(ShiftFact::Closed(closed))) => Some(*closed),
            None if closed.is_none() => None,
            _ => return Err(lost()),
        };
        Ok(ShiftRow { opened, opened_seq: opened_seq.cast_unsigned(), closed })
    }
}

/// The projection of one fact of a drawer.
pub(crate) fn apply(conn: &Connection, seq: i64, fact: &ShiftFact) -> Result<(), LedgerError> {
    match fact {
        ShiftFact::Opened(opened) => {
            let mut statement = conn.prepare_cached(
                "INSERT INTO shift (id, terminal, opened_seq) VALUES (?1, ?2, ?3)",
            )?;
            let (id, terminal) = (opened.id.uuid(), opened.terminal.as_str());
            statement.execute(params![id.as_bytes().as_slice(), terminal, seq])?;
        }
        ShiftFact::Cash(_) => {}
        ShiftFact::Closed(closed) => {
            let mut statement =
                conn.prepare_cached("UPDATE shift SET closed_seq = ?2, number = ?3 WHERE id = ?1")?;
            let id = closed.id.uuid();
            statement.execute(params![id.as_bytes().as_slice(), seq, closed.number])?;
        }
    }
    Ok(())
}
