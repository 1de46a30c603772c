use super::*;
use crate::sqlite::Sqlite;
use cloud_sync_documents::Document;
use edge_domain::order::{Head, OrderKind, Status};
use edge_domain::quantity::Unit;
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn at(ms: i64) -> StoreTime {
    StoreTime::from_millis(ms)
}

fn milk() -> Item {
    Item {
        sku: Sku::new("MILK-1L").unwrap(),
        gtin: None,
        name: "Milk 1 l".into(),
        unit: Unit::Each,
        price: eur(129),
        tax_rate: "7".parse().unwrap(),
        category: Some("Dairy".into()),
        station: None,
        modifiers: vec![],
        details: edge_domain::item::Details::default(),
    }
}

/// A store's replica of one document, talking with headquarters.
struct Replica {
    document: Document,
    state: SyncState,
    name: String,
    session: SessionId,
}

impl Replica {
    fn new(name: &str, n: u8, session: u64) -> Self {
        let document = Document::create(name, Actor([n; 16])).unwrap();
        let (name, session) = (name.to_owned(), SessionId(session));
        Self { document, state: SyncState::default(), name, session }
    }

    /// Talks until both are silent; returns what was said to others.
    fn talk(&mut self, hq: &mut Documents, mut heard: Vec<Outgoing>) -> Vec<Outgoing> {
        let mut others = Vec::new();
        for _ in 0..20 {
            for message in heard.drain(..) {
                if message.session != self.session {
                    others.push(message);
                } else if message.doc == self.name {
                    self.document.receive(&mut self.state, &message.bytes).unwrap();
                }
            }
            let Some(up) = self.document.sync_message(&mut self.state) else { return others };
            heard = hq.receive(self.session, &self.name, &up).unwrap().outgoing;
        }
        panic!("they never fall silent");
    }
}

fn store_id(n: u128) -> StoreId {
    StoreId::new(Uuid::from_u128(n))
}

fn hq(store: &Arc<Sqlite>, actor: u8) -> Documents {
    Documents::new(store.clone(), Actor([actor; 16]))
}

#[test]
fn a_price_reaches_a_store_and_a_conflict_is_settled() {
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let mut hq = hq(&store, 9);
    hq.put_items(&[milk()], at(1)).unwrap();
    let shard = catalogue::shard_of(&milk().sku);
    let mut shop = Replica::new(&shard, 1, 1);
    let hello = hq.join(shop.session, store_id(1)).unwrap();
    shop.talk(&mut hq, hello);
    assert_eq!(catalogue::entry(&shop.document, &milk().sku).unwrap().unwrap().item, milk());

    let (item, changed) = hq.set_price("MILK-1L", eur(149), at(2)).unwrap();
    assert_eq!((item.price, changed.skus), (eur(149), vec!["MILK-1L".to_owned()]));
    let by = Author::Store("Corner shop".into());
    let later = Hlc::default().next(at(5));
    catalogue::set_price(&mut shop.document, &milk().sku, eur(99), &by, later).unwrap();
    shop.talk(&mut hq, changed.outgoing);
    let conflicts = store.conflicts().unwrap();
    assert_eq!((conflicts.len(), conflicts[0].price), (1, eur(149)));
    assert_eq!(conflicts[0].conflict[1].store.as_deref(), Some("Corner shop"));

    let id = Conflict::of(&conflicts[0]).id;
    let (settled, changed) = hq.resolve(&id, eur(119), at(6)).unwrap();
    assert!(changed.conflicts && settled.values.len() == 1);
    shop.talk(&mut hq, changed.outgoing);
    let read = catalogue::entry(&shop.document, &milk().sku).unwrap().unwrap();
    assert_eq!((read.item.price, read.prices.len()), (eur(119), 1));
    assert!(store.conflicts().unwrap().is_empty());
    let gone = hq.resolve(&id, eur(119), at(7));
    assert_eq!(gone.unwrap_err(), StoreError::UnknownConflict);
}

#[test]
fn documents_survive_a_restart_with_another_actor() {
    let store = Arc::new(Sqlite::in_memory().unwrap());
    hq(&store, 9).put_items(&[milk()], at(1)).unwrap();
    for n in 0..200_u8 {
        hq(&store, n).set_price("MILK-1L", eur(i64::from(n)), at(2 + i64::from(n))).unwrap();
    }
    let key = shard_key(&milk().sku);
    let stored = store.document(&key).unwrap().unwrap();
    assert!(stored.changes.len() < 64, "compacted: {}", stored.changes.len());
    assert_eq!(store.catalogue("milk dairy", 9).unwrap(), vec![]);
    let found = store.catalogue("1L milk", 9).unwrap();
    assert_eq!((found.len(), found[0].price), (1, eur(199)));
}

