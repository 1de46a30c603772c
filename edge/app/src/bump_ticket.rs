//! The kitchen is done with a ticket, or takes it back.

use crate::error::ShopError;
use crate::shop::Desk;
use edge_domain::TicketId;
use edge_domain::fact::Fact;
use edge_ledger::feed::{Topic, Type};
use edge_ledger::kitchen::TicketRow;

/// Finishes a ticket. One that is finished stays so.
///
/// # Errors
/// [`ShopError::UnknownTicket`], or what the ledger says.
pub fn bump_ticket(desk: &mut Desk<'_, '_>, ticket: TicketId) -> Result<TicketRow, ShopError> {
    let row = known(desk, ticket)?;
    if row.bumped_at.is_some() {
        return Ok(row);
    }
    desk.tx.append(&Fact::TicketBumped { ticket, at: desk.now() })?;
    desk.tx.tell(Topic::Kitchen, Type::TicketBumped, Some(ticket.uuid()))?;
    known(desk, ticket)
}

/// Takes a ticket back onto the screen. One that waits stays so.
///
/// # Errors
/// [`ShopError::UnknownTicket`], or what the ledger says.
pub fn recall_ticket(desk: &mut Desk<'_, '_>, ticket: TicketId) -> Result<TicketRow, ShopError> {
    let row = known(desk, ticket)?;
    if row.bumped_at.is_none() {
        return Ok(row);
    }
    desk.tx.append(&Fact::TicketRecalled { ticket, at: desk.now() })?;
    desk.tx.tell(Topic::Kitchen, Type::TicketRecalled, Some(ticket.uuid()))?;
    known(desk, ticket)
}

fn known(desk: &Desk<'_, '_>, ticket: TicketId) -> Result<TicketRow, ShopError> {
    desk.view().ticket(ticket)?.ok_or(ShopError::UnknownTicket)
}
