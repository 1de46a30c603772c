//! Promises.

use super::{ROWS_MAX, collect, quantity, sku_of, uuid_of};
use crate::core::View;
use crate::error::{LedgerError, unreadable};
use edge_domain::ids::ReservationId;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::{OrderId, SaleId, StoreTime};
use rusqlite::{OptionalExtension, Row, params};

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReservationState {
    /// The goods are set aside.
    Held,
    /// It was kept.
    Committed,
    /// It was given back.
    Released,
    /// Its time was over.
    Expired,
}

/// A promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationRow {
    /// Its id.
    pub id: ReservationId,
    /// What became of it; past its time it is expired, whether or not that was written yet.
    pub state: ReservationState,
    /// What was promised.
    pub lines: Vec<(Sku, Quantity)>,
    /// When.
    pub made_at: StoreTime,
    /// Until when.
    pub expires_at: StoreTime,
    /// For which order.
    pub order: Option<OrderId>,
    /// What whoever asked calls it.
    pub reference: Option<String>,
    /// The sale that it was kept with.
    pub sale: Option<SaleId>,
}

/// An item of which more is promised than lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overdraft {
    /// Which item.
    pub sku: Sku,
    /// How much is promised.
    pub reserved: Quantity,
    /// How much lies where it may be promised.
    pub sellable: Quantity,
}

const COLUMNS: &str = "id, state, made_at, expires_at, order_id, reference, sale";

impl ReservationState {
    /// Every state with its name on the wire.
    pub const NAMES: [(Self, &'static str); 4] = [
        (Self::Held, "held"),
        (Self::Committed, "committed"),
        (Self::Released, "released"),
        (Self::Expired, "expired"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(state, _)| *state == self).map_or("expired", |(_, name)| name)
    }
}

impl View<'_> {
    /// How much of an item is promised now. What is past its time counts no more, whether or not
    /// that was written yet.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn reserved(&self, sku: &Sku, now: StoreTime) -> Result<Quantity, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT quantity FROM reserved WHERE sku = ?1")?;
        let held: Option<i64> = statement.query_row([sku.as_str()], |row| row.get(0)).optional()?;
        let Some(held) = held.filter(|held| *held > 0) else { return Ok(Quantity::ZERO) };
        // Without a bound value: SQLite prepares a range over a partial index anew for each value
        // (`make bench`, 64 clients: 14,000 a second so, 21,800 thus). Mostly nothing is overdue.
        let mut first = self.conn.prepare_cached(
            "SELECT expires_at FROM reservation WHERE state = 'held' ORDER BY expires_at LIMIT 1",
        )?;
        let first: Option<i64> = first.query_row([], |row| row.get(0)).optional()?;
        if first.is_none_or(|first| first > now.as_millis()) {
            return quantity(held);
        }
        let mut overdue = self.conn.prepare_cached(
            "SELECT coalesce(sum(quantity), 0) FROM reservation CROSS JOIN reservation_line
             ON reservation_line.reservation = reservation.id AND sku = ?1
             WHERE state = 'held' AND expires_at <= ?2",
        )?;
        let overdue: i64 =
            overdue.query_row(params![sku.as_str(), now.as_millis()], |row| row.get(0))?;
        quantity(held - overdue)
    }

    /// A promise.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn reservation(
        &self,
        id: ReservationId,
        now: StoreTime,
    ) -> Result<Option<ReservationRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM reservation WHERE id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.uuid().as_bytes().as_slice()])?;
        rows.next()?.map(|row| self.row(row, now)).transpose()
    }

    /// Promises that are held, those that end first at the head; of one item, where one is named.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn held_reservations(
        &self,
        sku: Option<&Sku>,
        limit: u32,
        now: StoreTime,
    ) -> Result<Vec<ReservationRow>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM reservation WHERE state = 'held' AND expires_at > ?1
             AND (?2 IS NULL OR EXISTS (SELECT 1 FROM reservation_line
               WHERE reservation = reservation.id AND sku = ?2))
             ORDER BY expires_at, id LIMIT ?3"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows =
            statement.query(params![now.as_millis(), sku.map(Sku::as_str), limit.min(ROWS_MAX)])?;
        collect(rows, |row| self.row(row, now))
    }

    /// Promises past their time that nobody wrote down yet, the earliest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn overdue_reservations(
        &self,
        now: StoreTime,
        limit: u32,
    ) -> Result<Vec<ReservationId>, LedgerError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM reservation WHERE state = 'held' AND expires_at <= ?1
             ORDER BY expires_at, id LIMIT ?2",
        )?;
        collect(statement.query(params![now.as_millis(), limit.min(ROWS_MAX)])?, |row| {
            Ok(ReservationId::new(uuid_of(row.get_ref(0)?.as_blob().map_err(unreadable)?)?))
        })
    }

    /// Items of which more is promised than lies there: the till sold into promises.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn overdrafts(&self, now: StoreTime) -> Result<Vec<Overdraft>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT sku FROM reserved WHERE quantity > 0 ORDER BY sku")?;
        let skus = statement
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        let mut overdrafts = Vec::new();
        for sku in skus {
            let sku = sku_of(&sku)?;
            let (reserved, sellable) = (self.reserved(&sku, now)?, self.sellable(&sku)?);
            if reserved > Quantity::ZERO && reserved > sellable {
                overdrafts.push(Overdraft { sku, reserved, sellable });
            }
        }
        Ok(overdrafts)
    }

    fn row(&self, row: &Row<'_>, now: StoreTime) -> Result<ReservationRow, LedgerError> {
        let id: Vec<u8> = row.get(0)?;
        let state: String = row.get(1)?;
        let named = ReservationState::NAMES.iter().find(|(_, name)| *name == state);
        let (state, _) = named.ok_or_else(|| unreadable(format!("reservation state {state}")))?;
        let expires_at = StoreTime::from_millis(row.get(3)?);
        let over = *state == ReservationState::Held && expires_at <= now;
        let uuid = |at: usize| -> Result<Option<uuid::Uuid>, LedgerError> {
            let bytes: Option<Vec<u8>> = row.get(at)?;
            bytes.map(|bytes| uuid_of(&bytes)).transpose()
        };
        let mut lines = self.conn.prepare_cached(
            "SELECT sku, quantity FROM reservation_line WHERE reservation = ?1 ORDER BY sku",
        )?;
        Ok(ReservationRow {
            id: ReservationId::new(uuid_of(&id)?),
            state: if over { ReservationState::Expired } else { *state },
            lines: collect(lines.query([&id])?, |row| {
                Ok((sku_of(&row.get::<_, String>(0)?)?, quantity(row.get(1)?)?))
            })?,
            made_at: StoreTime::from_millis(row.get(2)?),
            expires_at,
            order: uuid(4)?.map(OrderId::new),
            reference: row.get(5)?,
            sale: uuid(6)?.map(SaleId::new),
        })
    }
}
