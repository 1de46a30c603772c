//! The stock room's rules that no other program sees: what other verbs build on.

use crate::consume::consume;
use crate::reserve::consume_reservations;
use crate::{CountScope, Delivery};
use crate::{
    Desk, LotName, Printers, Reserve, ShopConfig, ShopError, StockError, Transfer, close_count,
    commit_reservation, count_now, expire_reservations, open_count, receive_goods, reserve,
    take_count, transfer_stock,
};
use edge_domain::ids::{ReservationId, StoreId};
use edge_domain::item::{Item, Sku};
use edge_domain::money::Money;
use edge_domain::quantity::Unit;
use edge_domain::receipt::Seller;
use edge_domain::stock::{End, Goods, Lot, Place, ReceivedLine};
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::{Clock, Entropy};
use edge_domain::{Quantity, SaleId, StoreTime};
use edge_ledger::{Core, Settings};
use edge_replica::Replica;
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use uuid::Uuid;

/// A clock that a test sets.
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

struct Shop {
    core: Core,
    docs: Replica,
    config: ShopConfig,
    hands: Arc<Hands>,
}

fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

fn q(units: i64) -> Quantity {
    Quantity::from_thousandths(units * 1_000).unwrap()
}

impl Shop {
    fn new() -> Self {
        let currency = "EUR".parse().unwrap();
        let (hands, entropy) =
            (Arc::new(Hands(1_700_000_000_000.into())), Arc::new(Counting(1.into())));
        let store = StoreId::new(Uuid::from_u128(7));
        let settings = Settings { store, currency, clock: hands.clone(), entropy: entropy.clone() };
        let mut shop = Self {
            core: Core::in_memory(settings).unwrap(),
            docs: Replica::new(&*entropy),
            config: ShopConfig {
                seller: Seller { name: "Test".into(), lines: vec![] },
                currency,
                policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
                printers: Printers::default(),
                card_terminals: vec![],
                rules: crate::Rules::default(),
            },
            hands,
        };
        shop.serve(|desk| {
            for name in ["MILK", "BEANS"] {
                let item = Item {
                    sku: sku(name),
                    gtin: None,
                    name: name.to_lowercase(),
                    unit: Unit::Each,
                    price: Money::new(100, currency).unwrap(),
                    tax_rate: "7".parse().unwrap(),
                    category: None,
                    station: None,
                    modifiers: vec![],
                    details: edge_domain::item::Details::default(),
                };
                desk.tx.put_item(&item, None)?;
            }
            receive_goods(desk, Delivery::plain(vec![(sku("MILK"), q(10))], None))
        })
        .unwrap();
        shop
    }

    fn serve<T>(
        &mut self,
        verb: impl FnOnce(&mut Desk<'_, '_>) -> Result<T, ShopError>,
    ) -> Result<T, ShopError> {
        let (docs, config) = (&mut self.docs, &self.config);
        self.core.transact(|tx| Desk::serve(tx, docs, config, verb))
    }

    fn promise(&mut self, units: i64) -> Result<ReservationId, ShopError> {
        let ask = Reserve { lines: vec![(sku("MILK"), q(units))], ..Reserve::default() };
        self.serve(|desk| reserve(desk, ask)).map(|reserved| reserved.id)
    }

    fn stock(&self, name: &str) -> Quantity {
        self.core.view().stock(&sku(name)).unwrap()
    }

    fn pass(&self, seconds: i64) {
        self.hands.0.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }
}

/// Of one sale after the other, each keeps a promise; the goods leave with the sale's own
/// postings, once.
#[test]
fn a_sale_ends_the_promises_that_it_keeps() {
    let mut shop = Shop::new();
    let sale = SaleId::new(Uuid::from_u128(99));
    let (held, over) = (shop.promise(3).unwrap(), shop.promise(4).unwrap());
    shop.serve(|desk| crate::release_reservation(desk, over)).unwrap();
    shop.serve(|desk| consume_reservations(desk, &[held, over], sale)).unwrap();
    assert_eq!(shop.stock("MILK"), q(10), "only the sale moves goods");
    assert_eq!(shop.promise(10).map(drop), Ok(()), "nothing is set aside any more");
    shop.serve(|desk| consume_reservations(desk, &[held], sale)).unwrap();
    let other = SaleId::new(Uuid::from_u128(98));
    let twice = shop.serve(|desk| consume_reservations(desk, &[held], other));
    assert_eq!(twice, Err(StockError::ReservationEnded("committed").into()));
    let unknown = ReservationId::new(Uuid::from_u128(5));
    let unknown = shop.serve(|desk| consume_reservations(desk, &[unknown], sale));
    assert_eq!(unknown, Err(StockError::UnknownReservation.into()));
    shop.core.verify().unwrap();
}

