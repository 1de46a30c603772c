//! Kitchen tickets, v1.

use super::order::{ShapeError, broken};
use edge_domain::kitchen::{Ticket, TicketLine};
use edge_domain::order::OrderKind;
use edge_domain::quantity::Quantity;
use edge_domain::{LineId, OrderId, StoreTime, TicketId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
pub(super) struct TicketLineV1 {
    line: Uuid,
    name: String,
    quantity: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    modifiers: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TicketV1 {
    id: Uuid,
    number: u32,
    order: Uuid,
    order_number: u32,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    station: String,
    fired_at: i64,
    lines: Vec<TicketLineV1>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TicketMoveV1 {
    pub(super) ticket: Uuid,
    pub(super) at: i64,
}

impl From<&Ticket> for TicketV1 {
    fn from(ticket: &Ticket) -> Self {
        let line = |line: &TicketLine| TicketLineV1 {
            line: line.line.uuid(),
            name: line.name.clone(),
            quantity: line.quantity.thousandths(),
            modifiers: line.modifiers.clone(),
            note: line.note.clone(),
        };
        Self {
            id: ticket.id.uuid(),
            number: ticket.number,
            order: ticket.order.uuid(),
            order_number: ticket.order_number,
            kind: ticket.kind.as_str().to_owned(),
            table: ticket.table.clone(),
            station: ticket.station.clone(),
            fired_at: ticket.fired_at.as_millis(),
            lines: ticket.lines.iter().map(line).collect(),
        }
    }
}

impl TryFrom<TicketV1> for Ticket {
    type Error = ShapeError;

    fn try_from(shape: TicketV1) -> Result<Self, ShapeError> {
        let line = |line: TicketLineV1| {
            Ok(TicketLine {
                line: LineId::new(line.line),
                name: line.name,
                quantity: Quantity::from_thousandths(line.quantity).map_err(broken)?,
                modifiers: line.modifiers,
                note: line.note,
            })
        };
        let kind = OrderKind::from_name(&shape.kind);
        Ok(Self {
            id: TicketId::new(shape.id),
            number: shape.number,
            order: OrderId::new(shape.order),
            order_number: shape.order_number,
            kind: kind.ok_or_else(|| broken(format!("unknown order kind {:?}", shape.kind)))?,
            table: shape.table,
            station: shape.station,
            fired_at: StoreTime::from_millis(shape.fired_at),
            lines: shape.lines.into_iter().map(line).collect::<Result<_, _>>()?,
        })
    }
}
