//! An order is set aside while the next customer is served; it is recalled where it is wanted.

use crate::error::ShopError;
use crate::shop::Desk;
use edge_domain::OrderId;
use edge_ledger::orders::OrderRow;

/// Sets an order aside: scans at the terminals that serve it go to a new one.
///
/// # Errors
/// An order that does not live.
pub fn hold_order(desk: &mut Desk<'_, '_>, order: OrderId) -> Result<OrderRow, ShopError> {
    let row = desk.live_order(order)?;
    desk.tx.leave_order(order)?;
    let lines = row.lines.clone();
    desk.save_order(&lines, &row)?;
    Ok(row)
}
