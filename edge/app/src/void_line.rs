//! A line comes off although the kitchen has it: with a reason, and the kitchen is told.

use crate::error::ShopError;
use crate::fire_ticket::send;
use crate::ring_up::words;
use crate::shop::Desk;
use edge_domain::audit::Action;
use edge_domain::order::Line;
use edge_domain::staff::Permission;
use edge_domain::{LineId, OrderId};
use edge_ledger::orders::OrderRow;

/// Takes a line off. One that the kitchen has is told to it on a ticket of its own.
///
/// # Errors
/// An unknown line, no reason.
pub fn void_line(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    line: LineId,
    reason: &str,
) -> Result<OrderRow, ShopError> {
    let reason = words(reason, "reason")?;
    let reason = reason.ok_or_else(|| ShopError::Invalid("Say why in a few words.".into()))?;
    let (row, gone) = desk.edit_order(order, |order| Ok(order.void(line)?))?;
    if gone.fired {
        desk.require(Permission::VoidFired)?;
        let text = format!("{} x {} off order {}", gone.quantity, gone.name, row.head.number);
        desk.audit(Action::VoidFired, order.uuid(), text, Some(gone.total()?), reason.clone())?;
        let name = format!("--- {} ---", gone.name);
        let told = Line { name, note: Some(reason), modifiers: vec![], ..gone };
        send(desk, &row.head, &[told])?;
    }
    Ok(row)
}
