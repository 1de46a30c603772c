//! The customer leaves without the goods.

use crate::error::ShopError;
use crate::shop::Desk;
use edge_domain::fact::{DepositTaken, Fact};
use edge_domain::order::Status;
use edge_domain::staff::Permission;
use edge_domain::{OrderId, PaymentId};
use edge_ledger::orders::OrderRow;

/// Gives an order up, with a reason. Money that was taken on it is given back as it came, if
/// `give_back` says so.
///
/// # Errors
/// An order that does not live, no reason, or payments that nobody said to give back.
pub fn cancel_order(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    reason: &str,
    give_back: bool,
) -> Result<OrderRow, ShopError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.len() > 200 || reason.contains(char::is_control) {
        return Err(ShopError::Invalid("Say why in a few words.".into()));
    }
    let mut row = desk.live_order(order)?;
    if !desk.view().paid_on(order)?.is_zero() {
        if !give_back {
            return Err(ShopError::OrderHasPayments);
        }
        desk.require(Permission::CancelPaidOrder)?;
        desk.money_at(&row.head.terminal)?;
        for paid in desk.view().deposits(order)? {
            let payment = paid.reversed(PaymentId::new(desk.tx.mint()))?;
            let (terminal, at) = (row.head.terminal.clone(), desk.now());
            desk.tx.append(&Fact::DepositTaken(DepositTaken { order, terminal, payment, at }))?;
        }
    }
    let lines = row.lines.clone();
    row.status = Status::Cancelled;
    desk.save_order(&lines, &row)?;
    desk.tx.leave_order(order)?;
    let reason = reason.to_owned();
    desk.tx.append(&Fact::OrderCancelled { order, reason, at: desk.now() })?;
    Ok(row)
}
