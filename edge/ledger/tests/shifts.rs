//! Z reports are the sums of their sales and of what was posted, to the cent, whatever the clock
//! does: midnight, daylight saving, and a clock that jumps back.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use edge_domain::fact::{DepositTaken, Fact};
use edge_domain::ids::{LineId, PaymentId, SaleId, ShiftId, StoreId};
use edge_domain::item::{Sku, TerminalId};
use edge_domain::money::Money;
use edge_domain::order::{Adjustment, Cause, Line, More, Returned};
use edge_domain::payment::{Offer, Payment, Tender};
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::refund::RefundMoved;
use edge_domain::sale::{About, Sale, SaleParts};
use edge_domain::shift::{
    CashMoved, Counted, Direction, ShiftClosed, ShiftFact, ShiftOpened, ShiftTotals,
};
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::{Clock, Entropy, StoreTime};
use edge_domain::{OrderId, cash};
use edge_ledger::export::Format;
use edge_ledger::reports::Till;
use edge_ledger::{Core, LedgerError, Settings, Tx};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use uuid::Uuid;

/// 2026-10-25T00:30 in Berlin, half an hour after midnight; its clocks go back at 01:00 UTC.
const NIGHT_MS: i64 = 1_792_881_000_000;

#[derive(Default)]
struct Wall(AtomicI64);
struct Counting(AtomicU64);

impl Clock for Wall {
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

/// What happens next at one of three tills.
#[derive(Clone, Debug)]
enum Act {
    Open(i64),
    Sell { price: i64, off: i64, pieces: i64, card: bool, tip: i64 },
    TakeBack,
    Deposit(i64),
    RefundMoved(i64),
    Cash(bool, i64),
    Close(i64),
    Wait(i64),
}

fn act() -> impl Strategy<Value = (usize, Act)> {
    let act = prop_oneof![
        2 => (0_i64..20_000).prop_map(Act::Open),
        8 => (1_i64..5_000, 0_i64..100, 1_i64..5, any::<bool>(), 0_i64..500).prop_map(
            |(price, off, pieces, card, tip)| {
                let off = off.min(price * pieces);
                Act::Sell { price, off, pieces, card, tip }
            }
        ),
        2 => Just(Act::TakeBack),
        2 => (-2_000_i64..4_000).prop_filter("nothing", |n| *n != 0).prop_map(Act::Deposit),
        1 => (10_i64..2_000).prop_map(Act::RefundMoved),
        2 => (any::<bool>(), 1_i64..10_000).prop_map(|(into, amount)| Act::Cash(into, amount)),
        2 => (-300_i64..300).prop_map(Act::Close),
        3 => (-7_200_000_i64..14_400_000).prop_map(Act::Wait),
    ];
    (0_usize..3, act)
}

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn policy() -> TaxPolicy {
    let cash = cash::CashRounding { step: 5, mode: cash::CashMode::HalfUp };
    TaxPolicy { cash, ..TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine) }
}

fn line(tx: &Tx<'_>, price: i64, off: i64, pieces: i64) -> Line {
    let amount = eur(-off);
    let part = Adjustment { cause: Cause::Manual, id: "x".into(), label: "Off".into(), amount };
    let adjustments = if off == 0 { vec![] } else { vec![part] };
    Line {
        id: LineId::new(tx.mint()),
        sku: Sku::new(if price % 2 == 0 { "MILK" } else { "SOUP" }).unwrap(),
        name: "Goods".into(),
        unit: Unit::Each,
        quantity: Quantity::from_thousandths(pieces * 1_000).unwrap(),
        unit_price: eur(price),
        tax_rate: if price % 2 == 0 { "7" } else { "19" }.parse().unwrap(),
        modifiers: vec![],
        station: None,
        note: None,
        fired: false,
        voided: false,
        more: More { adjustments, ..More::default() },
    }
}

fn record(
    tx: &mut Tx<'_>,
    terminal: &TerminalId,
    lines: Vec<Line>,
    offer: impl Fn(Money) -> Offer,
) -> Result<Sale, LedgerError> {
    let parts = SaleParts {
        id: SaleId::new(tx.mint()),
        order: None,
        receipt: tx.next_receipt(terminal)?,
        at: tx.now(),
        currency: tx.currency(),
        policy: policy(),
        lines,
        payments: vec![],
        about: About { staff: Some("Anna".into()), ..About::default() },
    };
    let due = Sale::due(&parts).unwrap();
    let tenders =
        if due.is_zero() { vec![] } else { vec![(PaymentId::new(tx.mint()), offer(due))] };
    let sale = Sale::of_tenders(parts, tenders).unwrap();
    tx.append(&Fact::SaleCompleted(Box::new(sale.clone())))?;
    Ok(sale)
}

