use super::*;
use crate::ids::{OrderId, uuid_v7};
use crate::item::TerminalId;
use crate::order::{OrderKind, Tab};
use crate::tax::{PriceMode, TaxPolicy, TaxRounding};
use crate::time::StoreTime;
use proptest::prelude::*;
use uuid::Uuid;

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn head(tab: Tab) -> Head {
    Head {
        id: OrderId::new(Uuid::from_u128(9)),
        number: 1,
        kind: OrderKind::DineIn,
        terminal: TerminalId::new("T1").unwrap(),
        table: None,
        opened_at: StoreTime::from_millis(0),
        currency: "EUR".parse().unwrap(),
        policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
        tab,
    }
}

fn line(n: u8, minor: i64, pieces: i64) -> Line {
    Line {
        id: LineId::new(uuid_v7(StoreTime::from_millis(i64::from(n)), [n; 10])),
        sku: Sku::new(&format!("I{n}")).unwrap(),
        name: "Item".into(),
        unit: Unit::Each,
        quantity: Quantity::from_thousandths(pieces * 1000).unwrap(),
        unit_price: eur(minor),
        tax_rate: "19".parse().unwrap(),
        modifiers: vec![],
        station: None,
        note: None,
        fired: false,
        voided: false,
        more: More::default(),
    }
}

fn given(off: Off) -> Discount {
    Discount { id: Uuid::from_u128(7), off, reason: "dented".into(), by: None }
}

fn priced(head: &Head, mut lines: Vec<Line>) -> Vec<Line> {
    let none = |_: &[Line]| Ok(vec![]);
    let terms =
        Terms { promote: &none, service_rate: "19".parse().unwrap(), service_name: "Service" };
    price(head, &mut lines, &terms).unwrap();
    let once = lines.clone();
    price(head, &mut lines, &terms).unwrap();
    assert_eq!(lines, once, "pricing twice changes nothing");
    lines
}

fn totals(lines: &[Line]) -> Vec<i64> {
    lines.iter().map(|line| line.total().unwrap().minor()).collect()
}

#[test]
fn discounts_on_a_line() {
    let with = |off| {
        let mut line = line(1, 1_000, 3);
        line.more.discounts.push(given(off));
        totals(&priced(&head(Tab::default()), vec![line]))[0]
    };
    assert_eq!(with(Off::Percent(10_000)), 2_700);
    assert_eq!(with(Off::Amount(eur(5_000))), 0, "never below nothing");
    assert_eq!(with(Off::Price(eur(900))), 2_700);
}

#[test]
fn a_discount_on_the_order_reaches_each_line_to_the_cent() {
    let tab = Tab { discounts: vec![given(Off::Amount(eur(100)))], ..Tab::default() };
    let lines = priced(&head(tab), vec![line(1, 333, 1), line(2, 333, 1), line(3, 334, 1)]);
    assert_eq!(totals(&lines), [300, 300, 300]);
    let tab = Tab { discounts: vec![given(Off::Percent(33_333))], ..Tab::default() };
    let lines = priced(&head(tab), vec![line(1, 1, 1), line(2, 1, 1), line(3, 1, 1)]);
    assert_eq!(totals(&lines), [0, 1, 1]);
}

#[test]
fn deposits_follow_their_bottles_and_are_never_cheaper() {
    let bottle = line(1, 100, 6);
    let mut deposit = line(2, 25, 1);
    deposit.more.parent = Some(bottle.id);
    let tab = Tab { discounts: vec![given(Off::Percent(50_000))], ..Tab::default() };
    let lines = priced(&head(tab.clone()), vec![bottle.clone(), deposit.clone()]);
    assert_eq!(totals(&lines), [300, 150]);
    let gone = Line { voided: true, ..bottle };
    assert!(priced(&head(tab), vec![gone, deposit])[1].voided);
}

#[test]
fn service_is_a_line_that_follows_from_the_others() {
    let tab = Tab { service: Some(12_500), ..Tab::default() };
    let lines = priced(&head(tab.clone()), vec![line(1, 1_000, 2)]);
    assert_eq!(totals(&lines), [2_000, 250]);
    assert_eq!(lines[1].more.nature, Nature::Service);
    assert_eq!(priced(&head(Tab::default()), lines).len(), 1);
}

#[test]
fn a_bill_in_equal_parts() {
    let parts: Vec<i64> =
        equal_parts(eur(1_000), 3).unwrap().iter().map(|part| part.minor()).collect();
    assert_eq!(parts, [334, 333, 333]);
    assert!(equal_parts(eur(5), 0).unwrap().is_empty());
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole(
        amount in -1_000_000_i64..1_000_000,
        weights in prop::collection::vec(0_i64..100_000, 1..40),
    ) {
        let money: Vec<Money> = weights.iter().map(|&w| eur(w)).collect();
        let parts = prorate(eur(amount), &money).unwrap();
        let all: i64 = weights.iter().sum();
        let sum: i64 = parts.iter().map(|part| part.minor()).sum();
        prop_assert_eq!(sum, if all == 0 { 0 } else { amount });
        for (part, &weight) in parts.iter().zip(&weights).filter(|_| all > 0) {
            let exact = i128::from(amount) * i128::from(weight);
            let far = i128::from(part.minor()) * i128::from(all) - exact;
            prop_assert!(far.abs() < i128::from(all), "less than a cent off");
        }
    }
}
