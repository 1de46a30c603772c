//! What a return gives back to cards, and which payments a terminal may take back.

use crate::world::{NOON, Shop, code, eur, t1};
use edge_app::{
    Caller, Proof, ReturnGoods, Settled, ShopError, ask_card, give_refund, resolve_card,
    return_goods, settle_card,
};
use edge_domain::SaleId;
use edge_domain::money::Money;
use edge_domain::payment::Tender;
use edge_ledger::cards::{CardOf, CardRow, CardState};

const HOUR_MS: i64 = 3_600_000;

fn approved(reference: &str) -> Settled {
    let (approval, reference) = ("A1".to_owned(), Some(reference.to_owned()));
    Settled::Approved { approval, offline: false, reference, slips: vec![] }
}

/// A soup that cards pay, each so much. The terminal calls them R0, R1...
fn paid(shop: &mut Shop, parts: &[i64]) -> SaleId {
    let order = shop.order(&Caller::House).unwrap();
    let mut sale = None;
    for (place, minor) in parts.iter().enumerate() {
        let said = approved(&format!("R{place}"));
        let card = shop.run(&Caller::House, |desk| {
            let card = ask_card(desk, order, Some(eur(*minor)), None)?;
            settle_card(desk, card.id, &said)
        });
        assert_eq!(card.unwrap().state, CardState::Booked);
        sale = shop.core.view().order(order).unwrap().unwrap().sale;
    }
    sale.unwrap()
}

fn back(shop: &mut Shop, sale: SaleId, parts: &[i64]) -> Vec<CardRow> {
    let card = |minor: &i64| Tender::Card { amount: eur(*minor) }.into();
    let back = ReturnGoods {
        terminal: t1(),
        proof: Proof::Sale(sale),
        lines: vec![],
        reason: "cold".into(),
        exchange: vec![],
        payments: parts.iter().map(card).collect(),
    };
    let row = shop.run(&Caller::House, |desk| return_goods(desk, back)).unwrap();
    let of = CardOf::Return(row.sale.parts().id);
    let open = shop.core.view().open_cards().unwrap();
    open.into_iter().filter(|card| card.of == of).collect()
}

fn asked(cards: &[CardRow]) -> Vec<(Money, Option<&str>)> {
    cards.iter().map(|card| (card.amount, card.reverses.as_deref())).collect()
}

fn shop() -> Shop {
    let mut shop = Shop::open(None, NOON);
    shop.catalogue(&Caller::House);
    shop
}

/// Equal amounts are told apart; a part of one, and one of yesterday, are not taken back.
#[test]
fn only_whole_payments_of_the_last_day_are_taken_back_each_once() {
    let mut shop = shop();
    let sale = paid(&mut shop, &[500, 500]);
    let cards = back(&mut shop, sale, &[]);
    let mut both = asked(&cards);
    both.sort_by_key(|(_, reference)| reference.map(str::to_owned));
    assert_eq!(both, [(eur(-500), Some("R0")), (eur(-500), Some("R1"))]);
    let sale = paid(&mut shop, &[400, 600]);
    let cards = back(&mut shop, sale, &[300, 700]);
    assert_eq!(asked(&cards), [(eur(-300), None), (eur(-700), None)]);
    let sale = paid(&mut shop, &[1_000]);
    shop.wait(25 * HOUR_MS);
    let cards = back(&mut shop, sale, &[]);
    assert_eq!(asked(&cards), [(eur(-1_000), None)]);
    shop.core.verify().unwrap();
}

/// Nobody knows what became of it, and a person says: it went back, or it is owed; and one that is
/// owed was given by hand.
#[test]
fn a_person_says_what_became_of_a_refund() {
    let mut shop = shop();
    let mut unknown = || {
        let sale = paid(&mut shop, &[1_000]);
        let id = back(&mut shop, sale, &[])[0].id;
        let silent = Settled::Unknown("silent".into());
        shop.run(&Caller::House, |desk| settle_card(desk, id, &silent)).unwrap();
        id
    };
    let [given, owed, by_hand] = [unknown(), unknown(), unknown()];
    let mut say = |id, approval: Option<&str>| {
        let approval = approval.map(str::to_owned);
        shop.run(&Caller::House, |desk| resolve_card(desk, id, approval, "its paper says so"))
    };
    assert_eq!(say(given, Some("A2")).unwrap().state, CardState::Booked);
    assert_eq!(say(owed, None).unwrap().state, CardState::Owed);
    assert_eq!(say(by_hand, None).unwrap().state, CardState::Owed);
    assert_eq!(say(by_hand, Some("A3")).unwrap().state, CardState::Booked);
    let mut cash = |id| shop.run(&Caller::House, |desk| give_refund(desk, id, "cash", None));
    let settled = |done: Result<CardRow, ShopError>| code(&done.unwrap_err());
    assert_eq!(settled(cash(given)), "card_charge_settled");
    assert_eq!(settled(cash(by_hand)), "card_charge_settled");
    cash(owed).unwrap();
    assert_eq!(settled(cash(owed)), "card_charge_settled");
    shop.core.verify().unwrap();
}
