//! What happens to goods, as facts: received, adjusted, moved, counted, consumed, promised.
//!
//! Each fact says all that its postings need, so that they can be derived from it alone. What it
//! means for lots, costs and promises is in the files beside this one, as rules without storage.

mod cost;
mod count;
mod lot;
mod place;
mod receipt;
mod reservation;
mod transfer;

pub use cost::{Cost, UNIT_COST_MINOR_MAX};
pub use count::{CountClosed, CountOpened, CountTaken, variance};
pub use lot::{Day, DayError, Lot, first_expired};
pub use place::{Place, PlaceError, PlaceName};
pub use receipt::{
    Adjusted, Consumed, PlaceAdded, Reason, ReceivedLine, StockAdjusted, StockReceived, consumption,
};
pub use reservation::{Left, ReservationCommitted, ReservationMade, gathered};
pub use transfer::{End, StockMoved, TransferReceived, TransferSent, TransferSettled};

use crate::ids::ReservationId;
use crate::item::Sku;
use crate::posting::{Detail, Location, Postings, StockMove};
use crate::quantity::Quantity;
use crate::time::StoreTime;

/// Some of an item, more than nothing; of a lot, where one is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// What.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
    /// Which lot.
    pub lot: Option<Lot>,
}

/// A fact about goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StockFact {
    /// The store has another place for goods.
    PlaceAdded(PlaceAdded),
    /// Goods came from a supplier.
    Received(StockReceived),
    /// The books were brought to what lies there, for a reason.
    Adjusted(StockAdjusted),
    /// Goods went from one place of the store to another, in one step.
    Moved(StockMoved),
    /// Goods left on their way.
    Sent(TransferSent),
    /// Goods on their way arrived, all or some.
    Arrived(TransferReceived),
    /// What never arrived was given up.
    Settled(TransferSettled),
    /// A count began.
    CountOpened(CountOpened),
    /// Somebody counted.
    CountTaken(CountTaken),
    /// A count ended, and its differences were booked.
    CountClosed(CountClosed),
    /// A sale used up ingredients.
    Consumed(Consumed),
    /// Goods were promised.
    ReservationMade(ReservationMade),
    /// The promise was kept.
    ReservationCommitted(ReservationCommitted),
    /// The promise was given back.
    ReservationReleased {
        /// Which.
        id: ReservationId,
        /// When.
        at: StoreTime,
    },
    /// The promise's time was over.
    ReservationExpired {
        /// Which.
        id: ReservationId,
        /// When that was noticed; it had counted no more since its own time.
        at: StoreTime,
    },
}

impl StockFact {
    /// The journal's name for this kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::PlaceAdded(_) => "place_added",
            Self::Received(_) => "stock_received",
            Self::Adjusted(_) => "stock_adjusted",
            Self::Moved(_) => "stock_moved",
            Self::Sent(_) => "transfer_sent",
            Self::Arrived(_) => "transfer_received",
            Self::Settled(_) => "transfer_settled",
            Self::CountOpened(_) => "count_opened",
            Self::CountTaken(_) => "count_taken",
            Self::CountClosed(_) => "count_closed",
            Self::Consumed(_) => "stock_consumed",
            Self::ReservationMade(_) => "reservation_made",
            Self::ReservationCommitted(_) => "reservation_committed",
            Self::ReservationReleased { .. } => "reservation_released",
            Self::ReservationExpired { .. } => "reservation_expired",
        }
    }

    /// When it happened by the store's wall clock.
    #[must_use]
    pub const fn at(&self) -> StoreTime {
        match self {
            Self::PlaceAdded(fact) => fact.at,
            Self::Received(fact) => fact.at,
            Self::Adjusted(fact) => fact.at,
            Self::Moved(fact) => fact.at,
            Self::Sent(fact) => fact.at,
            Self::Arrived(fact) => fact.at,
            Self::Settled(fact) => fact.at,
            Self::CountOpened(fact) => fact.at,
            Self::CountTaken(fact) => fact.at,
            Self::CountClosed(fact) => fact.at,
            Self::Consumed(fact) => fact.at,
            Self::ReservationMade(fact) => fact.at,
            Self::ReservationCommitted(fact) => fact.at,
            Self::ReservationReleased { at, .. } | Self::ReservationExpired { at, .. } => *at,
        }
    }

    /// The goods that it moves. A promise moves none, and neither does counting.
    #[must_use]
    pub fn postings(&self) -> Postings {
        match self {
            Self::Received(fact) => fact.postings(),
            Self::Adjusted(fact) => fact.postings(),
            Self::Moved(fact) => fact.postings(),
            Self::Sent(fact) => fact.postings(),
            Self::Arrived(fact) => fact.postings(),
            Self::Settled(fact) => fact.postings(),
            Self::CountClosed(fact) => fact.postings(),
            Self::Consumed(fact) => fact.postings(),
            Self::ReservationCommitted(fact) => fact.postings(),
            Self::PlaceAdded(_)
            | Self::CountOpened(_)
            | Self::CountTaken(_)
            | Self::ReservationMade(_)
            | Self::ReservationReleased { .. }
            | Self::ReservationExpired { .. } => Postings::default(),
        }
    }
}

/// One move of goods.
fn moved(goods: &Goods, from: Location, to: Location) -> (StockMove, Detail) {
    let (sku, quantity) = (goods.sku.clone(), goods.quantity);
    let detail = Detail { lot: goods.lot.clone(), unit_cost: None };
    (StockMove { sku, quantity, from, to }, detail)
}

/// A signed difference as a move: out of shrinkage where there is more, into it where less.
fn difference(
    sku: &Sku,
    quantity: Quantity,
    lot: Option<&Lot>,
    place: &Place,
) -> (StockMove, Detail) {
    let here = Location::from(place.clone());
    let goods = |quantity| Goods { sku: sku.clone(), quantity, lot: lot.cloned() };
    if quantity < Quantity::ZERO {
        moved(&goods(quantity.negated()), here, Location::Shrinkage)
    } else {
        moved(&goods(quantity), Location::Shrinkage, here)
    }
}

#[cfg(test)]
mod tests;
