//! A refund that went from a card to another tender, v1.

use super::order::{PaymentV1, ShapeError, broken};
use edge_domain::item::TerminalId;
use edge_domain::money::Currency;
use edge_domain::refund::RefundMoved;
use edge_domain::{SaleId, StoreTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Money that a card did not take back was given in another tender.
#[derive(Debug, Serialize, Deserialize)]
pub struct RefundMovedV1 {
    sale: Uuid,
    terminal: String,
    currency: String,
    card: PaymentV1,
    given: PaymentV1,
    at: i64,
}

impl From<&RefundMoved> for RefundMovedV1 {
    fn from(fact: &RefundMoved) -> Self {
        Self {
            sale: fact.sale().uuid(),
            terminal: fact.terminal().to_string(),
            currency: fact.card().amount.currency().to_string(),
            card: PaymentV1::from(fact.card()),
            given: PaymentV1::from(fact.given()),
            at: fact.at().as_millis(),
        }
    }
}

impl TryFrom<RefundMovedV1> for RefundMoved {
    type Error = ShapeError;

    fn try_from(shape: RefundMovedV1) -> Result<Self, ShapeError> {
        let currency: Currency = shape.currency.parse().map_err(broken)?;
        let terminal = TerminalId::new(&shape.terminal).map_err(broken)?;
        let (sale, at) = (SaleId::new(shape.sale), StoreTime::from_millis(shape.at));
        let (card, given) = (shape.card.into_domain(currency)?, shape.given.into_domain(currency)?);
        Self::checked((sale, terminal, at), card, given).map_err(broken)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fact::{Read, read, write};

    /// As it was first written. Frozen.
    const FROZEN: &str = r#"{"sale":"01900000-0000-7000-8000-000000000001","terminal":"T1","currency":"EUR","card":{"id":"01900000-0000-7000-8000-000000000002","method":"card","tendered":1572,"amount":1572},"given":{"id":"01900000-0000-7000-8000-000000000003","method":"cash","tendered":-1570,"amount":-1570,"rounding":2},"at":1700000000000}"#;

    #[test]
    fn the_first_one_still_reads_and_writes() {
        let Ok(Read::Known(fact)) = read("refund_moved", 1, FROZEN.as_bytes()) else {
            panic!("the frozen one reads")
        };
        assert_eq!(String::from_utf8(write(&fact).unwrap()).unwrap(), FROZEN);
    }

    #[test]
    fn one_that_does_not_balance_is_none() {
        let less = FROZEN.replace("\"rounding\":2", "\"rounding\":1");
        assert!(read("refund_moved", 1, less.as_bytes()).is_err());
    }
}