/// A promise past its time counts no more at once; writing that down changes nothing, and it
/// cannot be kept although the goods are there.
#[test]
fn a_promise_past_its_time() {
    let mut shop = Shop::new();
    let held = shop.promise(10).unwrap();
    assert!(matches!(shop.promise(1), Err(ShopError::Stock(StockError::Insufficient { .. }))));
    shop.pass(899);
    assert_eq!(shop.serve(|desk| expire_reservations(desk, 10)), Ok(0));
    assert!(shop.promise(1).is_err());
    shop.pass(1);
    let next = shop.promise(9).unwrap();
    let late = shop.serve(|desk| commit_reservation(desk, held, None));
    assert_eq!(late, Err(StockError::ReservationEnded("expired").into()));
    assert_eq!(shop.serve(|desk| expire_reservations(desk, 10)), Ok(1));
    assert_eq!(shop.serve(|desk| expire_reservations(desk, 10)), Ok(0), "twice is once");
    assert!(shop.promise(2).is_err());
    shop.serve(|desk| commit_reservation(desk, next, None)).unwrap();
    assert_eq!((shop.stock("MILK"), shop.promise(1).is_ok()), (q(1), true));
    shop.core.verify().unwrap();
}

#[test]
fn a_dish_is_served_although_the_beans_are_out() {
    let mut shop = Shop::new();
    let used = [(sku("BEANS"), q(2)), (sku("MILK"), q(1)), (sku("SUGAR"), Quantity::ZERO)];
    let sale = SaleId::new(Uuid::from_u128(99));
    shop.serve(|desk| consume(desk, sale, &used)).unwrap();
    assert_eq!((shop.stock("BEANS"), shop.stock("MILK")), (q(-2), q(9)));
    let entries = shop.core.head().seq;
    shop.serve(|desk| consume(desk, sale, &[])).unwrap();
    assert_eq!(shop.core.head().seq, entries, "nothing used, nothing written");
    let negative = shop.core.view().negative_levels(10).unwrap();
    assert_eq!(negative, [(sku("BEANS"), Place::Store, q(-2))]);
    shop.core.verify().unwrap();
}

/// Two people count the same shelf, and both counts are closed: what is missing is booked once.
#[test]
fn two_counts_of_one_shelf_book_a_loss_once() {
    let mut shop = Shop::new();
    let open =
        || CountScope { place: Place::Store, skus: vec![sku("MILK")], category: None, blind: true };
    let first = shop.serve(|desk| open_count(desk, open())).unwrap();
    let second = shop.serve(|desk| open_count(desk, open())).unwrap();
    for count in [first, second] {
        shop.serve(|desk| take_count(desk, count, vec![(sku("MILK"), q(7))])).unwrap();
    }
    shop.serve(|desk| close_count(desk, first)).unwrap();
    assert_eq!(shop.stock("MILK"), q(7));
    shop.serve(|desk| close_count(desk, second)).unwrap();
    assert_eq!(shop.stock("MILK"), q(7));
    shop.serve(|desk| count_now(desk, Place::Store, vec![(sku("MILK"), q(8))])).unwrap();
    assert_eq!(shop.stock("MILK"), q(8));
    shop.core.verify().unwrap();
}

/// What leaves for another store leaves as it expires, lot by lot, and lines that name a lot do
/// not take it twice.
#[test]
fn a_transfer_names_its_lots() {
    let mut shop = Shop::new();
    let lot = |code: &str, day: &str| Lot::new(code, Some(day.parse().unwrap())).unwrap();
    let came = |lot: Lot, units| ReceivedLine {
        goods: Goods { sku: sku("BEANS"), quantity: q(units), lot: Some(lot) },
        unit_cost: None,
    };
    let lines = vec![came(lot("LATE", "2026-12-24"), 5), came(lot("SOON", "2026-11-30"), 3)];
    let delivery = Delivery { lines, place: Place::Store, reference: None };
    shop.serve(|desk| receive_goods(desk, delivery)).unwrap();
    let named = LotName { code: Some("SOON".into()), expires: None };
    let ask = Transfer {
        from: End::Here(Place::Store),
        to: End::Elsewhere("Harbour".into()),
        on_its_way: false,
        lines: vec![(sku("BEANS"), q(5), LotName::default()), (sku("BEANS"), q(2), named)],
        reference: None,
    };
    let id = shop.serve(|desk| transfer_stock(desk, ask)).unwrap();
    let lines = shop.core.view().transfer(id).unwrap().unwrap().lines;
    let said: Vec<_> =
        lines.iter().map(|line| (line.lot.as_ref().unwrap().code(), line.sent)).collect();
    assert_eq!(said, [("SOON", q(3)), ("LATE", q(4))]);
    let left = shop.core.view().lots(&sku("BEANS")).unwrap();
    let left: Vec<_> = left.iter().map(|row| (row.place.as_str(), row.quantity)).collect();
    assert_eq!(left, [("transit", q(3)), ("store", q(1)), ("transit", q(4))]);
    shop.core.verify().unwrap();
}

