//! The daemon as its users meet it: start, memory, one client over HTTP, scans, kitchen screens.

use crate::commit::fdatasync;
use crate::items;
use crate::report::{Budget, Row, median, percentile};
use drivers_contract::twin::{PrinterTwin, ScannerTwin, Twin};
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_scanner::sim::SimScanner;
use edge_domain::codes::gtin::check_digit;
use rusqlite::{Connection, params};
use serde_json::json;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};
use tests_support::{Feed, Store, StoreSetup, until};

pub(crate) async fn measure(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let setup = StoreSetup::default();
    let store = Store::start(folder.path(), setup)?;
    store.import(&items::catalogue(50_000)?).await?;
    let mut store = store;
    store.stop()?;
    let begun = Instant::now();
    let store = store.restart()?;
    sell(&store, "first").await?;
    let start = begun.elapsed().as_secs_f64();
    rows.push(Row::new("start to first sale, 50,000 items", start, "s", Budget::AtMost(2.0)));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let memory = resident_mib(store.pid())?;
    rows.push(Row::new("idle memory, 50,000 items", memory, "MiB", Budget::AtMost(64.0)));
    items::measure(&store, 50_000, rows).await?;
    one_client(&store, folder.path(), rows).await?;
    screens(&store, rows).await?;
    drop(store);
    search_in_a_million(rows).await?;
    scans(rows).await
}

async fn sell(store: &Store, key: &str) -> anyhow::Result<()> {
    let sale = json!({
        "terminal": "T1",
        "lines": (0..5).map(|n| json!({ "sku": format!("SKU-{n}") })).collect::<Vec<_>>(),
        "payments": [{ "method": "cash", "tendered": { "amount": 2000, "currency": "EUR" } }],
    });
    store.post_as("/sales", key, &sale).await?.ok()?;
    Ok(())
}

fn resident_mib(pid: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    let kib: f64 = line.split_whitespace().nth(1).unwrap_or("0").parse()?;
    Ok(kib / 1024.0)
}

/// One client over HTTP, each sale beside a raw 4 KiB fdatasync on the same disk.
async fn one_client(store: &Store, folder: &Path, rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let file = File::create(folder.join("raw"))?;
    fdatasync(&file)?;
    let (mut ours, mut raw) = (0.0, 0.0);
    for n in 0..600 {
        let begun = Instant::now();
        sell(store, &format!("one-{n}")).await?;
        ours += begun.elapsed().as_secs_f64();
        raw += fdatasync(&file)?;
    }
    println!("  one client: {:.3} ms a sale, {:.3} ms a raw fdatasync", ours / 0.6, raw / 0.6);
    rows.push(Row::new(
        "sale commit, 1 client, HTTP to durable / raw 4 KiB fdatasync",
        ours / raw,
        "ratio",
        Budget::AtMost(1.5),
    ));
    Ok(())
}

