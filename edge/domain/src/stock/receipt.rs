//! Goods that come in, are written off, or are used up.

use super::{Goods, Lot, Place, difference, moved};
use crate::ids::SaleId;
use crate::item::Sku;
use crate::money::Money;
use crate::posting::{Location, Postings};
use crate::quantity::{Quantity, QuantityError};
use crate::time::StoreTime;
use std::collections::BTreeMap;

/// The store has another place for goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceAdded {
    /// Its name; never [`Place::Store`], which every store has.
    pub place: Place,
    /// What people call it.
    pub title: String,
    /// Whether what lies there may be promised to customers.
    pub sellable: bool,
    /// When.
    pub at: StoreTime,
}

/// Goods of one item that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedLine {
    /// What, how much, of which lot.
    pub goods: Goods,
    /// What one unit cost.
    pub unit_cost: Option<Money>,
}

/// Goods that came from a supplier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockReceived {
    /// What came.
    pub lines: Vec<ReceivedLine>,
    /// Where it was put.
    pub place: Place,
    /// The delivery note's number.
    pub reference: Option<String>,
    /// When.
    pub at: StoreTime,
}

/// Why the books were brought to what lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It broke.
    Breakage,
    /// It was stolen.
    Theft,
    /// It may not be sold any more.
    Expired,
    /// It turned up.
    Found,
    /// The books were wrong.
    Correction,
    /// The house used it.
    OwnUse,
    /// Something else: the note says what.
    Other,
}

/// One item of an adjustment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjusted {
    /// What.
    pub sku: Sku,
    /// By how much, either way, never nothing.
    pub by: Quantity,
    /// Where.
    pub place: Place,
    /// Of which lot.
    pub lot: Option<Lot>,
}

/// The books were brought to what lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockAdjusted {
    /// What.
    pub lines: Vec<Adjusted>,
    /// Why.
    pub reason: Reason,
    /// In somebody's words.
    pub note: Option<String>,
    /// When.
    pub at: StoreTime,
}

/// A sale used up ingredients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumed {
    /// Which sale.
    pub sale: SaleId,
    /// What was used, each more than nothing.
    pub lines: Vec<(Sku, Quantity)>,
    /// When.
    pub at: StoreTime,
}

impl StockReceived {
    /// A plain delivery to the shop floor: no lots, no costs.
    #[must_use]
    pub fn of(lines: Vec<(Sku, Quantity)>, reference: Option<String>, at: StoreTime) -> Self {
        let line = |(sku, quantity)| ReceivedLine {
            goods: Goods { sku, quantity, lot: None },
            unit_cost: None,
        };
        Self { lines: lines.into_iter().map(line).collect(), place: Place::Store, reference, at }
    }

    pub(super) fn postings(&self) -> Postings {
        let line = |line: &ReceivedLine| {
            let (moved, mut detail) =
                moved(&line.goods, Location::Supplier, self.place.clone().into());
            detail.unit_cost = line.unit_cost;
            (moved, detail)
        };
        Postings::of_goods(self.lines.iter().map(line).collect())
    }
}

impl Reason {
    /// Every reason with its name on the wire.
    pub const NAMES: [(Self, &'static str); 7] = [
        (Self::Breakage, "breakage"),
        (Self::Theft, "theft"),
        (Self::Expired, "expired"),
        (Self::Found, "found"),
        (Self::Correction, "correction"),
        (Self::OwnUse, "own_use"),
        (Self::Other, "other"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(reason, _)| *reason == self).map_or("other", |(_, name)| name)
    }

    /// The reason of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(reason, _)| *reason)
    }
}

impl StockAdjusted {
    pub(super) fn postings(&self) -> Postings {
        let line = |line: &Adjusted| difference(&line.sku, line.by, line.lot.as_ref(), &line.place);
        Postings::of_goods(self.lines.iter().map(line).collect())
    }
}

impl Consumed {
    pub(super) fn postings(&self) -> Postings {
        let line = |(sku, quantity): &(Sku, Quantity)| {
            let goods = Goods { sku: sku.clone(), quantity: *quantity, lot: None };
            moved(&goods, Location::Store, Location::Production)
        };
        Postings::of_goods(self.lines.iter().map(line).collect())
    }
}

/// What the lines of a sale use up by their recipes, per item. `recipe` says what one unit of a
/// dish takes; what has no recipe uses up nothing beyond itself.
///
/// # Errors
/// [`QuantityError::TooLarge`] beyond the bound.
pub fn consumption(
    sold: &[(Sku, Quantity)],
    recipe: impl Fn(&Sku) -> Vec<(Sku, Quantity)>,
) -> Result<Vec<(Sku, Quantity)>, QuantityError> {
    let mut used = BTreeMap::<Sku, i128>::new();
    for (dish, dishes) in sold {
        for (sku, each) in recipe(dish) {
            // Thousandths of thousandths: rounded once, at the end.
            *used.entry(sku).or_default() +=
                i128::from(dishes.thousandths()) * i128::from(each.thousandths());
        }
    }
    let line = |(sku, millionths): (Sku, i128)| {
        let thousandths = i64::try_from((millionths + 500) / 1_000);
        let thousandths = thousandths.map_err(|_| QuantityError::TooLarge)?;
        Ok((sku, Quantity::from_thousandths(thousandths)?))
    };
    let used = used.into_iter().map(line).collect::<Result<Vec<_>, _>>()?;
    Ok(used.into_iter().filter(|(_, quantity)| *quantity > Quantity::ZERO).collect())
}
