use super::*;
use crate::ids::{CountId, SaleId};
use proptest::prelude::*;
use uuid::Uuid;

fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

fn q(thousandths: i64) -> Quantity {
    Quantity::from_thousandths(thousandths).unwrap()
}

/// What a fact does to each location, summed over all of them.
fn sum(postings: &Postings) -> i64 {
    let mut levels = std::collections::BTreeMap::<Location, i64>::new();
    for moved in postings.goods() {
        *levels.entry(moved.from.clone()).or_default() -= moved.quantity.thousandths();
        *levels.entry(moved.to.clone()).or_default() += moved.quantity.thousandths();
    }
    levels.values().sum()
}

fn level(postings: &Postings, place: &Location) -> i64 {
    let change = |moved: &StockMove| match moved.quantity.thousandths() {
        quantity if moved.to == *place => quantity,
        quantity if moved.from == *place => -quantity,
        _ => 0,
    };
    postings.goods().iter().map(change).sum()
}

proptest! {
    /// Selling goes on while a count is taken: what is booked is what was really missing, in
    /// whatever order sales, the counting and the closing came.
    #[test]
    fn a_count_books_what_was_missing_whatever_was_sold_meanwhile(
        left in 0_i64..200,
        missing in -20_i64..20,
        before in proptest::collection::vec(1_i64..5, 0..8),
        after in proptest::collection::vec(1_i64..5, 0..8),
    ) {
        // The shelf holds what the books say, but for what is missing, and enough for what is sold.
        let shelf = left + before.iter().sum::<i64>();
        let (mut booked, mut shelf) = ((shelf + missing) * 1_000, shelf * 1_000);
        for sold in &before {
            booked -= sold * 1_000;
            shelf -= sold * 1_000;
        }
        let by = variance(q(shelf), q(booked)).unwrap();
        for sold in &after {
            booked -= sold * 1_000;
            shelf -= sold * 1_000;
        }
        prop_assert_eq!(by.thousandths(), -missing * 1_000);
        let lines = if by == Quantity::ZERO { vec![] } else { vec![(sku("MILK"), by)] };
        let (id, at) = (CountId::new(Uuid::nil()), StoreTime::from_millis(0));
        let closed = StockFact::CountClosed(CountClosed { id, place: Place::Store, lines, at });
        let postings = closed.postings();
        prop_assert_eq!(sum(&postings), 0);
        prop_assert_eq!(booked + level(&postings, &Location::Store), shelf);
    }

    /// An adjustment either way balances, and never moves less than something.
    #[test]
    fn adjustments_sum_to_zero(changes in proptest::collection::vec(-5_000_i64..5_000, 1..10)) {
        let line = |by: &i64| Adjusted { sku: sku("A"), by: q(*by), place: Place::Store, lot: None };
        let lines: Vec<_> = changes.iter().filter(|by| **by != 0).map(line).collect();
        let at = StoreTime::from_millis(0);
        let fact = StockAdjusted { lines, reason: Reason::Other, note: None, at };
        let postings = StockFact::Adjusted(fact).postings();
        prop_assert_eq!(sum(&postings), 0);
        prop_assert!(postings.goods().iter().all(|moved| moved.quantity > Quantity::ZERO));
        prop_assert_eq!(level(&postings, &Location::Store), changes.iter().sum::<i64>());
    }

    /// What is asked for twice adds up, and nothing is lost on the way.
    #[test]
    fn lines_are_gathered(lines in proptest::collection::vec((0_u8..4, 1_i64..9_000), 0..20)) {
        let asked = lines.iter().map(|(n, part)| (sku(&format!("S{n}")), q(*part))).collect();
        let gathered = gathered(asked).unwrap();
        prop_assert!(gathered.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let sum: i64 = gathered.iter().map(|(_, part)| part.thousandths()).sum();
        prop_assert_eq!(sum, lines.iter().map(|(_, part)| part).sum::<i64>());
    }
}

#[test]
fn a_dish_uses_up_its_ingredients() {
    let recipe = |dish: &Sku| match dish.as_str() {
        "LATTE" => vec![(sku("BEANS"), q(18)), (sku("MILK"), q(200))],
        "ESPRESSO" => vec![(sku("BEANS"), q(9))],
        _ => vec![],
    };
    let sold = [(sku("LATTE"), q(2_000)), (sku("ESPRESSO"), q(1_000)), (sku("BUN"), q(3_000))];
    let used = consumption(&sold, recipe).unwrap();
    assert_eq!(used, [(sku("BEANS"), q(45)), (sku("MILK"), q(400))]);
    let (sale, at) = (SaleId::new(Uuid::nil()), StoreTime::from_millis(0));
    let postings = StockFact::Consumed(Consumed { sale, lines: used, at }).postings();
    assert_eq!(level(&postings, &Location::Production), 445);
    assert_eq!(sum(&postings), 0);
}

#[test]
fn a_promise_moves_goods_only_when_it_is_kept_alone() {
    let (id, at) = (ReservationId::new(Uuid::nil()), StoreTime::from_millis(0));
    let committed = |left| StockFact::ReservationCommitted(ReservationCommitted { id, left, at });
    let alone = committed(Left::Goods(vec![(sku("A"), q(1_000), Place::Store)])).postings();
    assert_eq!(level(&alone, &Location::Customer), 1_000);
    let sold = committed(Left::Sale(SaleId::new(Uuid::nil()))).postings();
    assert!(sold.goods().is_empty(), "the sale moves them");
}
