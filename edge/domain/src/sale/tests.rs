use super::*;
use crate::ids::{LineId, PaymentId, uuid_v7};
use crate::item::{Item, Sku};
use crate::order::{Head, OrderKind, Tendered};
use crate::payment::Tender;
use crate::quantity::{Quantity, Unit};
use crate::tax::{PriceMode, TaxRounding};
use proptest::prelude::*;
use uuid::Uuid;

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn item(sku: &str, minor: i64, rate: &str, unit: Unit) -> Item {
    Item {
        sku: Sku::new(sku).unwrap(),
        gtin: None,
        name: sku.to_lowercase(),
        unit,
        price: eur(minor),
        tax_rate: rate.parse().unwrap(),
        category: None,
        station: None,
        modifiers: vec![],
        details: crate::item::Details::default(),
    }
}

fn line(n: u8, item: &Item, thousandths: i64) -> Line {
    let id = LineId::new(uuid_v7(StoreTime::from_millis(i64::from(n)), [n; 10]));
    let quantity = Quantity::from_thousandths(thousandths).unwrap();
    Line::of(id, item, quantity, vec![], None).unwrap()
}

fn policy() -> TaxPolicy {
    TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine)
}

fn parts(lines: Vec<Line>) -> SaleParts {
    SaleParts {
        id: SaleId::new(Uuid::nil()),
        order: None,
        receipt: ReceiptNumber { terminal: TerminalId::new("T1").unwrap(), number: 7 },
        at: StoreTime::from_millis(0),
        currency: "EUR".parse().unwrap(),
        policy: policy(),
        lines,
        payments: vec![],
        about: About::default(),
    }
}

fn order(lines: Vec<Line>) -> Order<crate::order::Open> {
    let head = Head {
        id: OrderId::new(Uuid::nil()),
        number: 1,
        kind: OrderKind::Retail,
        terminal: TerminalId::new("T1").unwrap(),
        table: None,
        opened_at: StoreTime::from_millis(0),
        currency: "EUR".parse().unwrap(),
        policy: policy(),
        tab: crate::order::Tab::default(),
    };
    Order::open(head, lines)
}

#[test]
fn an_order_lives_from_line_to_sale() {
    let milk = item("MILK", 129, "7", Unit::Each);
    let mut open = order(vec![]);
    let first = open.add(line(1, &milk, 1000)).unwrap();
    let again = open.add(line(2, &milk, 1000)).unwrap();
    assert_eq!(first, again, "the same item counts up on its line");
    let placed = open.place(vec![]).unwrap();
    assert_eq!(placed.due().unwrap(), eur(258));
    let card = Tender::Card { amount: eur(100) };
    let pay = |n| PaymentId::new(uuid_v7(StoreTime::from_millis(0), [n; 10]));
    let Tendered::Part(placed, _) = placed.tender(pay(1), card).unwrap() else {
        panic!("158 is still due")
    };
    let cash = Tender::Cash { tendered: eur(200) };
    let Tendered::Full(paid, last) = placed.tender(pay(2), cash).unwrap() else {
        panic!("nothing is due")
    };
    assert_eq!(last.change, eur(42));
    let receipt = ReceiptNumber { terminal: TerminalId::new("T1").unwrap(), number: 123 };
    assert_eq!(receipt.to_string(), "T1-000123");
    let sale =
        Sale::close(paid, SaleId::new(Uuid::nil()), receipt, StoreTime::from_millis(1), None);
    assert_eq!(Sale::checked(sale.parts().clone()), Ok(sale), "headquarters agrees");
}

#[test]
fn a_sale_that_is_not_covered_is_none() {
    let lines = vec![line(1, &item("MILK", 129, "7", Unit::Each), 1000)];
    let id = PaymentId::new(Uuid::nil());
    let tenders = vec![(id, Tender::Cash { tendered: eur(100) }.into())];
    let sale = Sale::of_tenders(parts(lines), tenders);
    assert_eq!(sale, Err(SaleError::NotCovered { due: eur(29) }));
    assert_eq!(Sale::checked(parts(vec![])), Err(SaleError::Empty));
}

#[test]
fn a_forged_payment_is_found() {
    let lines = vec![line(1, &item("MILK", 129, "7", Unit::Each), 1000)];
    let mut forged = parts(lines);
    forged.payments.push(Payment {
        id: PaymentId::new(Uuid::nil()),
        tender: Tender::Cash { tendered: eur(10) },
        amount: eur(129),
        change: eur(0),
        tip: eur(0),
        rounding: eur(0),
        reference: None,
        deposited: false,
    });
    assert_eq!(Sale::checked(forged), Err(SaleError::PaymentsDisagree));
}

#[test]
fn a_fired_line_stays() {
    let mut soup = item("SOUP", 500, "19", Unit::Each);
    soup.station = Some("kitchen".into());
    let mut open = order(vec![line(1, &soup, 1000)]);
    assert_eq!(open.fire(None).len(), 1);
    assert_eq!(open.fire(None).len(), 0, "the kitchen gets it once");
    let id = open.lines()[0].id;
    assert_eq!(open.set_quantity(id, Quantity::ZERO), Err(crate::order::OrderError::LineFired));
}

proptest! {
    #[test]
    fn postings_sum_to_zero(
        lines in prop::collection::vec((0_i64..50_000, 1_i64..5_000, 0_u32..30_000), 1..12),
        tendered in 1_i64..10_000_000, inclusive: bool, per_line: bool,
    ) {
        let lines: Vec<Line> = lines.iter().zip(0_u8..).map(|(&(minor, thousandths, rate), n)| {
            let mut item = item("CHEESE", minor, "0", Unit::Kilogram);
            item.tax_rate = crate::tax::TaxRate::from_thousandths(rate).unwrap();
            line(n, &item, thousandths)
        }).collect();
        let mut parts = parts(lines);
        let mode = if inclusive { PriceMode::Inclusive } else { PriceMode::Exclusive };
        let per = if per_line { TaxRounding::PerLine } else { TaxRounding::PerDocument };
        parts.policy = TaxPolicy::new(mode, per);
        let tender = (PaymentId::new(Uuid::nil()), Tender::Cash { tendered: eur(tendered) }.into());
        let due = totals(parts.currency, parts.policy, &parts.lines, false).unwrap().gross;
        let tenders = if due.is_zero() { vec![] } else { vec![tender] };
        match Sale::of_tenders(parts, tenders) {
            Ok(sale) => {
                let postings = sale.postings().unwrap();
                let sum: i64 = postings.money().iter().map(|p| p.amount.minor()).sum();
                prop_assert_eq!(sum, 0);
                let given = if due.is_zero() { 0 } else { tendered };
                prop_assert_eq!(sale.change().unwrap().minor(), given - due.minor());
            }
            Err(error) => {
                let short = SaleError::NotCovered { due: eur(due.minor() - tendered) };
                prop_assert_eq!(error, short);
            }
        }
    }
}