/// A refund that a card did not take, given in cash.
fn moved(tx: &mut Tx<'_>, terminal: TerminalId, back: Money) -> RefundMoved {
    let about = (SaleId::new(tx.mint()), terminal, tx.now());
    let ids = [PaymentId::new(tx.mint()), PaymentId::new(tx.mint())];
    RefundMoved::to_tender(about, back, ids, ("cash", None), policy().cash).unwrap()
}

fn cash_for(due: Money, tip: i64) -> Offer {
    let coins = policy().cash.round(due).unwrap();
    // So little that it rounds to nothing goes by card.
    if coins.is_zero() {
        return Tender::Card { amount: due }.into();
    }
    let tendered = coins.plus(eur(tip)).unwrap();
    Offer { tip: (tip > 0).then(|| eur(tip)), ..Tender::Cash { tendered }.into() }
}

#[derive(Default)]
struct World {
    sold: BTreeMap<TerminalId, Vec<Sale>>,
    closed: Vec<ShiftClosed>,
}

impl World {
    fn act(&mut self, tx: &mut Tx<'_>, till: &TerminalId, act: &Act) -> Result<(), LedgerError> {
        let open = tx.view().open_shift(till)?;
        let (by, at, terminal) = (None, tx.now(), till.clone());
        match (act, open) {
            (Act::Open(float), None) => {
                let (id, float) = (ShiftId::new(tx.mint()), eur(*float));
                let opened = ShiftOpened { id, terminal, float, by, at };
                tx.append(&Fact::Shift(ShiftFact::Opened(opened)))?;
            }
            (Act::Sell { price, off, pieces, card, tip }, _) => {
                let line = line(tx, *price, *off, *pieces);
                let offer = |due: Money| match card {
                    true => {
                        let amount = due.plus(eur(*tip)).unwrap();
                        let tip = (*tip > 0).then(|| eur(*tip));
                        Offer { tip, ..Tender::Card { amount }.into() }
                    }
                    false => cash_for(due, *tip),
                };
                let sale = record(tx, till, vec![line], offer)?;
                self.sold.entry(terminal).or_default().push(sale);
            }
            (Act::TakeBack, _) => {
                let Some(sold) = self.sold.get_mut(till).and_then(Vec::pop) else { return Ok(()) };
                let line = &sold.parts().lines[0];
                let (sale, of) = (Some(sold.parts().id), Some(line.id));
                let from = Returned { sale, line: of, reason: "broken".into() };
                let id = LineId::new(tx.mint());
                let back = Sale::take_back(line, id, line.quantity, Quantity::ZERO, from).unwrap();
                record(tx, till, vec![back], |due| cash_for(due, 0))?;
            }
            (Act::Deposit(amount), _) => {
                let id = PaymentId::new(tx.mint());
                let tender = Tender::Cash { tendered: eur(*amount) };
                let coins = cash::CashRounding::NONE;
                let payment = Payment::against(eur(*amount * 2), id, tender.into(), coins).unwrap();
                let order = OrderId::new(tx.mint());
                tx.append(&Fact::DepositTaken(DepositTaken { order, terminal, payment, at }))?;
            }
            (Act::RefundMoved(amount), _) => {
                let moved = moved(tx, terminal, eur(-*amount));
                tx.append(&Fact::RefundMoved(Box::new(moved)))?;
            }
            (Act::Cash(into, amount), Some(open)) => {
                let direction = if *into { Direction::In } else { Direction::Out };
                let (shift, amount, reason) = (open.opened.id, eur(*amount), "change".into());
                let moved = CashMoved { shift, terminal, direction, amount, reason, by, at };
                tx.append(&Fact::Shift(ShiftFact::Cash(moved)))?;
            }
            (Act::Close(over), Some(open)) => {
                let totals = tx.view().shift_totals(&open.opened, open.opened_seq)?;
                let cash = totals.cash_expected().unwrap().plus(eur(*over)).unwrap();
                let cash = if cash.is_negative() { eur(0) } else { cash };
                let closed = ShiftClosed {
                    id: open.opened.id,
                    number: tx.view().last_z(till)? + 1,
                    from: open.opened_seq,
                    to: tx.view().last_seq()?,
                    counted: Counted { cash, pieces: vec![], card: None },
                    terminal,
                    totals,
                    by,
                    at,
                };
                tx.append(&Fact::Shift(ShiftFact::Closed(Box::new(closed.clone()))))?;
                self.closed.push(closed);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Every posting: entry, account, amount.
fn postings(core: &Core) -> Vec<(u64, String, i64)> {
    let mut csv = Vec::new();
    core.view().export(None, None, Format::Csv, &mut csv).unwrap();
    let text = String::from_utf8(csv).unwrap();
    let row = |line: &str| {
        let field: Vec<&str> = line.split(',').collect();
        (field[0].parse().unwrap(), field[3].to_owned(), field[4].parse().unwrap())
    };
    text.lines().skip(1).map(row).collect()
}

fn check(core: &Core, closed: &ShiftClosed, posted: &[(u64, String, i64)]) {
    let sales = core.view().latest_sales(10_000).unwrap();
    let own = |seq: u64| (closed.from..=closed.to).contains(&seq);
    let of = |terminal: &TerminalId| *terminal == closed.terminal;
    let sales = sales.iter().filter(|s| own(s.seq) && of(&s.sale.parts().receipt.terminal));
    let gross: i64 = sales.clone().map(|row| row.sale.totals().gross.minor()).sum();
    assert_eq!(closed.totals.gross.minor(), gross, "the Z report is the sum of its sales");
    assert_eq!(usize::try_from(closed.totals.sales).unwrap(), sales.count());
    let drawer = format!("cash:{}", closed.terminal);
    let rows = posted.iter().filter(|(seq, account, _)| own(*seq) && *account == drawer);
    let held: i64 = rows.map(|(_, _, amount)| amount).sum();
    assert_eq!(closed.totals.cash_expected().unwrap().minor(), held, "and of what was posted");
    assert!(closed.totals.agree().unwrap());
    let over =
        posted.iter().find(|(seq, account, _)| *seq == closed.to + 1 && account == "over_short");
    let over = over.map_or(0, |(_, _, amount)| -amount);
    assert_eq!(closed.over_short().unwrap().minor(), over);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn a_z_report_is_the_sum_of_its_sales(acts in prop::collection::vec(act(), 1..120)) {
        let clock = Arc::new(Wall(AtomicI64::new(NIGHT_MS - 3_600_000)));
        let settings = Settings {
            store: StoreId::new(Uuid::from_u128(7)),
            currency: "EUR".parse().unwrap(),
            clock: clock.clone(),
            entropy: Arc::new(Counting(AtomicU64::new(1))),
        };
        let mut core = Core::in_memory(settings).unwrap();
        let mut world = World::default();
        for (place, act) in &acts {
            let till = TerminalId::new(["T1", "T2", "T3"][*place]).unwrap();
            if let Act::Wait(ms) = act {
                clock.0.fetch_add(*ms, Ordering::Relaxed);
            }
            core.transact(|tx| world.act(tx, &till, act)).unwrap();
        }
        let posted = postings(&core);
        for closed in &world.closed {
            check(&core, closed, &posted);
            let row = core.view().shift(closed.id).unwrap().unwrap();
            prop_assert_eq!(row.closed.as_ref(), Some(closed));
        }
        for till in ["T1", "T2", "T3"] {
            let numbers = world.closed.iter().filter(|z| z.terminal.as_str() == till);
            let numbers: Vec<u32> = numbers.map(|closed| closed.number).collect();
            let gapless: Vec<u32> = (1..).take(numbers.len()).collect();
            prop_assert_eq!(numbers, gapless, "Z reports have no gap");
        }
        core.verify().unwrap();
        let read = |core: &Core| {
            let all = (i64::MIN, i64::MAX / 2);
            let view = core.view();
            let posted = view.posted_income(all).unwrap();
            (view.sold_by(Till::Quarter, all).unwrap(), view.sold_by_tax(all).unwrap(), posted)
        };
        let before = (read(&core), core.view().shifts(None, 1_000).unwrap());
        let income: i64 = before.0.0.iter().map(|(_, sums)| sums.gross).sum();
        prop_assert_eq!(income, before.0.2, "reports are what was posted");
        core.rebuild().unwrap();
        prop_assert_eq!((read(&core), core.view().shifts(None, 1_000).unwrap()), before);
        core.verify().unwrap();
    }
}

/// A Z report that somebody made up is found.
#[test]
fn a_report_that_is_made_up_is_found() {
    let settings = Settings {
        store: StoreId::new(Uuid::from_u128(7)),
        currency: "EUR".parse().unwrap(),
        clock: Arc::new(Wall(AtomicI64::new(NIGHT_MS))),
        entropy: Arc::new(Counting(AtomicU64::new(1))),
    };
    let mut core = Core::in_memory(settings).unwrap();
    let till = TerminalId::new("T1").unwrap();
    let mut world = World::default();
    core.transact(|tx| world.act(tx, &till, &Act::Open(10_000))).unwrap();
    let forged: Result<u64, LedgerError> = core.transact(|tx| {
        let opened = tx.view().open_shift(&till)?.unwrap();
        let closed = ShiftClosed {
            id: opened.opened.id,
            terminal: till.clone(),
            number: 1,
            from: 1,
            to: 1,
            totals: ShiftTotals::new(eur(9_000)),
            counted: Counted { cash: eur(9_000), pieces: vec![], card: None },
            by: None,
            at: tx.now(),
        };
        tx.append(&Fact::Shift(ShiftFact::Closed(Box::new(closed))))
    });
    assert_eq!(forged, Ok(2));
    let found = core.verify().unwrap_err().to_string();
    assert_eq!(found, "entry 2: the Z report of T1 is not the sum of its entries");
}
