//! Facts about rights and stored value, v1.

use super::order::{ShapeError, broken};
use edge_domain::money::{Currency, Money};
use edge_domain::payment::Stored;
use edge_domain::value::{RightMove, RightsMoved, ValueIssued};
use edge_domain::{SaleId, StoreTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A cell that grew.
#[derive(Debug, Serialize, Deserialize)]
struct RightMoveV1 {
    resource: String,
    cell: String,
    by: u64,
}

/// Rights were made, given or used.
#[derive(Debug, Serialize, Deserialize)]
pub struct RightsMovedV1 {
    moves: Vec<RightMoveV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sale: Option<Uuid>,
    at: i64,
}

/// Value was given without a sale.
#[derive(Debug, Serialize, Deserialize)]
pub struct ValueIssuedV1 {
    kind: String,
    reference: String,
    amount: i64,
    currency: String,
    reason: String,
    at: i64,
}

impl From<&RightsMoved> for RightsMovedV1 {
    fn from(fact: &RightsMoved) -> Self {
        let shape = |moved: &RightMove| RightMoveV1 {
            resource: moved.resource.to_string(),
            cell: moved.cell.to_string(),
            by: moved.by,
        };
        Self {
            moves: fact.moves.iter().map(shape).collect(),
            sale: fact.sale.map(SaleId::uuid),
            at: fact.at.as_millis(),
        }
    }
}

impl TryFrom<RightsMovedV1> for RightsMoved {
    type Error = ShapeError;

    fn try_from(shape: RightsMovedV1) -> Result<Self, ShapeError> {
        let moved = |moved: RightMoveV1| {
            let (resource, cell) = (moved.resource.parse(), moved.cell.parse());
            let by = Some(moved.by).filter(|by| *by > 0).ok_or_else(|| broken("nothing moved"))?;
            Ok(RightMove { resource: resource.map_err(broken)?, cell: cell.map_err(broken)?, by })
        };
        Ok(Self {
            moves: shape.moves.into_iter().map(moved).collect::<Result<_, _>>()?,
            sale: shape.sale.map(SaleId::new),
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&ValueIssued> for ValueIssuedV1 {
    fn from(fact: &ValueIssued) -> Self {
        Self {
            kind: fact.kind.as_str().to_owned(),
            reference: fact.reference.clone(),
            amount: fact.amount.minor(),
            currency: fact.amount.currency().to_string(),
            reason: fact.reason.clone(),
            at: fact.at.as_millis(),
        }
    }
}

impl TryFrom<ValueIssuedV1> for ValueIssued {
    type Error = ShapeError;

    fn try_from(shape: ValueIssuedV1) -> Result<Self, ShapeError> {
        let kind = Stored::NAMES.iter().find(|(_, name)| *name == shape.kind);
        let (kind, _) = kind.ok_or_else(|| broken(format!("unknown value {:?}", shape.kind)))?;
        let currency: Currency = shape.currency.parse().map_err(broken)?;
        if shape.amount <= 0 {
            return Err(broken("value that is issued is more than nothing"));
        }
        Ok(Self {
            kind: *kind,
            reference: shape.reference,
            amount: Money::new(shape.amount, currency).map_err(broken)?,
            reason: shape.reason,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fact::{Read, read, write};

    /// As they were first written. Frozen.
    const FROZEN: [(&str, &str); 2] = [
        (
            "rights_moved",
            r#"{"moves":[{"resource":"item/MILK","cell":"spent:01900000-0000-7000-8000-000000000001","by":1000}],"at":1700000000000}"#,
        ),
        (
            "value_issued",
            r#"{"kind":"voucher","reference":"SORRY-1","amount":500,"currency":"EUR","reason":"late","at":1700000000000}"#,
        ),
    ];

    #[test]
    fn the_first_ones_still_read_and_write() {
        for (kind, body) in FROZEN {
            let Ok(Read::Known(fact)) = read(kind, 1, body.as_bytes()) else { panic!("{kind}") };
            assert_eq!(fact.kind(), kind);
            assert_eq!(String::from_utf8(write(&fact).unwrap()).unwrap(), body);
        }
    }

    #[test]
    fn nothing_is_no_move() {
        let nothing = FROZEN[0].1.replace("\"by\":1000", "\"by\":0");
        assert!(read("rights_moved", 1, nothing.as_bytes()).is_err());
        let less = FROZEN[1].1.replace("500", "-5");
        assert!(read("value_issued", 1, less.as_bytes()).is_err());
    }
}
