//! Tenders: what the customer gives, what of it pays, what goes back. Refunds are the same with
//! the sign turned.

use crate::cash::CashRounding;
use crate::ids::PaymentId;
use crate::money::{Money, MoneyError};

/// Value that the shop itself keeps for a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stored {
    /// A voucher on paper, by its code.
    Voucher,
    /// A gift card, by its number.
    GiftCard,
    /// A customer's account: paid later.
    Account,
    /// Loyalty points, at their worth.
    Points,
}

/// What the customer gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tender {
    /// Notes and coins; more than what is due gives change.
    Cash {
        /// What was handed over.
        tendered: Money,
    },
    /// A card, for at most what is due and the tip.
    Card {
        /// What the card pays.
        amount: Money,
    },
    /// Something that the shop keeps for the customer, for at most what is due.
    Stored {
        /// What.
        kind: Stored,
        /// How much of it.
        amount: Money,
    },
}

/// A tender with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is given.
    pub tender: Tender,
    /// What of it is for the staff.
    pub tip: Option<Money>,
    /// Whose account, which voucher or card, which approval.
    pub reference: Option<String>,
}

/// A tender that was taken. `tendered = amount + tip + change`.
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
    /// What of it is for the staff.
    pub tip: Money,
    /// What cash rounding added to what was due (`amount - due`).
    pub rounding: Money,
    /// Whose account, which voucher or card, which approval.
    pub reference: Option<String>,
    /// Whether it was taken, and posted as a deposit, before the sale was closed.
    pub deposited: bool,
}

/// Why a tender is refused. In order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// Nothing, or the wrong way.
    #[error("the amount must be more than 0")]
    NotPositive,
    /// There is nothing to pay.
    #[error("nothing is due any more")]
    NothingDue,
    /// A tip on something that cannot carry one.
    #[error("a tip is part of what is given, and only a sale has one")]
    BadTip,
    /// A card or voucher cannot give change.
    #[error("this pays at most what is due: {due}")]
    ExceedsDue {
        /// What is due.
        due: Money,
    },
    /// Something is due.
    #[error("{due} is still due")]
    NotCovered {
        /// What is due.
        due: Money,
    },
    /// See [`MoneyError`].
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Stored {
    /// Every kind with its name on the wire.
    pub const NAMES: [(Self, &'static str); 4] = [
        (Self::Voucher, "voucher"),
        (Self::GiftCard, "gift_card"),
        (Self::Account, "account"),
        (Self::Points, "points"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(kind, _)| *kind == self).map_or("voucher", |(_, name)| name)
    }
}

impl From<Tender> for Offer {
    fn from(tender: Tender) -> Self {
        Self { tender, tip: None, reference: None }
    }
}

impl From<&Payment> for Offer {
    fn from(payment: &Payment) -> Self {
        let tip = (!payment.tip.is_zero()).then_some(payment.tip);
        Self { tender: payment.tender.clone(), tip, reference: payment.reference.clone() }
    }
}

impl Tender {
    /// What was handed over; below nothing for a refund.
    #[must_use]
    pub const fn tendered(&self) -> Money {
        match self {
            Self::Cash { tendered } => *tendered,
            Self::Card { amount } | Self::Stored { amount, .. } => *amount,
        }
    }

    /// The method's name on the wire.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self {
            Self::Cash { .. } => "cash",
            Self::Card { .. } => "card",
            Self::Stored { kind, .. } => kind.as_str(),
        }
    }

    /// The tender of a method's wire name.
    #[must_use]
    pub fn from_method(method: &str, amount: Money) -> Option<Self> {
        let stored = || Stored::NAMES.iter().find(|(_, name)| *name == method);
        match method {
            "cash" => Some(Self::Cash { tendered: amount }),
            "card" => Some(Self::Card { amount }),
            _ => stored().map(|(kind, _)| Self::Stored { kind: *kind, amount }),
        }
    }
}

impl Payment {
    /// Takes an offer against what is `due`, or gives it back where `due` is below nothing.
    ///
    /// # Errors
    /// See [`PaymentError`].
    pub fn against(
        due: Money,
        id: PaymentId,
        offer: Offer,
        cash: CashRounding,
    ) -> Result<Self, PaymentError> {
        let Offer { tender, tip, reference } = offer;
        let zero = Money::zero(due.currency());
        let tip = tip.unwrap_or(zero);
        let given = tender.tendered().minus(tip)?;
        let sign = if due.is_negative() { -1 } else { 1 };
        if due.is_zero() {
            return Err(PaymentError::NothingDue);
        }
        if given.minor() * sign <= 0 {
            return Err(PaymentError::NotPositive);
        }
        if tip.is_negative() || (sign < 0 && !tip.is_zero()) {
            return Err(PaymentError::BadTip);
        }
        let payable = match tender {
            Tender::Cash { .. } => cash.round(due)?,
            Tender::Card { .. } | Tender::Stored { .. } => due,
        };
        let mut payment = Self {
            id,
            tender,
            amount: given,
            change: zero,
            tip,
            rounding: zero,
            reference,
            deposited: false,
        };
        let over = given.minus(payable)?;
        if over.minor() * sign < 0 {
            return Ok(payment);
        }
        let gives_change = sign > 0 && matches!(payment.tender, Tender::Cash { .. });
        if !over.is_zero() && !gives_change {
            return Err(PaymentError::ExceedsDue { due: payable });
        }
        payment.amount = payable;
        payment.change = over;
        payment.rounding = payable.minus(due)?;
        Ok(payment)
    }

