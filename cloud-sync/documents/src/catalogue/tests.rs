use super::*;
use crate::document::{Actor, SyncState};
use edge_domain::StoreTime;
use proptest::prelude::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn milk(minor: i64) -> Item {
    Item {
        sku: Sku::new("MILK-1L").unwrap(),
        gtin: Some(Gtin::parse("4006381333931").unwrap()),
        name: "Milk 1 l".into(),
        unit: Unit::Each,
        price: eur(minor),
        tax_rate: "7".parse().unwrap(),
        category: Some("Dairy".into()),
        station: None,
        modifiers: vec![],
        details: edge_domain::item::Details::default(),
    }
}

fn at(ms: i64) -> Hlc {
    Hlc::default().next(StoreTime::from_millis(ms))
}

fn shop() -> Author {
    Author::Store("Corner shop".into())
}

fn replica(n: u8) -> Document {
    Document::create("catalogue/07", Actor([n; 16])).unwrap()
}

/// Lets two replicas talk until both are silent.
fn talk(a: &mut Document, b: &mut Document) {
    let (mut of_a, mut of_b) = (SyncState::default(), SyncState::default());
    for _ in 0..20 {
        let (up, down) = (a.sync_message(&mut of_a), b.sync_message(&mut of_b));
        if up.is_none() && down.is_none() {
            return;
        }
        up.into_iter().for_each(|message| b.receive(&mut of_b, &message).unwrap());
        down.into_iter().for_each(|message| a.receive(&mut of_a, &message).unwrap());
    }
    panic!("they never fall silent");
}

#[test]
fn an_item_is_put_changed_and_read() {
    let mut document = replica(1);
    put_item(&mut document, &milk(129), &Author::Headquarters, at(1)).unwrap();
    let heads = document.heads();
    put_item(&mut document, &milk(129), &shop(), at(2)).unwrap();
    assert_eq!(document.heads(), heads, "what is the same makes no change");
    set_price(&mut document, &milk(0).sku, eur(139), &shop(), at(3)).unwrap();
    let read = entry(&document, &milk(0).sku).unwrap().unwrap();
    assert_eq!((read.item, read.prices.len()), (milk(139), 1));
    assert_eq!(entries(&document).unwrap().len(), 1);
}

#[test]
fn both_prices_stay_and_headquarters_holds() {
    let (mut hq, mut store) = (replica(1), replica(2));
    put_item(&mut hq, &milk(129), &Author::Headquarters, at(1)).unwrap();
    talk(&mut hq, &mut store);
    set_price(&mut hq, &milk(0).sku, eur(149), &Author::Headquarters, at(2)).unwrap();
    set_price(&mut store, &milk(0).sku, eur(99), &shop(), at(3)).unwrap();
    talk(&mut hq, &mut store);
    for document in [&hq, &store] {
        let read = entry(document, &milk(0).sku).unwrap().unwrap();
        assert_eq!(read.item.price, eur(149));
        let prices: Vec<i64> = read.prices.iter().map(|mark| mark.price.minor()).collect();
        assert_eq!(prices, [149, 99]);
        assert_eq!(read.prices[1].by, shop());
    }
    set_price(&mut store, &milk(0).sku, eur(99), &shop(), at(4)).unwrap();
    talk(&mut hq, &mut store);
    let settled = entry(&hq, &milk(0).sku).unwrap().unwrap();
    assert_eq!((settled.item.price, settled.prices.len()), (eur(99), 1));
}

#[test]
fn an_item_that_was_created_twice_is_one() {
    let (mut hq, mut store) = (replica(1), replica(2));
    put_item(&mut hq, &milk(129), &Author::Headquarters, at(1)).unwrap();
    put_item(&mut store, &milk(119), &shop(), at(5)).unwrap();
    talk(&mut hq, &mut store);
    let both = [entries(&hq).unwrap(), entries(&store).unwrap()];
    assert_eq!(both[0], both[1]);
    assert_eq!((both[0].len(), both[0][0].item.price), (1, eur(129)));
}

#[test]
fn rules_hold() {
    let mut document = replica(1);
    let unknown = set_price(&mut document, &milk(0).sku, eur(1), &shop(), at(1));
    assert!(matches!(unknown, Err(DocError::Rule(_))));
    put_item(&mut document, &milk(129), &shop(), at(1)).unwrap();
    let negative = set_price(&mut document, &milk(0).sku, eur(-1), &shop(), at(1));
    assert!(matches!(negative, Err(DocError::Rule(_))));
}

#[test]
fn shards_are_even_and_stay_where_they_are() {
    assert_eq!(shard_of(&Sku::new("MILK-1L").unwrap()), "catalogue/24", "frozen: it names files");
    let mut counts = std::collections::BTreeMap::new();
    for n in 0..50_000 {
        *counts.entry(shard_of(&Sku::new(&format!("SKU-{n}")).unwrap())).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), SHARDS as usize);
    assert!(counts.values().all(|count| (500..1_100).contains(count)), "{counts:?}");
}

proptest! {
    /// Invariant 6: any order, any duplication, the same state.
    #[test]
    fn merge_is_order_blind(
        edits in prop::collection::vec((0_usize..3, 0_i64..1_000), 1..12),
        order in prop::collection::vec(0_usize..3, 0..20),
    ) {
        let mut replicas = [replica(1), replica(2), replica(3)];
        put_item(&mut replicas[0], &milk(1), &Author::Headquarters, at(1)).unwrap();
        let base = replicas[0].save();
        for replica in &mut replicas[1..] {
            replica.apply(&base).unwrap();
        }
        for (ms, (who, minor)) in (2..).zip(edits) {
            let author = if who == 0 { Author::Headquarters } else { Author::Store(format!("{who}")) };
            set_price(&mut replicas[who], &milk(0).sku, eur(minor), &author, at(ms)).unwrap();
        }
        let saves: Vec<_> = replicas.iter_mut().map(Document::save).collect();
        for from in order {
            replicas[0].apply(&saves[from]).unwrap();
        }
        for (n, replica) in replicas.iter_mut().enumerate() {
            let saves = saves.iter().cycle().skip(n).take(3);
            saves.for_each(|save| replica.apply(save).unwrap());
        }
        let first = entries(&replicas[0]).unwrap();
        prop_assert_eq!(&first, &entries(&replicas[1]).unwrap());
        prop_assert_eq!(&first, &entries(&replicas[2]).unwrap());
    }
}

/// One in a hundred peers seems, by its Bloom filter, to hold a change that it lacks. The talk
/// must come to an end all the same.
#[test]
fn a_false_positive_of_the_filter_does_not_stall_the_talk() {
    for n in 0..600_u16 {
        let actor = |side: u8| {
            let mut actor = [side; 16];
            actor[..2].copy_from_slice(&n.to_be_bytes());
            Document::create("catalogue/07", Actor(actor)).unwrap()
        };
        let (mut hq, mut store) = (actor(1), actor(2));
        put_item(&mut store, &milk(i64::from(n)), &shop(), at(i64::from(n))).unwrap();
        talk(&mut hq, &mut store);
        assert_eq!(hq.heads(), store.heads(), "{n}");
    }
}
