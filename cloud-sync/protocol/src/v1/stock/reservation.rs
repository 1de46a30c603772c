//! Promises.

use super::goods::{AmountV1, amounts, place, some};
use crate::v1::order::{ShapeError, broken};
use edge_domain::ids::ReservationId;
use edge_domain::stock::{Left, ReservationCommitted, ReservationMade};
use edge_domain::{OrderId, SaleId, StoreTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
pub(super) struct ReservationMadeV1 {
    reservation: Uuid,
    lines: Vec<AmountV1>,
    expires_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct LeftLineV1 {
    #[serde(flatten)]
    amount: AmountV1,
    place: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReservationCommittedV1 {
    reservation: Uuid,
    /// The sale that moved the goods; without one, the lines did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sale: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<LeftLineV1>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReservationEndedV1 {
    reservation: Uuid,
    at: i64,
}

impl From<&ReservationMade> for ReservationMadeV1 {
    fn from(fact: &ReservationMade) -> Self {
        Self {
            reservation: fact.id.uuid(),
            lines: fact.lines.iter().map(AmountV1::from).collect(),
            expires_at: fact.expires_at.as_millis(),
            order: fact.order.map(OrderId::uuid),
            reference: fact.reference.clone(),
            at: fact.at.as_millis(),
        }
    }
}

impl TryFrom<ReservationMadeV1> for ReservationMade {
    type Error = ShapeError;

    fn try_from(shape: ReservationMadeV1) -> Result<Self, ShapeError> {
        let lines = amounts(&shape.lines, some)?;
        if lines.is_empty() || !lines.windows(2).all(|pair| pair[0].0 < pair[1].0) {
            return Err(broken("a reservation names each of its items once"));
        }
        Ok(Self {
            id: ReservationId::new(shape.reservation),
            lines,
            expires_at: StoreTime::from_millis(shape.expires_at),
            order: shape.order.map(OrderId::new),
            reference: shape.reference,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&ReservationCommitted> for ReservationCommittedV1 {
    fn from(fact: &ReservationCommitted) -> Self {
        let (sale, lines) = match &fact.left {
            Left::Sale(sale) => (Some(sale.uuid()), vec![]),
            Left::Goods(lines) => {
                let line = |(sku, quantity, place): &(_, _, edge_domain::stock::Place)| {
                    let amount = AmountV1::from(&(Clone::clone(sku), *quantity));
                    LeftLineV1 { amount, place: place.to_string() }
                };
                (None, lines.iter().map(line).collect())
            }
        };
        Self { reservation: fact.id.uuid(), sale, lines, at: fact.at.as_millis() }
    }
}

impl TryFrom<ReservationCommittedV1> for ReservationCommitted {
    type Error = ShapeError;

    fn try_from(shape: ReservationCommittedV1) -> Result<Self, ShapeError> {
        let line = |line: LeftLineV1| {
            let (sku, quantity) = line.amount.read(some)?;
            Ok((sku, quantity, place(&line.place)?))
        };
        let lines = shape.lines.into_iter().map(line).collect::<Result<Vec<_>, ShapeError>>()?;
        let left = match (shape.sale, lines.is_empty()) {
            (Some(sale), true) => Left::Sale(SaleId::new(sale)),
            (None, false) => Left::Goods(lines),
            _ => return Err(broken("promised goods leave with a sale or by themselves")),
        };
        let (id, at) = (ReservationId::new(shape.reservation), StoreTime::from_millis(shape.at));
        Ok(Self { id, left, at })
    }
}

impl ReservationEndedV1 {
    pub(super) fn of(id: ReservationId, at: StoreTime) -> Self {
        Self { reservation: id.uuid(), at: at.as_millis() }
    }

    pub(super) fn read(&self) -> (ReservationId, StoreTime) {
        (ReservationId::new(self.reservation), StoreTime::from_millis(self.at))
    }
}
