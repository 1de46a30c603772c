//! A week of random commands, valid and not, at one counter: no invariant ever breaks, and what
//! is refused changes nothing. `PROPTEST_CASES=n` for more weeks; a failing one is kept beside
//! this file and committed.

use crate::{
    BackLine, CardTerminalAt, Change, CustomerChange, Delivery, Desk, Imported, OpenOrder,
    Printers, Proof, Reserve, ReturnGoods, RingUp, Rules, Sell, SellLine, ShopConfig, ShopError,
    Split, cancel_order, change_order, commit_reservation, count_now, fire_ticket, give_discount,
    import_rows, merge_orders, open_order, put_customer, put_promotion, receive_goods,
    release_reservation, reserve, return_goods, ring_up, sell, set_price, set_quantity,
    split_order, take_payment, void_line,
};
use acts::{Act, act};
use cloud_sync_documents::catalogue::shard_of;
use cloud_sync_protocol::v1::promotion::PromotionV1;
use edge_domain::cash::{CashMode, CashRounding};
use edge_domain::ids::{ReservationId, StoreId};
use edge_domain::item::{Sku, TerminalId};
use edge_domain::loyalty::Programme;
use edge_domain::money::Money;
use edge_domain::order::{Off, OrderKind, Tab};
use edge_domain::payment::{Offer, Tender};
use edge_domain::receipt::Seller;
use edge_domain::stock::Place;
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::{Clock, Entropy};
use edge_domain::{OrderId, Quantity, StoreTime};
use edge_ledger::{Core, Settings};
use edge_replica::Replica;
use items::items;
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use uuid::Uuid;

mod acts;
mod cards;
mod checks;
mod items;

struct Hands(AtomicI64);
struct Counting(AtomicU64);

impl Clock for Hands {
    fn now(&self) -> StoreTime {
        StoreTime::from_millis(self.0.load(Ordering::Relaxed))
    }
}

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let next = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.iter_mut().zip(next.iter().cycle()).for_each(|(to, from)| *to = *from);
    }
}

const ITEMS: [&str; 7] = ["COLA", "PFAND", "SOUP", "APPLES", "GIN", "CARD", "DISH"];

fn sku(item: u8) -> Sku {
    Sku::new(ITEMS.get(usize::from(item)).unwrap_or(&"NOWHERE")).unwrap()
}

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

/// A tenth of everything, and more from twenty euros on.
fn programme() -> Programme {
    Programme { earn: 10_000, tiers: vec!["club from 2000 earns 2".parse().unwrap()] }
}

struct Counter {
    core: Core,
    docs: Replica,
    config: ShopConfig,
    hands: Arc<Hands>,
    orders: Vec<OrderId>,
    reservations: Vec<ReservationId>,
}

impl Counter {
    fn open(exclusive: bool, per_document: bool, coin: u16) -> Self {
        let hands = Arc::new(Hands(1_700_000_000_000.into()));
        let entropy = Arc::new(Counting(1.into()));
        let currency = "EUR".parse().unwrap();
        let store = StoreId::new(Uuid::from_u128(7));
        let settings = Settings { store, currency, clock: hands.clone(), entropy: entropy.clone() };
        let mode = if exclusive { PriceMode::Exclusive } else { PriceMode::Inclusive };
        let per = if per_document { TaxRounding::PerDocument } else { TaxRounding::PerLine };
        let cash = CashRounding { step: coin, mode: CashMode::HalfUp };
        let mut counter = Self {
            core: Core::in_memory(settings).unwrap(),
            docs: Replica::new(&*entropy),
            config: ShopConfig {
                seller: Seller { name: "Week".into(), lines: vec![] },
                currency,
                policy: TaxPolicy { cash, ..TaxPolicy::new(mode, per) },
                printers: Printers::default(),
                card_terminals: vec![CardTerminalAt {
                    device: "card-1".into(),
                    station: None,
                    till: TerminalId::new("T1").unwrap(),
                }],
                rules: Rules { loyalty: programme(), ..Rules::default() },
            },
            hands,
            orders: vec![],
            reservations: vec![],
        };
        for item in items() {
            let shard = shard_of(&item.sku);
            let details = serde_json::Map::new();
            let stock = Some(Quantity::from_thousandths(9_000).unwrap());
            let new = Imported { item, stock, details };
            counter.serve(|desk| import_rows(desk, &shard, &[new])).unwrap();
        }
        let known = CustomerChange { name: Some("Ada".into()), ..CustomerChange::default() };
        counter.serve(|desk| put_customer(desk, "c1", known)).unwrap();
        counter
    }

    fn serve<T>(
        &mut self,
        verb: impl FnOnce(&mut Desk<'_, '_>) -> Result<T, ShopError>,
    ) -> Result<T, ShopError> {
        let (docs, config) = (&mut self.docs, &self.config);
        self.core.transact(|tx| Desk::serve(tx, docs, config, verb))
    }