/// What may happen to promises of two items, as numbers.
type Step = (u8, i64, i64);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    /// Against a model of two numbers: a promise holds all of its lines or none, nothing is
    /// promised twice, and what ends gives back exactly what it held.
    #[test]
    fn promises_hold_all_or_nothing(steps in proptest::collection::vec((0_u8..5, 0_i64..5, 0_i64..5), 1..40)) {
        let mut shop = Shop::new();
        shop.serve(|desk| receive_goods(desk, Delivery::plain(vec![(sku("BEANS"), q(6))], None)))
            .unwrap();
        let mut free = [10_i64, 6];
        let mut held: Vec<(ReservationId, [i64; 2])> = vec![];
        for (what, milk, beans) in steps as Vec<Step> {
            match what {
                0..=2 => {
                    let asked = [("MILK", milk), ("BEANS", beans), ("MILK", milk)];
                    let some = asked.iter().filter(|(_, units)| *units > 0);
                    let lines: Vec<_> = some.map(|(name, units)| (sku(name), q(*units))).collect();
                    let wanted = [2 * milk, beans];
                    let fits = wanted[0] <= free[0] && wanted[1] <= free[1] && !lines.is_empty();
                    let ask = Reserve { lines, ..Reserve::default() };
                    let made = shop.serve(|desk| reserve(desk, ask));
                    prop_assert_eq!(made.is_ok(), fits, "{:?} of {:?}: {:?}", wanted, free, made);
                    if let Ok(made) = made {
                        free = [free[0] - wanted[0], free[1] - wanted[1]];
                        held.push((made.id, wanted));
                    }
                }
                3 => {
                    let Some((id, lines)) = held.pop() else { continue };
                    shop.serve(|desk| crate::release_reservation(desk, id)).unwrap();
                    free = [free[0] + lines[0], free[1] + lines[1]];
                }
                _ => {
                    let Some((id, _)) = held.pop() else { continue };
                    shop.serve(|desk| commit_reservation(desk, id, None)).unwrap();
                }
            }
        }
        let promised: i64 = held.iter().map(|(_, lines)| lines[0]).sum();
        let now = shop.hands.now();
        prop_assert_eq!(shop.core.view().reserved(&sku("MILK"), now).unwrap(), q(promised));
        prop_assert_eq!(shop.stock("MILK"), q(free[0] + promised));
        shop.core.verify().unwrap();
    }
}

/// Goods that other places may sell, too: promises end where the rights end, goods that leave use
/// them, and goods that come back make new ones.
#[test]
fn rights_bound_what_is_promised() {
    let mut shop = Shop::new();
    let milk: edge_domain::rights::Resource = "item/MILK".parse().unwrap();
    shop.serve(|desk| crate::give_back(desk, &milk, 4_000)).unwrap();
    let first = shop.promise(3).unwrap();
    assert!(matches!(shop.promise(2), Err(ShopError::Stock(StockError::Insufficient { .. }))));
    shop.serve(|desk| commit_reservation(desk, first, None)).unwrap();
    let held = |shop: &Shop| crate::held(shop.core.view(), &milk).unwrap();
    assert_eq!((held(&shop), shop.stock("MILK")), (Some(1_000), q(7)));
    let more = shop.serve(|desk| crate::spend(desk, &milk, 1_001));
    assert_eq!(more.unwrap_err().code().0, "rights_not_held");
    assert_eq!(held(&shop), Some(1_000), "a refusal leaves nothing");
    shop.core.verify().unwrap();
}

/// A document that was lost is made anew from the journal.
#[test]
fn rights_survive_the_loss_of_their_document() {
    let mut shop = Shop::new();
    let card: edge_domain::rights::Resource = "gift_card/1".parse().unwrap();
    let issue = crate::IssueValue {
        kind: edge_domain::payment::Stored::GiftCard,
        reference: "1".into(),
        amount: Money::new(500, "EUR".parse().unwrap()).unwrap(),
        reason: "sorry".into(),
    };
    shop.serve(|desk| crate::issue_value(desk, issue)).unwrap();
    let name = cloud_sync_documents::rights::shard_of(&card);
    shop.serve(|desk| Ok(desk.tx.drop_doc(&name)?)).unwrap();
    shop.docs = Replica::new(&Counting(9.into()));
    let docs = &mut shop.docs;
    let made = shop.core.transact(|tx| docs.restore(tx, "Test")).unwrap();
    assert_eq!(made, 3, "the shards of two items, and the rights");
    assert_eq!(crate::held(shop.core.view(), &card), Ok(Some(500)));
    shop.core.verify().unwrap();
    shop.core.rebuild().unwrap();
    shop.core.verify().unwrap();
}
