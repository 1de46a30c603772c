//! Who is let in.

use crate::world::{World, hello, issue, store_id};
use cloud_sync_protocol::entry::{ChainHead, Hash, pack};
use cloud_sync_protocol::message::{Presence, ToHq, ToStore};
use cloud_sync_store::conformance::till::Till;
use edge_domain::StoreTime;

const EMPTY: ChainHead = ChainHead { seq: 0, hash: Hash::from_bytes([0; 32]) };

#[tokio::test(flavor = "multi_thread")]
async fn without_our_certificate_nobody_gets_to_speak() {
    let world = World::new().await;
    world.enrol(1);
    assert!(world.connect(None).await.is_err(), "no certificate");
    let elsewhere = tempfile::tempdir().unwrap();
    let foreign = issue(elsewhere.path(), 1);
    assert!(world.connect(Some(&foreign)).await.is_err(), "another authority's");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_has_its_code_on_the_line() {
    let world = World::new().await;
    let one = world.enrol(1);
    let refused = async |n: u128, epoch: u32, head: ChainHead| {
        let mut line = world.connect(Some(&one)).await.unwrap();
        line.say(&ToHq::Hello(hello(n, epoch, head))).await;
        line.refusal().await
    };
    world.enrol(2);
    assert_eq!(refused(2, 1, EMPTY).await, "unknown_store", "a hello of another id");
    let entries = Till::new(store_id(1)).sales(3);
    world.store().accept(store_id(1), &entries, StoreTime::from_millis(1)).unwrap();
    assert_eq!(refused(1, 1, entries[1].head()).await, "rolled_back");
    assert_eq!(world.store().next_epoch(store_id(1)).unwrap(), 2);
    assert_eq!(refused(1, 1, entries[2].head()).await, "old_epoch");
    let other = ChainHead { hash: Hash::from_bytes([9; 32]), ..entries[2].head() };
    assert_eq!(refused(1, 2, other).await, "quarantined");
    assert_eq!(refused(1, 2, entries[2].head()).await, "quarantined");
    world.store().release(store_id(1)).unwrap();
    world.store().revoke(store_id(1), StoreTime::from_millis(1)).unwrap();
    assert_eq!(refused(1, 2, entries[2].head()).await, "revoked");
    let stranger = issue(&world.dir.path().join("tls"), 77);
    let mut line = world.connect(Some(&stranger)).await.unwrap();
    line.say(&ToHq::Hello(hello(77, 1, EMPTY))).await;
    assert_eq!(line.refusal().await, "unknown_store");
}

#[tokio::test(flavor = "multi_thread")]
async fn revocation_ends_a_line_that_is_open() {
    let world = World::new().await;
    let one = world.enrol(1);
    let (mut silent, _) = world.welcomed(1, &one).await;
    world.store().revoke(store_id(1), StoreTime::from_millis(1)).unwrap();
    assert_eq!(silent.refusal().await, "revoked", "without a word of the store's");
    let (status, stores) = world.get("/api/v1/stores").await;
    assert_eq!((status, stores["stores"][0]["state"].as_str()), (200, Some("revoked")));

    let two = world.enrol(2);
    let (mut busy, _) = world.welcomed(2, &two).await;
    world.store().revoke(store_id(2), StoreTime::from_millis(1)).unwrap();
    busy.say(&ToHq::Batch(pack(&Till::new(store_id(2)).sales(1)).unwrap())).await;
    assert_eq!(busy.refusal().await, "revoked");
    assert_eq!(world.store().store(store_id(2)).unwrap().unwrap().acked, EMPTY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_line_of_a_store_takes_the_place_of_the_first() {
    let world = World::new().await;
    let one = world.enrol(1);
    let (mut first, _) = world.welcomed(1, &one).await;
    let (mut second, _) = world.welcomed(1, &one).await;
    assert_eq!(first.hear_fact().await, None);
    second.say(&ToHq::Presence(Presence::default())).await;
    second.say(&ToHq::Batch(pack(&Till::new(store_id(1)).sales(1)).unwrap())).await;
    assert!(matches!(second.hear_fact().await, Some(ToStore::Ack(_))));
    let (_, stores) = world.get("/api/v1/stores").await;
    assert_eq!(stores["stores"][0]["state"], "online");
}
