//! Goods that change places.

use super::goods::{GoodsV1, goods, place};
use crate::v1::order::{ShapeError, broken};
use edge_domain::StoreTime;
use edge_domain::ids::TransferId;
use edge_domain::stock::{End, Goods, StockMoved, TransferReceived, TransferSent, TransferSettled};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `{"place":"back-room"}`, or another store by its name: `{"store":"Harbour"}`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EndV1 {
    Place(String),
    Store(String),
}

#[derive(Serialize, Deserialize)]
pub(super) struct StockMovedV1 {
    transfer: Uuid,
    from: String,
    to: String,
    lines: Vec<GoodsV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TransferSentV1 {
    transfer: Uuid,
    from: EndV1,
    to: EndV1,
    lines: Vec<GoodsV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TransferReceivedV1 {
    transfer: Uuid,
    to: EndV1,
    lines: Vec<GoodsV1>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TransferSettledV1 {
    transfer: Uuid,
    lines: Vec<GoodsV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    at: i64,
}

fn shapes(lines: &[Goods]) -> Vec<GoodsV1> {
    lines.iter().map(GoodsV1::from).collect()
}

impl From<&End> for EndV1 {
    fn from(end: &End) -> Self {
        match end {
            End::Here(place) => Self::Place(place.to_string()),
            End::Elsewhere(store) => Self::Store(store.clone()),
        }
    }
}

impl TryFrom<EndV1> for End {
    type Error = ShapeError;

    fn try_from(shape: EndV1) -> Result<Self, ShapeError> {
        Ok(match shape {
            EndV1::Place(name) => Self::Here(place(&name)?),
            EndV1::Store(name) => Self::Elsewhere(name),
        })
    }
}

impl From<&StockMoved> for StockMovedV1 {
    fn from(fact: &StockMoved) -> Self {
        Self {
            transfer: fact.id.uuid(),
            from: fact.from.to_string(),
            to: fact.to.to_string(),
            lines: shapes(&fact.lines),
            reference: fact.reference.clone(),
            at: fact.at.as_millis(),
        }
    }
}

impl TryFrom<StockMovedV1> for StockMoved {
    type Error = ShapeError;

    fn try_from(shape: StockMovedV1) -> Result<Self, ShapeError> {
        let (from, to) = (place(&shape.from)?, place(&shape.to)?);
        if from == to {
            return Err(broken("goods move from one place to another"));
        }
        Ok(Self {
            id: TransferId::new(shape.transfer),
            from,
            to,
            lines: goods(shape.lines)?,
            reference: shape.reference,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&TransferSent> for TransferSentV1 {
    fn from(fact: &TransferSent) -> Self {
        Self {
            transfer: fact.id.uuid(),
            from: EndV1::from(&fact.from),
            to: EndV1::from(&fact.to),
            lines: shapes(&fact.lines),
            reference: fact.reference.clone(),
            at: fact.at.as_millis(),
        }
    }
}

impl TryFrom<TransferSentV1> for TransferSent {
    type Error = ShapeError;

    fn try_from(shape: TransferSentV1) -> Result<Self, ShapeError> {
        Ok(Self {
            id: TransferId::new(shape.transfer),
            from: shape.from.try_into()?,
            to: shape.to.try_into()?,
            lines: goods(shape.lines)?,
            reference: shape.reference,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&TransferReceived> for TransferReceivedV1 {
    fn from(fact: &TransferReceived) -> Self {
        let (transfer, to) = (fact.id.uuid(), EndV1::from(&fact.to));
        Self { transfer, to, lines: shapes(&fact.lines), at: fact.at.as_millis() }
    }
}

impl TryFrom<TransferReceivedV1> for TransferReceived {
    type Error = ShapeError;

    fn try_from(shape: TransferReceivedV1) -> Result<Self, ShapeError> {
        Ok(Self {
            id: TransferId::new(shape.transfer),
            to: shape.to.try_into()?,
            lines: goods(shape.lines)?,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&TransferSettled> for TransferSettledV1 {
    fn from(fact: &TransferSettled) -> Self {
        let (transfer, note) = (fact.id.uuid(), fact.note.clone());
        Self { transfer, lines: shapes(&fact.lines), note, at: fact.at.as_millis() }
    }
}

impl TryFrom<TransferSettledV1> for TransferSettled {
    type Error = ShapeError;

    fn try_from(shape: TransferSettledV1) -> Result<Self, ShapeError> {
        Ok(Self {
            id: TransferId::new(shape.transfer),
            lines: goods(shape.lines)?,
            note: shape.note,
            at: StoreTime::from_millis(shape.at),
        })
    }
}