    /// The same the other way: what was taken is given back.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn reversed(&self, id: PaymentId) -> Result<Self, MoneyError> {
        let given = self.amount.plus(self.tip)?.negated();
        let tender = match self.tender {
            Tender::Cash { .. } => Tender::Cash { tendered: given },
            Tender::Card { .. } => Tender::Card { amount: given },
            Tender::Stored { kind, .. } => Tender::Stored { kind, amount: given },
        };
        Ok(Self {
            id,
            tender,
            amount: self.amount.negated(),
            change: Money::zero(given.currency()),
            tip: self.tip.negated(),
            rounding: self.rounding.negated(),
            reference: self.reference.clone(),
            deposited: false,
        })
    }

    /// What of the due it settles: what it pays, without what rounding added.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn settles(&self) -> Result<Money, MoneyError> {
        self.amount.minus(self.rounding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cash::CashMode;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, "EUR".parse().unwrap()).unwrap()
    }

    fn id() -> PaymentId {
        PaymentId::new(uuid::Uuid::nil())
    }

    fn cash(minor: i64) -> Offer {
        Tender::Cash { tendered: eur(minor) }.into()
    }

    fn card(minor: i64) -> Offer {
        Tender::Card { amount: eur(minor) }.into()
    }

    fn against(due: i64, offer: Offer) -> Result<Payment, PaymentError> {
        Payment::against(eur(due), id(), offer, CashRounding::NONE)
    }

    #[test]
    fn cash_gives_change_and_cards_do_not() {
        assert_eq!(against(258, cash(500)).unwrap().change, eur(242));
        assert_eq!(against(258, card(300)), Err(PaymentError::ExceedsDue { due: eur(258) }));
        let part = against(258, card(100)).unwrap();
        assert_eq!((part.amount, part.change), (eur(100), eur(0)));
    }

    #[test]
    fn nothing_is_no_tender() {
        assert_eq!(against(258, cash(0)), Err(PaymentError::NotPositive));
        assert_eq!(against(258, cash(-5)), Err(PaymentError::NotPositive));
        assert_eq!(against(0, cash(5)), Err(PaymentError::NothingDue));
    }

    #[test]
    fn a_tip_is_part_of_what_is_given() {
        let tipped = |minor, tip| Offer { tip: Some(eur(tip)), ..card(minor) };
        let payment = against(2_000, tipped(2_300, 300)).unwrap();
        assert_eq!((payment.amount, payment.tip, payment.change), (eur(2_000), eur(300), eur(0)));
        assert!(matches!(against(2_000, tipped(2_400, 300)), Err(PaymentError::ExceedsDue { .. })));
        assert_eq!(
            against(-2_000, Offer { tip: Some(eur(1)), ..card(-100) }),
            Err(PaymentError::BadTip)
        );
    }

    #[test]
    fn cash_is_rounded_and_refunds_mirror() {
        let coins = CashRounding { step: 5, mode: CashMode::HalfUp };
        let paid = Payment::against(eur(1_572), id(), cash(2_000), coins).unwrap();
        assert_eq!((paid.amount, paid.rounding, paid.change), (eur(1_570), eur(-2), eur(430)));
        assert_eq!(paid.settles(), Ok(eur(1_572)));
        let back = Payment::against(eur(-1_572), id(), cash(-1_570), coins).unwrap();
        assert_eq!((back.amount, back.rounding, back.change), (eur(-1_570), eur(2), eur(0)));
        let exact = Payment::against(eur(1_572), id(), card(1_572), coins).unwrap();
        assert_eq!(exact.rounding, eur(0), "a card pays to the cent");
        assert!(Payment::against(eur(-1_572), id(), cash(-1_575), coins).is_err());
    }

    proptest! {
        #[test]
        fn what_is_given_is_paid_tipped_or_returned(
            due in -100_000_i64..100_000, given in -200_000_i64..200_000, tip in 0_i64..1_000,
            step in 1_u16..20, is_cash: bool,
        ) {
            let offer = if is_cash { cash(given) } else { card(given) };
            let offer = Offer { tip: Some(eur(tip)), ..offer };
            let coins = CashRounding { step, mode: CashMode::HalfUp };
            if let Ok(paid) = Payment::against(eur(due), id(), offer, coins) {
                let sum = paid.amount.minor() + paid.tip.minor() + paid.change.minor();
                prop_assert_eq!(sum, given);
                prop_assert!(paid.change.minor() >= 0);
                let left = due - paid.settles().unwrap().minor();
                prop_assert!(left == 0 || left.signum() == due.signum());
            }
        }
    }
}
