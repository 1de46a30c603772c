//! Kitchen tickets: what a station has to make, from fired to bumped.

use crate::ids::{LineId, OrderId, TicketId};
use crate::order::{Head, Line, OrderKind};
use crate::quantity::Quantity;
use crate::time::StoreTime;

/// One dish on a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketLine {
    /// The order's line.
    pub line: LineId,
    /// What to make.
    pub name: String,
    /// How many.
    pub quantity: Quantity,
    /// How, as names.
    pub modifiers: Vec<String>,
    /// A word from the counter.
    pub note: Option<String>,
}

/// What one station has to make for one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// What the kitchen calls it by; counts up per store.
    pub number: u32,
    /// The order.
    pub order: OrderId,
    /// The order's number.
    pub order_number: u32,
    /// How the order leaves the shop.
    pub kind: OrderKind,
    /// The table of a dine-in order.
    pub table: Option<String>,
    /// Which station makes it.
    pub station: String,
    /// When it was sent.
    pub fired_at: StoreTime,
    /// What to make; at least one line.
    pub lines: Vec<TicketLine>,
}

/// The stations of fired lines, each with its lines, in the order of their first line.
#[must_use]
pub fn by_station(fired: &[Line]) -> Vec<(String, Vec<TicketLine>)> {
    let mut stations: Vec<(String, Vec<TicketLine>)> = Vec::new();
    for line in fired {
        let Some(station) = &line.station else { continue };
        let entry = TicketLine {
            line: line.id,
            name: line.name.clone(),
            quantity: line.quantity,
            modifiers: line.modifiers.iter().map(|choice| choice.name.clone()).collect(),
            note: line.note.clone(),
        };
        match stations.iter_mut().find(|(name, _)| name == station) {
            Some((_, lines)) => lines.push(entry),
            None => stations.push((station.clone(), vec![entry])),
        }
    }
    stations
}

impl Ticket {
    /// A ticket of an order for one station.
    #[must_use]
    pub fn of(
        id: TicketId,
        number: u32,
        head: &Head,
        station: String,
        lines: Vec<TicketLine>,
        fired_at: StoreTime,
    ) -> Self {
        Self {
            id,
            number,
            order: head.id,
            order_number: head.number,
            kind: head.kind,
            table: head.table.clone(),
            station,
            fired_at,
            lines,
        }
    }
}
