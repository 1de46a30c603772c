use super::*;
use crate::reports::Till;
use edge_domain::fact::Fact;
use edge_domain::ids::{LineId, PaymentId, SaleId, StoreId};
use edge_domain::item::{Sku, TerminalId};
use edge_domain::money::Money;
use edge_domain::order::Line;
use edge_domain::payment::Tender;
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::sale::{Sale, SaleParts};
use edge_domain::stock::{StockFact, StockReceived};
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::time::{Clock, Entropy, StoreTime};
use std::sync::atomic::{AtomicU64, Ordering};
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

fn sell(tx: &mut Tx<'_>, terminal: &str) -> Result<u64, LedgerError> {
    let currency = tx.currency();
    let eur = |minor| Money::new(minor, currency).unwrap();
    let line = Line {
        id: LineId::new(tx.mint()),
        sku: Sku::new("MILK-1L").unwrap(),
        name: "Milk".into(),
        unit: Unit::Each,
        quantity: Quantity::ONE,
        unit_price: eur(129),
        tax_rate: "7".parse().unwrap(),
        modifiers: vec![],
        station: None,
        note: None,
        fired: false,
        voided: false,
        more: edge_domain::order::More::default(),
    };
    let parts = SaleParts {
        id: SaleId::new(tx.mint()),
        order: None,
        receipt: tx.next_receipt(&TerminalId::new(terminal).unwrap())?,
        at: tx.now(),
        currency: tx.currency(),
        policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
        lines: vec![line],
        payments: vec![],
        about: edge_domain::sale::About::default(),
    };
    let tender = (PaymentId::new(tx.mint()), Tender::Cash { tendered: eur(200) }.into());
    let sale = Sale::of_tenders(parts, vec![tender]).unwrap();
    tx.append(&Fact::SaleCompleted(Box::new(sale)))
}

/// Invariant 2: once, for ever, across restarts.
#[test]
fn the_same_command_twice_has_one_effect_and_one_answer() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |ledger: &Ledger, what: &[u8]| {
        let identity = Command::new("key-1", &[what]);
        ledger.submit(Some(identity), |tx| sell(tx, "T1")).wait()
    };
    let ledger = Ledger::open(folder.path(), settings()).unwrap();
    assert_eq!(ask(&ledger, b"a"), Ok(Outcome { answer: 1, replayed: false }));
    assert_eq!(ask(&ledger, b"a"), Ok(Outcome { answer: 1, replayed: true }));
    assert_eq!(ask(&ledger, b"b"), Err(LedgerError::KeyReused));
    ledger.close();
    let ledger = Ledger::open(folder.path(), settings()).unwrap();
    assert_eq!(ask(&ledger, b"a"), Ok(Outcome { answer: 1, replayed: true }));
    let sales = ledger.read(|view| view.latest_sales(10)).unwrap();
    assert_eq!(sales.len(), 1);
}

/// A refused command in the middle of a group undoes itself alone, numbers included.
#[test]
fn a_refusal_undoes_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(folder.path(), settings()).unwrap();
    let pending: Vec<_> = (0..50)
        .map(|n| {
            ledger.submit(None, move |tx| {
                let seq = sell(tx, "T1")?;
                if n % 3 == 0 { Err(LedgerError::Unreadable("refused".into())) } else { Ok(seq) }
            })
        })
        .collect();
    let kept = pending.into_iter().filter_map(|pending| pending.wait().ok()).count();
    ledger.close();
    let core = Core::open(folder.path(), settings()).unwrap();
    let report = core.verify().unwrap();
    assert_eq!((kept, report.sales, report.entries), (33, 33, 33));
}

