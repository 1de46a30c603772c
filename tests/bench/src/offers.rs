//! Promotions: a basket of 60 lines, 500 of them active.

use crate::report::{Budget, Row, median};
use edge_domain::LineId;
use edge_domain::ids::uuid_v7;
use edge_domain::money::Money;
use edge_domain::order::{Off, OrderKind};
use edge_domain::promotion::{BasketLine, Book, Conditions, Effect, Occasion, Promotion, Selector};
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::time::{DayTime, StoreTime};
use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Instant;

fn eur(minor: i64) -> anyhow::Result<Money> {
    Ok(Money::new(minor, "EUR".parse()?)?)
}

/// Offers on items, on categories and on everything, of every kind.
fn offer(n: u16) -> anyhow::Result<Promotion> {
    let category: BTreeSet<String> = [format!("Group {}", n % 40)].into();
    let on = match n % 50 {
        0 => Selector { all: true, ..Selector::default() },
        1..=9 => Selector { categories: category, ..Selector::default() },
        _ => {
            let skus = (0..5).map(|k| format!("SKU-{}", n * 5 + k)).collect();
            Selector { skus, ..Selector::default() }
        }
    };
    let effect = match n % 5 {
        0 => Effect::Threshold { on, minimum: eur(10_000)?, off: Off::Percent(2_000) },
        1 => Effect::CheapestFree { on, of: 3, free: 1 },
        2 => Effect::AnyFor { on, count: 2, price: eur(300)? },
        _ => Effect::Each { on, off: Off::Percent(u32::from(n % 30) * 1_000 + 1_000) },
    };
    Ok(Promotion {
        id: format!("P{n}"),
        label: format!("Offer {n}"),
        when: Conditions::default(),
        effect,
        priority: i32::from(n % 3),
        stacks: n.is_multiple_of(7),
        group: None,
        per_order: None,
        per_customer: None,
        in_total: None,
    })
}

pub(crate) fn measure(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let book = Book::new((0..500).map(offer).collect::<anyhow::Result<_>>()?);
    let names: Vec<(String, String)> =
        (0..60).map(|n| (format!("SKU-{}", n * 37), format!("Group {}", n % 40))).collect();
    let mut basket = Vec::new();
    for (n, (sku, category)) in (0_i64..).zip(&names) {
        basket.push(BasketLine {
            line: LineId::new(uuid_v7(StoreTime::from_millis(n), [7; 10])),
            sku,
            category: Some(category),
            tags: &[],
            quantity: Quantity::from_thousandths(1_000 * (1 + n % 3))?,
            unit: Unit::Each,
            total: eur((1 + n % 3) * (99 + n * 10))?,
        });
    }
    let on = Occasion {
        at: StoreTime::from_millis(1_000),
        day_time: DayTime { weekday: 1, minute: 700 },
        kind: OrderKind::Retail,
        groups: &[],
        coupons: &[],
    };
    let currency = "EUR".parse()?;
    let awards = book.evaluate(currency, &basket, &on, &|_| true)?.len();
    anyhow::ensure!(awards > 20, "the offers give something: {awards}");
    let mut rounds = Vec::new();
    for _ in 0..40 {
        let begun = Instant::now();
        black_box(book.evaluate(currency, black_box(&basket), &on, &|_| true)?);
        rounds.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    let name = "promotions, 60 lines, 500 active";
    rows.push(Row::new(name, median(&mut rounds), "ms", Budget::AtMost(2.0)));
    Ok(())
}
