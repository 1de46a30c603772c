//! Counting.

use super::goods::{AmountV1, amounts, change, counted, place};
use crate::v1::order::{ShapeError, broken};
use edge_domain::StoreTime;
use edge_domain::ids::CountId;
use edge_domain::item::Sku;
use edge_domain::stock::{CountClosed, CountOpened, CountTaken};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
pub(super) struct CountOpenedV1 {
    count: Uuid,
    place: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    skus: Vec<String>,
    blind: bool,
    at: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CountTakenV1 {
    count: Uuid,
    lines: Vec<AmountV1>,
    at: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CountClosedV1 {
    count: Uuid,
    place: String,
    lines: Vec<AmountV1>,
    at: i64,
}

impl From<&CountOpened> for CountOpenedV1 {
    fn from(fact: &CountOpened) -> Self {
        Self {
            count: fact.id.uuid(),
            place: fact.place.to_string(),
            skus: fact.skus.iter().map(ToString::to_string).collect(),
            blind: fact.blind,
            at: fact.at.as_millis(),
        }
    }
}

impl TryFrom<CountOpenedV1> for CountOpened {
    type Error = ShapeError;

    fn try_from(shape: CountOpenedV1) -> Result<Self, ShapeError> {
        let skus = shape.skus.iter().map(|sku| Sku::new(sku).map_err(broken));
        Ok(Self {
            id: CountId::new(shape.count),
            place: place(&shape.place)?,
            skus: skus.collect::<Result<_, _>>()?,
            blind: shape.blind,
            at: StoreTime::from_millis(shape.at),
        })
    }
}

impl From<&CountTaken> for CountTakenV1 {
    fn from(fact: &CountTaken) -> Self {
        let lines = fact.lines.iter().map(AmountV1::from).collect();
        Self { count: fact.id.uuid(), lines, at: fact.at.as_millis() }
    }
}

impl TryFrom<CountTakenV1> for CountTaken {
    type Error = ShapeError;

    fn try_from(shape: CountTakenV1) -> Result<Self, ShapeError> {
        let (id, at) = (CountId::new(shape.count), StoreTime::from_millis(shape.at));
        Ok(Self { id, lines: amounts(&shape.lines, counted)?, at })
    }
}

impl From<&CountClosed> for CountClosedV1 {
    fn from(fact: &CountClosed) -> Self {
        let lines = fact.lines.iter().map(AmountV1::from).collect();
        let (count, place) = (fact.id.uuid(), fact.place.to_string());
        Self { count, place, lines, at: fact.at.as_millis() }
    }
}

impl TryFrom<CountClosedV1> for CountClosed {
    type Error = ShapeError;

    fn try_from(shape: CountClosedV1) -> Result<Self, ShapeError> {
        Ok(Self {
            id: CountId::new(shape.count),
            place: place(&shape.place)?,
            lines: amounts(&shape.lines, change)?,
            at: StoreTime::from_millis(shape.at),
        })
    }
}
