//! What screens hear: an ordered, resumable list of what changed.

use crate::core::{Tx, View};
use crate::error::LedgerError;
use crate::journal::signed;
use edge_domain::StoreTime;
use rusqlite::params;
use uuid::Uuid;

/// How many rows are kept: a screen that was away longer fetches everything again.
pub const ROWS_KEPT: u64 = 20_000;

/// What a row is about; screens subscribe to topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Orders and sales.
    Orders,
    /// Kitchen tickets.
    Kitchen,
    /// Devices.
    Devices,
    /// The line to headquarters.
    Sync,
    /// Scans at terminals.
    Scans,
    /// Items and prices.
    Catalogue,
    /// Print jobs.
    Print,
    /// The gate.
    Gate,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// An order is not what it was.
    OrderChanged,
    /// A sale was recorded.
    SaleCompleted,
    /// A ticket came.
    TicketFired,
    /// A ticket was finished.
    TicketBumped,
    /// A ticket was taken back.
    TicketRecalled,
    /// A device's state changed.
    DeviceChanged,
    /// The line's state changed.
    SyncChanged,
    /// A scan became a line.
    ScanRungUp,
    /// A scan did not.
    ScanRefused,
    /// Items or prices changed.
    ItemsChanged,
    /// A print job moved.
    PrintJobChanged,
    /// A card charge moved.
    CardChanged,
    /// The end of a card terminal's day moved.
    SettlementChanged,
    /// Something left that was not paid for.
    GateAlarm,
    /// The gate's reader fell silent, or is back.
    GateChanged,
}

impl Topic {
    /// Every topic with its name on the wire.
    pub const NAMES: [(Self, &'static str); 8] = [
        (Self::Orders, "orders"),
        (Self::Kitchen, "kitchen"),
        (Self::Devices, "devices"),
        (Self::Sync, "sync"),
        (Self::Scans, "scans"),
        (Self::Catalogue, "catalogue"),
        (Self::Print, "print"),
        (Self::Gate, "gate"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(topic, _)| *topic == self).map_or("orders", |(_, name)| name)
    }
}

impl Type {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrderChanged => "order_changed",
            Self::SaleCompleted => "sale_completed",
            Self::TicketFired => "ticket_fired",
            Self::TicketBumped => "ticket_bumped",
            Self::TicketRecalled => "ticket_recalled",
            Self::DeviceChanged => "device_changed",
            Self::SyncChanged => "sync_changed",
            Self::ScanRungUp => "scan_rung_up",
            Self::ScanRefused => "scan_refused",
            Self::ItemsChanged => "items_changed",
            Self::PrintJobChanged => "print_job_changed",
            Self::CardChanged => "card_changed",
            Self::SettlementChanged => "settlement_changed",
            Self::GateAlarm => "gate_alarm",
            Self::GateChanged => "gate_changed",
        }
    }
}

/// One row of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// Its place.
    pub seq: u64,
    /// What it is about.
    pub topic: String,
    /// What happened.
    pub kind: String,
    /// When.
    pub at: StoreTime,
    /// What changed; the reader looks it up.
    pub entity: Option<Uuid>,
    /// All there is to say (JSON), where there is nothing to look up.
    pub data: Option<String>,
}

impl Tx<'_> {
    /// Tells screens that something changed, by its id.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn tell(
        &mut self,
        topic: Topic,
        kind: Type,
        entity: Option<Uuid>,
    ) -> Result<(), LedgerError> {
        self.row(topic, kind, entity, None)
    }

    /// Tells screens all there is to say, as JSON.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn tell_all(&mut self, topic: Topic, kind: Type, data: &str) -> Result<(), LedgerError> {
        self.row(topic, kind, None, Some(data))
    }

    fn row(
        &mut self,
        topic: Topic,
        kind: Type,
        entity: Option<Uuid>,
        data: Option<&str>,
    ) -> Result<(), LedgerError> {
        let entity = entity.map(Uuid::into_bytes);
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO feed (topic, type, at, entity, data) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let entity = entity.as_ref().map(<[u8; 16]>::as_slice);
        let at = self.settings.clock.now().as_millis();
        statement.execute(params![topic.as_str(), kind.as_str(), at, entity, data])?;
        let seq = self.conn.last_insert_rowid().cast_unsigned();
        self.cursor.feed = seq;
        if seq.is_multiple_of(1_000) && seq > ROWS_KEPT {
            let mut prune = self.conn.prepare_cached("DELETE FROM feed WHERE seq <= ?1")?;
            prune.execute([signed(seq - ROWS_KEPT)?])?;
        }
        Ok(())
    }
}

impl View<'_> {
    /// Rows after `after`, in order, at most `limit`.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn feed(&self, after: u64, limit: u32) -> Result<Vec<FeedRow>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT seq, topic, type, at, entity, data FROM feed WHERE seq > ?1
             ORDER BY seq LIMIT ?2",
        )?;
        let rows = statement.query_map(params![signed(after)?, limit], |row| {
            let entity: Option<Vec<u8>> = row.get(4)?;
            Ok(FeedRow {
                seq: row.get::<_, i64>(0)?.cast_unsigned(),
                topic: row.get(1)?,
                kind: row.get(2)?,
                at: StoreTime::from_millis(row.get(3)?),
                entity: entity.and_then(|bytes| Uuid::from_slice(&bytes).ok()),
                data: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first and last sequence that are kept; (0, 0) when nothing is.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn feed_bounds(&self) -> Result<(u64, u64), LedgerError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT coalesce(min(seq), 0), coalesce(max(seq), 0) FROM feed")?;
        let (first, last): (i64, i64) =
            statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((first.cast_unsigned(), last.cast_unsigned()))
    }
}
