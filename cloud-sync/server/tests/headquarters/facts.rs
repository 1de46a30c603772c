//! Entries on their way in.

use crate::world::{World, store_id};
use cloud_sync_protocol::entry::pack;
use cloud_sync_protocol::message::{Presence, ToHq, ToStore};
use cloud_sync_store::Store;
use cloud_sync_store::conformance::till::Till;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_acknowledged_when_it_is_durable() {
    let world = World::new().await;
    let one = world.enrol(1);
    let (mut line, _) = world.welcomed(1, &one).await;
    let mut till = Till::new(store_id(1));
    let entries = till.sales(10);
    line.say(&ToHq::Batch(pack(&entries[..6]).unwrap())).await;
    assert_eq!(line.hear_fact().await, Some(ToStore::Ack(entries[5].head())));
    // Another process sees it at once: it was committed before the acknowledgement.
    let beside = cloud_sync_store::Sqlite::open(&world.dir.path().join("hq.db")).unwrap();
    assert_eq!(beside.store(store_id(1)).unwrap().unwrap().acked, entries[5].head());
    line.say(&ToHq::Batch(pack(&entries[8..]).unwrap())).await;
    assert_eq!(line.hear_fact().await, Some(ToStore::Gap(7)));
    line.say(&ToHq::Batch(pack(&entries).unwrap())).await;
    assert_eq!(line.hear_fact().await, Some(ToStore::Ack(entries[9].head())));
    let head = till.sale().head();
    line.say(&ToHq::Presence(Presence { head, ..Presence::default() })).await;
    line.say(&ToHq::Batch(pack(&entries[..1]).unwrap())).await;
    line.hear_fact().await;
    let (_, stores) = world.get("/api/v1/stores").await;
    let store = &stores["stores"][0];
    assert_eq!((&store["behind_entries"], &store["acked_seq"]), (&1.into(), &10.into()));

    let world = world.restarted().await;
    let (_, acked) = world.welcomed(1, &one).await;
    assert_eq!(acked, entries[9].head());
    let (_, report) = world.get("/api/v1/reports/sales?group_by=store").await;
    assert_eq!(report["rows"][0]["count"], 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_rule_sets_the_store_aside_on_the_line() {
    let world = World::new().await;
    let one = world.enrol(1);
    let (mut line, _) = world.welcomed(1, &one).await;
    let mut till = Till::new(store_id(1));
    let mut entries = till.sales(2);
    entries.push(till.seal("sale_completed", 1, b"{}".to_vec()));
    line.say(&ToHq::Batch(pack(&entries).unwrap())).await;
    assert_eq!(line.refusal().await, "quarantined");
    let (_, stores) = world.get("/api/v1/stores").await;
    let store = &stores["stores"][0];
    assert_eq!((&store["state"], &store["acked_seq"]), (&"quarantined".into(), &2.into()));
    assert!(store["message"].as_str().unwrap().contains("broken_rule"), "{store}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_backlog_comes_in_bulk() {
    let world = World::new().await;
    let (one, two) = (world.enrol(1), world.enrol(2));
    let client = |identity| {
        let tls = world.tls(Some(identity));
        reqwest::Client::builder().tls_backend_preconfigured(tls).build().unwrap()
    };
    let post = async |client: &reqwest::Client, epoch: Option<&str>, body: Vec<u8>| {
        let url = format!("https://{}/sync/batches", world.server.sync);
        let mut request = client.post(url).body(body);
        if let Some(epoch) = epoch {
            request = request.header("outpost-epoch", epoch);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let (one, two) = (client(&one), client(&two));
    let entries = Till::new(store_id(1)).sales(1_200);
    for batch in entries.chunks(500) {
        let (status, acked) = post(&one, Some("1"), pack(batch).unwrap()).await;
        let head = batch.last().unwrap().head();
        assert_eq!((status, &acked["seq"]), (200, &head.seq.into()));
        assert_eq!(acked["hash"], head.hash.to_string());
    }
    let refused = async |client, epoch, body, status, code: &str| {
        let (got, problem) = post(client, epoch, body).await;
        assert_eq!((got, problem["code"].as_str()), (status, Some(code)));
        problem
    };
    let first = pack(&entries[..2]).unwrap();
    refused(&two, Some("1"), first.clone(), 403, "foreign_entries").await;
    refused(&one, None, first.clone(), 400, "epoch_missing").await;
    refused(&one, Some("2"), first.clone(), 403, "old_epoch").await;
    refused(&one, Some("1"), b"garbage".to_vec(), 400, "malformed_batch").await;
    let mut other = Till::new(store_id(2));
    let _ = other.sale();
    let late = pack(&[other.sale()]).unwrap();
    let gap = refused(&two, Some("1"), late, 409, "gap").await;
    assert_eq!(gap["expected"], 1);
    let mut forged = Till::new(store_id(1));
    let forged = pack(&[forged.delivery()]).unwrap();
    refused(&one, Some("1"), forged, 403, "quarantined").await;
    refused(&one, Some("1"), first, 403, "quarantined").await;
}
