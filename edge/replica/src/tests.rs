use super::*;
use cloud_sync_documents::SyncState;
use cloud_sync_documents::catalogue::Author;
use cloud_sync_documents::{catalogue, staff};
use edge_domain::StoreTime;
use edge_domain::hlc::Hlc;
use edge_domain::ids::StoreId;
use edge_domain::item::{Item, Sku};
use edge_domain::money::Money;
use edge_domain::quantity::Unit;
use edge_domain::time::Clock;
use edge_ledger::{Core, Settings};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

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
        store: StoreId::new(uuid::Uuid::from_u128(7)),
        currency: "EUR".parse().unwrap(),
        clock: Arc::new(Fixed),
        entropy: Arc::new(Counting(AtomicU64::new(1))),
    }
}

fn milk(minor: i64) -> Item {
    Item {
        sku: Sku::new("MILK-1L").unwrap(),
        gtin: None,
        name: "Milk".into(),
        unit: Unit::Each,
        price: Money::new(minor, "EUR".parse().unwrap()).unwrap(),
        tax_rate: "7".parse().unwrap(),
        category: None,
        station: None,
        modifiers: vec![],
        details: edge_domain::item::Details::default(),
    }
}

fn put(replica: &mut Replica, tx: &mut Tx<'_>, minor: i64, ms: i64) -> Result<(), ReplicaError> {
    let name = catalogue::shard_of(&milk(0).sku);
    let at = Hlc::default().next(StoreTime::from_millis(ms));
    let author = Author::Store("Corner shop".into());
    replica.edit(tx, &name, |doc| catalogue::put_item(doc, &milk(minor), &author, at))?;
    replica.project_items(tx, &name, &[milk(0).sku]).map(drop)
}

fn price(core: &Core) -> Option<i64> {
    core.view().item(&milk(0).sku).unwrap().map(|row| row.item.price.minor())
}

#[test]
fn an_edit_is_there_after_a_restart() {
    let mut core = Core::in_memory(settings()).unwrap();
    let mut replica = Replica::new(&Counting(AtomicU64::new(1)));
    for n in 0..500 {
        core.transact(|tx| put(&mut replica, tx, 100 + n, n)).unwrap();
    }
    let mut again = Replica::new(&Counting(AtomicU64::new(99)));
    let name = catalogue::shard_of(&milk(0).sku);
    let entry = again.read(&core.view(), &name, |doc| catalogue::entry(doc, &milk(0).sku));
    assert_eq!(entry.unwrap().unwrap().item, milk(599));
    assert_eq!(price(&core), Some(599));
    let stored = core.view().doc(&name).unwrap().unwrap();
    assert!(stored.changes.len() <= CHANGES_MAX, "compacted: {}", stored.changes.len());
}

#[test]
fn what_was_not_committed_is_forgotten() {
    let mut core = Core::in_memory(settings()).unwrap();
    let mut replica = Replica::new(&Counting(AtomicU64::new(1)));
    core.transact(|tx| put(&mut replica, tx, 129, 1)).unwrap();
    replica.keep();
    let failed: Result<(), ReplicaError> = core.transact(|tx| {
        put(&mut replica, tx, 1, 2)?;
        Err(LedgerError::Busy.into())
    });
    assert!(failed.is_err());
    replica.forget();
    let name = catalogue::shard_of(&milk(0).sku);
    let entry = replica.read(&core.view(), &name, |doc| catalogue::entry(doc, &milk(0).sku));
    assert_eq!((entry.unwrap().unwrap().item, price(&core)), (milk(129), Some(129)));
}

#[test]
fn headquarters_price_reaches_the_till() {
    let mut core = Core::in_memory(settings()).unwrap();
    let replica = Mutex::new(Replica::new(&Counting(AtomicU64::new(1))));
    core.transact(|tx| put(&mut replica.lock().unwrap(), tx, 129, 1)).unwrap();
    let name = catalogue::shard_of(&milk(0).sku);
    let mut hq = Document::create(&name, Actor([9; 16])).unwrap();
    let (mut talk, mut peer) = (Conversation::default(), SyncState::default());
    let mut changed = Vec::new();
    for round in 0..8 {
        if round == 4 {
            let at = Hlc::default().next(StoreTime::from_millis(9));
            catalogue::set_price(&mut hq, &milk(0).sku, milk(149).price, &Author::Headquarters, at)
                .unwrap();
        }
        if let Some(message) = talk.say(&replica, &core.view(), &name).unwrap() {
            hq.receive(&mut peer, &message).unwrap();
        }
        if let Some(message) = hq.sync_message(&mut peer) {
            let incoming = talk.hear(&replica, &core.view(), &name, &message).unwrap();
            if let Some(incoming) = incoming {
                let merge = |tx: &mut Tx<'_>| replica.lock().unwrap().merge(tx, incoming);
                changed.extend(core.transact(merge).unwrap());
            }
        }
    }
    assert_eq!((price(&core), changed), (Some(149), vec!["MILK-1L".to_owned()]));
}

