//! The gate: what was not paid for lights the lamp, what was paid for a moment ago does not, and
//! neither a crash nor a dead reader is passed over in silence.

use drivers_contract::twin::{RfidTwin, Twin};
use drivers_rfid::sim::play::play;
use drivers_rfid::sim::world::scenario::epc;
use drivers_rfid::sim::world::{Actor, Heading, Place, World};
use drivers_rfid::sim::{SimConfig, SimReader};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests_scenarios::{eur, verify};
use tests_support::{Feed, Store, StoreSetup, until};

const COAT: &str = r#"{"sku":"COAT","gtin":"4006381333931","name":"Coat","price":"89.00","tax_rate":"19","details":{"serialised":true}}"#;

/// The tag of a coat.
fn tag(serial: u64) -> [u8; 12] {
    epc(33_393, serial)
}

fn hex(epc: [u8; 12]) -> String {
    epc.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Somebody walks with a tag, out or in, past shelves.
async fn walk(reader: &SimReader, epc: [u8; 12], out: bool) -> anyhow::Result<()> {
    let reader = reader.clone();
    tokio::task::spawn_blocking(move || {
        let (from, to) = if out { (-2.2, 2.2) } else { (2.2, -2.2) };
        let at = |y: f64| Place { x: 0.1, y, z: 1.0 };
        let carried = Actor {
            epc,
            heading: if out { Heading::Out } else { Heading::In },
            way: vec![(0.1, at(from)), (3.1, at(to))],
            body_db: 4.0,
            loss_db: 2.0,
        };
        let shelf = |(n, x): (u64, f64)| Actor {
            epc: tag(9_000 + n),
            heading: Heading::Stayed,
            way: vec![(0.0, Place { x, y: -2.2, z: 1.0 })],
            body_db: 0.0,
            loss_db: 2.0,
        };
        let mut actors: Vec<Actor> = (0..).zip([-2.0, -1.0, 0.0, 1.0, 2.0]).map(shelf).collect();
        actors.push(carried);
        play(&reader, &mut World::new(7, 0.0, actors), 4)
    })
    .await??;
    Ok(())
}

async fn alarms(store: &Store) -> anyhow::Result<Vec<Value>> {
    let events = store.get("/gate/events").await?.ok()?;
    let all = events["events"].as_array().cloned().unwrap_or_default();
    Ok(all.into_iter().filter(|event| event["kind"] == "alarm").collect())
}

async fn verdicts(store: &Store, verdict: &str) -> anyhow::Result<bool> {
    let text = store.text("/metrics").await?;
    Ok(text.contains(&format!("outpost_gate_alarms_total{{verdict=\"{verdict}\"}} ")))
}

async fn online(store: &Store, id: &str, state: &str) -> anyhow::Result<Value> {
    until(&format!("{id} is {state}"), || async {
        let devices = store.get("/devices").await.ok()?.body;
        let devices = devices["devices"].as_array()?.clone();
        devices.into_iter().find(|device| device["id"] == id && device["state"] == state)
    })
    .await
}

fn shop(reader: &SimReader) -> StoreSetup {
    StoreSetup::default().device("gate-reader", &reader.uri().to_string(), "gate1").device(
        "gate-lamp",
        "llrp-gpo://gate-reader/1",
        "gate1",
    )
}

fn reader() -> anyhow::Result<SimReader> {
    Ok(SimReader::tcp(([127, 0, 0, 1], 0).into(), SimConfig::default())?)
}

async fn sell(store: &Store, serial: u64) -> anyhow::Result<Value> {
    let sale = json!({
        "terminal": "T1",
        "lines": [{ "code": hex(tag(serial)), "quantity": "1" }],
        "payments": [{ "method": "cash", "tendered": eur(8_900) }],
    });
    store.post("/sales", &sale).await?.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coat_leaves_unpaid_paid_and_brought_back() -> anyhow::Result<()> {
    let (folder, reader) = (tempfile::tempdir()?, reader()?);
    let mut store = Store::start(folder.path(), shop(&reader))?;
    store.post_raw("/items/import", "application/x-ndjson", COAT.into()).await?.ok()?;
    let kind = online(&store, "gate-reader", "online").await?;
    assert_eq!(kind["kind"], "rfid_reader");
    let mut feed = Feed::open(&store.url, "gate", None).await?;

    walk(&reader, tag(1), true).await?;
    let heard = feed.next("gate_alarm").await?;
    assert_eq!(heard["topic"], "gate");
    let alarm = alarms(&store).await?;
    assert_eq!(alarm.len(), 1, "the shelves keep still: {alarm:?}");
    assert_eq!((&alarm[0]["sku"], &alarm[0]["serial"]), (&json!("COAT"), &json!("1")));
    assert_eq!(alarm[0]["epc_uri"], "urn:epc:id:sgtin:4006381.033393.1");
    assert!(alarm[0]["evidence"]["outer"]["reads"].as_u64() > Some(1));
    until("the lamp was lit and is out", || async {
        (reader.outputs() == [(1, true), (1, false)]).then_some(())
    })
    .await?;
    assert_eq!(online(&store, "gate-lamp", "online").await?["kind"], "output");

    // An installer looks whether it is wired.
    let tested = store.post("/devices/gate-lamp/test", &json!({})).await?.ok()?;
    assert_eq!(tested["message"], "It was switched on for a second.");
    until("the lamp was lit again", || async {
        (reader.outputs()[2..] == [(1, true), (1, false)]).then_some(())
    })
    .await?;

    // Paid a moment ago: no alarm, with no paper in between.
    let sale = sell(&store, 2).await?;
    walk(&reader, tag(2), true).await?;
    assert!(verdicts(&store, "paid").await?);
    assert_eq!(alarms(&store).await?.len(), 1);

    // The set survives a crash, and a lamp that it left on goes out.
    store.kill();
    reader.force_output(2, true);
    let store = store.restart()?;
    online(&store, "gate-reader", "online").await?;
    assert_eq!(reader.outputs().last(), Some(&(2, false)));
    walk(&reader, tag(2), true).await?;
    assert!(verdicts(&store, "paid").await?);
    assert_eq!(alarms(&store).await?.len(), 1);

    // Brought back, it is the shop's again; somebody else's tag never is.
    let back = json!({ "terminal": "T1", "sale_id": sale["id"], "reason": "too small" });
    store.post("/returns", &back).await?.ok()?;
    walk(&reader, tag(2), false).await?;
    walk(&reader, epc(44_444, 1), true).await?;
    assert!(verdicts(&store, "foreign").await?);
    assert_eq!(alarms(&store).await?.len(), 1);
    walk(&reader, tag(2), true).await?;
    until("the second alarm", || async { (alarms(&store).await.ok()?.len() == 2).then_some(()) })
        .await?;
    let text = store.text("/metrics").await?;
    let reads = text.lines().find_map(|line| line.strip_prefix("outpost_rfid_reads_total "));
    assert!(reads.and_then(|reads| reads.parse::<u64>().ok()) > Some(100), "{text}");
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_reader_is_noticed_in_five_seconds() -> anyhow::Result<()> {
    let (folder, reader) = (tempfile::tempdir()?, reader()?);
    let store = Store::start(folder.path(), shop(&reader))?;
    online(&store, "gate-reader", "online").await?;
    reader.set_frozen(true);
    let frozen = Instant::now();
    let device = online(&store, "gate-reader", "offline").await?;
    // The promise is five seconds; a busy machine gets twice that before the test complains.
    assert!(frozen.elapsed() < Duration::from_secs(10), "{:?}", frozen.elapsed());
    println!("noticed after {:?}", frozen.elapsed());
    assert!(device["advice"].as_str().is_some_and(|advice| !advice.is_empty()));
    reader.set_frozen(false);
    online(&store, "gate-reader", "online").await?;
    until("both are written down, the latest first", || async {
        let events = store.get("/gate/events").await.ok()?.body;
        let kinds = events["events"].as_array()?.iter().map(|event| event["kind"].clone());
        (kinds.collect::<Vec<_>>() == ["reader_back", "reader_silent"]).then_some(())
    })
    .await?;

    // Another client has it: a state of its own.
    reader.set_claimed(true);
    reader.unplug();
    online(&store, "gate-reader", "offline").await?;
    reader.plug()?;
    online(&store, "gate-reader", "claimed").await?;
    reader.set_claimed(false);
    online(&store, "gate-reader", "online").await?;
    Ok(())
}

/// A count by tags: expected against seen, each piece once, what was sold apart.
#[tokio::test(flavor = "multi_thread")]
async fn a_shelf_is_counted_by_its_tags() -> anyhow::Result<()> {
    let (folder, reader) = (tempfile::tempdir()?, reader()?);
    let store = Store::start(folder.path(), shop(&reader))?;
    let coat = COAT.replace(r#""details""#, r#""stock":"5","details""#);
    store.post_raw("/items/import", "application/x-ndjson", coat.into_bytes()).await?.ok()?;
    online(&store, "gate-reader", "online").await?;
    sell(&store, 4).await?;
    let count = store.post("/stock/counts", &json!({ "skus": ["COAT"] })).await?.ok()?;
    let path = format!("/stock/counts/{}", count["id"].as_str().unwrap_or_default());
    let early = store.post(&format!("{path}/tags"), &json!({ "reader": "gate-reader" })).await?;
    assert_eq!((early.status, early.code()), (404, "unknown_reader"));
    let from = json!({ "reader": "gate-reader" });
    let collecting = store.post(&format!("{path}/tags/collect"), &from).await?;
    assert_eq!(collecting.status, 202);
    let seen = [tag(1), tag(2), tag(3), tag(1), tag(4), epc(44_444, 1), tag(2)];
    let sightings: Vec<_> = seen
        .iter()
        .map(|epc| drivers_contract::twin::Sighting {
            epc: epc.to_vec(),
            antenna: 1,
            rssi_cdbm: -4_500,
            phase: 0,
            channel: 1,
        })
        .collect();
    reader.sight(&sightings)?;
    let reads = || async {
        let text = store.text("/metrics").await.ok()?;
        text.contains("outpost_rfid_reads_total 7\n").then_some(())
    };
    until("all reads are in", reads).await?;
    // A handheld saw one that the reader did not, in another dress.
    let body = json!({ "reader": "gate-reader", "tags": ["(01)04006381333931(21)1"] });
    let taken = store.post(&format!("{path}/tags"), &body).await?.ok()?;
    assert_eq!(
        (&taken["counted"], &taken["sold"], &taken["foreign"]),
        (&json!(3), &json!(1), &json!(1))
    );
    let line = &taken["count"]["lines"][0];
    assert_eq!((&line["expected"], &line["counted"]), (&json!("4"), &json!("3")), "{line}");
    let closed = store.post(&format!("{path}/close"), &json!({})).await?.ok()?;
    assert!(closed["closed_at"].is_string(), "{closed}");
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}
