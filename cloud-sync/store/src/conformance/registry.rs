//! Promises about stores, documents and answers.

use super::till::Till;
use super::{NOW, enrol, filled, shop};
use crate::admission::admit;
use crate::backend::Store;
use crate::error::StoreError;
use crate::model::{
    Answer, CatalogueItem, Certificate, DocumentKey, DocumentWrite, NewStore, PriceValue,
    Quarantine, StoredDocument,
};
use cloud_sync_protocol::entry::{ChainHead, Hash};
use cloud_sync_protocol::message::{Hello, PROTOCOL, Presence};
use edge_domain::ids::StoreId;
use edge_domain::money::Money;
use edge_domain::time::StoreTime;
use uuid::Uuid;

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

/// A store's row holds what was written into it.
pub fn a_store_is_remembered(store: &dyn Store) {
    enrol(store);
    let again = NewStore { id: shop(), name: "x".into(), currency: "EUR".parse().unwrap() };
    assert_eq!(store.add_store(&again, NOW), Err(StoreError::StoreExists(shop())));
    let row = store.store(shop()).unwrap().unwrap();
    assert_eq!((row.epoch, row.last_seen, row.acked), (1, None, ChainHead::default()));

    let (head, behind_since_ms) = (ChainHead { seq: 9, ..ChainHead::default() }, Some(5));
    let telemetry = vec![("disk_free_mib".to_owned(), 70)];
    let how = Presence { head, clock_ms: 1, behind_since_ms, telemetry };
    store.seen(shop(), &how, NOW).unwrap();
    let row = store.store(shop()).unwrap().unwrap();
    assert_eq!((row.last_seen, row.reported_seq), (Some(NOW), Some(9)));
    assert_eq!(row.behind_since, Some(StoreTime::from_millis(5)));
    assert_eq!(row.telemetry.as_deref(), Some(r#"{"disk_free_mib":70}"#));

    let (serial, fingerprint) = ("0a".to_owned(), [3; 32]);
    let issued = Certificate { serial, fingerprint, not_after: NOW };
    store.add_certificate(shop(), &issued).unwrap();
    assert_eq!(store.certificates(shop()).unwrap(), std::slice::from_ref(&issued));
    let nobody = StoreId::new(Uuid::from_u128(99));
    let unknown = Err(StoreError::UnknownStore(nobody));
    assert_eq!(store.add_certificate(nobody, &issued), unknown);
    assert_eq!(store.revoke(nobody, NOW), unknown);
    assert_eq!(store.stores().unwrap(), [row]);
}

/// Every refusal has its code and says what to do.
pub fn a_store_is_let_in_or_told_why_not(store: &dyn Store) {
    let head = filled(store, 3);
    let hello = |store: StoreId, epoch, head| Hello {
        protocol: PROTOCOL,
        capabilities: vec![],
        store: store.uuid(),
        epoch,
        head,
        release: "test".into(),
    };
    let ask = |hello: &Hello| admit(store, hello, NOW).unwrap();
    let refused = |hello: &Hello, code: &str, word: &str| {
        let refusal = ask(hello).unwrap_err();
        assert_eq!(refusal.code, code);
        assert!(refusal.message.contains(word), "{}", refusal.message);
    };
    let good = hello(shop(), 1, head);
    assert_eq!(ask(&good), Ok(head));
    let ahead = ChainHead { seq: 9, hash: Hash::from_bytes([1; 32]) };
    assert_eq!(ask(&hello(shop(), 1, ahead)), Ok(head));
    assert_eq!(store.store(shop()).unwrap().unwrap().reported_seq, Some(9));
    refused(&hello(StoreId::new(Uuid::nil()), 1, head), "unknown_store", "store add");
    refused(&hello(shop(), 2, head), "old_epoch", "Enrol it again");
    let back = Till::new(shop()).sales(2)[1].head();
    refused(&hello(shop(), 1, back), "rolled_back", "Restore it from headquarters");
    store.next_epoch(shop()).unwrap();
    refused(&good, "old_epoch", "Switch it off");
    let other = ChainHead { seq: 3, hash: Hash::from_bytes([1; 32]) };
    refused(&hello(shop(), 2, other), "quarantined", "store release");
    let good = hello(shop(), 2, head);
    refused(&good, "quarantined", "equivocation");
    let second = Quarantine { code: "broken_rule".into(), reason: "x".into() };
    store.quarantine(shop(), &second).unwrap();
    refused(&good, "quarantined", "equivocation");
    store.release(shop()).unwrap();
    assert_eq!(ask(&good), Ok(head));
    store.revoke(shop(), NOW).unwrap();
    refused(&good, "revoked", "keeps selling");
    let batch = store.accept(shop(), &[], NOW);
    assert!(format!("{batch:?}").contains("\"revoked\""), "{batch:?}");
}

/// Documents' bytes, and the rows that follow from them.
pub fn documents_are_kept(store: &dyn Store) {
    let key = DocumentKey { owner: Uuid::from_u128(7), name: "order/x".into() };
    let write = |whole, bytes: &[u8], live| DocumentWrite {
        key: key.clone(),
        whole,
        bytes: bytes.to_vec(),
        live,
        items: vec![],
    };
    assert_eq!(store.document(&key), Ok(None));
    store.write_document(&write(true, b"one", true)).unwrap();
    store.write_document(&write(false, b"two", true)).unwrap();
    store.write_document(&write(false, b"three", true)).unwrap();
    let (snapshot, changes) = (b"one".to_vec(), vec![b"two".to_vec(), b"three".to_vec()]);
    assert_eq!(store.document(&key), Ok(Some(StoredDocument { snapshot, changes })));
    assert_eq!(store.live_documents(key.owner).unwrap(), ["order/x"]);
    assert!(store.live_documents(Uuid::nil()).unwrap().is_empty());
    assert_eq!(store.document_owners("order/x").unwrap(), [key.owner]);
    store.write_document(&write(false, b"four", false)).unwrap();
    assert!(store.live_documents(key.owner).unwrap().is_empty());
    store.write_document(&write(true, b"all", true)).unwrap();
    let whole = StoredDocument { snapshot: b"all".to_vec(), changes: vec![] };
    assert_eq!(store.document(&key), Ok(Some(whole)));

    let price = |minor, store| PriceValue { price: eur(minor), store, at: NOW };
    let item = CatalogueItem {
        sku: "MILK-1L".into(),
        gtin: Some("04006381333931".into()),
        name: "Milk 100% fresh".into(),
        unit: "each".into(),
        price: eur(129),
        tax_rate: "7".into(),
        category: None,
        conflict: vec![price(129, None), price(99, Some("Corner shop".into()))],
    };
    let with_item = DocumentWrite { items: vec![item.clone()], ..write(false, b"c", true) };
    store.write_document(&with_item).unwrap();
    for found in ["", "milk", "6381 FRESH", "100%", "1l"] {
        assert_eq!(store.catalogue(found, 9).unwrap(), std::slice::from_ref(&item), "{found}");
    }
    for missed in ["bread", "milk bread", "m_lk"] {
        assert!(store.catalogue(missed, 9).unwrap().is_empty(), "{missed}");
    }
    assert_eq!(store.catalogue_item("MILK-1L").unwrap(), Some(item.clone()));
    assert_eq!(store.conflicts().unwrap(), [item]);
}

/// The first answer to a key stays.
pub fn a_key_has_one_answer(store: &dyn Store) {
    assert_eq!(store.answer("k"), Ok(None));
    let first = Answer { fingerprint: [1; 32], status: 200, body: b"{}".to_vec() };
    store.put_answer("k", &first, NOW).unwrap();
    store.put_answer("k", &Answer { status: 500, ..first.clone() }, NOW).unwrap();
    assert_eq!(store.answer("k"), Ok(Some(first)));
}