    fn order(&self, n: u8) -> OrderId {
        // The newest first, so that most acts meet orders that live.
        let newest = self.orders.iter().rev().nth(usize::from(n)).copied();
        newest.unwrap_or_else(|| OrderId::new(Uuid::from_u128(404)))
    }

    fn line(&self, order: OrderId, n: u8) -> edge_domain::LineId {
        let row = self.core.view().order(order).unwrap();
        let line = row.and_then(|row| row.lines.get(usize::from(n)).map(|line| line.id));
        line.unwrap_or_else(|| edge_domain::LineId::new(Uuid::from_u128(404)))
    }

    fn ring(item: u8, thousandths: i64) -> RingUp {
        RingUp {
            sku: Some(sku(item).to_string()),
            quantity: Quantity::from_thousandths(thousandths).ok(),
            price: (item == 5).then(|| eur(2_500)),
            serials: if item == 5 { vec!["GC-1".into()] } else { vec![] },
            ..RingUp::default()
        }
    }

    fn act(&mut self, act: Act) -> Result<(), ShopError> {
        match act {
            Act::Open(kind) => self.open_order(kind),
            Act::Ring { order, item, thousandths } => {
                let (id, ring) = (self.order(order), Self::ring(item, thousandths));
                self.serve(|desk| ring_up(desk, id, ring)).map(drop)
            }
            Act::Quantity { order, line, thousandths } => {
                let id = self.order(order);
                let line = self.line(id, line);
                let much = Quantity::from_thousandths(thousandths)?;
                self.serve(|desk| set_quantity(desk, id, line, much)).map(drop)
            }
            Act::Discount { order, line, percent, amount } => {
                let id = self.order(order);
                let line = line.map(|line| self.line(id, line));
                let off = match percent % 3 {
                    0 => Off::Amount(eur(amount)),
                    1 => Off::Price(eur(amount)),
                    _ => Off::Percent(percent),
                };
                self.serve(|desk| give_discount(desk, id, line, off, "because")).map(drop)
            }
            Act::Change { order, what } => self.change(order, what),
            Act::Fire { order, course } => {
                let id = self.order(order);
                self.serve(|desk| fire_ticket(desk, id, course)).map(drop)
            }
            Act::Void { order, line } => {
                let id = self.order(order);
                let line = self.line(id, line);
                self.serve(|desk| void_line(desk, id, line, "burnt")).map(drop)
            }
            Act::Split { order, line } => {
                let id = self.order(order);
                let split = Split::Lines(vec![(self.line(id, line), None)]);
                let (_, new) = self.serve(|desk| split_order(desk, id, &split))?;
                self.orders.push(new.head.id);
                Ok(())
            }
            Act::Merge { order, other } => {
                let (id, other) = (self.order(order), self.order(other));
                self.serve(|desk| merge_orders(desk, id, other)).map(drop)
            }
            Act::Pay { order, method, minor, tip } => self.pay(order, method, minor, tip),
            Act::Cancel { order, give_back } => {
                let id = self.order(order);
                self.serve(|desk| cancel_order(desk, id, "left", give_back)).map(drop)
            }
            Act::Sell { item, thousandths, minor } => self.sell(item, thousandths, minor),
            Act::Return { sale, line, thousandths } => self.give_back(sale, line, thousandths),
            Act::Card { order, end } => self.card(order, end),
            rest => self.back_office(rest),
        }
    }

