//! Why a verb of the stock room refuses.

use crate::error::Kind;
use edge_domain::item::Sku;
use edge_domain::quantity::Quantity;
use edge_domain::stock::PlaceError;

/// Why a verb of the stock room refuses, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StockError {
    /// Not a name of a place.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// A place that the store does not have.
    #[error("This store has no place {0}. Add it first, or choose another.")]
    UnknownLocation(String),
    /// A place that the store has.
    #[error("This store has the place {0} already.")]
    LocationExists(String),
    /// A lot of which nothing is there.
    #[error("Of {sku} there is no lot {lot}. Look at the box, or leave the lot out.")]
    UnknownLot {
        /// Which item.
        sku: Sku,
        /// Which lot.
        lot: String,
    },
    /// No such transfer.
    #[error("This transfer does not exist.")]
    UnknownTransfer,
    /// More than is on its way.
    #[error(
        "Only {on_its_way} of {sku} are on their way. Receive those, and book what came beyond \
         them as found."
    )]
    ExceedsTransfer {
        /// Which item.
        sku: Sku,
        /// How much is.
        on_its_way: Quantity,
    },
    /// Nothing is on its way any more.
    #[error("Nothing of this transfer is on its way any more.")]
    TransferDone,
    /// No such count.
    #[error("This count does not exist.")]
    UnknownCount,
    /// The count is over.
    #[error("This count is closed. Open another one.")]
    CountClosed,
    /// No such reservation.
    #[error("This reservation does not exist.")]
    UnknownReservation,
    /// The reservation holds nothing any more.
    #[error("This reservation is {0}: it holds nothing any more. Reserve again.")]
    ReservationEnded(&'static str),
    /// Not enough to promise.
    #[error("Only {available} of {sku} can be promised, not {asked}. Nothing was set aside.")]
    Insufficient {
        /// Which item.
        sku: Sku,
        /// How much was asked.
        asked: Quantity,
        /// How much can be promised, at least nothing.
        available: Quantity,
    },
}

impl StockError {
    /// The stable code and the sort of refusal.
    #[must_use]
    pub const fn code(&self) -> (&'static str, Kind) {
        match self {
            Self::Place(_) => ("invalid_location", Kind::Invalid),
            Self::UnknownLocation(_) => ("unknown_location", Kind::NotFound),
            Self::LocationExists(_) => ("location_exists", Kind::Conflict),
            Self::UnknownLot { .. } => ("unknown_lot", Kind::NotFound),
            Self::UnknownTransfer => ("unknown_transfer", Kind::NotFound),
            Self::ExceedsTransfer { .. } => ("exceeds_transfer", Kind::Conflict),
            Self::TransferDone => ("transfer_done", Kind::Conflict),
            Self::UnknownCount => ("unknown_count", Kind::NotFound),
            Self::CountClosed => ("count_closed", Kind::Conflict),
            Self::UnknownReservation => ("unknown_reservation", Kind::NotFound),
            Self::ReservationEnded(_) => ("reservation_ended", Kind::Conflict),
            Self::Insufficient { .. } => ("insufficient_stock", Kind::Conflict),
        }
    }
}
