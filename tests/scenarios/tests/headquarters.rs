//! Stories of a store and headquarters, together and apart.

use drivers_contract::twin::Twin;
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_scanner::sim::SimScanner;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tests_scenarios::{CATALOGUE, eur, milk_sale, verify};
use tests_support::{Client, Enrolled, Headquarters, Store, StoreSetup, until};

const ID: &str = "01900000-0000-7000-8000-0000000000aa";

fn pair(folder: &std::path::Path) -> anyhow::Result<(Headquarters, Enrolled)> {
    let hq = Headquarters::start(&folder.join("hq"))?;
    let enrolled = hq.enrol(ID, "Corner shop")?;
    Ok((hq, enrolled))
}

async fn at_hq(hq: &Client) -> Option<Value> {
    hq.get("/stores").await.ok()?.body["stores"].get(0).cloned()
}

/// Waits until headquarters holds everything that the store recorded.
async fn caught_up(store: &Client, hq: &Client) -> anyhow::Result<Value> {
    until("headquarters holds everything", || async {
        let status = store.get("/sync/status").await.ok()?.body;
        let held = at_hq(hq).await?;
        (status["behind_entries"] == 0 && held["acked_seq"] == status["last_seq"]).then_some(held)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_from_scanner_bytes_to_headquarters() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (hq, enrolled) = pair(folder.path())?;
    let scanner = SimScanner::pty(folder.path().join("scanner"), 9_600)?;
    let paper = SimPrinter::tcp(([127, 0, 0, 1], 0).into(), SimConfig::default())?;
    let setup = StoreSetup::default()
        .hq(enrolled)
        .device("scanner-1", &scanner.uri().to_string(), "T1")
        .device("printer-1", &paper.uri().to_string(), "T1");
    let store = Store::start(&folder.path().join("store"), setup)?;
    store.import(CATALOGUE).await?;
    until("the scanner is online", || async {
        let devices = store.get("/devices").await.ok()?.body;
        (devices["devices"][0]["state"] == "online").then_some(())
    })
    .await?;
    scanner.scan("4006381333931")?;
    let order = until("the scan is on an order", || async {
        let terminal = store.get("/terminals/T1").await.ok()?.body;
        terminal["order"]["id"].as_str().map(str::to_owned)
    })
    .await?;
    let paid = json!({ "method": "cash", "tendered": eur(200) });
    store.post(&format!("/orders/{order}/payments"), &paid).await?.ok()?;
    let held = caught_up(&store, &hq).await?;
    assert_eq!(held["sales_today"]["count"], 1);
    assert_eq!(held["sales_today"]["total"], eur(129));
    assert_eq!(held["online"], true);
    let items = hq.get("/reports/sales?group_by=item").await?.ok()?;
    assert_eq!(items["rows"][0]["key"], "MILK-1L");
    Ok(())
}

/// Headquarters is away for a day of 3,000 sales: each arrives once, in order, within 5 s.
#[tokio::test(flavor = "multi_thread")]
async fn headquarters_away_for_a_day_and_back() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut hq, enrolled) = pair(folder.path())?;
    let setup = StoreSetup::default().hq(enrolled);
    let store = Store::start(&folder.path().join("store"), setup)?;
    store.import(CATALOGUE).await?;
    caught_up(&store, &hq).await?;
    hq.kill();
    let clients: Vec<_> = (0..8)
        .map(|client| {
            let store = Client::clone(&store);
            tokio::spawn(async move {
                for n in 0..375 {
                    let key = format!("client-{client}-{n}");
                    let sold = store.post_as("/sales", &key, &milk_sale(1 + n % 2)).await?;
                    anyhow::ensure!(sold.status == 201, "{}", sold.body);
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for client in clients {
        client.await??;
    }
    let status = store.get("/sync/status").await?.ok()?;
    assert!(status["behind_entries"].as_u64() >= Some(3_000), "{status}");
    assert_ne!(status["state"], "connected");
    let hq = hq.restart()?;
    until("the line is back", || async { (at_hq(&hq).await?["online"] == true).then_some(()) })
        .await?;
    let back = Instant::now();
    let held = caught_up(&store, &hq).await?;
    let took = back.elapsed();
    assert_eq!(held["sales_today"]["count"], 3_000);
    assert_eq!(held["sales_today"]["total"], eur(3_000 * 129 + 8 * 187 * 129));
    assert!(took < Duration::from_secs(5), "it took {took:?}");
    println!("3,000 sales were at headquarters {took:?} after the line came back");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_goes_down_and_a_conflict_is_kept_and_shown() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut hq, enrolled) = pair(folder.path())?;
    let store = Store::start(&folder.path().join("store"), StoreSetup::default().hq(enrolled))?;
    store.import(CATALOGUE).await?;
    let price = |minor: i64| json!({ "sku": "MILK-1L", "price": eur(minor) });
    let at_till = || async { Some(store.get("/items/MILK-1L").await.ok()?.body["price"].clone()) };
    until("headquarters knows the item", || async {
        let found = hq.get("/catalogue/items?q=milk").await.ok()?.body;
        found["items"].get(0).cloned()
    })
    .await?;
    hq.post("/catalogue/prices", &price(139)).await?.ok()?;
    until("the till has the price", || async { (at_till().await? == eur(139)).then_some(()) })
        .await?;
    // Apart: headquarters' own change is made while the store cannot hear it.
    let mut store = store;
    store.kill();
    hq.post("/catalogue/prices", &price(149)).await?.ok()?;
    hq.kill();
    let store = store.restart()?;
    let own = json!({ "price": eur(99) });
    store.post("/items/MILK-1L/price", &own).await?.ok()?;
    let hq = hq.restart()?;
    let conflict = until("the conflict is shown at headquarters", || async {
        hq.get("/conflicts").await.ok()?.body["conflicts"].get(0).cloned()
    })
    .await?;
    let values: BTreeSet<i64> = conflict["values"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|value| value["value"]["amount"].as_i64())
        .collect();
    assert_eq!(values, BTreeSet::from([99, 149]), "both are kept: {conflict}");
    let till = until("the conflict is shown at the store", || async {
        store.get("/conflicts").await.ok()?.body["conflicts"].get(0).cloned()
    })
    .await?;
    assert_eq!(till["values"][0]["by"], "headquarters", "headquarters' price holds: {till}");
    let item = store.get("/items/MILK-1L").await?.ok()?;
    assert_eq!((&item["price"], &item["price_conflict"]), (&eur(149), &json!(true)));
    let id = conflict["id"].as_str().unwrap_or_default();
    let settle = json!({ "value": eur(99) });
    hq.post(&format!("/conflicts/{id}/resolve"), &settle).await?.ok()?;
    until("it is settled at the till", || async {
        let item = store.get("/items/MILK-1L").await.ok()?.body;
        (item["price"] == eur(99) && item["price_conflict"] == false).then_some(())
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_revoked_sells_on_and_says_so() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (hq, enrolled) = pair(folder.path())?;
    let store = Store::start(&folder.path().join("store"), StoreSetup::default().hq(enrolled))?;
    store.import(CATALOGUE).await?;
    caught_up(&store, &hq).await?;
    hq.store("revoke", &["--id", ID])?;
    let status = until("the store says that it is refused", || async {
        let status = store.get("/sync/status").await.ok()?.body;
        (status["state"] == "refused").then_some(status)
    })
    .await?;
    assert!(status["message"].as_str().is_some_and(|text| !text.is_empty()));
    store.post("/sales", &milk_sale(1)).await?.ok()?;
    assert_eq!(store.text("/health/ready").await?, "ok\n");
    Ok(())
}

/// Both ends are killed again and again while it sells: exactly once, in a chain that holds.
#[tokio::test(flavor = "multi_thread")]
async fn kills_at_both_ends_lose_nothing() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut hq, enrolled) = pair(folder.path())?;
    let setup = StoreSetup::default().hq(enrolled);
    let mut store = Store::start(&folder.path().join("store"), setup)?;
    store.import(CATALOGUE).await?;
    let mut sold = 0;
    for round in 0..6 {
        for n in 0..25 {
            let key = format!("round-{round}-{n}");
            sold += i64::from(store.post_as("/sales", &key, &milk_sale(1)).await?.status == 201);
        }
        if round % 2 == 0 {
            hq.kill();
            hq = hq.restart()?;
        } else {
            store.kill();
            store = store.restart()?;
        }
    }
    let held = caught_up(&store, &hq).await?;
    assert_eq!((&held["sales_today"]["count"], sold), (&json!(150), 150));
    store.stop()?;
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}