    fn back_office(&mut self, act: Act) -> Result<(), ShopError> {
        match act {
            Act::Reserve { item, units } => {
                let lines = vec![(sku(item), Quantity::from_thousandths(units * 1_000)?)];
                let ask = Reserve { lines, ..Reserve::default() };
                let made = self.serve(|desk| reserve(desk, ask))?;
                self.reservations.push(made.id);
                Ok(())
            }
            Act::Keep { reservation, release } => {
                let known = self.reservations.get(usize::from(reservation)).copied();
                let id = known.unwrap_or_else(|| ReservationId::new(Uuid::from_u128(404)));
                match release {
                    true => self.serve(|desk| release_reservation(desk, id)),
                    false => self.serve(|desk| commit_reservation(desk, id, None)).map(drop),
                }
            }
            Act::Receive { item, units } => {
                let lines = vec![(sku(item), Quantity::from_thousandths(units * 1_000)?)];
                self.serve(|desk| receive_goods(desk, Delivery::plain(lines, None))).map(drop)
            }
            Act::Count { item, units } => {
                let lines = vec![(sku(item), Quantity::from_thousandths(units * 1_000)?)];
                self.serve(|desk| count_now(desk, Place::Store, lines)).map(drop)
            }
            Act::Price { item, minor } => {
                self.serve(|desk| set_price(desk, &sku(item), eur(minor))).map(drop)
            }
            Act::Promotion { id, which } => {
                let effect = [
                    r#"{"kind":"percent","on":{"all":true},"percent":10000}"#,
                    r#"{"kind":"cheapest_free","on":{"all":true},"of":3,"free":1}"#,
                    r#"{"kind":"any_for","on":{"skus":["COLA"]},"count":2,"price":150}"#,
                    r#"{"kind":"threshold","on":{"all":true},"minimum":1000,"amount":333}"#,
                    r#"{"kind":"cheapest_free","on":{"all":true},"of":1,"free":1}"#,
                ][usize::from(which)];
                let text = format!(
                    r#"{{"id":"P{id}","label":"Offer","effect":{effect},"stacks":{},"in_total":3}}"#,
                    which == 3
                );
                let shape: PromotionV1 = serde_json::from_str(&text).unwrap();
                self.serve(|desk| put_promotion(desk, &shape))
            }
            Act::Tick(ms) => {
                self.hands.0.fetch_add(ms, Ordering::Relaxed);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn open_order(&mut self, kind: u8) -> Result<(), ShopError> {
        let kind = OrderKind::NAMES[usize::from(kind)].0;
        let terminal =
            TerminalId::new(if self.orders.len().is_multiple_of(2) { "T1" } else { "T2" })?;
        let open = OpenOrder { kind, terminal, table: None, tab: Tab::default() };
        let row = self.serve(|desk| open_order(desk, open))?;
        self.orders.push(row.head.id);
        Ok(())
    }

    fn change(&mut self, order: u8, what: u8) -> Result<(), ShopError> {
        let id = self.order(order);
        let none = Change::default();
        let change = match what {
            0 => Change { kind: Some(OrderKind::Takeaway), ..none },
            1 => Change { service: Some(Some(12_500)), ..none },
            2 => Change { service: Some(None), ..none },
            3 => Change { exempt: Some(Some("embassy".into())), ..none },
            4 => Change { exempt: Some(None), ..none },
            5 => Change { customer: Some(Some("c1".into())), ..none },
            6 => Change { coupon: Some("X".into()), ..none },
            7 => Change { service: Some(Some(200_000)), ..none },
            _ => Change { age_checked: Some(18), ..none },
        };
        self.serve(|desk| change_order(desk, id, change)).map(drop)
    }

    fn offer(method: u8, minor: i64, tip: i64) -> Offer {
        let names = ["cash", "cash", "card", "voucher", "account", "cash"];
        let tender = Tender::from_method(names[usize::from(method)], eur(minor)).unwrap();
        let tip = (tip > 0).then(|| eur(tip));
        Offer { tender, tip, reference: (method > 2).then(|| "R1".into()) }
    }

    fn pay(&mut self, order: u8, method: u8, minor: i64, tip: i64) -> Result<(), ShopError> {
        let (id, offer) = (self.order(order), Self::offer(method, minor, tip));
        self.serve(|desk| take_payment(desk, id, offer, &[])).map(drop)
    }

    fn sell(&mut self, item: u8, thousandths: i64, minor: i64) -> Result<(), ShopError> {
        let line = SellLine { ring: Self::ring(item, thousandths), unit_price: None };
        let sale = Sell {
            terminal: TerminalId::new("T1")?,
            lines: vec![line],
            tenders: vec![Tender::Cash { tendered: eur(minor) }.into()],
            kind: OrderKind::Retail,
            tab: Tab { age_checked: Some(16), ..Tab::default() },
            reservations: vec![],
        };
        self.serve(|desk| sell(desk, sale)).map(drop)
    }

    fn give_back(&mut self, sale: u8, line: u8, thousandths: i64) -> Result<(), ShopError> {
        let sales = self.core.view().latest_sales(6)?;
        let Some(row) = sales.get(usize::from(sale)) else { return Ok(()) };
        let parts = row.sale.parts();
        let sold = parts.lines.get(usize::from(line)).map(|line| line.id);
        let back = BackLine {
            line: sold,
            sku: None,
            quantity: Quantity::from_thousandths(thousandths).ok(),
            serials: vec![],
            damaged: thousandths > 1_000,
        };
        let ask = ReturnGoods {
            terminal: TerminalId::new("T2")?,
            proof: Proof::Sale(parts.id),
            lines: if line == 3 { vec![] } else { vec![back] },
            reason: "too salty".into(),
            exchange: vec![],
            payments: vec![],
        };
        if line.is_multiple_of(2) {
            return self.serve(|desk| return_goods(desk, ask)).map(drop);
        }
        self.back_to_a_card(ask, thousandths)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn a_week_of_random_commands_breaks_nothing(
        acts in prop::collection::vec(act(), 20..120),
        exclusive: bool, per_document: bool, coin in prop_oneof![Just(1_u16), Just(5)],
    ) {
        let mut counter = Counter::open(exclusive, per_document, coin);
        let mut refused = 0;
        for act in acts {
            let (before, single) = (counter.core.head(), !matches!(act, Act::Card { .. }));
            if counter.act(act).is_err() && single {
                refused += 1;
                assert_eq!(counter.core.head(), before, "what is refused changes nothing");
            }
        }
        counter.checked();
        prop_assert!(refused < 120);
    }
}
