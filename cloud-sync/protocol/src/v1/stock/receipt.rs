//! What comes in, is written off, or is used up.

use super::goods::{AmountV1, GoodsV1, amounts, change, lot, place, some};
use crate::v1::order::{ShapeError, broken};
use edge_domain::item::Sku;
use edge_domain::money::{Currency, Money};
use edge_domain::stock::{
    Adjusted, Consumed, Lot, Place, PlaceAdded, Reason, ReceivedLine, StockAdjusted, StockReceived,
    UNIT_COST_MINOR_MAX,
};
use edge_domain::{SaleId, StoreTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
pub(super) struct PlaceAddedV1 {
    place: String,
    title: String,
    sellable: bool,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct ReceivedLineV1 {
    #[serde(flatten)]
    goods: GoodsV1,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost: Option<i64>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StockReceivedV1 {
    lines: Vec<ReceivedLineV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    at: i64,
    /// `store` where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// Of the costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct AdjustedV1 {
    sku: String,
    quantity: i64,
    place: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lot: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StockAdjustedV1 {
    lines: Vec<AdjustedV1>,
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ConsumedV1 {
    sale: Uuid,
    lines: Vec<AmountV1>,
    at: i64,
}

impl From<&PlaceAdded> for PlaceAddedV1 {
    fn from(fact: &PlaceAdded) -> Self {
        let (place, title) = (fact.place.to_string(), fact.title.clone());
        Self { place, title, sellable: fact.sellable, at: fact.at.as_millis() }
    }
}

impl TryFrom<PlaceAddedV1> for PlaceAdded {
    type Error = ShapeError;

    fn try_from(shape: PlaceAddedV1) -> Result<Self, ShapeError> {
        let place = place(&shape.place)?;
        if place == Place::Store {
            return Err(broken("every store has the place `store`"));
        }
        let at = StoreTime::from_millis(shape.at);
        Ok(Self { place, title: shape.title, sellable: shape.sellable, at })
    }
}

impl From<&StockReceived> for StockReceivedV1 {
    fn from(receipt: &StockReceived) -> Self {
        let line = |line: &ReceivedLine| ReceivedLineV1 {
            goods: GoodsV1::from(&line.goods),
            cost: line.unit_cost.map(Money::minor),
        };
        let cost = receipt.lines.iter().find_map(|line| line.unit_cost);
        let named = (receipt.place != Place::Store).then(|| receipt.place.to_string());
        Self {
            lines: receipt.lines.iter().map(line).collect(),
            reference: receipt.reference.clone(),
            at: receipt.at.as_millis(),
            place: named,
            currency: cost.map(|cost| cost.currency().to_string()),
        }
    }
}

impl TryFrom<StockReceivedV1> for StockReceived {
    type Error = ShapeError;

    fn try_from(shape: StockReceivedV1) -> Result<Self, ShapeError> {
        let currency = shape.currency.as_deref().map(str::parse::<Currency>);
        let currency = currency.transpose().map_err(broken)?;
        let cost = |minor: i64| {
            let currency = currency.ok_or_else(|| broken("a cost has a currency"))?;
            if !(0..=UNIT_COST_MINOR_MAX).contains(&minor) {
                return Err(broken("a cost is between 0 and 10 million"));
            }
            Money::new(minor, currency).map_err(broken)
        };
        let line = |line: ReceivedLineV1| {
            let unit_cost = line.cost.map(cost).transpose()?;
            Ok(ReceivedLine { goods: line.goods.try_into()?, unit_cost })
        };
        Ok(Self {
            lines: shape.lines.into_iter().map(line).collect::<Result<_, _>>()?,
            place: shape.place.as_deref().map_or(Ok(Place::Store), place)?,
            reference: shape.reference,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&StockAdjusted> for StockAdjustedV1 {
    fn from(fact: &StockAdjusted) -> Self {
        let line = |line: &Adjusted| AdjustedV1 {
            sku: line.sku.to_string(),
            quantity: line.by.thousandths(),
            place: line.place.to_string(),
            lot: line.lot.as_ref().map(|lot| lot.code().to_owned()),
            expires: line.lot.as_ref().and_then(Lot::expires).map(|day| day.to_string()),
        };
        Self {
            lines: fact.lines.iter().map(line).collect(),
            reason: fact.reason.as_str().to_owned(),
            note: fact.note.clone(),
            at: fact.at.as_millis(),
        }
    }
}

impl TryFrom<StockAdjustedV1> for StockAdjusted {
    type Error = ShapeError;

    fn try_from(shape: StockAdjustedV1) -> Result<Self, ShapeError> {
        let line = |line: AdjustedV1| {
            Ok(Adjusted {
                sku: Sku::new(&line.sku).map_err(broken)?,
                by: change(line.quantity)?,
                place: place(&line.place)?,
                lot: lot(line.lot.as_deref(), line.expires.as_deref())?,
            })
        };
        let reason = Reason::from_name(&shape.reason);
        Ok(Self {
            lines: shape.lines.into_iter().map(line).collect::<Result<_, ShapeError>>()?,
            reason: reason.ok_or_else(|| broken(format!("unknown reason {:?}", shape.reason)))?,
            note: shape.note,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&Consumed> for ConsumedV1 {
    fn from(fact: &Consumed) -> Self {
        let lines = fact.lines.iter().map(AmountV1::from).collect();
        Self { sale: fact.sale.uuid(), lines, at: fact.at.as_millis() }
    }
}

impl TryFrom<ConsumedV1> for Consumed {
    type Error = ShapeError;

    fn try_from(shape: ConsumedV1) -> Result<Self, ShapeError> {
        Ok(Self {
            sale: SaleId::new(shape.sale),
            lines: amounts(&shape.lines, some)?,
            at: StoreTime::from_millis(shape.at),
        })
    }
}
