//! Stories of the counter: no headquarters needed.

use drivers_contract::twin::{PrinterTwin, Twin};
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_scanner::sim::SimScanner;
use serde_json::json;
use std::time::Duration;
use tests_scenarios::{CATALOGUE, eur, milk_sale, verify};
use tests_support::{Feed, Store, StoreSetup, until};

fn printer(line_ms: u64) -> anyhow::Result<SimPrinter> {
    let config = SimConfig { line_time: Duration::from_millis(line_ms), ..SimConfig::default() };
    Ok(SimPrinter::tcp(([127, 0, 0, 1], 0).into(), config)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_becomes_a_receipt_and_a_ticket() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (paper, scanner) = (printer(1)?, SimScanner::pty(folder.path().join("scanner"), 9_600)?);
    let setup = StoreSetup::default().device("scanner-1", &scanner.uri().to_string(), "T1").device(
        "printer-1",
        &paper.uri().to_string(),
        "T1",
    );
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let mut feed = Feed::open(&store.url, "orders,scans,kitchen", None).await?;
    until("the scanner is online", || async {
        let devices = store.get("/devices").await.ok()?.body;
        (devices["devices"][0]["state"] == "online").then_some(())
    })
    .await?;
    scanner.scan("4006381333931")?;
    let rung = feed.next("scan_rung_up").await?;
    assert_eq!(
        (&rung["data"]["name"], &rung["data"]["terminal"]),
        (&"Milk 1 l".into(), &"T1".into())
    );
    let order = rung["data"]["order_id"].as_str().unwrap_or_default().to_owned();
    let line = json!({ "sku": "SOUP", "quantity": "2", "note": "no cream" });
    store.post(&format!("/orders/{order}/lines"), &line).await?.ok()?;
    let paid = json!({ "method": "cash", "tendered": eur(2_000) });
    let paid = store.post(&format!("/orders/{order}/payments"), &paid).await?.ok()?;
    assert_eq!((&paid["change"], &paid["due"]), (&eur(2_000 - 129 - 1_100), &eur(0)));
    assert_eq!(paid["order"]["state"], "closed");
    let ticket = feed.next("ticket_fired").await?;
    assert_eq!(ticket["data"]["ticket"]["lines"][0]["quantity"], "2");
    until("the receipt is on paper", || async { paper.receipts().first().cloned() }).await?;
    let receipt = paper.receipts().remove(0);
    for said in ["Corner shop", "Milk 1 l", "Tomato soup", "12.29", "T1-000001"] {
        assert!(receipt.contains(said), "{said} is not on:\n{receipt}");
    }
    until("the drawer opened", || async { paper.drawer_pulses().first().copied() }).await?;
    scanner.scan("4006381333932")?;
    let refused = feed.next("scan_refused").await?;
    assert_eq!(refused["data"]["code"], "invalid_check_digit");
    Ok(())
}

/// Invariant 2: once, and for ever, over HTTP and across a restart.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_command_delivered_twice() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::start(folder.path(), StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    let first = store.post_as("/sales", "till-7-sale-1", &milk_sale(2)).await?;
    let again = store.post_as("/sales", "till-7-sale-1", &milk_sale(2)).await?;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    let other = store.post_as("/sales", "till-7-sale-1", &milk_sale(3)).await?;
    assert_eq!((other.status, other.code()), (409, "idempotency_key_reused"));
    let store = store.restart()?;
    let later = store.post_as("/sales", "till-7-sale-1", &milk_sale(2)).await?;
    assert_eq!((later.status, later.body), (first.status, first.body));
    let sales = store.get("/sales").await?.ok()?;
    assert_eq!(sales["sales"].as_array().map(Vec::len), Some(1));
    Ok(())
}

