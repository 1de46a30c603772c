//! Every verb that asks, and who may.

use crate::world::{NOON, Shop, code, eur, t1};
use edge_app::{
    Caller, Change, Desk, Proof, ReturnGoods, ShopError, ask_refund_again, ask_settlement,
    cancel_card, change_order, fire_ticket, give_discount, give_refund, move_cash, open_drawer,
    open_shift, receive_goods, return_goods, set_price, take_payment, void_line,
};
use edge_domain::item::Sku;
use edge_domain::order::Off;
use edge_domain::payment::Tender;
use edge_domain::shift::Direction;
use edge_domain::staff::Role;
use edge_domain::{OrderId, PaymentId};

type Verb = fn(&mut Desk<'_, '_>, OrderId) -> Result<(), ShopError>;

fn off(desk: &mut Desk<'_, '_>, order: OrderId, off: Off) -> Result<(), ShopError> {
    let line = desk.view().order(order)?.unwrap().lines[0].id;
    give_discount(desk, order, Some(line), off, "good customer").map(drop)
}

fn paid(desk: &mut Desk<'_, '_>, order: OrderId) -> edge_domain::SaleId {
    let cash = Tender::Cash { tendered: eur(5_000) };
    take_payment(desk, order, cash.into(), &[]).unwrap().sale.unwrap().sale.parts().id
}

fn back(desk: &mut Desk<'_, '_>, proof: Proof) -> Result<(), ShopError> {
    let lines = match proof {
        Proof::None => vec![edge_app::BackLine {
            line: None,
            sku: Some("SOUP".into()),
            quantity: None,
            serials: vec![],
            damaged: false,
        }],
        _ => vec![],
    };
    let (reason, exchange, payments) = ("cold".into(), vec![], vec![]);
    let back = ReturnGoods { terminal: t1(), proof, lines, reason, exchange, payments };
    return_goods(desk, back).map(drop)
}

/// A refund that the terminal did not give.
fn owed(desk: &mut Desk<'_, '_>, order: OrderId) -> PaymentId {
    let (proof, payments) =
        (Proof::Sale(paid(desk, order)), vec![Tender::Card { amount: eur(1_000) }.into()]);
    let (reason, exchange, lines) = ("cold".into(), vec![], vec![]);
    let back = ReturnGoods { terminal: t1(), proof, lines, reason, exchange, payments };
    return_goods(desk, back).unwrap();
    let asked = desk.view().open_cards().unwrap()[0].id;
    cancel_card(desk, asked).unwrap().id
}

/// Each verb that asks, and who may: Kitchen, Cashier, Supervisor, Manager, Owner.
const VERBS: [(&str, &str, Verb); 16] = [
    ("10 % off", "-CSMO", |desk, order| off(desk, order, Off::Percent(10_000))),
    ("25 % off", "--SMO", |desk, order| off(desk, order, Off::Percent(25_000))),
    ("twice 10 % off", "--SMO", |desk, order| {
        off(desk, order, Off::Percent(10_000))?;
        off(desk, order, Off::Percent(10_000))
    }),
    ("half the price off", "---MO", |desk, order| off(desk, order, Off::Amount(eur(500)))),
    ("another price", "--SMO", |desk, order| off(desk, order, Off::Price(eur(100)))),
    ("a void of what the kitchen has", "--SMO", |desk, order| {
        fire_ticket(desk, order, None)?;
        let line = desk.view().order(order)?.unwrap().lines[0].id;
        void_line(desk, order, line, "cold").map(drop)
    }),
    ("a return with its receipt", "-CSMO", |desk, order| {
        let sale = paid(desk, order);
        back(desk, Proof::Sale(sale))
    }),
    ("a return without one", "--SMO", |desk, _| back(desk, Proof::None)),
    ("a card's refund with its receipt, asked for again", "-CSMO", |desk, order| {
        let refund = owed(desk, order);
        ask_refund_again(desk, refund).map(drop)
    }),
    ("a card's refund with its receipt, in cash", "-CSMO", |desk, order| {
        let refund = owed(desk, order);
        give_refund(desk, refund, "cash", None).map(drop)
    }),
    ("no tax", "--SMO", |desk, order| {
        let exempt = Some(Some("diplomat".into()));
        change_order(desk, order, Change { exempt, ..Change::default() }).map(drop)
    }),
    ("the drawer", "--SMO", |desk, _| open_drawer(desk, &t1(), "change").map(drop)),
    ("cash out", "--SMO", |desk, _| {
        let shift = open_shift(desk, &t1(), eur(10_000))?.opened.id;
        move_cash(desk, shift, Direction::Out, eur(100), "milk").map(drop)
    }),
    ("goods in", "--SMO", |desk, _| {
        let lines = vec![(Sku::new("SOUP").unwrap(), edge_domain::Quantity::ONE)];
        receive_goods(desk, edge_app::Delivery::plain(lines, None)).map(drop)
    }),
    ("the end of a terminal's day", "-CSMO", |desk, _| ask_settlement(desk, "card-1").map(drop)),
    ("a new price for all", "---MO", |desk, _| {
        set_price(desk, &Sku::new("SOUP").unwrap(), eur(900)).map(drop)
    }),
];

#[test]
fn every_verb_asks() {
    for (what, who, verb) in VERBS {
        for ((role, name), mark) in Role::NAMES.iter().zip(who.chars()) {
            let mut shop = Shop::open(None, NOON);
            shop.catalogue(&Caller::House);
            shop.hire(&Caller::House, "Olga", Role::Owner).unwrap();
            let staff = shop.hire(&Caller::House, "Sam", *role).unwrap();
            let order = shop.order(&Caller::House).unwrap();
            let here = shop.signed_in(staff);
            let done = shop.run(&here, |desk| match mark {
                // Whoever may not sell at all cannot get as far as paying.
                '-' if *role == Role::Kitchen && what.contains("receipt") => {
                    back(desk, Proof::None)
                }
                _ => verb(desk, order),
            });
            match mark {
                '-' => assert_eq!(code(&done.unwrap_err()), "not_permitted", "{what}: {name}"),
                _ => assert_eq!(done, Ok(()), "{what}: {name}"),
            }
            shop.core.verify().unwrap();
        }
    }
}