#[test]
fn one_store_never_sees_anothers_orders() {
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let mut hq = hq(&store, 9);
    let id = OrderId::new(Uuid::from_u128(5));
    let head = Head {
        id,
        number: 3,
        kind: OrderKind::DineIn,
        terminal: edge_domain::item::TerminalId::new("T1").unwrap(),
        table: Some("4".into()),
        opened_at: at(1),
        currency: "EUR".parse().unwrap(),
        policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
        tab: edge_domain::order::Tab::default(),
    };
    let mut shop = Replica::new(&order::name_of(id), 1, 1);
    order::open(&mut shop.document, &head).unwrap();
    hq.join(shop.session, store_id(1)).unwrap();
    hq.join(SessionId(2), store_id(2)).unwrap();
    let others = shop.talk(&mut hq, vec![]);
    assert!(others.is_empty(), "{others:?}");
    let (owner, view) = hq.order(id).unwrap().unwrap();
    assert_eq!((owner, view.head, view.status), (store_id(1), head, Status::Open));
    assert_eq!(store.live_documents(Uuid::from_u128(1)).unwrap().len(), 1);

    order::mark(&mut shop.document, Status::Closed, at(9)).unwrap();
    shop.talk(&mut hq, vec![]);
    assert!(store.live_documents(Uuid::from_u128(1)).unwrap().is_empty());
    assert_eq!(hq.order(id).unwrap().unwrap().1.status, Status::Closed);
}

#[test]
fn a_foreign_name_and_garbage_change_nothing() {
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let mut hq = hq(&store, 9);
    hq.join(SessionId(1), store_id(1)).unwrap();
    for name in ["poem/1", "catalogue/64", "catalogue/7", "catalogue", "order/x", "catalogue/+7"] {
        assert_eq!(hq.receive(SessionId(1), name, b"?").unwrap(), Changed::default(), "{name}");
    }
    assert!(hq.receive(SessionId(1), "catalogue/07", b"garbage").is_err());
    let unknown = hq.set_price("NO-SUCH", eur(1), at(1)).unwrap_err();
    assert_eq!(unknown.code(), "unknown_item");
    hq.put_items(&[milk()], at(1)).unwrap();
    let dollars = Money::new(1, "USD".parse().unwrap()).unwrap();
    assert_eq!(hq.set_price("MILK-1L", dollars, at(1)).unwrap_err().code(), "broken_rule");
}

#[test]
fn a_store_that_writes_what_is_not_its_own_is_set_aside() {
    use cloud_sync_documents::rights;
    use edge_domain::rights::{Holder, Raised, Resource, Rights};
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let new = |n: u128| crate::model::NewStore {
        id: store_id(n),
        name: format!("Shop {n}"),
        currency: eur(1).currency(),
    };
    (1..=2).for_each(|n| store.add_store(&new(n), at(1)).unwrap());
    let mut hq = hq(&store, 9);
    let milk: Resource = "item/MILK-1L".parse().unwrap();
    let (_, _) = hq.give_rights(&milk, store_id(1), 5, true).unwrap();
    let none = hq.give_rights(&milk, store_id(2), 1, false).unwrap_err();
    assert_eq!(none.code(), "not_enough_rights");
    let mut shop = Replica::new(&rights::shard_of(&milk), 1, 1);
    let hello = hq.join(shop.session, store_id(1)).unwrap();
    shop.talk(&mut hq, hello);
    let here = |n| Holder::Store(store_id(n));
    let write = |shop: &mut Replica, act: &dyn Fn(&mut Rights) -> Raised| {
        let mut known = rights::read(&shop.document, &milk).unwrap();
        let raised = act(&mut known);
        rights::write(&mut shop.document, &milk, &[raised]).unwrap();
    };
    write(&mut shop, &|rights| rights.spend(here(1), 2).unwrap());
    shop.talk(&mut hq, vec![]);
    assert_eq!(hq.rights(&milk).unwrap().usable(here(1)), 3);
    assert!(store.store(store_id(1)).unwrap().unwrap().quarantine.is_none());
    let honest = hq.rights(&milk).unwrap();
    write(&mut shop, &|rights| rights.mint(Holder::Headquarters, 100).unwrap());
    let up = shop.document.sync_message(&mut shop.state).unwrap();
    hq.receive(shop.session, &shop.name, &up).unwrap();
    for _ in 0..3 {
        // The talk about which changes are missing takes a turn or two.
        let Some(up) = shop.document.sync_message(&mut shop.state) else { break };
        let heard = hq.receive(shop.session, &shop.name, &up).unwrap().outgoing;
        for message in heard {
            shop.document.receive(&mut shop.state, &message.bytes).unwrap();
        }
    }
    let why = store.store(store_id(1)).unwrap().unwrap().quarantine.unwrap();
    assert_eq!(why.code, "foreign_rights", "{why:?}");
    assert_eq!(hq.rights(&milk).unwrap(), honest, "what it wrote is forgotten");
}