/// Invariant 8: uncertain is shown as uncertain, and never repeated by itself.
#[tokio::test(flavor = "multi_thread")]
async fn printer_unplugged_mid_receipt() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let paper = printer(1)?;
    let setup = StoreSetup::default().device("printer-1", &paper.uri().to_string(), "T1");
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    until("the printer is online", || async {
        let devices = store.get("/devices").await.ok()?.body;
        (devices["devices"][0]["state"] == "online").then_some(())
    })
    .await?;
    paper.unplug_after(150);
    store.post("/sales", &milk_sale(1)).await?.ok()?;
    let job = until("the job is uncertain", || async {
        let jobs = store.get("/print-jobs?state=indeterminate").await.ok()?.body;
        jobs["print_jobs"].get(0).cloned()
    })
    .await?;
    assert!(job["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    store.post("/sales", &milk_sale(1)).await?.ok()?; // selling goes on
    paper.plug()?;
    until("the next receipt prints", || async { paper.receipts().last().cloned() }).await?;
    assert!(!paper.receipts().iter().any(|receipt| receipt.contains("T1-000001")));
    let retry = format!("/print-jobs/{}/retry", job["id"].as_str().unwrap_or_default());
    store.post(&retry, &json!({})).await?.ok()?; // a person decides
    let copy = until("the copy prints", || async {
        paper.receipts().into_iter().find(|receipt| receipt.contains("T1-000001"))
    })
    .await?;
    assert!(copy.contains("COPY"), "{copy}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn daemon_killed_in_mid_order() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut store = Store::start(folder.path(), StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    let open = json!({ "kind": "dine_in", "terminal": "T1", "table": "4" });
    let order = store.post("/orders", &open).await?.ok()?;
    let id = order["id"].as_str().unwrap_or_default().to_owned();
    for sku in ["SOUP", "MILK-1L"] {
        store.post(&format!("/orders/{id}/lines"), &json!({ "sku": sku })).await?.ok()?;
    }
    store.post(&format!("/orders/{id}/fire"), &json!({})).await?.ok()?;
    let part = json!({ "method": "card", "amount": eur(300) });
    store.post(&format!("/orders/{id}/payments"), &part).await?.ok()?;
    store.kill();
    let store = store.restart()?;
    let order = store.get("/terminals/T1").await?.ok()?["order"].clone();
    assert_eq!(order["id"].as_str(), Some(id.as_str()));
    assert_eq!(order["lines"].as_array().map(Vec::len), Some(2));
    assert_eq!((&order["paid"], &order["due"]), (&eur(300), &eur(379)));
    let rest = json!({ "method": "cash", "tendered": eur(400) });
    let paid = store.post(&format!("/orders/{id}/payments"), &rest).await?.ok()?;
    assert_eq!(paid["change"], eur(21));
    let tickets = store.get("/kitchen/tickets").await?.ok()?;
    assert_eq!(tickets["tickets"].as_array().map(Vec::len), Some(1), "the soup is cooked once");
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn kitchen_screen_that_missed_20_tickets() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::start(folder.path(), StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    let soup = json!({
        "terminal": "T1",
        "lines": [{ "sku": "SOUP" }],
        "payments": [{ "method": "cash", "tendered": eur(550) }],
    });
    let mut screen = Feed::open(&store.url, "kitchen", None).await?;
    store.post("/sales", &soup).await?.ok()?;
    screen.next("ticket_fired").await?;
    let seen = screen.seq;
    drop(screen);
    for _ in 0..20 {
        store.post("/sales", &soup).await?.ok()?;
    }
    let store = store.restart()?;
    let mut screen = Feed::open(&store.url, "kitchen", Some(seen)).await?;
    assert_eq!(screen.hello["reset"], false);
    let mut numbers = Vec::new();
    for _ in 0..20 {
        let ticket = screen.next("ticket_fired").await?;
        numbers.push(ticket["data"]["ticket"]["number"].as_u64().unwrap_or_default());
    }
    assert_eq!(numbers, (2..=21).collect::<Vec<u64>>(), "each once, in order");
    let tickets = store.get("/kitchen/tickets?station=kitchen").await?.ok()?;
    let id = tickets["tickets"][0]["id"].as_str().unwrap_or_default().to_owned();
    store.post(&format!("/kitchen/tickets/{id}/bump"), &json!({})).await?.ok()?;
    screen.next("ticket_bumped").await?;
    store.post(&format!("/kitchen/tickets/{id}/recall"), &json!({})).await?.ok()?;
    screen.next("ticket_recalled").await?;
    let unknown = Feed::open(&store.url, "kitchen", Some(999_999)).await?;
    assert_eq!(unknown.hello["reset"], true, "a sequence of another life");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_input_has_its_own_code_and_changes_nothing() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::start(folder.path(), StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    let before = store.get("/sync/status").await?.ok()?["last_seq"].clone();
    let sale = |lines: serde_json::Value, tendered: i64| {
        json!({ "terminal": "T1", "lines": lines,
                "payments": [{ "method": "cash", "tendered": eur(tendered) }] })
    };
    let unknown = sale(json!([{ "code": "96385074" }]), 100);
    let digit = sale(json!([{ "code": "4006381333932" }]), 100);
    let short = sale(json!([{ "code": "4006381333931" }]), 100);
    let half = sale(json!([{ "sku": "MILK-1L", "quantity": "0.5" }]), 100);
    let negative = sale(json!([{ "sku": "MILK-1L", "unit_price": eur(-1) }]), 100);
    let bare = sale(json!([]), 100);
    let choice = sale(json!([{ "sku": "LATTE" }]), 1_000);
    let weight = sale(json!([{ "sku": "APPLES" }]), 1_000);
    let dollars = json!({ "terminal": "T1", "lines": [{ "sku": "MILK-1L" }],
        "payments": [{ "method": "cash", "tendered": { "amount": 500, "currency": "USD" } }] });
    for (body, status, code) in [
        (unknown, 404, "unknown_code"),
        (digit, 422, "invalid_check_digit"),
        (short, 422, "payment_insufficient"),
        (half, 422, "invalid_quantity"),
        (negative, 422, "negative_price"),
        (bare, 422, "sale_empty"),
        (choice, 422, "invalid_modifiers"),
        (weight, 422, "weight_needed"),
        (dollars, 422, "currency_mismatch"),
        (json!({ "terminal": "till 1", "lines": [], "payments": [] }), 422, "invalid_name"),
        (json!({ "terminal": 1 }), 422, "invalid_request"),
    ] {
        let answer = store.post("/sales", &body).await?;
        assert_eq!((answer.status, answer.code()), (status, code), "{body}: {}", answer.body);
        assert!(answer.body["detail"].as_str().is_some_and(|text| text.len() > 10));
    }
    let huge = store.post_raw("/sales", "application/json", vec![b' '; 10 << 20]).await?;
    assert_eq!((huge.status, huge.code()), (413, "body_too_large"));
    let price = json!({ "price": eur(-5) });
    let price = store.post("/items/MILK-1L/price", &price).await?;
    assert_eq!((price.status, price.code()), (422, "negative_price"));
    let rows = "sku,gtin,name,price,tax_rate\nX,4006381333932,Milk,1,7\nY,,Milk,-1,7\n";
    let rows = store.import(rows).await?;
    assert_eq!(rows["quarantined"][0]["code"], "invalid_gtin");
    assert_eq!(rows["quarantined"][1]["code"], "negative_price");
    let after = store.get("/sync/status").await?.ok()?["last_seq"].clone();
    assert_eq!(before, after, "nothing was recorded");
    assert_eq!(store.get("/nowhere").await?.code(), "not_found");
    Ok(())
}

#[test]
fn a_broken_configuration_names_every_error() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let config = folder.path().join("edge.toml");
    std::fs::write(&config, "[store]\nnam = 'x'\n[http]\nlisten = '0.0.0.0:1'\n")?;
    let done = std::process::Command::new(tests_support::binary("outpost")?)
        .args(["check-config", "--config"])
        .arg(&config)
        .output()?;
    assert_eq!(done.status.code(), Some(64));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    for named in ["store.nam: unknown key", "store.id: missing", "loopback"] {
        assert!(said.contains(named), "{said}");
    }
    Ok(())
}
