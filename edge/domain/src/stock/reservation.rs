//! Promises: goods set aside for somebody, for a time.

use super::{Goods, Place, moved};
use crate::ids::{OrderId, ReservationId, SaleId};
use crate::item::Sku;
use crate::posting::{Location, Postings};
use crate::quantity::{Quantity, QuantityError};
use crate::time::StoreTime;
use std::collections::BTreeMap;

/// Goods were promised, all of them or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationMade {
    /// Its id.
    pub id: ReservationId,
    /// What, each item once, more than nothing.
    pub lines: Vec<(Sku, Quantity)>,
    /// From then on it counts no more.
    pub expires_at: StoreTime,
    /// For which order.
    pub order: Option<OrderId>,
    /// What whoever asked calls it.
    pub reference: Option<String>,
    /// When.
    pub at: StoreTime,
}

/// How promised goods left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// With a sale, whose own postings move them.
    Sale(SaleId),
    /// By themselves, from these places.
    Goods(Vec<(Sku, Quantity, Place)>),
}

/// The promise was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationCommitted {
    /// Which.
    pub id: ReservationId,
    /// How the goods left.
    pub left: Left,
    /// When.
    pub at: StoreTime,
}

impl ReservationCommitted {
    pub(super) fn postings(&self) -> Postings {
        let Left::Goods(lines) = &self.left else { return Postings::default() };
        let line = |(sku, quantity, place): &(Sku, Quantity, Place)| {
            let goods = Goods { sku: sku.clone(), quantity: *quantity, lot: None };
            moved(&goods, place.clone().into(), Location::Customer)
        };
        Postings::of_goods(lines.iter().map(line).collect())
    }
}

/// Lines with each item once: what is asked for twice adds up.
///
/// # Errors
/// [`QuantityError::TooLarge`] beyond the bound.
pub fn gathered(lines: Vec<(Sku, Quantity)>) -> Result<Vec<(Sku, Quantity)>, QuantityError> {
    let mut sums = BTreeMap::<Sku, Quantity>::new();
    for (sku, quantity) in lines {
        let sum = sums.entry(sku).or_insert(Quantity::ZERO);
        *sum = sum.plus(quantity)?;
    }
    Ok(sums.into_iter().collect())
}
