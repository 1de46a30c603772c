//! The ends of card terminals' days, on their way: one of a terminal at a time.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use crate::feed::{Topic, Type};
use edge_domain::StoreTime;
use edge_domain::ids::SettlementId;
use edge_domain::item::TerminalId;
use rusqlite::{Row, params};
use uuid::Uuid;

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SettlementState {
    /// The terminal has not been asked.
    Asked,
    /// The terminal is at it.
    Running,
    /// The terminal ended its day.
    Done,
    /// The terminal refused, or nobody knows.
    Failed,
}

/// The end of a card terminal's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementRow {
    /// Its id.
    pub id: SettlementId,
    /// The card terminal.
    pub device: String,
    /// The till at which its slip is printed.
    pub terminal: TerminalId,
    /// Where it stands.
    pub state: SettlementState,
    /// Why it failed, or what to know of it.
    pub reason: Option<String>,
    /// When it was asked for.
    pub at: StoreTime,
}

const COLUMNS: &str = "id, device, terminal, state, reason, at";

impl SettlementState {
    const NAMES: [(Self, &'static str); 4] = [
        (Self::Asked, "asked"),
        (Self::Running, "running"),
        (Self::Done, "done"),
        (Self::Failed, "failed"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(state, _)| *state == self).map_or("failed", |(_, name)| name)
    }

    /// Whether it has not come to an end.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Running)
    }
}

impl Tx<'_> {
    /// Writes it as it stands now, and tells the screens.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_settlement(&mut self, row: &SettlementRow) -> Result<(), LedgerError> {
        let sql = format!(
            "INSERT OR REPLACE INTO settlement ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        );
        let id = row.id.uuid();
        self.conn.prepare_cached(&sql)?.execute(params![
            id.as_bytes().as_slice(),
            row.device,
            row.terminal.as_str(),
            row.state.as_str(),
            row.reason,
            row.at.as_millis(),
        ])?;
        self.tell(Topic::Devices, Type::SettlementChanged, Some(id))
    }
}

impl View<'_> {
    /// One of them.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn settlement(&self, id: SettlementId) -> Result<Option<SettlementRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM settlement WHERE id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.uuid().as_bytes().as_slice()])?;
        rows.next()?.map(settlement_of).transpose()
    }

    /// Those of a card terminal, newest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn settlements(&self, device: &str, limit: u32) -> Result<Vec<SettlementRow>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM settlement WHERE device = ?1 ORDER BY at DESC, id DESC LIMIT ?2"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![device, limit])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(settlement_of(row)?);
        }
        Ok(found)
    }

    /// The one of a card terminal that has not come to an end: its newest, or none.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn open_settlement(&self, device: &str) -> Result<Option<SettlementRow>, LedgerError> {
        let newest = self.settlements(device, 1)?.pop();
        Ok(newest.filter(|row| row.state.is_open()))
    }
}

fn settlement_of(row: &Row<'_>) -> Result<SettlementRow, LedgerError> {
    let state: String = row.get(3)?;
    let known = SettlementState::NAMES.iter().find(|(_, name)| *name == state);
    Ok(SettlementRow {
        id: SettlementId::new(Uuid::from_slice(&row.get::<_, Vec<u8>>(0)?).map_err(unreadable)?),
        device: row.get(1)?,
        terminal: TerminalId::new(&row.get::<_, String>(2)?).map_err(unreadable)?,
        state: known.map(|(state, _)| *state).ok_or_else(|| unreadable(&state))?,
        reason: row.get(4)?,
        at: StoreTime::from_millis(row.get(5)?),
    })
}
