//! The customer leaves without the goods.

use crate::error::ShopError;
use crate::shop::Desk;
use edge_domain::OrderId;
use edge_domain::fact::Fact;
use edge_domain::order::Status;
use edge_ledger::orders::OrderRow;

/// Gives an order up, with a reason. Money that was taken on it must be given back first.
///
/// # Errors
/// An order that does not live, has payments, or no reason.
pub fn cancel_order(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    reason: &str,
) -> Result<OrderRow, ShopError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.len() > 200 || reason.contains(char::is_control) {
        return Err(ShopError::Invalid("Say why in a few words.".into()));
    }
    let mut row = desk.live_order(order)?;
    if !desk.view().deposits(order)?.is_empty() {
        return Err(ShopError::OrderHasPayments);
    }
    let lines = row.lines.clone();
    row.status = Status::Cancelled;
    desk.save_order(&lines, &row)?;
    desk.tx.leave_order(order)?;
    let reason = reason.to_owned();
    desk.tx.append(&Fact::OrderCancelled { order, reason, at: desk.now() })?;
    Ok(row)
}
