//! Lines of goods, and places.

use crate::v1::order::{ShapeError, broken};
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::stock::{Goods, Lot, Place};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(super) struct GoodsV1 {
    sku: String,
    quantity: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lot: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

/// An item and how much of it.
#[derive(Serialize, Deserialize)]
pub(super) struct AmountV1 {
    pub(super) sku: String,
    pub(super) quantity: i64,
}

impl From<&Goods> for GoodsV1 {
    fn from(goods: &Goods) -> Self {
        let lot = goods.lot.as_ref();
        Self {
            sku: goods.sku.to_string(),
            quantity: goods.quantity.thousandths(),
            lot: lot.map(|lot| lot.code().to_owned()),
            expires: lot.and_then(Lot::expires).map(|day| day.to_string()),
        }
    }
}

impl TryFrom<GoodsV1> for Goods {
    type Error = ShapeError;

    fn try_from(shape: GoodsV1) -> Result<Self, ShapeError> {
        Ok(Self {
            sku: Sku::new(&shape.sku).map_err(broken)?,
            quantity: some(shape.quantity)?,
            lot: lot(shape.lot.as_deref(), shape.expires.as_deref())?,
        })
    }
}

impl From<&(Sku, Quantity)> for AmountV1 {
    fn from((sku, quantity): &(Sku, Quantity)) -> Self {
        Self { sku: sku.to_string(), quantity: quantity.thousandths() }
    }
}

impl AmountV1 {
    pub(super) fn read(
        &self,
        quantity: impl Fn(i64) -> Result<Quantity, ShapeError>,
    ) -> Result<(Sku, Quantity), ShapeError> {
        Ok((Sku::new(&self.sku).map_err(broken)?, quantity(self.quantity)?))
    }
}

pub(super) fn goods(lines: Vec<GoodsV1>) -> Result<Vec<Goods>, ShapeError> {
    lines.into_iter().map(Goods::try_from).collect()
}

pub(super) fn amounts(
    lines: &[AmountV1],
    quantity: impl Fn(i64) -> Result<Quantity, ShapeError>,
) -> Result<Vec<(Sku, Quantity)>, ShapeError> {
    lines.iter().map(|line| line.read(&quantity)).collect()
}

pub(super) fn lot(code: Option<&str>, expires: Option<&str>) -> Result<Option<Lot>, ShapeError> {
    let expires = expires.map(str::parse).transpose().map_err(broken)?;
    code.map(|code| Lot::new(code, expires)).transpose().map_err(broken)
}

pub(super) fn place(name: &str) -> Result<Place, ShapeError> {
    Place::read(name).map_err(broken)
}

/// More than nothing.
pub(super) fn some(thousandths: i64) -> Result<Quantity, ShapeError> {
    let quantity = any(thousandths)?;
    if quantity > Quantity::ZERO {
        Ok(quantity)
    } else {
        Err(broken("goods that move are more than 0"))
    }
}

/// Either way, but not nothing.
pub(super) fn change(thousandths: i64) -> Result<Quantity, ShapeError> {
    let quantity = any(thousandths)?;
    if quantity == Quantity::ZERO { Err(broken("a difference is not 0")) } else { Ok(quantity) }
}

/// At least nothing.
pub(super) fn counted(thousandths: i64) -> Result<Quantity, ShapeError> {
    let quantity = any(thousandths)?;
    if quantity < Quantity::ZERO { Err(broken("nobody counts less than 0")) } else { Ok(quantity) }
}

fn any(thousandths: i64) -> Result<Quantity, ShapeError> {
    Quantity::from_thousandths(thousandths).map_err(broken)
}
