//! Tenders: what the customer gives, what of it pays, what goes back.

use crate::ids::PaymentId;
use crate::money::{Money, MoneyError};

/// What the customer gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tender {
    /// Notes and coins; more than what is due gives change.
    Cash {
        /// What was handed over.
        tendered: Money,
    },
    /// A card, for at most what is due.
    Card {
        /// What the card pays.
        amount: Money,
    },
}

/// A tender that was taken. `tendered = amount + change`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// What the customer gave.
    pub tender: Tender,
    /// What of it pays the order.
    pub amount: Money,
    /// What goes back to the customer, in cash.
    pub change: Money,
    /// Whether it was taken, and posted as a deposit, before the sale was closed.
    pub deposited: bool,
}

/// Why a tender is refused. In order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// Nothing, or less than nothing.
    #[error("the amount must be more than 0")]
    NotPositive,
    /// There is nothing to pay.
    #[error("nothing is due any more")]
    NothingDue,
    /// A card cannot give change.
    #[error("a card pays at most what is due: {due}")]
    CardExceedsDue {
        /// What is due.
        due: Money,
    },
    /// See [`MoneyError`].
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Tender {
    /// What was handed over.
    #[must_use]
    pub const fn tendered(&self) -> Money {
        match self {
            Self::Cash { tendered } => *tendered,
            Self::Card { amount } => *amount,
        }
    }

    /// The method's name on the wire.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        match self {
            Self::Cash { .. } => "cash",
            Self::Card { .. } => "card",
        }
    }
}

impl Payment {
    /// Takes `tender` against what is `due`.
    ///
    /// # Errors
    /// See [`PaymentError`].
    pub fn against(due: Money, id: PaymentId, tender: Tender) -> Result<Self, PaymentError> {
        let given = tender.tendered();
        if given.minor() <= 0 {
            return Err(PaymentError::NotPositive);
        }
        if due.minor() <= 0 {
            return Err(PaymentError::NothingDue);
        }
        let over = given.minus(due)?;
        if over.minor() <= 0 {
            let change = Money::zero(due.currency());
            return Ok(Self { id, tender, amount: given, change, deposited: false });
        }
        match tender {
            Tender::Cash { .. } => {
                Ok(Self { id, tender, amount: due, change: over, deposited: false })
            }
            Tender::Card { .. } => Err(PaymentError::CardExceedsDue { due }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, "EUR".parse().unwrap()).unwrap()
    }

    fn id() -> PaymentId {
        PaymentId::new(uuid::Uuid::nil())
    }

    #[test]
    fn cash_gives_change_and_cards_do_not() {
        let cash = Payment::against(eur(258), id(), Tender::Cash { tendered: eur(500) }).unwrap();
        assert_eq!((cash.amount, cash.change), (eur(258), eur(242)));
        let card = Payment::against(eur(258), id(), Tender::Card { amount: eur(300) });
        assert_eq!(card, Err(PaymentError::CardExceedsDue { due: eur(258) }));
        let part = Payment::against(eur(258), id(), Tender::Card { amount: eur(100) }).unwrap();
        assert_eq!((part.amount, part.change), (eur(100), eur(0)));
    }

    #[test]
    fn nothing_pays_nothing() {
        let none = Payment::against(eur(258), id(), Tender::Cash { tendered: eur(0) });
        assert_eq!(none, Err(PaymentError::NotPositive));
        let paid = Payment::against(eur(0), id(), Tender::Cash { tendered: eur(5) });
        assert_eq!(paid, Err(PaymentError::NothingDue));
    }

    proptest! {
        #[test]
        fn change_is_right_to_the_cent(due in 1_i64..10_000_000, tendered in 1_i64..10_000_000) {
            let tender = Tender::Cash { tendered: eur(tendered) };
            let payment = Payment::against(eur(due), id(), tender).unwrap();
            prop_assert_eq!(payment.amount.minor() + payment.change.minor(), tendered);
            prop_assert!(payment.amount.minor() <= due && payment.change.minor() >= 0);
            prop_assert!(payment.change.is_zero() || payment.amount.minor() == due);
        }
    }
}
