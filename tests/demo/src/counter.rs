//! What else stands in the demo's shop, played by the store itself (`sim://`): a scale, a customer
//! display, a label printer, a gate with its lamp.

use crate::Demo;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tests_support::{Feed, Hands, StoreSetup};

/// A coat, and the tag that is sewn into it: an SGTIN-96 of its GTIN.
const COAT: &str = r#"{"sku":"COAT","gtin":"4006381333948","name":"Winter coat","price":"89.00","tax_rate":"19","category":"Clothes","details":{"serialised":true}}"#;
const TAG: &str = "3034F487B4209C8000000001";

/// Where hands reach these devices.
pub(crate) struct Counter(PathBuf);

impl Counter {
    pub(crate) fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Adds the devices to a store's settings.
    pub(crate) fn plug_in(&self, setup: StoreSetup) -> StoreSetup {
        let uri = |class: &str| format!("sim://{class}?hands={}", self.0.join(class).display());
        setup
            .device("scale-1", &uri("scale"), "T1")
            .device("card-1", &uri("zvt"), "T1")
            .device("display-1", &uri("display"), "T1")
            .device("labels-1", &uri("label-printer"), "office")
            .device("gate-1", &uri("rfid"), "gate1")
            .device("lamp-1", &uri("lamp"), "gate1")
    }

    /// Where hands reach one of them.
    pub(crate) fn socket(&self, class: &str) -> PathBuf {
        self.0.join(class)
    }

    fn hands(&self, class: &str) -> anyhow::Result<Hands> {
        Hands::on(&self.socket(class))
    }

    /// Where somebody goes on with them, for people.
    pub(crate) fn sockets(&self) -> String {
        self.0.join("{scale,zvt,display,label-printer,rfid,lamp}").display().to_string()
    }
}

/// Apples on the scale, and onto the order.
pub(crate) async fn weigh(demo: &Demo, order: &str) -> anyhow::Result<Value> {
    let mut display = demo.counter.hands("display")?;
    demo.counter.hands("scale")?.say("1250")?;
    let reading = demo.store.get("/scales/T1").await?.ok()?;
    println!("   Apples lie on the scale, which says {} g.", reading["grams"]);
    let line = json!({ "sku": "FR-APPLES-BRAEBURN", "quantity": reading["quantity"] });
    let ordered = demo.store.post(&format!("/orders/{order}/lines"), &line).await?.ok()?;
    let seen = display.until("|1.25 kg")?;
    println!(
        "   The customer sees:    {}",
        seen[seen.len() - 2..].join("\n                         ")
    );
    Ok(ordered)
}

/// A label for the shelf.
pub(crate) async fn label(demo: &Demo) -> anyhow::Result<()> {
    let mut labels = demo.counter.hands("label-printer")?;
    demo.store.post("/labels", &json!({ "printer": "labels-1", "sku": "MILK-1L" })).await?.ok()?;
    let label = labels.until("--- label ---")?;
    println!("\n6. A shelf label comes out: {}", label[..label.len() - 1].join(" | "));
    Ok(())
}

/// Somebody leaves with a coat that was not paid for.
pub(crate) async fn leave(demo: &Demo) -> anyhow::Result<()> {
    let store = &demo.store;
    store.post_raw("/items/import", "application/x-ndjson", COAT.into()).await?.ok()?;
    let mut feed = Feed::open(&store.url, "gate", None).await?;
    let (mut gate, mut lamp) = (demo.counter.hands("rfid")?, demo.counter.hands("lamp")?);
    gate.say(&format!("exit {TAG}"))?;
    println!("7. Somebody walks out with a tagged coat that was not paid for.");
    feed.next("gate_alarm").await?;
    lamp.until("lamp on")?;
    println!("   The gate's lamp is on, and the gate's screen says why.");
    Ok(())
}
