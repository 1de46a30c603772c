//! The first sale, told as it happens.

use crate::{Demo, counter};
use anyhow::Context;
use drivers_contract::twin::PrinterTwin;
use serde_json::{Value, json};
use tests_support::{Feed, until};

/// A sale from serial bytes to a figure at headquarters.
pub(crate) async fn first_sale(demo: &Demo) -> anyhow::Result<()> {
    let store = &demo.store;
    until("the scanner and the printers are online", || async {
        let devices = store.get("/devices").await.ok()?.body;
        let devices = devices["devices"].as_array()?.clone();
        // A lamp is known to work when it is lit.
        let ready = |device: &Value| device["state"] == "online" || device["kind"] == "output";
        devices.iter().all(ready).then_some(())
    })
    .await?;
    let mut screen = Feed::open(&store.url, "scans,kitchen,orders", None).await?;
    println!("\n1. A barcode comes in as serial bytes: 4006381333931");
    demo.scanner.scan("4006381333931")?;
    let rung = screen.next("scan_rung_up").await?;
    println!("   The till rings it up: {} {}", text(&rung, "name"), money(&rung["data"]["total"]));
    let order = text(&rung, "order_id");
    let dish = dish(demo).await?;
    println!("2. The cashier taps a dish for the kitchen: {}", dish["name"]);
    let line = json!({ "sku": dish["sku"], "modifiers": choices(&dish) });
    store.post(&format!("/orders/{order}/lines"), &line).await?.ok()?;
    let ordered = counter::weigh(demo, &order).await?;
    let note = json!({ "method": "cash", "tendered": { "amount": 5_000, "currency": "EUR" } });
    println!("3. {} to pay; the customer gives 50.00 in cash.", money(&ordered["due"]));
    let paid = store.post(&format!("/orders/{order}/payments"), &note).await?.ok()?;
    println!("   Change: {}. The sale is in the ledger, fsynced.", money(&paid["change"]));
    let ticket = screen.next("ticket_fired").await?["data"]["ticket"].clone();
    println!("4. The kitchen's screen shows ticket {}: {}", ticket["number"], dish["name"]);
    let bump = format!("/kitchen/tickets/{}/bump", ticket["id"].as_str().unwrap_or_default());
    store.post(&bump, &json!({})).await?.ok()?;
    println!("   The cook bumps it.");
    let receipt =
        until("the receipt is on paper", || async { demo.paper.receipts().first().cloned() })
            .await?;
    until("the ticket is on paper", || async { demo.kitchen.receipts().first().cloned() }).await?;
    println!("5. The printer printed to the end, cut, and said so:\n");
    for line in receipt.lines() {
        let fits = line.chars().count() <= 42;
        let line =
            if fits { line.to_owned() } else { line.chars().take(41).chain(['…']).collect() };
        println!("      |{line:<42}|");
    }
    counter::label(demo).await?;
    counter::leave(demo).await?;
    arrived(demo).await
}

/// Waits until headquarters shows the sale.
async fn arrived(demo: &Demo) -> anyhow::Result<()> {
    let held = until("the sale is at headquarters", || async {
        let stores = demo.hq.get("/stores").await.ok()?.body;
        let held = stores["stores"].get(0)?.clone();
        (held["sales_today"]["count"] == 1 && held["behind_entries"] == 0).then_some(held)
    })
    .await?;
    println!(
        "\n8. Headquarters has it: {} is {}, {} sale today, {}.",
        held["name"],
        held["state"],
        held["sales_today"]["count"],
        money(&held["sales_today"]["total"])
    );
    Ok(())
}

/// Something that the kitchen makes.
async fn dish(demo: &Demo) -> anyhow::Result<Value> {
    let found = demo.store.get("/items?q=soup&limit=60").await?.ok()?;
    let items = found["items"].as_array().cloned().unwrap_or_default();
    let cooked = |item: &&Value| item["station"] == "kitchen";
    items.iter().find(cooked).cloned().context("the catalogue has no soup for the kitchen")
}

/// The first options of what must be chosen.
fn choices(item: &Value) -> Vec<Value> {
    let groups = item["modifiers"].as_array().cloned().unwrap_or_default();
    let least = |group: &Value| {
        let least = group["min"].as_u64().and_then(|least| usize::try_from(least).ok());
        let options = group["options"].as_array().cloned().unwrap_or_default();
        options.into_iter().take(least.unwrap_or_default()).map(|option| option["id"].clone())
    };
    groups.iter().flat_map(|group| least(group).collect::<Vec<_>>()).collect()
}

fn text(frame: &Value, key: &str) -> String {
    frame["data"][key].as_str().unwrap_or_default().to_owned()
}

fn money(value: &Value) -> String {
    let minor = value["amount"].as_i64().unwrap_or_default();
    let currency = value["currency"].as_str().unwrap_or_default();
    format!("{}.{:02} {currency}", minor / 100, minor % 100)
}
