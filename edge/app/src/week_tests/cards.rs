//! The terminal at the counter: charges and refunds with every end.

use super::Counter;
use super::items::slips;
use crate::{
    ReturnGoods, Settled, ShopError, ask_card, ask_refund_again, cancel_card, give_refund,
    return_goods, settle_card,
};
use edge_domain::PaymentId;
use edge_domain::money::Money;
use edge_domain::payment::{PaymentError, Tender};
use edge_domain::sale::SaleError;
use edge_ledger::cards::CardOf;

fn approved(offline: bool) -> Settled {
    let (approval, reference) = ("A1".to_owned(), Some("R1".to_owned()));
    Settled::Approved { approval, offline, reference, slips: slips() }
}

fn declined() -> Settled {
    Settled::Declined { reason: "no".into(), slips: slips() }
}

impl Counter {
    /// All of it goes back to a card; a first try, of too much, says how much that is.
    pub(super) fn back_to_a_card(&mut self, ask: ReturnGoods, end: i64) -> Result<(), ShopError> {
        let by_card = |amount: Money| vec![Tender::Card { amount }.into()];
        let most = by_card(Money::new(1_000_000, self.config.currency)?);
        let too_much = ReturnGoods { payments: most, ..ask.clone() };
        let due = match self.serve(|desk| return_goods(desk, too_much)) {
            Err(ShopError::Sale(SaleError::Payment(PaymentError::ExceedsDue { due }))) => due,
            other => return other.map(drop),
        };
        let back = ReturnGoods { payments: by_card(due.negated()), ..ask };
        self.serve(|desk| return_goods(desk, back))?;
        self.refunded(end);
        Ok(())
    }

    /// The terminal gives what goes back to cards, or refuses and somebody else does.
    fn refunded(&mut self, end: i64) {
        let refunds = self.core.view().open_cards().unwrap();
        for card in refunds.iter().filter(|card| matches!(card.of, CardOf::Return(_))) {
            let said = if end % 3 == 0 { approved(false) } else { declined() };
            self.serve(|desk| settle_card(desk, card.id, &said)).unwrap();
            let again = self.serve(|desk| ask_refund_again(desk, card.id));
            assert_eq!(again.is_ok(), end % 3 != 0, "only what is owed is asked for again");
            let Ok(again) = again else { continue };
            self.serve(|desk| cancel_card(desk, again.id)).unwrap();
            // There may be no coins for it.
            let ways = [("cash", None), ("voucher", Some("R2"))];
            let given = ways.map(|(method, reference)| {
                let reference = reference.map(str::to_owned);
                self.serve(|desk| give_refund(desk, again.id, method, reference)).is_ok()
            });
            assert!(given[0] ^ given[1], "in one way, once");
            assert!(self.serve(|desk| give_refund(desk, card.id, "cash", None)).is_err(), "once");
        }
    }

    pub(super) fn card(&mut self, order: u8, end: u8) -> Result<(), ShopError> {
        let id = self.order(order);
        let card = self.serve(|desk| ask_card(desk, id, None, None))?.id;
        let settled = match end {
            0 | 1 => approved(end == 1),
            2 => declined(),
            3 => Settled::Unknown("silent".into()),
            _ => return self.serve(|desk| cancel_card(desk, card)).map(drop),
        };
        self.serve(|desk| settle_card(desk, card, &settled))?;
        if end == 3 {
            self.serve(|desk| settle_card(desk, card, &approved(end == 1)))?;
        }
        self.serve(|desk| settle_card(desk, card, &approved(end == 1)))?;
        let paid: Vec<PaymentId> =
            self.core.view().deposits(id)?.iter().map(|paid| paid.id).collect();
        assert!(paid.iter().filter(|known| **known == card).count() <= 1, "charged once");
        Ok(())
    }
}
