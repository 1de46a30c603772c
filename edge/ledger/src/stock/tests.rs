//! Facts about goods, and what follows from them; each new check is shown to find an edit.

use crate::core::{Core, Settings};
use edge_domain::StoreTime;
use edge_domain::ids::{CountId, ReservationId, StoreId, TransferId};
use edge_domain::item::Sku;
use edge_domain::money::Money;
use edge_domain::posting::Location;
use edge_domain::quantity::Quantity;
use edge_domain::stock::{
    Adjusted, CountOpened, CountTaken, End, Goods, Left, Lot, Place, PlaceAdded, PlaceName, Reason,
    ReceivedLine, ReservationCommitted, ReservationMade, StockAdjusted, StockFact, StockMoved,
    StockReceived, TransferReceived, TransferSent,
};
use edge_domain::time::{Clock, Entropy};
use proptest::prelude::*;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

const NOW: StoreTime = StoreTime::from_millis(1_700_000_000_000);

struct Fixed;
struct Counting(AtomicU64);

impl Clock for Fixed {
    fn now(&self) -> StoreTime {
        NOW
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

fn milk() -> Sku {
    Sku::new("MILK").unwrap()
}

fn q(units: i64) -> Quantity {
    Quantity::from_thousandths(units * 1_000).unwrap()
}

fn lot(code: &str, expires: &str) -> Option<Lot> {
    Some(Lot::new(code, Some(expires.parse().unwrap())).unwrap())
}

fn back() -> Place {
    Place::Named(PlaceName::new("back").unwrap())
}

fn write(core: &mut Core, fact: StockFact) -> u64 {
    core.transact(|tx| tx.append(&fact.into())).unwrap()
}

fn receive(core: &mut Core, units: i64, lot: Option<Lot>, cost: Option<i64>) {
    let unit_cost = cost.map(|minor| Money::new(minor, "EUR".parse().unwrap()).unwrap());
    let goods = Goods { sku: milk(), quantity: q(units), lot };
    let lines = vec![ReceivedLine { goods, unit_cost }];
    let fact = StockReceived { lines, place: Place::Store, reference: None, at: NOW };
    write(core, StockFact::Received(fact));
}

fn adjust(core: &mut Core, units: i64, lot: Option<Lot>) {
    let lines = vec![Adjusted { sku: milk(), by: q(units), place: Place::Store, lot }];
    let fact = StockAdjusted { lines, reason: Reason::Correction, note: None, at: NOW };
    write(core, StockFact::Adjusted(fact));
}

fn lots(core: &Core) -> Vec<(String, String, i64)> {
    let lots = core.view().lots(&milk()).unwrap();
    let say = |row: super::LotRow| {
        (row.lot.code().to_owned(), row.place, row.quantity.thousandths() / 1_000)
    };
    lots.into_iter().map(say).collect()
}

fn own(code: &str, place: &str, units: i64) -> (String, String, i64) {
    (code.into(), place.into(), units)
}

#[test]
fn what_expires_first_leaves_first() {
    let mut core = Core::in_memory(settings()).unwrap();
    receive(&mut core, 2, None, None);
    receive(&mut core, 5, lot("LATE", "2026-12-24"), None);
    receive(&mut core, 3, lot("SOON", "2026-11-30"), None);
    adjust(&mut core, -4, None);
    assert_eq!(lots(&core), [own("LATE", "store", 4)]);
    // What moves to another place keeps its lot.
    let goods = Goods { sku: milk(), quantity: q(3), lot: None };
    let (id, from, to) = (TransferId::new(Uuid::from_u128(1)), Place::Store, back());
    let moved = StockMoved { id, from, to, lines: vec![goods], reference: None, at: NOW };
    write(&mut core, StockFact::Moved(moved));
    assert_eq!(lots(&core), [own("LATE", "back", 3), own("LATE", "store", 1)]);
    // More is sold than is there: the lots are empty, the level is below nothing, and what then
    // arrives is first of all what was sold.
    adjust(&mut core, -5, None);
    assert_eq!(core.view().stock(&milk()).unwrap(), q(-2));
    receive(&mut core, 6, lot("NEW", "2027-01-01"), None);
    assert_eq!(lots(&core), [own("LATE", "back", 3), own("NEW", "store", 4)]);
    // A lot that is named leaves before others, then what is of none.
    receive(&mut core, 1, None, None);
    receive(&mut core, 2, lot("SOON", "2026-11-30"), None);
    adjust(&mut core, -6, lot("NEW", "2027-01-01"));
    assert_eq!(lots(&core), [own("SOON", "store", 1), own("LATE", "back", 3)]);
    core.verify().unwrap();
}

#[test]
fn worth_follows_the_goods() {
    let mut core = Core::in_memory(settings()).unwrap();
    receive(&mut core, 10, None, Some(100));
    receive(&mut core, 10, None, Some(200));
    adjust(&mut core, -5, None);
    assert_eq!(core.view().cost(&milk()).unwrap().unwrap().minor(), 2_250);
    let goods = Goods { sku: milk(), quantity: q(3), lot: None };
    let (id, from, to) = (TransferId::new(Uuid::from_u128(1)), Place::Store, back());
    let moved = StockMoved { id, from, to, lines: vec![goods], reference: None, at: NOW };
    write(&mut core, StockFact::Moved(moved));
    let row = core.view().stock_row(&milk(), NOW).unwrap();
    assert_eq!((row.cost.unwrap().minor(), row.on_hand().unwrap()), (2_250, q(15)));
}

fn promise(core: &mut Core, number: u128, units: i64, expires_ms: i64) -> ReservationId {
    let id = ReservationId::new(Uuid::from_u128(number));
    let fact = ReservationMade {
        id,
        lines: vec![(milk(), q(units))],
        expires_at: StoreTime::from_millis(NOW.as_millis() + expires_ms),
        order: None,
        reference: None,
        at: NOW,
    };
    write(core, StockFact::ReservationMade(fact));
    id
}

#[test]
fn a_promise_counts_until_it_ends_or_its_time_is_over() {
    let mut core = Core::in_memory(settings()).unwrap();
    receive(&mut core, 10, None, None);
    let kept = promise(&mut core, 1, 2, 60_000);
    let back = promise(&mut core, 2, 3, 60_000);
    promise(&mut core, 3, 4, 0);
    let reserved = |core: &Core| core.view().reserved(&milk(), NOW).unwrap();
    assert_eq!(reserved(&core), q(5), "what is over counts no more, written or not");
    assert_eq!(core.view().overdue_reservations(NOW, 10).unwrap().len(), 1);
    let left = Left::Goods(vec![(milk(), q(2), Place::Store)]);
    let committed = ReservationCommitted { id: kept, left, at: NOW };
    write(&mut core, StockFact::ReservationCommitted(committed));
    for _ in 0..2 {
        write(&mut core, StockFact::ReservationReleased { id: back, at: NOW });
    }
    let over = core.view().overdue_reservations(NOW, 10).unwrap().remove(0);
    write(&mut core, StockFact::ReservationExpired { id: over, at: NOW });
    assert_eq!((reserved(&core), core.view().stock(&milk()).unwrap()), (q(0), q(8)));
    core.verify().unwrap();
}

/// A day in the store room, in any order: whatever it is, the books hold, and a rebuild makes the
/// same of it.
fn any_fact(number: u128) -> impl Strategy<Value = StockFact> {
    let lot = prop_oneof![
        Just(None),
        Just(lot("A", "2026-12-01")),
        Just(lot("B", "2026-11-01")),
        Just(Some(Lot::new("C", None).unwrap())),
    ];
    (0_u8..9, 1_i64..6, lot, any::<bool>()).prop_map(move |(what, units, lot, there)| {
        let goods = Goods { sku: milk(), quantity: q(units), lot: lot.clone() };
        let uuid = Uuid::from_u128(number);
        let (at, place) = (NOW, if there { back() } else { Place::Store });
        let (from, to) = if there { (Place::Store, back()) } else { (back(), Place::Store) };
        let (id, lines, reference) = (TransferId::new(uuid), vec![goods.clone()], None);
        match what {
            0 | 1 => {
                let unit_cost =
                    there.then(|| Money::new(units * 7, "EUR".parse().unwrap()).unwrap());
                let lines = vec![ReceivedLine { goods, unit_cost }];
                StockFact::Received(StockReceived { lines, place, reference, at })
            }
            2 | 3 => {
                let by = if what == 2 { q(units) } else { q(-units) };
                let lines = vec![Adjusted { sku: milk(), by, place, lot }];
                let (reason, note) = (Reason::Other, None);
                StockFact::Adjusted(StockAdjusted { lines, reason, note, at })
            }
            4 => StockFact::Moved(StockMoved { id, from, to, lines, reference, at }),
            5 => {
                let (from, to) = (End::Here(from), End::Here(to));
                StockFact::Sent(TransferSent { id, from, to, lines, reference, at })
            }
            6 => StockFact::Arrived(TransferReceived { id, to: End::Here(to), lines, at }),
            7 => {
                let (id, skus) = (CountId::new(uuid), vec![milk()]);
                StockFact::CountOpened(CountOpened { id, place, skus, blind: there, at })
            }
            _ => {
                let (id, lines) = (ReservationId::new(uuid), vec![(milk(), q(units))]);
                let made =
                    ReservationMade { id, lines, expires_at: at, order: None, reference, at };
                StockFact::ReservationMade(made)
            }
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_happens_the_books_hold(facts in (1_usize..40).prop_flat_map(|n| {
        (1..=n as u128).map(any_fact).collect::<Vec<_>>()
    })) {
        let mut core = Core::in_memory(settings()).unwrap();
        for fact in facts {
            write(&mut core, fact);
            let row = core.view().stock_row(&milk(), NOW).unwrap();
            prop_assert!(row.cost.is_none_or(|cost| cost.value >= 0));
        }
        core.verify().unwrap();
        let before = core.view().stock_row(&milk(), NOW).unwrap();
        core.rebuild().unwrap();
        core.verify().unwrap();
        prop_assert_eq!(core.view().stock_row(&milk(), NOW).unwrap(), before);
        prop_assert!(core.view().reconcile(None).unwrap().iter().all(super::reconcile::Reconciled::holds));
    }
}

/// A store with something of everything.
fn furnished(folder: &Path) {
    let mut core = Core::open(folder, settings()).unwrap();
    let title = "Back".to_owned();
    write(
        &mut core,
        StockFact::PlaceAdded(PlaceAdded { place: back(), title, sellable: false, at: NOW }),
    );
    receive(&mut core, 9, lot("A", "2026-12-01"), Some(50));
    promise(&mut core, 1, 2, 60_000);
    let (id, lines) = (TransferId::new(Uuid::from_u128(9)), vec![]);
    let goods = Goods { sku: milk(), quantity: q(1), lot: lot("A", "2026-12-01") };
    let (from, to) = (End::Here(Place::Store), End::Elsewhere("Harbour".into()));
    let lines = [lines, vec![goods]].concat();
    write(
        &mut core,
        StockFact::Sent(TransferSent { id, from, to, lines, reference: None, at: NOW }),
    );
    let (id, skus, place) = (CountId::new(Uuid::from_u128(8)), vec![milk()], Place::Store);
    write(&mut core, StockFact::CountOpened(CountOpened { id, place, skus, blind: true, at: NOW }));
    let lines = vec![(milk(), q(7))];
    write(&mut core, StockFact::CountTaken(CountTaken { id, lines, at: NOW }));
    core.verify().unwrap();
}

/// Each new check of `verify`, against a file edited by hand.
#[test]
fn verify_finds_an_edit_in_every_table() {
    let edits = [
        (
            "UPDATE stock_level SET quantity = quantity + 1 WHERE location = 'store'",
            "stock of MILK in store",
        ),
        ("DELETE FROM stock_level WHERE location = 'transit'", "stock of MILK in transit"),
        ("INSERT INTO stock_level VALUES ('GHOST', 'store', 5)", "stock of GHOST"),
        ("UPDATE stock_move SET sku = 'TEA'", "its stock moves are not"),
        ("UPDATE stock_move SET target = 'customer'", "its stock moves are not"),
        ("UPDATE stock_lot SET quantity = 99000", "lots of MILK"),
        (
            "UPDATE stock_lot SET expires = '2030-01-01' WHERE location = 'store'",
            "stock_lot is not",
        ),
        ("UPDATE reserved SET quantity = 0", "promises of MILK"),
        ("INSERT INTO reserved VALUES ('GHOST', 1000)", "promises of GHOST"),
        ("UPDATE reservation SET state = 'released'", "promises of MILK"),
        ("UPDATE reservation SET expires_at = expires_at + 1", "reservation is not"),
        ("UPDATE stock_cost SET value = value + 1", "stock_cost is not"),
        ("UPDATE transfer_line SET arrived = 1000", "transfer_line is not"),
        ("UPDATE transfer SET to_store = 'Elsewhere'", "transfer is not"),
        ("UPDATE stock_count SET blind = 0", "stock_count is not"),
        ("UPDATE stock_count_line SET counted = 8000", "stock_count_line is not"),
        ("UPDATE place SET sellable = 1", "place is not"),
    ];
    for (edit, found) in edits {
        let folder = tempfile::tempdir().unwrap();
        furnished(folder.path());
        let conn = Connection::open(folder.path().join("ledger.sqlite")).unwrap();
        assert!(conn.execute(edit, []).unwrap() > 0, "{edit} edits nothing");
        drop(conn);
        let mut core = Core::open(folder.path(), settings()).unwrap();
        let finding = core.verify().unwrap_err().to_string();
        assert!(finding.contains(found), "{edit}: {finding}");
        if !edit.contains("stock_move") {
            core.rebuild().unwrap();
            core.verify().unwrap_or_else(|finding| panic!("{edit}, rebuilt: {finding}"));
        }
    }
}

/// A ledger of the release before becomes the same as a fresh one.
#[test]
fn an_upgraded_schema_equals_a_fresh_one() {
    let schema = |core: &Core| {
        let sql = "SELECT group_concat(sql, ';') FROM
                   (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)";
        core.view().conn.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let conn = Connection::open(folder.path().join("ledger.sqlite")).unwrap();
    drop(conn);
    let mut core = Core::open(folder.path(), settings()).unwrap();
    receive(&mut core, 3, None, None);
    core.transact(|tx| {
        // As the release before left it: no place but the store, and an older mark.
        tx.conn
            .execute_batch("DELETE FROM reserved; DELETE FROM stock_lot;")
            .map_err(crate::LedgerError::from)?;
        tx.set_meta("projections", &1_u32.to_be_bytes())
    })
    .unwrap();
    assert_eq!(core.rebuild_if_older(), Ok(Some(1)));
    assert_eq!(schema(&core), schema(&Core::in_memory(settings()).unwrap()));
    assert_eq!(core.view().level(&milk(), &Location::Store).unwrap(), q(3));
    core.verify().unwrap();
}
