//! Open orders: the projection of their documents, and which order a terminal works on.

use crate::core::{Tx, View};
use crate::error::{LedgerError, unreadable};
use cloud_sync_protocol::v1::order::{HeadV1, LineV1, PaymentV1};
use edge_domain::Money;
use edge_domain::item::TerminalId;
use edge_domain::order::{Head, Line, Status};
use edge_domain::payment::Payment;
use edge_domain::{OrderId, SaleId};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An order as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// What does not change.
    pub head: Head,
    /// All lines, voided ones too.
    pub lines: Vec<Line>,
    /// How far it is.
    pub status: Status,
    /// The sale that it became.
    pub sale: Option<SaleId>,
}

#[derive(Serialize, Deserialize)]
struct OrderV1 {
    head: HeadV1,
    lines: Vec<LineV1>,
}

const COLUMNS: &str = "status, sale_id, body";

impl Tx<'_> {
    /// Projects an order.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn put_order(&mut self, order: &OrderRow) -> Result<(), LedgerError> {
        let lines = order.lines.iter().map(LineV1::from).collect();
        let body = OrderV1 { head: HeadV1::from(&order.head), lines };
        let body = serde_json::to_string(&body).map_err(unreadable)?;
        let sale = order.sale.map(|sale| sale.uuid().into_bytes());
        let mut statement = self.conn.prepare_cached(
            "INSERT OR REPLACE INTO customer_order
             (id, number, terminal, status, opened_at, sale_id, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        statement.execute(params![
            order.head.id.uuid().as_bytes().as_slice(),
            order.head.number,
            order.head.terminal.as_str(),
            order.status.as_str(),
            order.head.opened_at.as_millis(),
            sale.as_ref().map(<[u8; 16]>::as_slice),
            body,
        ])?;
        Ok(())
    }

    /// Lets the scans at a terminal go to an order, or to none.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn set_current_order(
        &mut self,
        terminal: &TerminalId,
        order: Option<OrderId>,
    ) -> Result<(), LedgerError> {
        let order = order.map(|order| order.uuid().into_bytes());
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO terminal (id, order_id) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET order_id = excluded.order_id",
        )?;
        statement.execute(params![terminal.as_str(), order.as_ref().map(<[u8; 16]>::as_slice)])?;
        Ok(())
    }

    /// No terminal works on this order any more.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn leave_order(&mut self, order: OrderId) -> Result<(), LedgerError> {
        let mut statement =
            self.conn.prepare_cached("UPDATE terminal SET order_id = NULL WHERE order_id = ?1")?;
        statement.execute([order.uuid().as_bytes().as_slice()])?;
        Ok(())
    }
}

impl View<'_> {
    /// One order.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn order(&self, id: OrderId) -> Result<Option<OrderRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM customer_order WHERE id = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.uuid().as_bytes().as_slice()])?;
        rows.next()?.map(order_of).transpose()
    }

    /// Orders that live, oldest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn live_orders(&self, limit: u32) -> Result<Vec<OrderRow>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM customer_order WHERE status IN ('open', 'placed')
             ORDER BY opened_at LIMIT ?1"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([limit])?;
        let mut orders = Vec::new();
        while let Some(row) = rows.next()? {
            orders.push(order_of(row)?);
        }
        Ok(orders)
    }

    /// The latest orders, whatever became of them, newest first.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn latest_orders(&self, limit: u32) -> Result<Vec<OrderRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM customer_order ORDER BY opened_at DESC LIMIT ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([limit])?;
        let mut orders = Vec::new();
        while let Some(row) = rows.next()? {
            orders.push(order_of(row)?);
        }
        Ok(orders)
    }

    /// The order that scans at a terminal go to.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn current_order(&self, terminal: &TerminalId) -> Result<Option<OrderId>, LedgerError> {
        let mut statement =
            self.conn.prepare_cached("SELECT order_id FROM terminal WHERE id = ?1")?;
        let id: Option<Option<Vec<u8>>> =
            statement.query_row([terminal.as_str()], |row| row.get(0)).optional()?;
        let id = id.flatten().map(|bytes| Uuid::from_slice(&bytes)).transpose();
        Ok(id.map_err(unreadable)?.map(OrderId::new))
    }

    /// What was paid on an order before it is a sale, oldest first, marked as deposits.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn deposits(&self, order: OrderId) -> Result<Vec<Payment>, LedgerError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT body FROM deposit WHERE order_id = ?1 ORDER BY seq")?;
        let order = order.uuid();
        let mut rows = statement.query([order.as_bytes().as_slice()])?;
        let mut payments = Vec::new();
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            let shape: PaymentV1 = serde_json::from_str(&text).map_err(unreadable)?;
            let payment = shape.into_domain(self.currency).map_err(unreadable)?;
            payments.push(Payment { deposited: true, ..payment });
        }
        Ok(payments)
    }

    /// How much of an order was settled before it is a sale.
    ///
    /// # Errors
    /// See [`LedgerError`].
    pub fn paid_on(&self, order: OrderId) -> Result<Money, LedgerError> {
        let deposits = self.deposits(order)?;
        let settled: Result<Vec<Money>, _> = deposits.iter().map(Payment::settles).collect();
        let sum = settled.and_then(|settled| Money::sum(self.currency, settled));
        sum.map_err(unreadable)
    }
}

fn order_of(row: &Row<'_>) -> Result<OrderRow, LedgerError> {
    let status: String = row.get(0)?;
    let sale: Option<Vec<u8>> = row.get(1)?;
    let body: String = row.get(2)?;
    let body: OrderV1 = serde_json::from_str(&body).map_err(unreadable)?;
    let head = Head::try_from(body.head).map_err(unreadable)?;
    let line = |line: LineV1| line.into_domain(head.currency);
    let lines = body.lines.into_iter().map(line).collect::<Result<_, _>>().map_err(unreadable)?;
    let sale = sale.map(|bytes| Uuid::from_slice(&bytes)).transpose().map_err(unreadable)?;
    let status = Status::from_name(&status).ok_or_else(|| unreadable(&status))?;
    Ok(OrderRow { head, lines, status, sale: sale.map(SaleId::new) })
}
