//! Invariant 1: what was acknowledged is there after a crash, once, in a chain that holds.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tests_scenarios::{CATALOGUE, eur, milk_sale, verify};
use tests_support::{Client, Store, StoreSetup};

/// How many times the daemon is killed; `OUTPOST_KILLS` asks for more.
fn kills() -> usize {
    std::env::var("OUTPOST_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(50)
}

type Acknowledged = Arc<Mutex<BTreeMap<String, Value>>>;

/// A client that sells under its own keys until told to stop. What failed is asked again later
/// with the same key, as a till would.
async fn sell(client: Client, name: String, done: Arc<AtomicBool>, acknowledged: Acknowledged) {
    let mut number = 0;
    while !done.load(Ordering::Relaxed) {
        let key = format!("{name}-{number}");
        match client.post_as("/sales", &key, &milk_sale(1 + number % 3)).await {
            Ok(answer) if answer.status == 201 => {
                if let Ok(mut sales) = acknowledged.lock() {
                    sales.insert(key, answer.body);
                }
                number += 1;
            }
            _ => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_lose_nothing_and_double_nothing() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut store = Store::start(folder.path(), StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    let acknowledged: Acknowledged = Arc::default();
    for round in 0..kills() {
        let done = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..4)
            .map(|n| {
                let (client, name) = (Client::clone(&store), format!("round-{round}-client-{n}"));
                tokio::spawn(sell(client, name, done.clone(), acknowledged.clone()))
            })
            .collect();
        tokio::time::sleep(Duration::from_micros(fastrand::u64(3_000..60_000))).await;
        store.kill();
        done.store(true, Ordering::Relaxed);
        for client in clients {
            client.await?;
        }
        store = store.restart()?;
    }
    let sold = acknowledged.lock().map(|sales| sales.clone()).unwrap_or_default();
    assert!(sold.len() > kills(), "the load was real: {} sales", sold.len());
    for (key, answer) in &sold {
        let id = answer["id"].as_str().unwrap_or_default();
        let sale = store.get(&format!("/sales/{id}")).await?;
        assert_eq!(sale.status, 200, "the sale of {key} is lost");
        assert_eq!(sale.body["receipt_number"], answer["receipt_number"]);
    }
    let numbers: std::collections::BTreeSet<_> =
        sold.values().map(|answer| answer["receipt_number"].to_string()).collect();
    assert_eq!(numbers.len(), sold.len(), "no receipt number twice");
    store.stop()?;
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    println!("{} kills, {} acknowledged sales: {}", kills(), sold.len(), said.trim());
    Ok(())
}

/// The sums of reports wait for a quiet second: a crash before it costs nothing.
#[tokio::test(flavor = "multi_thread")]
async fn reports_know_what_a_crash_left_out() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut store = Store::start(folder.path(), StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    let mut gross = 0;
    for round in 1..=3 {
        for _ in 0..3 {
            store.post("/sales", &milk_sale(round)).await?.ok()?;
            gross += 129 * round;
        }
        store.kill();
        let (sound, said) = verify(&store.data())?;
        assert!(sound, "{said}");
        store = store.restart()?;
        let report = store.get("/reports/sales").await?.ok()?;
        let told = (&report["gross"], &report["sales"], &report["reconciles"]);
        assert_eq!(told, (&eur(gross), &json!(3 * round), &json!(true)), "{report}");
    }
    Ok(())
}