/// From the order's answer to the last of 20 kitchen screens.
async fn screens(store: &Store, rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let mut screens = Vec::new();
    for _ in 0..20 {
        screens.push(Feed::open(&store.url, "kitchen", None).await?);
    }
    let soup = json!({
        "terminal": "T1", "lines": [{ "sku": "SOUP" }],
        "payments": [{ "method": "cash", "tendered": { "amount": 550, "currency": "EUR" } }],
    });
    let mut latencies = Vec::new();
    for _ in 0..100 {
        let begun = Instant::now();
        store.post("/sales", &soup).await?.ok()?;
        for screen in &mut screens {
            screen.next("ticket_fired").await?;
        }
        latencies.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    rows.push(Row::new(
        "order placed to the last of 20 kitchen screens, p99",
        percentile(&mut latencies, 0.99),
        "ms",
        Budget::AtMost(50.0),
    ));
    Ok(())
}

/// A scan's last byte to its line on the order, with 1,000,000 items and a stalled printer.
async fn scans(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let scanner = SimScanner::pty(folder.path().join("scanner"), 115_200)?;
    let paper = SimPrinter::tcp(([127, 0, 0, 1], 0).into(), SimConfig::default())?;
    let setup = StoreSetup::default().device("scanner-1", &scanner.uri().to_string(), "T1").device(
        "printer-1",
        &paper.uri().to_string(),
        "T1",
    );
    let store = Store::start(folder.path(), setup)?;
    store.import(&items::catalogue(100)?).await?;
    million(&store.data().join("ledger.sqlite"))?;
    until("both are online", || async {
        let devices = store.get("/devices").await.ok()?.body["devices"].as_array()?.clone();
        devices.iter().all(|device| device["state"] == "online").then_some(())
    })
    .await?;
    paper.set_stalled(true);
    sell(&store, "stalls-the-printer").await?;
    let mut feed = Feed::open(&store.url, "scans", None).await?;
    let mut latencies = Vec::new();
    for n in 0..400_u64 {
        let body = 420_000_000_000 + n * 2_000;
        let code = format!("{:013}", body * 10 + check_digit(body));
        // The code, then its suffix: the clock starts before the byte that ends the scan.
        scanner.send(code.as_bytes())?;
        let sent = Instant::now();
        scanner.send(b"\r")?;
        feed.next("scan_rung_up").await?;
        latencies.push(sent.elapsed().as_secs_f64() * 1_000.0);
        if n % 50 == 49 {
            let order = store.get("/terminals/T1").await?.ok()?["order"]["id"].clone();
            let cancel = json!({ "reason": "bench" });
            let path = format!("/orders/{}/cancel", order.as_str().unwrap_or_default());
            store.post(&path, &cancel).await?.ok()?;
        }
    }
    let mid = median(&mut latencies.clone());
    println!("  scan to line: median {mid:.2} ms");
    rows.push(Row::new(
        "scan's last byte to line heard on the feed, 1M items, p99",
        percentile(&mut latencies, 0.99),
        "ms",
        Budget::AtMost(5.0),
    ));
    Ok(())
}

/// Search and look-up among a million items; they are written beside the daemon, since no shop
/// types them in.
async fn search_in_a_million(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::start(folder.path(), StoreSetup::default())?;
    store.import("sku,gtin,name,price,unit,tax_rate\nFIRST,,First,1.00,each,7\n").await?;
    let mut conn = Connection::open(store.data().join("ledger.sqlite"))?;
    conn.busy_timeout(Duration::from_secs(30))?;
    for chunk in 0..20_u64 {
        let tx = conn.transaction()?;
        {
            let mut item = tx.prepare(
                "INSERT INTO item (sku, gtin, name, unit, price, rate)
                 VALUES (?1, ?2, ?3, 'each', 249, 7000)",
            )?;
            let mut text =
                tx.prepare("INSERT INTO item_text (rowid, sku, text) VALUES (?1, ?2, ?3)")?;
            let mut word = tx.prepare("INSERT OR IGNORE INTO item_word (word) VALUES (?1)")?;
            for n in chunk * 50_000..(chunk + 1) * 50_000 {
                let (sku, name) = (format!("SKU-{n}"), items::name(n));
                let body = 410_000_000_000 + n;
                let gtin = body * 10 + check_digit(body);
                item.execute(params![sku, i64::try_from(gtin)?, name])?;
                text.execute(params![i64::try_from(n)?, sku, format!("{name} {sku} {gtin:014}")])?;
                for part in name.split(' ') {
                    word.execute([part])?;
                }
            }
        }
        tx.commit()?;
    }
    items::measure(&store, 1_000_000, rows).await
}

/// A million items in the till's table, beside the running daemon.
fn million(path: &Path) -> anyhow::Result<()> {
    let mut conn = Connection::open(path)?;
    conn.busy_timeout(Duration::from_secs(30))?;
    for chunk in 0..20_u64 {
        let tx = conn.transaction()?;
        let mut insert = tx.prepare(
            "INSERT INTO item (sku, gtin, name, unit, price, rate) VALUES (?1, ?2, ?3, 'each', 99, 7000)",
        )?;
        for n in chunk * 50_000..(chunk + 1) * 50_000 {
            let body = 420_000_000_000 + n;
            let gtin = i64::try_from(body * 10 + check_digit(body))?;
            insert.execute(params![format!("M-{n}"), gtin, format!("Item {n}")])?;
        }
        drop(insert);
        tx.commit()?;
    }
    Ok(())
}
