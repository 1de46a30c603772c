//! What else stands on the counter: scanners that type and that speak HID, a scale, a customer
//! display, a bump bar; each played by its twin over its real bytes.

use drivers_bumpbar::sim::SimBumpBar;
use drivers_contract::BumpKey;
use drivers_contract::twin::ScannerTwin;
use drivers_contract::twin::{BumpBarTwin, DisplayTwin, ScaleTwin, Twin};
use drivers_contract::uri::{DisplayProtocol, KeyLayout, ScaleProtocol};
use drivers_display::sim::SimDisplay;
use drivers_scale::sim::SimScale;
use drivers_scanner::sim::{SimHidScanner, SimWedge};
use serde_json::json;
use tests_scenarios::{CATALOGUE, eur};
use tests_support::{Feed, Store, StoreSetup, until};

async fn online(store: &Store, devices: usize) -> anyhow::Result<()> {
    until("every device is online", || async {
        let listed = store.get("/devices").await.ok()?.body;
        let listed = listed["devices"].as_array()?;
        let all = listed.len() == devices && listed.iter().all(|d| d["state"] == "online");
        all.then_some(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn scanners_that_type_and_that_report_ring_up() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let wedge = SimWedge::pty(folder.path().join("keys"), KeyLayout::De)?;
    let hid = SimHidScanner::pty(folder.path().join("hidraw"))?;
    let setup = StoreSetup::default().device("wedge", &wedge.uri().to_string(), "T1").device(
        "hid",
        &hid.uri().to_string(),
        "T2",
    );
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let mut feed = Feed::open(&store.url, "scans", None).await?;
    online(&store, 2).await?;
    wedge.send(b"4006381333931\r")?;
    let rung = feed.next("scan_rung_up").await?;
    assert_eq!(
        (&rung["data"]["terminal"], &rung["data"]["name"]),
        (&"T1".into(), &"Milk 1 l".into())
    );
    hid.send(b"]E04006381333931\r")?;
    let rung = feed.next("scan_rung_up").await?;
    assert_eq!(
        (&rung["data"]["terminal"], &rung["data"]["name"]),
        (&"T2".into(), &"Milk 1 l".into())
    );
    hid.send(b"]d20104006381333931\x1d10LOT7\r")?;
    let rung = feed.next("scan_rung_up").await?;
    assert_eq!(rung["data"]["name"], "Milk 1 l", "a Data Matrix of GS1 is the same milk");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scale_gives_the_quantity_and_the_display_the_price() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let scale = SimScale::pty(folder.path().join("scale"), ScaleProtocol::Dialog06, 15_000)?;
    let display = SimDisplay::pty(folder.path().join("display"), DisplayProtocol::Cd5220)?;
    let setup = StoreSetup::default().device("scale-1", &scale.uri().to_string(), "T1").device(
        "display-1",
        &display.uri().to_string(),
        "T1",
    );
    let store = Store::start(folder.path(), setup)?;
    store.import("sku,gtin,name,price,unit,tax_rate\nAPPLES,,Apples,2.99,kg,7\n").await?;
    online(&store, 2).await?;

    let reading = store.get("/scales/T1").await?.ok()?;
    assert_eq!((&reading["status"], &reading["grams"]), (&"zero".into(), &json!(null)));
    scale.put(1_250);
    scale.set_moving(true);
    let reading = store.get("/scales/T1").await?.ok()?;
    assert_eq!((&reading["status"], &reading["quantity"]), (&"unstable".into(), &json!(null)));
    scale.set_moving(false);
    let reading = store.get("/scales/T1").await?.ok()?;
    assert_eq!((&reading["status"], &reading["grams"]), (&"stable".into(), &json!(1_250)));
    assert!(reading["raw"].as_str().is_some_and(|raw| raw.contains("3031323530")), "{reading}");
    assert_eq!(store.get("/scales/T9").await?.code(), "unknown_scale");

    let order =
        store.post("/orders", &json!({ "kind": "takeaway", "terminal": "T1" })).await?.ok()?;
    let id = order["id"].as_str().or(order["order"]["id"].as_str()).unwrap_or_default().to_owned();
    let line = json!({ "sku": "APPLES", "quantity": reading["quantity"] });
    store.post(&format!("/orders/{id}/lines"), &line).await?.ok()?;
    until("the display shows the line", || async {
        (display.lines() == ["Apples", "1.25 kg         3.74"]).then_some(())
    })
    .await?;
    let paid = json!({ "method": "cash", "tendered": eur(500) });
    store.post(&format!("/orders/{id}/payments"), &paid).await?.ok()?;
    until("the display shows the change", || async {
        (display.lines() == ["Total           3.74", "Change          1.26"]).then_some(())
    })
    .await?;

    let test = store.post("/devices/scale-1/test", &json!({})).await?.ok()?;
    assert_eq!(test["message"], "The scale shows 1250 g.");
    scale.unplug();
    until("the scale is away", || async {
        (store.get("/scales/T1").await.ok()?.status == 503).then_some(())
    })
    .await?;
    let away = store.get("/scales/T1").await?;
    assert!(
        away.body["detail"].as_str().is_some_and(|said| said.contains("lug")),
        "{:?}",
        away.body
    );
    scale.plug()?;
    online(&store, 2).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cook_bumps_and_takes_back() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let bar = SimBumpBar::pty(folder.path().join("keys"))?;
    let setup = StoreSetup::default().device("bar-1", &bar.uri().to_string(), "kitchen");
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    online(&store, 1).await?;
    let mut feed = Feed::open(&store.url, "kitchen", None).await?;
    let mut tickets = Vec::new();
    for _ in 0..2 {
        let order =
            store.post("/orders", &json!({ "kind": "takeaway", "terminal": "T1" })).await?.ok()?;
        let id = order["id"].as_str().or(order["order"]["id"].as_str()).unwrap_or_default();
        let line = json!({ "sku": "SOUP", "quantity": "1" });
        store.post(&format!("/orders/{id}/lines"), &line).await?.ok()?;
        store.post(&format!("/orders/{id}/fire"), &json!({})).await?.ok()?;
        tickets.push(feed.next("ticket_fired").await?["data"]["ticket"]["id"].clone());
    }
    bar.press(BumpKey::Bump(2))?;
    let bumped = feed.next("ticket_bumped").await?;
    assert_eq!(bumped["data"]["ticket"]["id"], tickets[1], "the second on the screen");
    bar.press(BumpKey::Recall)?;
    assert_eq!(feed.next("ticket_recalled").await?["data"]["ticket"]["id"], tickets[1]);
    bar.press(BumpKey::Bump(9))?;
    bar.press(BumpKey::Bump(1))?;
    let bumped = feed.next("ticket_bumped").await?;
    assert_eq!(bumped["data"]["ticket"]["id"], tickets[0], "no ticket at 9: nothing happened");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_the_settings_make_impossible_says_so_at_once() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let missing = folder.path().join("generator");
    let uri =
        format!("scale+serial:///dev/ttyS99?protocol=dialog06&checksums={}", missing.display());
    let setup = StoreSetup::default().device("scale", &uri, "T1");
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let scale = until("the scale's state is known", || async {
        let devices = store.get("/devices").await.ok()?.body;
        let scale = devices["devices"].as_array()?.first()?.clone();
        (scale["state"] == "faulted").then_some(scale)
    })
    .await?;
    let words = |key: &str| scale[key].as_str().unwrap_or_default().to_owned();
    assert!(words("last_error").contains("checksums"), "{scale}");
    assert!(words("advice").contains("Mend this device's line in the settings"), "{scale}");
    // Nobody waits for an answer that cannot come, and is told that the device is slow.
    let tested = store.post("/devices/scale/test", &json!({})).await?;
    assert_eq!(
        (tested.status, &tested.body["code"]),
        (503, &json!("device_settings")),
        "{:?}",
        tested.body
    );
    let sale = json!({
        "terminal": "T1",
        "lines": [{ "code": "4006381333931", "quantity": "1" }],
        "payments": [{ "method": "cash", "tendered": eur(1_000) }],
    });
    store.post("/sales", &sale).await?.ok()?;
    Ok(())
}
