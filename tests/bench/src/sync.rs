//! Catch-up: 10,000 sales that were made without headquarters.

use crate::report::{Budget, Row};
use serde_json::json;
use std::time::Instant;
use tests_support::{Client, Headquarters, Store, StoreSetup, until};

const SALES: usize = 10_000;

pub(crate) async fn measure(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut hq = Headquarters::start(&folder.path().join("hq"))?;
    let enrolled = hq.enrol("01900000-0000-7000-8000-0000000000bb", "Bench")?;
    let store = Store::start(&folder.path().join("store"), StoreSetup::default().hq(enrolled))?;
    store.import("sku,gtin,name,price,unit,tax_rate\nA,,Item A,1.29,each,7\n").await?;
    hq.kill();
    offline(&store).await?;
    let bytes = packed(&store)?;
    let begun = Instant::now();
    let hq = hq.restart()?;
    let up = begun.elapsed().as_secs_f64();
    until("headquarters holds all", || async {
        let status = store.get("/sync/status").await.ok()?.body;
        (status["behind_entries"] == 0).then_some(())
    })
    .await?;
    let wall = begun.elapsed().as_secs_f64() - up;
    drop(hq);
    // The peer's figures are those of PouchDB for the same sales, measured before (DESIGN.md,
    // section 8): it is not installed in this run.
    rows.push(Row::new(
        "catch-up of 10,000 sales over TLS, with the wait for the line",
        wall,
        "s",
        Budget::None,
    ));
    rows.push(Row::new(
        "catch-up bytes of 10,000 sales / PouchDB's 7.9 MB",
        bytes / 7_900_000.0,
        "ratio",
        Budget::AtMost(0.15),
    ));
    Ok(())
}

async fn offline(store: &Store) -> anyhow::Result<()> {
    let clients: Vec<_> = (0..16)
        .map(|client| {
            let store = Client::clone(store);
            tokio::spawn(async move {
                let lines: Vec<_> = (0..5).map(|_| json!({ "sku": "A" })).collect();
                for n in 0..SALES / 16 {
                    let sale = json!({ "terminal": format!("T{client}"), "lines": lines,
                        "payments": [{ "method": "cash",
                                       "tendered": { "amount": 1000, "currency": "EUR" } }] });
                    store.post_as("/sales", &format!("{client}-{n}"), &sale).await?.ok()?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for client in clients {
        client.await??;
    }
    Ok(())
}

/// The bytes of the whole journal as it travels.
fn packed(store: &Store) -> anyhow::Result<f64> {
    let mut bytes = 0;
    let mut after = 0;
    loop {
        let entries = edge_ledger::audit(&store.data(), |view| view.entries(after, 500))?;
        let Some(last) = entries.last() else { return Ok(bytes as f64) };
        after = last.seq;
        bytes += cloud_sync_protocol::entry::pack(&entries)?.len();
    }
}