#[test]
fn garbage_from_the_line_changes_nothing() {
    let core = Core::in_memory(settings()).unwrap();
    let replica = Mutex::new(Replica::new(&Counting(AtomicU64::new(1))));
    let mut talk = Conversation::default();
    for name in ["catalogue/07", "poem/1"] {
        assert!(talk.hear(&replica, &core.view(), name, b"garbage").is_err());
    }
    assert_eq!(core.view().doc_names().unwrap(), Vec::<String>::new());
}

#[test]
fn lost_and_damaged_documents_are_made_anew() {
    let mut core = Core::in_memory(settings()).unwrap();
    let mut replica = Replica::new(&Counting(AtomicU64::new(1)));
    core.transact(|tx| put(&mut replica, tx, 129, 1)).unwrap();
    let name = catalogue::shard_of(&milk(0).sku);
    core.transact(|tx| tx.put_snapshot(&name, b"damaged")).unwrap();
    let mut fresh = Replica::new(&Counting(AtomicU64::new(50)));
    assert_eq!(core.transact(|tx| fresh.mend(tx, &name, "Corner shop")), Ok(1));
    let entry = fresh.read(&core.view(), &name, |doc| catalogue::entry(doc, &milk(0).sku));
    assert_eq!(entry.unwrap().unwrap().item, milk(129));
    assert_eq!(core.transact(|tx| fresh.mend(tx, &name, "Corner shop")), Ok(0));
    core.transact(|tx| tx.drop_doc(&name)).unwrap();
    let mut fresh = Replica::new(&Counting(AtomicU64::new(70)));
    assert_eq!(core.transact(|tx| fresh.restore(tx, "Corner shop")), Ok(1));
    assert_eq!(core.transact(|tx| fresh.restore(tx, "Corner shop")), Ok(0));
}

/// Who was sent away at headquarters is signed out here; a lost document is made anew.
#[test]
fn staff_follow_their_document() {
    use edge_domain::ids::StaffId;
    use edge_domain::item::TerminalId;
    use edge_domain::staff::{Role, Staff};
    let mut core = Core::in_memory(settings()).unwrap();
    let mut replica = Replica::new(&Counting(AtomicU64::new(9)));
    let anna = Staff {
        id: StaffId::new(uuid::Uuid::from_u128(1)),
        name: "Anna".into(),
        role: Role::Cashier,
        pin: "hash".into(),
        active: true,
        locale: None,
    };
    let terminal = TerminalId::new("T1").unwrap();
    let token = core
        .transact(|tx| {
            replica.edit(tx, staff::NAME, |doc| staff::put(doc, &anna))?;
            tx.put_staff(&anna)?;
            Ok::<_, ReplicaError>(tx.open_session(anna.id, &terminal)?)
        })
        .unwrap();
    replica.keep();
    assert!(core.view().session(&token).unwrap().is_some());
    let mut merged = replica.copy(&core.view(), staff::NAME).unwrap();
    let base = merged.heads();
    let left = Staff { active: false, ..anna.clone() };
    staff::put(&mut merged, &left).unwrap();
    let changes = merged.changes_since(&base);
    let incoming = Incoming { name: staff::NAME.into(), base, changes, merged };
    core.transact(|tx| replica.merge(tx, incoming)).unwrap();
    assert_eq!(core.view().staff(anna.id).unwrap(), Some(left.clone()));
    assert_eq!(core.view().session(&token).unwrap(), None);
    core.transact(|tx| tx.drop_doc(staff::NAME)).unwrap();
    let mut other = Replica::new(&Counting(AtomicU64::new(99)));
    let made = core.transact(|tx| other.restore(tx, "Corner shop")).unwrap();
    let read = other.read(&core.view(), staff::NAME, staff::read).unwrap();
    assert_eq!((made, read.people), (1, vec![left]));
}
