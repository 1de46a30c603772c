//! The kitchen gets to know: what was not sent yet goes to its stations.

use crate::error::ShopError;
use crate::shop::Desk;
use edge_domain::fact::Fact;
use edge_domain::kitchen::{Ticket, by_station};
use edge_domain::order::{Head, Line, Status};
use edge_domain::{OrderId, TicketId};
use edge_ledger::feed::{Topic, Type};
use edge_ledger::orders::OrderRow;
use edge_ledger::print::JobKind;

/// Sends what the kitchen has not got yet: all of it, or the courses up to one, while later ones
/// are held. Nothing new sends nothing.
///
/// # Errors
/// An order that does not live, or what the ledger says.
pub fn fire_ticket(
    desk: &mut Desk<'_, '_>,
    order: OrderId,
    up_to_course: Option<u8>,
) -> Result<OrderRow, ShopError> {
    let mut row = desk.live_order(order)?;
    let mut open = edge_domain::order::Order::open(row.head.clone(), row.lines.clone());
    let fired = open.fire(up_to_course);
    if fired.is_empty() {
        return Ok(row);
    }
    let before = std::mem::replace(&mut row.lines, open.lines().to_vec());
    row.status = row.status.max(Status::Placed);
    desk.save_order(&before, &row)?;
    send(desk, &row.head, &fired)?;
    Ok(row)
}

/// One ticket a station for lines that were just fired.
pub(crate) fn send(desk: &mut Desk<'_, '_>, head: &Head, fired: &[Line]) -> Result<(), ShopError> {
    for (station, lines) in by_station(fired) {
        let id = TicketId::new(desk.tx.mint());
        let number = desk.tx.next_number("ticket")?;
        let ticket = Ticket::of(id, number, head, station, lines, desk.now());
        let station = ticket.station.clone();
        desk.tx.append(&Fact::TicketFired(ticket))?;
        desk.tx.tell(Topic::Kitchen, Type::TicketFired, Some(id.uuid()))?;
        if desk.shop.printers.at_station(&station) {
            desk.tx.enqueue(JobKind::Kitchen, &station, Some(id.uuid()), false)?;
        }
    }
    Ok(())
}
