//! How long reports take over a year of a busy shop, and what their sums cost each sale:
//! `cargo run -p edge-ledger --example year_of_sales -- DAYS SALES_A_DAY`.

use edge_domain::fact::Fact;
use edge_domain::ids::{LineId, PaymentId, SaleId, StoreId};
use edge_domain::item::{Sku, TerminalId};
use edge_domain::money::{Money, MoneyError};
use edge_domain::order::{Line, More};
use edge_domain::payment::Tender;
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::sale::{About, Sale, SaleParts};
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::{Clock, Entropy, StoreTime};
use edge_ledger::reports::{QUARTER_MS, Till};
use edge_ledger::{Core, LedgerError, Settings, Tx, View};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;
use uuid::Uuid;

/// 2026-01-01T00:00:00Z.
const BEGIN_MS: i64 = 1_767_225_600_000;
/// A shop is open for so long a day.
const OPEN_MS: i64 = 14 * 3_600_000;
/// How many items are sold, the first of them the most.
const ITEMS: u64 = 4_000;
const LINES: u64 = 5;

struct Wall(AtomicI64);
struct Chance(AtomicU64);

impl Chance {
    fn next(&self) -> u64 {
        let mut x = self.0.load(Ordering::Relaxed);
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.0.store(x, Ordering::Relaxed);
        x
    }
}

impl Clock for Wall {
    fn now(&self) -> StoreTime {
        StoreTime::from_millis(self.0.load(Ordering::Relaxed))
    }
}

impl Entropy for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.chunks_mut(8).for_each(|part| {
            let random = self.next().to_be_bytes();
            part.copy_from_slice(&random[..part.len()]);
        });
    }
}

fn sale(tx: &mut Tx<'_>, chance: &Chance) -> Result<(), Box<dyn std::error::Error>> {
    let currency = tx.currency();
    let eur = |minor| Money::new(minor, currency);
    let line = |_| -> Result<Line, Box<dyn std::error::Error>> {
        // Squared: few items make most of the sales.
        let rank = (chance.next() % ITEMS) * (chance.next() % ITEMS) / ITEMS;
        Ok(Line {
            id: LineId::new(tx.mint()),
            sku: Sku::new(&format!("ITEM-{rank}"))?,
            name: "Goods".into(),
            unit: Unit::Each,
            quantity: Quantity::ONE,
            unit_price: eur(100 + i64::try_from(rank)?)?,
            tax_rate: if rank.is_multiple_of(3) { "7" } else { "19" }.parse()?,
            modifiers: vec![],
            station: None,
            note: None,
            fired: false,
            voided: false,
            more: More::default(),
        })
    };
    let lines = (0..LINES).map(line).collect::<Result<Vec<_>, _>>()?;
    let terminal = TerminalId::new(["T1", "T2", "T3"][usize::try_from(chance.next() % 3)?])?;
    let staff = Some(["Anna", "Ben", "Cora"][usize::try_from(chance.next() % 3)?].to_owned());
    let parts = SaleParts {
        id: SaleId::new(tx.mint()),
        order: None,
        receipt: tx.next_receipt(&terminal)?,
        at: tx.now(),
        currency,
        policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
        lines,
        payments: vec![],
        about: About { staff, ..About::default() },
    };
    let due = Sale::due(&parts)?;
    let tender = match chance.next() % 2 {
        0 => Tender::Cash { tendered: due },
        _ => Tender::Card { amount: due },
    };
    let sale = Sale::of_tenders(parts, vec![(PaymentId::new(tx.mint()), tender.into())])?;
    tx.append(&Fact::SaleCompleted(Box::new(sale)))?;
    Ok(())
}

type Report = fn(View<'_>, (i64, i64)) -> Result<usize, LedgerError>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<i64>());
    let (days, a_day) = (args.next().unwrap_or(Ok(30))?, args.next().unwrap_or(Ok(3_000))?);
    let folder = std::env::temp_dir().join(format!("year-of-sales-{}", std::process::id()));
    let clock = Arc::new(Wall(AtomicI64::new(BEGIN_MS)));
    let chance = Arc::new(Chance(AtomicU64::new(42)));
    let currency = "EUR".parse().map_err(|error: MoneyError| error.to_string())?;
    let store = StoreId::new(Uuid::from_u128(7));
    let settings = Settings { store, currency, clock: clock.clone(), entropy: chance.clone() };
    let mut core = Core::open(&folder, settings)?;
    let begun = Instant::now();
    for day in 0..days {
        core.transact(|tx| {
            for n in 0..a_day {
                let at = BEGIN_MS + day * 86_400_000 + 8 * 3_600_000 + n * OPEN_MS / a_day;
                clock.0.store(at, Ordering::Relaxed);
                let sold = sale(tx, &chance);
                sold.map_err(|error| LedgerError::Unreadable(error.to_string()))?;
            }
            Ok::<_, LedgerError>(())
        })?;
    }
    let micros = begun.elapsed().as_micros() / u128::try_from(days * a_day)?;
    println!("{} sales of {LINES} lines: {micros} us each, one commit a day", days * a_day);
    // As a store one hour east of UTC reads it: days begin inside a day of UTC.
    let first = BEGIN_MS.div_euclid(QUARTER_MS) - 4;
    let reports: [(&str, Report); 7] = [
        ("hour, day", |view, at| Ok(view.sold_by(Till::Quarter, at)?.len())),
        ("terminal", |view, at| Ok(view.sold_by(Till::Terminal, at)?.len())),
        ("staff", |view, at| Ok(view.sold_by(Till::Staff, at)?.len())),
        ("tender", |view, at| Ok(view.sold_by_tender(at)?.len())),
        ("tax", |view, at| Ok(view.sold_by_tax(at)?.len())),
        ("item, category", |view, at| Ok(view.sold_by_item(at)?.len())),
        ("postings", |view, at| Ok(usize::from(view.posted_income(at)? > 0))),
    ];
    for (name, report) in reports {
        let begun = Instant::now();
        let rows = report(core.view(), (first, first + days * 96))?;
        println!("{name}: {rows} rows in {} ms", begun.elapsed().as_millis());
    }
    println!("{} bytes", std::fs::metadata(folder.join("ledger.sqlite"))?.len());
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
