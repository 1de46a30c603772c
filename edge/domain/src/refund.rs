//! Money that a card did not take back, and that was given in another way: the correction of a
//! return that was booked as a card's refund.

use crate::cash::CashRounding;
use crate::ids::{PaymentId, SaleId};
use crate::item::TerminalId;
use crate::money::Money;
use crate::payment::{Offer, Payment, PaymentError, Tender};
use crate::posting::{PostingError, Postings};
use crate::time::StoreTime;

/// A refund went from the card to another tender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundMoved {
    sale: SaleId,
    terminal: TerminalId,
    card: Payment,
    given: Payment,
    at: StoreTime,
}

/// Why that is none. In order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// It has to leave a card for something that is none.
    #[error("a refund moves from a card to another tender")]
    NotFromCard,
    /// It has to be all of it.
    #[error("what is given must be what the card did not take back")]
    NotAll,
    /// See [`PaymentError`].
    #[error(transparent)]
    Payment(#[from] PaymentError),
}

impl RefundMoved {
    /// Moves what a return gave back to a card, `back` (below nothing), to a `tender` that gives it
    /// whole; cash is rounded to coins. The payments get `ids`.
    ///
    /// # Errors
    /// A tender that is a card.
    pub fn to_tender(
        (sale, terminal, at): (SaleId, TerminalId, StoreTime),
        back: Money,
        ids: [PaymentId; 2],
        (method, reference): (&str, Option<String>),
        cash: CashRounding,
    ) -> Result<Self, RefundError> {
        let [card_id, given_id] = ids;
        let whole = match method {
            "cash" => cash.round(back).map_err(PaymentError::from)?,
            _ => back,
        };
        let tender = Tender::from_method(method, whole).ok_or(RefundError::NotFromCard)?;
        let offer = Offer { tender, tip: None, reference };
        let given = Payment::against(back, given_id, offer, cash)?;
        let zero = Money::zero(back.currency());
        let card = Payment {
            id: card_id,
            tender: Tender::Card { amount: back.negated() },
            amount: back.negated(),
            change: zero,
            tip: zero,
            rounding: zero,
            reference: None,
            deposited: false,
        };
        Self::checked((sale, terminal, at), card, given)
    }

    /// Checks what claims to be one.
    ///
    /// # Errors
    /// See [`RefundError`].
    pub fn checked(
        (sale, terminal, at): (SaleId, TerminalId, StoreTime),
        card: Payment,
        given: Payment,
    ) -> Result<Self, RefundError> {
        let is_card = |payment: &Payment| matches!(payment.tender, Tender::Card { .. });
        let deposited = card.deposited || given.deposited;
        if !is_card(&card) || is_card(&given) || deposited || card.amount.minor() <= 0 {
            return Err(RefundError::NotFromCard);
        }
        let plain = |payment: &Payment| payment.tip.is_zero() && payment.change.is_zero();
        let whole = |payment: &Payment| payment.tender.tendered() == payment.amount;
        let settled = card.settles().and_then(|card| card.plus(given.settles()?));
        let all = settled.map_err(PaymentError::from)?.is_zero() && card.rounding.is_zero();
        if !all || ![&card, &given].into_iter().all(|payment| plain(payment) && whole(payment)) {
            return Err(RefundError::NotAll);
        }
        Ok(Self { sale, terminal, card, given, at })
    }

    /// The return that was booked as the card's refund.
    #[must_use]
    pub const fn sale(&self) -> SaleId {
        self.sale
    }

    /// The till that gave it.
    #[must_use]
    pub const fn terminal(&self) -> &TerminalId {
        &self.terminal
    }

    /// What the card did not take back: more than nothing.
    #[must_use]
    pub const fn card(&self) -> &Payment {
        &self.card
    }

    /// What was given instead: below nothing.
    #[must_use]
    pub const fn given(&self) -> &Payment {
        &self.given
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> StoreTime {
        self.at
    }

    /// The books: the card's account against the other tender's.
    ///
    /// # Errors
    /// Never for a checked one; [`PostingError`] keeps the proof in the type.
    pub fn postings(&self) -> Result<Postings, PostingError> {
        let mut money = self.card.postings(&self.terminal)?;
        money.extend(self.given.postings(&self.terminal)?);
        Postings::balanced(money, vec![])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cash::CashMode;
    use uuid::Uuid;

    fn moved(method: &str) -> Result<RefundMoved, RefundError> {
        let about = (SaleId::new(Uuid::nil()), TerminalId::new("T1").unwrap());
        let back = Money::new(-1_572, "EUR".parse().unwrap()).unwrap();
        let ids = [1, 2].map(|id| PaymentId::new(Uuid::from_u128(id)));
        let coins = CashRounding { step: 5, mode: CashMode::HalfUp };
        let about = (about.0, about.1, StoreTime::from_millis(1));
        RefundMoved::to_tender(about, back, ids, (method, Some("R1".into())), coins)
    }

    #[test]
    fn it_goes_from_the_card_to_the_drawer_to_the_coin() {
        let postings = moved("cash").unwrap().postings().unwrap();
        let lines: Vec<_> =
            postings.money().iter().map(|p| (p.account.to_string(), p.amount.minor())).collect();
        let due = [("card:T1", 1_572), ("cash:T1", -1_570), ("cash_rounding", -2)];
        assert_eq!(lines, due.map(|(account, minor)| (account.to_owned(), minor)));
        assert_eq!(moved("voucher").unwrap().given().amount.minor(), -1_572);
    }

    #[test]
    fn it_is_all_and_leaves_the_card() {
        assert_eq!(moved("card"), Err(RefundError::NotFromCard));
        assert_eq!(moved("bitcoin"), Err(RefundError::NotFromCard));
        let RefundMoved { sale, terminal, card, given, at } = moved("voucher").unwrap();
        let about = || (sale, terminal.clone(), at);
        let less = Money::new(-1_500, "EUR".parse().unwrap()).unwrap();
        let part = Payment { amount: less, ..given.clone() };
        assert_eq!(RefundMoved::checked(about(), card.clone(), part), Err(RefundError::NotAll));
        let turned = RefundMoved::checked(about(), given.clone(), card.clone());
        assert_eq!(turned, Err(RefundError::NotFromCard));
        assert!(RefundMoved::checked(about(), card, given).is_ok());
    }
}
