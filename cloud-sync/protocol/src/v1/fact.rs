//! Bodies of facts, v1: JSON, so that an auditor reads the journal without our programs.

use super::audit::AuditV1;
use super::kitchen::{TicketMoveV1, TicketV1};
use super::order::{ShapeError, broken};
use super::refund::RefundMovedV1;
use super::sale::{DepositV1, SaleV1};
use super::shift;
use super::slip::SlipsGivenV1;
use super::stock;
use super::value::{RightsMovedV1, ValueIssuedV1};
use edge_domain::fact::{Fact, PriceSet};
use edge_domain::item::Sku;
use edge_domain::money::{Currency, Money};
use edge_domain::{OrderId, StoreTime, TicketId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The version that is written.
pub const VERSION: u16 = 1;

#[derive(Serialize, Deserialize)]
struct CancelV1 {
    order: Uuid,
    reason: String,
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
        Fact::DepositTaken(deposit) => serde_json::to_vec(&DepositV1::from(deposit)),
        Fact::OrderCancelled { order, reason, at } => serde_json::to_vec(&CancelV1 {
            order: order.uuid(),
            reason: reason.clone(),
            at: at.as_millis(),
        }),
        Fact::TicketFired(ticket) => serde_json::to_vec(&TicketV1::from(ticket)),
        Fact::TicketBumped { ticket, at } | Fact::TicketRecalled { ticket, at } => {
            serde_json::to_vec(&TicketMoveV1 { ticket: ticket.uuid(), at: at.as_millis() })
        }
        Fact::Audited(audit) => serde_json::to_vec(&AuditV1::from(audit)),
        Fact::Stock(fact) => stock::write(fact),
        Fact::Shift(shift) => shift::write(shift),
        Fact::RightsMoved(moved) => serde_json::to_vec(&RightsMovedV1::from(moved)),
        Fact::ValueIssued(issued) => serde_json::to_vec(&ValueIssuedV1::from(issued)),
        Fact::SlipsGiven(given) => serde_json::to_vec(&SlipsGivenV1::from(given)),
        Fact::RefundMoved(moved) => serde_json::to_vec(&RefundMovedV1::from(&**moved)),
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
        "audited" => Fact::Audited(json::<AuditV1>(body)?.try_into()?),
        "rights_moved" => Fact::RightsMoved(json::<RightsMovedV1>(body)?.try_into()?),
        "value_issued" => Fact::ValueIssued(json::<ValueIssuedV1>(body)?.try_into()?),
        "slips_given" => Fact::SlipsGiven(json::<SlipsGivenV1>(body)?.try_into()?),
        "refund_moved" => Fact::RefundMoved(Box::new(json::<RefundMovedV1>(body)?.try_into()?)),
        "price_set" => Fact::PriceSet(json::<PriceSetV1>(body)?.try_into()?),
        _ => match shift::read(kind, body)? {
            Some(fact) => Fact::Shift(fact),
            None => return Ok(stock::read(kind, body)?.map_or(Read::Unknown, Read::Known)),
        },
    };
    Ok(Read::Known(fact))
}

pub(super) fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, ShapeError> {
    serde_json::from_slice(body).map_err(broken)
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
