//! Promises about entries and what follows from them.

use super::till::Till;
use super::{NOW, enrol, filled, shop};
use crate::backend::Store;
use crate::model::{GroupBy, SalesQuery, SalesRow};
use cloud_sync_protocol::entry::{ChainHead, Entry};
use cloud_sync_protocol::session::hq::AcceptError;
use edge_domain::item::TerminalId;
use edge_domain::money::Money;
use edge_domain::shift::ShiftTotals;
use std::time::{Duration, Instant};

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn report(store: &dyn Store, group_by: GroupBy) -> Vec<SalesRow> {
    store.sales_report(&SalesQuery { from: None, to: None, group_by }).unwrap()
}

fn count(store: &dyn Store) -> u64 {
    report(store, GroupBy::Store).iter().map(|row| row.count).sum()
}

/// The quarantine's code, from the answer's text and from the row.
fn set_aside(store: &dyn Store, outcome: Result<ChainHead, AcceptError>) -> String {
    let Err(AcceptError::Quarantined(refusal)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(refusal.code, "quarantined");
    let why = store.store(shop()).unwrap().unwrap().quarantine.unwrap();
    assert!(refusal.message.contains(&why.reason), "{refusal:?}");
    why.code
}

/// Duplicates, whole and overlapping, have one effect and the same answer.
pub fn the_same_batch_twice_counts_once(store: &dyn Store) {
    enrol(store);
    let entries = Till::new(shop()).sales(10);
    let head = entries[9].head();
    assert_eq!(store.accept(shop(), &entries[..6], NOW), Ok(entries[5].head()));
    assert_eq!(store.accept(shop(), &entries[..6], NOW), Ok(entries[5].head()));
    assert_eq!(store.accept(shop(), &entries[3..], NOW), Ok(head));
    assert_eq!(store.accept(shop(), &entries[2..5], NOW), Ok(head));
    assert_eq!(store.accept(shop(), &[], NOW), Ok(head));
    assert_eq!((count(store), store.entries(shop(), 0, 99).unwrap()), (10, entries));
}

/// What does not follow is named and not taken; what does is.
pub fn a_gap_is_named(store: &dyn Store) {
    enrol(store);
    let entries = Till::new(shop()).sales(6);
    assert_eq!(store.accept(shop(), &entries[2..], NOW), Err(AcceptError::Gap(1)));
    let holed: Vec<Entry> = [&entries[..2], &entries[3..]].concat();
    assert_eq!(store.accept(shop(), &holed, NOW), Err(AcceptError::Gap(3)));
    assert_eq!(count(store), 2, "the good beginning is kept");
    let reordered = [entries[3].clone(), entries[2].clone()];
    assert_eq!(store.accept(shop(), &reordered, NOW), Err(AcceptError::Gap(3)));
    assert_eq!(store.accept(shop(), &entries, NOW), Ok(entries[5].head()));
    assert_eq!(count(store), 6);
}

/// The same sequence with another hash, or another past: set aside, and nothing of it is kept.
pub fn another_entry_in_the_same_place_is_equivocation(store: &dyn Store) {
    let head = filled(store, 3);
    let mut other = Till::new(shop());
    let mut forged = vec![other.delivery()];
    forged.extend(other.sales(3));
    let outcome = store.accept(shop(), &forged, NOW);
    assert_eq!(set_aside(store, outcome), "equivocation");
    assert_eq!(store.store(shop()).unwrap().unwrap().acked, head);
    let outcome = store.accept(shop(), &[], NOW);
    assert_eq!(set_aside(store, outcome), "equivocation", "until a person lifts it");
    store.release(shop()).unwrap();
    assert_eq!(store.accept(shop(), &forged[3..], NOW).unwrap_err(), {
        let why = store.store(shop()).unwrap().unwrap().quarantine.unwrap();
        assert_eq!(why.code, "equivocation", "a past that is not ours");
        AcceptError::Quarantined(crate::admission::quarantined("Corner shop", &why))
    });
}

/// The shop's rules are checked again here; the good beginning stays.
pub fn a_broken_rule_stops_where_it_is(store: &dyn Store) {
    enrol(store);
    let mut till = Till::new(shop());
    let mut entries = till.sales(2);
    let body = String::from_utf8(till.clone().sale().body).unwrap();
    let forged = body.replace("\"total\":", "\"total\":1");
    entries.push(till.seal("sale_completed", 1, forged.into_bytes()));
    entries.extend(till.sales(2));
    let outcome = store.accept(shop(), &entries, NOW);
    assert_eq!(set_aside(store, outcome), "broken_rule");
    let row = store.store(shop()).unwrap().unwrap();
    assert_eq!(row.acked, entries[1].head());
    let why = row.quarantine.unwrap();
    assert!(why.reason.contains("the lines do not sum to the sale's total"), "{why:?}");
    assert_eq!((count(store), store.hash_at(shop(), 3).unwrap()), (2, None));

    let mut altered = entries[2].clone();
    altered.body = body.into_bytes();
    store.release(shop()).unwrap();
    let outcome = store.accept(shop(), &[altered], NOW);
    assert_eq!(set_aside(store, outcome), "broken_chain");
}

/// Receipt numbers are gap-free per terminal.
pub fn a_receipt_that_is_missing_is_named(store: &dyn Store) {
    enrol(store);
    let mut till = Till::new(shop());
    let mut entries = till.sales(2);
    till.receipt += 1;
    entries.push(till.sale());
    let outcome = store.accept(shop(), &entries, NOW);
    assert_eq!(set_aside(store, outcome), "broken_rule");
    let why = store.store(shop()).unwrap().unwrap().quarantine.unwrap();
    assert!(why.reason.contains("receipt T1-000004 does not follow number 2"), "{why:?}");
}

/// An entry of an earlier life after a later one, or of one that was never issued.
pub fn epochs_only_rise(store: &dyn Store) {
    enrol(store);
    let mut till = Till::new(shop());
    let mut entries = till.sales(1);
    till.epoch = store.next_epoch(shop()).unwrap();
    entries.push(till.sale());
    assert_eq!(store.accept(shop(), &entries, NOW), Ok(entries[1].head()));
    let honest = till.clone();
    till.epoch = 1;
    let outcome = store.accept(shop(), &[till.sale()], NOW);
    assert_eq!(set_aside(store, outcome), "epoch");
    store.release(shop()).unwrap();
    till = honest;
    till.epoch = 3;
    let outcome = store.accept(shop(), &[till.sale()], NOW);
    assert_eq!(set_aside(store, outcome), "epoch");
}

/// Unknown kinds and versions are kept, byte for byte.
pub fn what_a_newer_release_wrote_is_kept(store: &dyn Store) {
    enrol(store);
    let mut till = Till::new(shop());
    let entries = [
        till.seal("drone_sent", 1, vec![0, 255, 3]),
        till.seal("sale_completed", 2, b"?".to_vec()),
        till.sale(),
    ];
    assert_eq!(store.accept(shop(), &entries, NOW), Ok(entries[2].head()));
    assert_eq!(store.entries(shop(), 0, 9).unwrap(), entries);
    assert_eq!(store.entries(shop(), 1, 1).unwrap(), entries[1..2]);
    assert_eq!(count(store), 1);
}

/// Sums by store, day and item agree with what was sold.
pub fn reports_add_up(store: &dyn Store) {
    filled(store, 4);
    let total = eur(4 * 258 + 2 * 690);
    let by_store = report(store, GroupBy::Store);
    assert_eq!((by_store[0].key.clone(), by_store[0].total), (shop().to_string(), total));
    assert_eq!(by_store[0].name, "Corner shop");
    let by_day = report(store, GroupBy::Day);
    assert_eq!(
        (by_day[0].key.as_str(), by_day[0].count, by_day[0].total),
        ("2023-11-14", 4, total)
    );
    let by_item = report(store, GroupBy::Item);
    let items: Vec<_> = (by_item.iter())
        .map(|row| (row.key.as_str(), row.count, row.quantity().unwrap(), row.total))
        .collect();
    let (milk, cheese) = (eur(4 * 258), eur(2 * 690));
    let expected = [("CHEESE", 2, "0.69".into(), cheese), ("MILK", 4, "8".into(), milk)];
    assert_eq!(items, expected);
    let today = store.sales_of("2023-11-14").unwrap();
    assert_eq!((today[0].0, today[0].1.count, today[0].1.total), (shop(), 4, total));
    assert!(store.sales_of("2023-11-15").unwrap().is_empty());
    let (from, to) = (Some("2023-11-15".to_owned()), None);
    let later = SalesQuery { from, to, group_by: GroupBy::Day };
    assert!(store.sales_report(&later).unwrap().is_empty());
}

/// A Z report that is not the sum of the entries between is set aside; a true one is taken, and
/// the next one has the next number.
pub fn a_z_report_is_the_sum_of_its_entries(store: &dyn Store) {
    enrol(store);
    let mut till = Till::new(shop());
    let open = till.open_drawer();
    let sales = till.sales(3);
    let z = |till: &Till, number, gross: i64| {
        let mut forged = till.clone();
        forged.count_drawer(&open.1, number, eur(gross))
    };
    let entries = [std::slice::from_ref(&open.0), &sales[..]].concat();
    assert_eq!(store.accept(shop(), &entries, NOW), Ok(sales[2].head()));
    let gross = 2 * 258 + 948;
    let good = z(&till, 1, gross);
    assert_eq!(store.accept(shop(), std::slice::from_ref(&good), NOW), Ok(good.head()));
    till.head = good.head();
    let again = till.open_drawer();
    store.accept(shop(), &[again.0], NOW).unwrap();
    let forged = till.clone().count_drawer(&again.1, 2, eur(1));
    let outcome = store.accept(shop(), &[forged], NOW);
    assert_eq!(set_aside(store, outcome), "broken_rule");
    let why = store.store(shop()).unwrap().unwrap().quarantine.unwrap().reason;
    assert!(why.contains("is not the sum of its entries"), "{why}");
}

/// A refund that left a card for the drawer is in the Z report of its till, or the report is none.
pub fn a_refund_that_moved_is_in_the_z_report(store: &dyn Store) {
    enrol(store);
    let mut till = Till::new(shop());
    for (number, counts) in [(1, true), (2, false)] {
        let (open, shift) = till.open_drawer();
        let (moved, fact) = till.refund_moved();
        assert_eq!(store.accept(shop(), &[open, moved.clone()], NOW), Ok(moved.head()));
        let mut totals = ShiftTotals::new(eur(10_000));
        if counts {
            totals.take(&TerminalId::new("T1").unwrap(), &fact).unwrap();
            assert_eq!(totals.cash_expected(), Ok(eur(9_500)));
        }
        let z = till.count(&shift, number, totals);
        let outcome = store.accept(shop(), std::slice::from_ref(&z), NOW);
        match counts {
            true => assert_eq!(outcome, Ok(z.head())),
            false => assert_eq!(set_aside(store, outcome), "broken_rule"),
        }
    }
}

/// Read models follow from the entries alone.
pub fn what_is_rebuilt_is_what_was(store: &dyn Store) {
    enrol(store);
    let mut till = Till::new(shop());
    let entries = till.sales(7);
    store.accept(shop(), &entries, NOW).unwrap();
    let groups = [GroupBy::Store, GroupBy::Day, GroupBy::Item];
    let live = groups.map(|group| report(store, group));
    store.rebuild().unwrap();
    assert_eq!(groups.map(|group| report(store, group)), live);
    assert_eq!(store.accept(shop(), &entries, NOW), Ok(entries[6].head()));
    let next = till.sale();
    assert_eq!(store.accept(shop(), std::slice::from_ref(&next), NOW), Ok(next.head()));
}

/// A day offline of a busy shop arrives within seconds, even unoptimised.
pub fn three_thousand_sales_are_taken_fast(store: &dyn Store) {
    enrol(store);
    let entries = Till::new(shop()).sales(3_000);
    let start = Instant::now();
    for batch in entries.chunks(500) {
        assert_eq!(store.accept(shop(), batch, NOW), Ok(batch.last().unwrap().head()));
    }
    let took = start.elapsed();
    assert!(took < Duration::from_secs(15), "{took:?}");
    assert_eq!(count(store), 3_000);
}
