//! Facts about goods, v1: one shape a kind, in the files beside this one.

mod count;
mod goods;
mod receipt;
mod reservation;
mod transfer;

use super::fact::json;
use super::order::ShapeError;
use count::{CountClosedV1, CountOpenedV1, CountTakenV1};
use edge_domain::fact::Fact;
use edge_domain::stock::StockFact;
use receipt::{ConsumedV1, PlaceAddedV1, StockAdjustedV1, StockReceivedV1};
use reservation::{ReservationCommittedV1, ReservationEndedV1, ReservationMadeV1};
use transfer::{StockMovedV1, TransferReceivedV1, TransferSentV1, TransferSettledV1};

/// The body of a fact about goods.
pub(super) fn write(fact: &StockFact) -> Result<Vec<u8>, serde_json::Error> {
    use StockFact as F;
    match fact {
        F::PlaceAdded(fact) => serde_json::to_vec(&PlaceAddedV1::from(fact)),
        F::Received(fact) => serde_json::to_vec(&StockReceivedV1::from(fact)),
        F::Adjusted(fact) => serde_json::to_vec(&StockAdjustedV1::from(fact)),
        F::Moved(fact) => serde_json::to_vec(&StockMovedV1::from(fact)),
        F::Sent(fact) => serde_json::to_vec(&TransferSentV1::from(fact)),
        F::Arrived(fact) => serde_json::to_vec(&TransferReceivedV1::from(fact)),
        F::Settled(fact) => serde_json::to_vec(&TransferSettledV1::from(fact)),
        F::CountOpened(fact) => serde_json::to_vec(&CountOpenedV1::from(fact)),
        F::CountTaken(fact) => serde_json::to_vec(&CountTakenV1::from(fact)),
        F::CountClosed(fact) => serde_json::to_vec(&CountClosedV1::from(fact)),
        F::Consumed(fact) => serde_json::to_vec(&ConsumedV1::from(fact)),
        F::ReservationMade(fact) => serde_json::to_vec(&ReservationMadeV1::from(fact)),
        F::ReservationCommitted(fact) => serde_json::to_vec(&ReservationCommittedV1::from(fact)),
        F::ReservationReleased { id, at } | F::ReservationExpired { id, at } => {
            serde_json::to_vec(&ReservationEndedV1::of(*id, *at))
        }
    }
}

/// Reads a body of one of these kinds; None for any other kind.
pub(super) fn read(kind: &str, body: &[u8]) -> Result<Option<Fact>, ShapeError> {
    use StockFact as F;
    Ok(Some(Fact::Stock(match kind {
        "place_added" => F::PlaceAdded(json::<PlaceAddedV1>(body)?.try_into()?),
        "stock_received" => F::Received(json::<StockReceivedV1>(body)?.try_into()?),
        "stock_adjusted" => F::Adjusted(json::<StockAdjustedV1>(body)?.try_into()?),
        "stock_moved" => F::Moved(json::<StockMovedV1>(body)?.try_into()?),
        "transfer_sent" => F::Sent(json::<TransferSentV1>(body)?.try_into()?),
        "transfer_received" => F::Arrived(json::<TransferReceivedV1>(body)?.try_into()?),
        "transfer_settled" => F::Settled(json::<TransferSettledV1>(body)?.try_into()?),
        "count_opened" => F::CountOpened(json::<CountOpenedV1>(body)?.try_into()?),
        "count_taken" => F::CountTaken(json::<CountTakenV1>(body)?.try_into()?),
        "count_closed" => F::CountClosed(json::<CountClosedV1>(body)?.try_into()?),
        "stock_consumed" => F::Consumed(json::<ConsumedV1>(body)?.try_into()?),
        "reservation_made" => F::ReservationMade(json::<ReservationMadeV1>(body)?.try_into()?),
        "reservation_committed" => {
            F::ReservationCommitted(json::<ReservationCommittedV1>(body)?.try_into()?)
        }
        "reservation_released" => {
            let (id, at) = json::<ReservationEndedV1>(body)?.read();
            F::ReservationReleased { id, at }
        }
        "reservation_expired" => {
            let (id, at) = json::<ReservationEndedV1>(body)?.read();
            F::ReservationExpired { id, at }
        }
        _ => return Ok(None),
    })))
}

#[cfg(test)]
mod tests;
