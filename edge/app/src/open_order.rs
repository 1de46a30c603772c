//! A customer comes: an order begins.

use crate::error::ShopError;
use crate::keep_customers::greet;
use crate::shop::Desk;
use cloud_sync_documents::order as order_doc;
use edge_domain::OrderId;
use edge_domain::item::TerminalId;
use edge_domain::order::{Head, OrderKind, Status, Tab};
use edge_ledger::orders::OrderRow;

/// What an order begins with.
#[derive(Clone, Debug)]
pub struct OpenOrder {
    /// How it leaves the shop.
    pub kind: OrderKind,
    /// Where it is opened.
    pub terminal: TerminalId,
    /// The table of a dine-in order.
    pub table: Option<String>,
    /// What most orders do not say.
    pub tab: Tab,
}

/// Opens an order; scans at its terminal go to it from now on.
///
/// # Errors
/// A table's name that nobody can read, or what the ledger says.
pub fn open_order(desk: &mut Desk<'_, '_>, open: OpenOrder) -> Result<OrderRow, ShopError> {
    desk.selling_at(&open.terminal)?;
    let table = open.table.map(|table| table.trim().to_owned()).filter(|table| !table.is_empty());
    if table.as_ref().is_some_and(|table| table.len() > 20 || table.contains(char::is_control)) {
        return Err(ShopError::Invalid("A table has a short name, as in 12 or Terrace 3.".into()));
    }
    let mut tab = open.tab;
    greet(desk.view(), &mut tab)?;
    let at_table = open.kind == OrderKind::DineIn;
    let service = tab.service.or(desk.shop.rules.service.filter(|_| at_table));
    let head = Head {
        id: OrderId::new(desk.tx.mint()),
        number: desk.tx.next_number("order")?,
        kind: open.kind,
        terminal: open.terminal,
        table,
        opened_at: desk.now(),
        currency: desk.shop.currency,
        policy: desk.shop.policy,
        tab: Tab { service, ..tab },
    };
    let name = order_doc::name_of(head.id);
    desk.docs.edit(desk.tx, &name, |document| order_doc::open(document, &head))?;
    let row = OrderRow { head, lines: vec![], status: Status::Open, sale: None };
    desk.save_order(&[], &row)?;
    desk.tx.set_current_order(&row.head.terminal, Some(row.head.id))?;
    Ok(row)
}
