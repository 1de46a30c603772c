//! Counting while selling goes on.

use super::{Place, difference};
use crate::ids::CountId;
use crate::item::Sku;
use crate::posting::Postings;
use crate::quantity::{Quantity, QuantityError};
use crate::time::StoreTime;

/// A count began. The levels that are expected are those of this entry's place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountOpened {
    /// Its id.
    pub id: CountId,
    /// What is counted.
    pub place: Place,
    /// Which items; where none is named, whatever somebody counts.
    pub skus: Vec<Sku>,
    /// Whether the counters are not told what is expected.
    pub blind: bool,
    /// When.
    pub at: StoreTime,
}

/// Somebody counted items; a later count of an item replaces an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountTaken {
    /// Which count.
    pub id: CountId,
    /// How much lay there of what, at least nothing.
    pub lines: Vec<(Sku, Quantity)>,
    /// When.
    pub at: StoreTime,
}

/// A count ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountClosed {
    /// Which count.
    pub id: CountId,
    /// Where.
    pub place: Place,
    /// What was booked: by how much the count differed, never nothing.
    pub lines: Vec<(Sku, Quantity)>,
    /// When.
    pub at: StoreTime,
}

impl CountClosed {
    pub(super) fn postings(&self) -> Postings {
        let line = |(sku, by): &(Sku, Quantity)| difference(sku, *by, None, &self.place);
        Postings::of_goods(self.lines.iter().map(line).collect())
    }
}

/// By how much a count differs: from what the books said at the moment when that item was
/// counted, so that what was sold before and after does not matter.
///
/// # Errors
/// [`QuantityError::TooLarge`] beyond the bound.
pub const fn variance(
    counted: Quantity,
    expected_then: Quantity,
) -> Result<Quantity, QuantityError> {
    counted.plus(expected_then.negated())
}
