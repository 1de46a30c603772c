//! Pieces that are sold: the gate hears of them before the sale is durable, and of nothing that was
//! undone; the set is a projection like the others.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use edge_domain::codes::piece::Piece;
use edge_domain::fact::Fact;
use edge_domain::ids::{LineId, PaymentId, SaleId, StoreId};
use edge_domain::item::{Sku, TerminalId};
use edge_domain::money::Money;
use edge_domain::order::{Line, More, Returned};
use edge_domain::payment::Tender;
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::sale::{About, Sale, SaleParts};
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::{Clock, Entropy, StoreTime};
use edge_ledger::gate::{GateEvent, PieceMoved};
use edge_ledger::{Core, Ledger, LedgerError, Settings, Tx};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

struct Fixed;
struct Counting(AtomicU64);

impl Clock for Fixed {
    fn now(&self) -> StoreTime {
        StoreTime::from_millis(1_700_000_000_000)
    }
}

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let next = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.iter_mut().zip(next.iter().cycle()).for_each(|(to, from)| *to = *from);
    }
}

fn settings() -> Settings {
    Settings {
        store: StoreId::new(Uuid::from_u128(7)),
        currency: "EUR".parse().unwrap(),
        clock: Arc::new(Fixed),
        entropy: Arc::new(Counting(AtomicU64::new(1))),
    }
}

fn coat(serial: u32) -> Piece {
    Piece::of_text(&format!("(01)04006381333931(21){serial}")).unwrap()
}

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn record(tx: &mut Tx<'_>, line: Line) -> Result<Sale, LedgerError> {
    let parts = SaleParts {
        id: SaleId::new(tx.mint()),
        order: None,
        receipt: tx.next_receipt(&TerminalId::new("T1").unwrap())?,
        at: tx.now(),
        currency: tx.currency(),
        policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
        lines: vec![line],
        payments: vec![],
        about: About::default(),
    };
    let due = Sale::due(&parts).unwrap();
    let tender = vec![(PaymentId::new(tx.mint()), Tender::Card { amount: due }.into())];
    let sale = Sale::of_tenders(parts, tender).unwrap();
    tx.append(&Fact::SaleCompleted(Box::new(sale.clone())))?;
    Ok(sale)
}

/// Sells a coat; its tag is read in one dress, its barcode in another.
fn sell(tx: &mut Tx<'_>, serial: u32) -> Result<Sale, LedgerError> {
    let dress = if serial.is_multiple_of(2) {
        format!("urn:epc:id:sgtin:4006381.033393.{serial}")
    } else {
        format!("(01)04006381333931(21){serial}")
    };
    let line = Line {
        id: LineId::new(tx.mint()),
        sku: Sku::new("COAT").unwrap(),
        name: "Coat".into(),
        unit: Unit::Each,
        quantity: Quantity::ONE,
        unit_price: eur(8_900),
        tax_rate: "19".parse().unwrap(),
        modifiers: vec![],
        station: None,
        note: None,
        fired: false,
        voided: false,
        more: More { serials: vec![dress], ..More::default() },
    };
    record(tx, line)
}

fn take_back(tx: &mut Tx<'_>, sold: &Sale) -> Result<Sale, LedgerError> {
    let line = &sold.parts().lines[0];
    let (sale, of) = (Some(sold.parts().id), Some(line.id));
    let from = Returned { sale, line: of, reason: "too small".into() };
    let id = LineId::new(tx.mint());
    let mut back = Sale::take_back(line, id, Quantity::ONE, Quantity::ZERO, from).unwrap();
    back.more.serials.clone_from(&line.more.serials);
    record(tx, back)
}

fn sold(ledger: &Ledger) -> BTreeSet<String> {
    let mut pieces = BTreeSet::new();
    let read = ledger.read::<_, LedgerError>(|view| {
        view.sold_pieces(|piece| {
            pieces.insert(piece.serial);
        })
    });
    read.unwrap();
    pieces
}

#[test]
fn the_gate_hears_of_a_sale_before_it_is_durable_and_of_nothing_undone() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(folder.path(), settings()).unwrap();
    let heard: Arc<Mutex<Vec<(PieceMoved, bool)>>> = Arc::default();
    let (own, reading) = (heard.clone(), ledger.clone());
    ledger.listen_pieces(Box::new(move |moved| {
        // Another connection sees only what is committed.
        let durable = sold(&reading);
        let mut heard = own.lock().unwrap();
        heard.extend(moved.iter().map(|m| (m.clone(), durable.contains(&m.piece.serial))));
    }));
    let first = ledger.submit(None, |tx| sell(tx, 1).map(|_| ())).wait();
    first.unwrap();
    let refused = ledger.submit::<(), LedgerError>(None, |tx| {
        sell(tx, 2)?;
        Err(LedgerError::Busy)
    });
    assert!(refused.wait().is_err());
    let both = ledger.submit::<(), LedgerError>(None, |tx| {
        let sale = sell(tx, 3)?;
        sell(tx, 4)?;
        take_back(tx, &sale).map(|_| ())
    });
    both.wait().unwrap();
    let moved = |serial, sold| PieceMoved { piece: coat(serial), sold };
    let heard = heard.lock().unwrap().clone();
    let expected = [
        (moved(1, true), false), // heard before the commit
        (moved(3, true), false),
        (moved(4, true), false),
        (moved(3, false), false), // heard after it: it is the shop's again
    ];
    assert_eq!(heard, expected);
    assert_eq!(sold(&ledger), ["1", "4"].map(str::to_owned).into());
    ledger.close();
    drop(ledger);

    let mut core = Core::open(folder.path(), settings()).unwrap();
    core.rebuild().unwrap();
    drop(core);
    let again = Ledger::open(folder.path(), settings()).unwrap();
    assert_eq!(sold(&again), ["1", "4"].map(str::to_owned).into());
}

#[test]
fn events_of_the_gate_are_kept_for_a_while_and_no_longer() {
    let mut core = Core::in_memory(settings()).unwrap();
    let day = 86_400_000;
    let event = |n: u128, at: i64| GateEvent {
        id: Uuid::from_u128(n),
        seq: 0,
        gate: "gate1".into(),
        kind: "reader_silent".into(),
        at: StoreTime::from_millis(at),
        device: "reader".into(),
        tag: None,
        evidence: Some("{}".into()),
    };
    for (n, at) in [(1, 0), (2, 5 * day), (3, 9 * day)] {
        core.transact::<_, LedgerError>(|tx| tx.note_gate(&event(n, at), 7 * day)).unwrap();
    }
    let kept = core.view().gate_events(None, 10).unwrap();
    assert_eq!(kept.iter().map(|event| event.id.as_u128()).collect::<Vec<_>>(), [3, 2]);
    let before = core.view().gate_events(Some(kept[0].seq), 10).unwrap();
    assert_eq!(before.len(), 1);
    assert_eq!(core.view().gate_event(Uuid::from_u128(1)).unwrap(), None);
}
