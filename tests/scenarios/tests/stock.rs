//! The stock room, told over HTTP: counts while selling, transfers that come short, lots.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests_scenarios::{CATALOGUE, eur, milk_sale, verify};
use tests_support::{Store, StoreSetup};

async fn shop(folder: &std::path::Path) -> anyhow::Result<Store> {
    let store = Store::start(folder, StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    Ok(store)
}

async fn holds(mut store: Store) -> anyhow::Result<()> {
    let reconciled = store.get("/reconcile").await?.ok()?;
    assert_eq!(reconciled["ok"], true, "{reconciled}");
    store.stop()?;
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

async fn level(store: &Store, sku: &str) -> anyhow::Result<Value> {
    store.get(&format!("/stock?sku={sku}&lots=1")).await?.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blind_count_while_selling_goes_on() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    // 50 in the books; two were stolen, so that 48 lie there.
    let open = json!({ "skus": ["MILK-1L", "SOUP"], "blind": true });
    let count = store.post("/stock/counts", &open).await?.ok()?;
    assert!(count["lines"][0].get("expected").is_none(), "blind: {count}");
    let path = format!("/stock/counts/{}", count["id"].as_str().unwrap_or_default());
    store.post("/sales", &milk_sale(3)).await?.ok()?;
    // Somebody miscounts, and counts again after another sale.
    let counted = |n: i64| json!({ "lines": [{ "sku": "MILK-1L", "quantity": n.to_string() }] });
    store.post(&format!("{path}/lines"), &counted(40)).await?.ok()?;
    store.post("/sales", &milk_sale(1)).await?.ok()?;
    let taken = store.post(&format!("{path}/lines"), &counted(44)).await?.ok()?;
    assert!(taken["lines"][0].get("variance").is_none(), "blind: {taken}");
    store.post("/sales", &milk_sale(5)).await?.ok()?;
    let closed = store.post(&format!("{path}/close"), &json!({})).await?.ok()?;
    let milk = &closed["lines"][0];
    assert_eq!((&milk["expected"], &milk["variance"]), (&json!("46"), &json!("-2")));
    assert!(closed["lines"][1].get("counted").is_none(), "nobody counted the soup");
    assert_eq!(level(&store, "MILK-1L").await?["quantity"], "39");
    let again = store.post(&format!("{path}/lines"), &counted(1)).await?;
    assert_eq!((again.status, again.code()), (409, "count_closed"));
    let unknown = store.get("/stock/counts/01900000-0000-7000-8000-000000000001").await?;
    assert_eq!((unknown.status, unknown.code()), (404, "unknown_count"));
    // The short form, as scripts use it.
    let short = store.post("/stock/counts", &counted(41)).await?;
    assert_eq!((short.status, &short.body["state"]), (201, &json!("closed")));
    assert_eq!(level(&store, "MILK-1L").await?["quantity"], "41");
    assert_eq!(store.get("/stock/counts").await?.ok()?["counts"][1]["blind"], true);
    holds(store).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_came_short() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    let place = json!({ "name": "back-room", "title": "Back room" });
    store.post("/stock/locations", &place).await?.ok()?;
    let again = store.post("/stock/locations", &place).await?;
    assert_eq!((again.status, again.code()), (409, "location_exists"));
    let send = json!({ "to": "back-room", "in_transit": true, "reference": "Trolley 3",
        "lines": [{ "sku": "MILK-1L", "quantity": "10" }] });
    let nowhere = json!({ "to": "cellar", "lines": [{ "sku": "MILK-1L", "quantity": "1" }] });
    let nowhere = store.post("/stock/transfers", &nowhere).await?;
    assert_eq!((nowhere.status, nowhere.code()), (404, "unknown_location"));
    let sent = store.post("/stock/transfers", &send).await?.ok()?;
    assert_eq!(sent["state"], "in_transit");
    let milk = level(&store, "MILK-1L").await?;
    assert_eq!((&milk["on_hand"], &milk["in_transit"]), (&json!("40"), &json!("10")));
    let path = format!("/stock/transfers/{}", sent["id"].as_str().unwrap_or_default());
    let came = |n: i64| json!({ "lines": [{ "sku": "MILK-1L", "quantity": n.to_string() }] });
    let over = store.post(&format!("{path}/receive"), &came(11)).await?;
    assert_eq!((over.status, over.code()), (409, "exceeds_transfer"));
    let short = store.post(&format!("{path}/receive"), &came(8)).await?.ok()?;
    assert_eq!((&short["state"], &short["lines"][0]["missing"]), (&json!("short"), &json!("2")));
    let attention = store.get("/stock/attention").await?.ok()?;
    assert_eq!(attention["transfers"][0]["reference"], "Trolley 3");
    let settled = store.post(&format!("{path}/settle"), &json!({ "note": "fell" })).await?.ok()?;
    assert_eq!(settled["lines"][0]["settled"], "2");
    let done = store.post(&format!("{path}/receive"), &json!({})).await?;
    assert_eq!((done.status, done.code()), (409, "transfer_done"));
    let milk = level(&store, "MILK-1L").await?;
    assert_eq!((&milk["on_hand"], &milk["in_transit"]), (&json!("48"), &json!("0")));
    // What lies in the back room is not promised; the shelves are.
    assert_eq!((&milk["quantity"], &milk["available"]), (&json!("40"), &json!("40")));
    let away = json!({ "to_store": "Harbour", "lines": [{ "sku": "MILK-1L", "quantity": "4" }] });
    let away = store.post("/stock/transfers", &away).await?.ok()?;
    let path = format!("/stock/transfers/{}", away["id"].as_str().unwrap_or_default());
    store.post(&format!("{path}/receive"), &json!({})).await?.ok()?;
    assert_eq!(level(&store, "MILK-1L").await?["on_hand"], "44");
    let open = store.get("/stock/transfers?state=open").await?.ok()?;
    assert_eq!(open["transfers"], json!([]));
    holds(store).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_expires_first_is_sold_first() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    let delivery = json!({ "reference": "DN-17", "lines": [
        { "sku": "SOUP", "quantity": "5", "lot": "LATE", "expires": "2090-12-24", "unit_cost": eur(200) },
        { "sku": "SOUP", "quantity": "3", "expires": "2020-01-31", "unit_cost": eur(100) },
    ] });
    store.post("/stock/receipts", &delivery).await?.ok()?;
    let soup = level(&store, "SOUP").await?;
    assert_eq!((&soup["value"], &soup["lots"][0]["lot"]), (&eur(1_300), &json!("2020-01-31")));
    let attention = store.get("/stock/attention").await?.ok()?;
    assert_eq!(attention["expired"][0]["quantity"], "3", "{attention}");
    let sale = |n: i64| {
        json!({ "terminal": "T1", "lines": [{ "sku": "SOUP", "quantity": n.to_string() }],
            "payments": [{ "method": "cash", "tendered": eur(550 * n) }] })
    };
    store.post("/sales", &sale(4)).await?.ok()?;
    let lots = level(&store, "SOUP").await?["lots"].clone();
    assert_eq!((lots.as_array().map(Vec::len), &lots[0]["quantity"]), (Some(1), &json!("4")));
    // The till sells on what nobody booked in, and somebody has to count.
    store.post("/sales", &sale(6)).await?.ok()?;
    let attention = store.get("/stock/attention").await?.ok()?;
    let negative = json!([{ "sku": "SOUP", "location": "store", "quantity": "-2" }]);
    assert_eq!((&attention["negative"], &attention["expired"]), (&negative, &json!([])));
    let wrong = json!({ "reason": "theft", "lines": [
        { "sku": "SOUP", "quantity": "-1", "lot": "GHOST" }] });
    let wrong = store.post("/stock/adjustments", &wrong).await?;
    assert_eq!((wrong.status, wrong.code()), (404, "unknown_lot"));
    let half = json!({ "reason": "breakage", "lines": [{ "sku": "SOUP", "quantity": "-0.5" }] });
    let half = store.post("/stock/adjustments", &half).await?;
    assert_eq!((half.status, half.code()), (422, "invalid_quantity"));
    let found = json!({ "reason": "found", "note": "behind the shelf", "lines": [
        { "sku": "SOUP", "quantity": "3", "lot": "LATE", "expires": "2090-12-24" }] });
    store.post("/stock/adjustments", &found).await?.ok()?;
    assert_eq!(level(&store, "SOUP").await?["quantity"], "1");
    assert_eq!(level(&store, "SOUP").await?["lots"][0]["quantity"], "1");
    holds(store).await
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_the_stock_page_by_page() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    let lines: Vec<_> =
        ["APPLES", "LATTE", "SOUP"].map(|sku| json!({ "sku": sku, "quantity": "2" })).into();
    store.post("/stock/receipts", &json!({ "lines": lines })).await?.ok()?;
    let mut seen = BTreeMap::new();
    let mut after = String::new();
    loop {
        let page = store.get(&format!("/stock?limit=3&after={after}")).await?.ok()?;
        for row in page["stock"].as_array().into_iter().flatten() {
            seen.insert(row["sku"].to_string(), row["quantity"].clone());
        }
        let Some(next) = page["next"].as_str() else { break };
        after = next.to_owned();
    }
    assert_eq!(seen.len(), 4);
    assert_eq!(seen["\"MILK-1L\""], "50");
    holds(store).await
}

/// What goods cost makes what they are worth; what broke is a loss of that worth.
#[tokio::test(flavor = "multi_thread")]
async fn the_worth_of_the_stock_and_what_was_lost() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::start(folder.path(), StoreSetup::default())?;
    store.import("sku,name,price,tax_rate\nCUP,Cup,9.00,19\nJAR,Jar,5.00,19\n").await?;
    let came = json!({ "lines": [
        { "sku": "CUP", "quantity": "10", "unit_cost": eur(300) },
        { "sku": "JAR", "quantity": "4" },
    ] });
    store.post("/stock/receipts", &came).await?.ok()?;
    let broke = json!({ "reason": "breakage", "lines": [{ "sku": "CUP", "quantity": "-2" }] });
    store.post("/stock/adjustments", &broke).await?.ok()?;
    let report = store.get("/reports/stock").await?.ok()?;
    assert_eq!((&report["value"], &report["items_without_cost"]), (&eur(2_400), &json!(1)));
    let lost = json!([{ "sku": "CUP", "quantity": "2", "value": eur(600) }]);
    assert_eq!(report["shrinkage"], lost);
    let before = store.get("/reports/stock?from=2020-01-01&to=2020-01-02").await?.ok()?;
    assert_eq!(before["shrinkage"], json!([]));
    Ok(())
}