/// Invariant 3: nothing is edited; what is edited behind our back is found.
#[test]
fn an_edit_behind_our_back_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut core = Core::open(folder.path(), settings()).unwrap();
    for _ in 0..3 {
        core.transact(|tx| sell(tx, "T1")).unwrap();
    }
    drop(core);
    let conn = Connection::open(folder.path().join("ledger.sqlite")).unwrap();
    let edit = conn.execute("UPDATE journal SET epoch = 9 WHERE seq = 2", []);
    assert!(edit.unwrap_err().to_string().contains("never edited"));
    assert!(conn.execute("DELETE FROM journal WHERE seq = 2", []).is_err());
    conn.execute_batch("DROP TRIGGER journal_is_never_edited").unwrap();
    conn.execute("UPDATE journal SET epoch = 9 WHERE seq = 2", []).unwrap();
    drop(conn);
    let core = Core::open(folder.path(), settings()).unwrap();
    let finding = core.verify().unwrap_err();
    assert!(finding.to_string().starts_with("entry 2:"), "{finding}");
}

#[test]
fn projections_rebuild_to_what_they_were() {
    let mut core = Core::in_memory(settings()).unwrap();
    core.transact(|tx| {
        let lines =
            vec![(Sku::new("MILK-1L").unwrap(), Quantity::from_thousandths(9_000).unwrap())];
        let at = tx.now();
        tx.append(&Fact::Stock(StockFact::Received(StockReceived::of(lines, None, at))))
    })
    .unwrap();
    core.transact(|tx| sell(tx, "T1")).unwrap();
    core.transact(|tx| sell(tx, "T2")).unwrap();
    let stock = |core: &Core| core.view().stock(&Sku::new("MILK-1L").unwrap()).unwrap();
    assert_eq!(stock(&core).thousandths(), 7_000);
    let before = core.verify().unwrap();
    assert_eq!(core.rebuild(), Ok(3));
    assert_eq!((core.verify().unwrap(), stock(&core).thousandths()), (before, 7_000));
    assert_eq!(core.rebuild_if_older(), Ok(None));
}

#[test]
fn another_stores_ledger_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(Core::open(folder.path(), settings()).unwrap());
    let other = Settings { store: StoreId::new(Uuid::from_u128(8)), ..settings() };
    assert!(matches!(Core::open(folder.path(), other), Err(LedgerError::Storage(_))));
}

#[test]
fn an_export_holds_every_entry() {
    let mut core = Core::in_memory(settings()).unwrap();
    core.transact(|tx| sell(tx, "T1")).unwrap();
    let mut lines = Vec::new();
    let format = crate::export::Format::JsonLines;
    assert_eq!(core.view().export(None, None, format, &mut lines), Ok(1));
    let line: serde_json::Value = serde_json::from_slice(&lines).unwrap();
    assert_eq!((&line["body"]["total"], &line["kind"]), (&129.into(), &"sale_completed".into()));
    let mut csv = Vec::new();
    core.view().export(None, None, crate::export::Format::Csv, &mut csv).unwrap();
    assert_eq!(String::from_utf8(csv).unwrap().lines().count(), 4);
}

/// A power cut before the sums were written, and then an update that writes every projection
/// again: each sale is in the sums once.
#[test]
fn sums_that_waited_are_counted_once() {
    let (shop, image) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = Ledger::open(shop.path(), settings()).unwrap();
    for _ in 0..3 {
        ledger.submit::<u64, LedgerError>(None, |tx| sell(tx, "T1")).wait().unwrap();
    }
    for entry in std::fs::read_dir(shop.path()).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, image.path().join(path.file_name().unwrap())).unwrap();
    }
    ledger.close();
    let entropy = Arc::new(Counting(AtomicU64::new(1_000))); // no id a second time
    let mut core = Core::open(image.path(), Settings { entropy, ..settings() }).unwrap();
    let sold = |core: &Core| -> i64 {
        let tills = core.view().sold_by(Till::Terminal, (0, i64::MAX)).unwrap();
        tills.iter().map(|(_, sums)| sums.sales).sum()
    };
    assert!(sold(&core) < 3, "the picture was taken before the sums were written");
    core.verify().unwrap();
    core.rebuild().unwrap();
    core.verify().unwrap();
    assert_eq!(sold(&core), 3);
    core.transact(|tx| sell(tx, "T1")).unwrap();
    core.verify().unwrap();
    assert_eq!(sold(&core), 4);
}
