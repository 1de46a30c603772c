//! Bodies of facts, v1: JSON, so that an auditor reads the journal without our programs.

use super::order::{LineV1, PaymentV1, ShapeError, broken, policy_names, policy_of};
use edge_domain::fact::{DepositTaken, Fact, PriceSet, StockReceived};
use edge_domain::item::{Sku, TerminalId};
use edge_domain::kitchen::{Ticket, TicketLine};
use edge_domain::money::{Currency, Money};
use edge_domain::order::OrderKind;
use edge_domain::quantity::Quantity;
use edge_domain::sale::{ReceiptNumber, Sale, SaleParts};
use edge_domain::{LineId, OrderId, SaleId, StoreTime, TicketId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The version that is written.
pub const VERSION: u16 = 1;

#[derive(Serialize, Deserialize)]
struct SaleV1 {
    id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<Uuid>,
    terminal: String,
    number: u32,
    at: i64,
    currency: String,
    prices: String,
    rounding: String,
    total: i64,
    lines: Vec<LineV1>,
    payments: Vec<PaymentV1>,
}

#[derive(Serialize, Deserialize)]
struct DepositV1 {
    order: Uuid,
    terminal: String,
    currency: String,
    payment: PaymentV1,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct CancelV1 {
    order: Uuid,
    reason: String,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct TicketLineV1 {
    line: Uuid,
    name: String,
    quantity: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    modifiers: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct TicketV1 {
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
struct TicketMoveV1 {
    ticket: Uuid,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct StockLineV1 {
    sku: String,
    quantity: i64,
}

#[derive(Serialize, Deserialize)]
struct StockReceivedV1 {
    lines: Vec<StockLineV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct PriceSetV1 {
    sku: String,
    currency: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<i64>,
    price: i64,
    at: i64,
}

/// What a journal entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// A fact that this version knows.
    Known(Fact),
    /// A kind or version of a newer release: kept and passed on as it is.
    Unknown,
}

/// A fact's body, to be written with its [`Fact::kind`] and [`VERSION`].
///
/// # Errors
/// Never for facts of the domain; serde's error keeps the proof.
pub fn write(fact: &Fact) -> Result<Vec<u8>, serde_json::Error> {
    match fact {
        Fact::SaleCompleted(sale) => serde_json::to_vec(&SaleV1::from(&**sale)),
        Fact::DepositTaken(deposit) => serde_json::to_vec(&DepositV1 {
            order: deposit.order.uuid(),
            terminal: deposit.terminal.to_string(),
            currency: deposit.payment.amount.currency().to_string(),
            payment: PaymentV1::from(&deposit.payment),
            at: deposit.at.as_millis(),
        }),
        Fact::OrderCancelled { order, reason, at } => serde_json::to_vec(&CancelV1 {
            order: order.uuid(),
            reason: reason.clone(),
            at: at.as_millis(),
        }),
        Fact::TicketFired(ticket) => serde_json::to_vec(&TicketV1::from(ticket)),
        Fact::TicketBumped { ticket, at } | Fact::TicketRecalled { ticket, at } => {
            serde_json::to_vec(&TicketMoveV1 { ticket: ticket.uuid(), at: at.as_millis() })
        }
        Fact::StockReceived(receipt) => {
            let line = |(sku, quantity): &(Sku, Quantity)| StockLineV1 {
                sku: sku.to_string(),
                quantity: quantity.thousandths(),
            };
            serde_json::to_vec(&StockReceivedV1 {
                lines: receipt.lines.iter().map(line).collect(),
                reference: receipt.reference.clone(),
                at: receipt.at.as_millis(),
            })
        }
        Fact::PriceSet(set) => serde_json::to_vec(&PriceSetV1 {
            sku: set.sku.to_string(),
            currency: set.price.currency().to_string(),
            before: set.before.map(Money::minor),
            price: set.price.minor(),
            at: set.at.as_millis(),
        }),
    }
}

/// Reads a body, and checks it against the shop's rules while doing so.
///
/// # Errors
/// The rule that it breaks.
pub fn read(kind: &str, version: u16, body: &[u8]) -> Result<Read, ShapeError> {
    if version != VERSION {
        return Ok(Read::Unknown);
    }
    let fact = match kind {
        "sale_completed" => Fact::SaleCompleted(Box::new(json::<SaleV1>(body)?.try_into()?)),
        "deposit_taken" => Fact::DepositTaken(json::<DepositV1>(body)?.try_into()?),
        "order_cancelled" => {
            let shape: CancelV1 = json(body)?;
            let (order, at) = (OrderId::new(shape.order), StoreTime::from_millis(shape.at));
            Fact::OrderCancelled { order, reason: shape.reason, at }
        }
        "ticket_fired" => Fact::TicketFired(json::<TicketV1>(body)?.try_into()?),
        "ticket_bumped" | "ticket_recalled" => {
            let shape: TicketMoveV1 = json(body)?;
            let (ticket, at) = (TicketId::new(shape.ticket), StoreTime::from_millis(shape.at));
            match kind {
                "ticket_bumped" => Fact::TicketBumped { ticket, at },
                _ => Fact::TicketRecalled { ticket, at },
            }
        }
        "stock_received" => Fact::StockReceived(json::<StockReceivedV1>(body)?.try_into()?),
        "price_set" => Fact::PriceSet(json::<PriceSetV1>(body)?.try_into()?),
        _ => return Ok(Read::Unknown),
    };
    Ok(Read::Known(fact))
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, ShapeError> {
    serde_json::from_slice(body).map_err(broken)
}

impl From<&Sale> for SaleV1 {
    fn from(sale: &Sale) -> Self {
        let parts = sale.parts();
        let (prices, rounding) = policy_names(parts.policy);
        Self {
            id: parts.id.uuid(),
            order: parts.order.map(OrderId::uuid),
            terminal: parts.receipt.terminal.to_string(),
            number: parts.receipt.number,
            at: parts.at.as_millis(),
            currency: parts.currency.to_string(),
            prices: prices.to_owned(),
            rounding: rounding.to_owned(),
            total: sale.totals().gross.minor(),
            lines: parts.lines.iter().map(LineV1::from).collect(),
            payments: parts.payments.iter().map(PaymentV1::from).collect(),
        }
    }
}

impl TryFrom<SaleV1> for Sale {
    type Error = ShapeError;

    fn try_from(shape: SaleV1) -> Result<Self, ShapeError> {
        let currency: Currency = shape.currency.parse().map_err(broken)?;
        let line = |line: LineV1| line.into_domain(currency);
        let payment = |payment: PaymentV1| payment.into_domain(currency);
        let terminal = TerminalId::new(&shape.terminal).map_err(broken)?;
        let parts = SaleParts {
            id: SaleId::new(shape.id),
            order: shape.order.map(OrderId::new),
            receipt: ReceiptNumber { terminal, number: shape.number },
            at: StoreTime::from_millis(shape.at),
            currency,
            policy: policy_of(&shape.prices, &shape.rounding)?,
            lines: shape.lines.into_iter().map(line).collect::<Result<_, _>>()?,
            payments: shape.payments.into_iter().map(payment).collect::<Result<_, _>>()?,
        };
        let sale = Self::checked(parts).map_err(broken)?;
        if sale.totals().gross.minor() != shape.total {
            return Err(broken("the lines do not sum to the sale's total"));
        }
        Ok(sale)
    }
}

impl TryFrom<DepositV1> for DepositTaken {
    type Error = ShapeError;

    fn try_from(shape: DepositV1) -> Result<Self, ShapeError> {
        let currency: Currency = shape.currency.parse().map_err(broken)?;
        Ok(Self {
            order: OrderId::new(shape.order),
            terminal: TerminalId::new(&shape.terminal).map_err(broken)?,
            payment: shape.payment.into_domain(currency)?,
            at: StoreTime::from_millis(shape.at),
        })
    }
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

impl TryFrom<StockReceivedV1> for StockReceived {
    type Error = ShapeError;

    fn try_from(shape: StockReceivedV1) -> Result<Self, ShapeError> {
        let line = |line: StockLineV1| {
            let quantity = Quantity::from_thousandths(line.quantity).map_err(broken)?;
            if quantity <= Quantity::ZERO {
                return Err(broken("goods that come in are more than 0"));
            }
            Ok((Sku::new(&line.sku).map_err(broken)?, quantity))
        };
        Ok(Self {
            lines: shape.lines.into_iter().map(line).collect::<Result<_, _>>()?,
            reference: shape.reference,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl TryFrom<PriceSetV1> for PriceSet {
    type Error = ShapeError;

    fn try_from(shape: PriceSetV1) -> Result<Self, ShapeError> {
        let currency: Currency = shape.currency.parse().map_err(broken)?;
        let money = |minor| Money::new(minor, currency).map_err(broken);
        Ok(Self {
            sku: Sku::new(&shape.sku).map_err(broken)?,
            before: shape.before.map(money).transpose()?,
            price: money(shape.price)?,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sale as it was first written. Frozen: if this fails, the shape was changed instead of
    /// being given a new version.
    const FROZEN: &str = r#"{"id":"01900000-0000-7000-8000-000000000001","terminal":"T1","number":7,"at":1700000000000,"currency":"EUR","prices":"inclusive","rounding":"line","total":258,"lines":[{"id":"01900000-0000-7000-8000-000000000002","sku":"MILK","name":"Milk","unit":"each","quantity":2000,"price":129,"rate":7000}],"payments":[{"id":"01900000-0000-7000-8000-000000000003","method":"cash","tendered":500,"amount":258,"change":242}]}"#;

    #[test]
    fn the_first_sale_still_reads_and_writes() {
        let Ok(Read::Known(fact)) = read("sale_completed", 1, FROZEN.as_bytes()) else {
            panic!("the frozen sale reads")
        };
        assert_eq!(String::from_utf8(write(&fact).unwrap()).unwrap(), FROZEN);
    }

    #[test]
    fn a_sale_that_does_not_add_up_is_named() {
        let forged = FROZEN.replace("\"total\":258", "\"total\":257");
        let error = read("sale_completed", 1, forged.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "the lines do not sum to the sale's total");
        let forged = FROZEN.replace("\"amount\":258", "\"amount\":200");
        assert!(read("sale_completed", 1, forged.as_bytes()).is_err());
    }

    #[test]
    fn what_a_newer_release_wrote_is_passed_on() {
        assert_eq!(read("drone_sent", 1, b"{}"), Ok(Read::Unknown));
        assert_eq!(read("sale_completed", 2, b"?"), Ok(Read::Unknown));
        let newer = FROZEN.replace("\"total\"", "\"mood\":\"good\",\"total\"");
        assert!(matches!(read("sale_completed", 1, newer.as_bytes()), Ok(Read::Known(_))));
    }
}
