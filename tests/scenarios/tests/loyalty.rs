//! Loyalty: points are earned and spent, go back with what comes back, and a tier that was
//! reached in one shop holds in all.

use serde_json::{Value, json};
use tests_scenarios::{CATALOGUE, eur, verify};
use tests_support::{Client, Headquarters, Store, StoreSetup, until};

fn programme() -> StoreSetup {
    let tiers = "['silver from 1000 earns 2', 'gold from 100000 earns 5']";
    StoreSetup::default().table("loyalty", &format!("earn = \"10\"\ntiers = {tiers}"))
}

/// Milk for a customer, paid in these parts.
async fn milk(store: &Client, pieces: u8, payments: Value) -> anyhow::Result<Value> {
    let sale = json!({
        "terminal": "T1", "customer": "C-1", "payments": payments,
        "lines": [{ "sku": "MILK-1L", "quantity": pieces.to_string() }],
    });
    let sold = store.post("/sales", &sale).await?.ok()?;
    store.get(&format!("/sales/{}", sold["id"].as_str().unwrap_or_default())).await?.ok()
}

fn cash(minor: i64) -> Value {
    json!([{ "method": "cash", "tendered": eur(minor) }])
}

async fn points(store: &Client) -> anyhow::Result<(Value, Value)> {
    let ada = store.get("/customers/C-1").await?.ok()?;
    Ok((ada["points"].clone(), ada["tier"].clone()))
}

/// Ada earns ten per cent, spends points, takes half of it back, reaches silver and its offer;
/// what she owes on account she pays at the counter. The books hold after a crash.
#[tokio::test(flavor = "multi_thread")]
async fn points_are_earned_spent_and_taken_back() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut store = Store::start(folder.path(), programme())?;
    store.import(CATALOGUE).await?;
    let silver = json!({
        "label": "Silver milk", "when": { "groups": ["silver"] },
        "effect": { "kind": "percent", "on": { "skus": ["MILK-1L"] }, "percent": 50_000 },
    });
    let ada = json!({ "name": "Ada", "code": "2900001", "credit_limit": eur(5_000) });
    store.post("/customers/C-1", &ada).await?.ok()?;
    let first = milk(&store, 4, cash(516)).await?;
    assert_eq!(first["points_earned"], eur(51), "{first}");
    assert_eq!(points(&store).await?, (eur(51), Value::Null));

    // Points pay a part, and earn nothing again.
    let in_points = json!([
        { "method": "points", "amount": eur(51), "reference": "C-1" },
        { "method": "cash", "tendered": eur(78) },
    ]);
    let second = milk(&store, 1, in_points).await?;
    assert_eq!(second["points_earned"], eur(7), "ten per cent of 0.78, rounded down: {second}");

    // A quarter of the first comes back, and a quarter of what it earned; then all of it.
    let back = |quantity: &str| {
        json!({
            "terminal": "T1", "sale_id": first["id"], "reason": "sour",
            "lines": [{ "sku": "MILK-1L", "quantity": quantity }],
        })
    };
    let quarter = store.post("/returns", &back("1")).await?.ok()?;
    assert_eq!(quarter["points_earned"], eur(-13), "{quarter}");
    let rest = store.post("/returns", &back("3")).await?.ok()?;
    assert_eq!(rest["points_earned"], eur(-38), "{rest}");
    assert_eq!(points(&store).await?, (eur(7 - 51), Value::Null), "she spent what went back");

    // Ten euros in a year are silver: twice the points, and an offer of its own.
    store.post("/promotions/silver-milk", &silver).await?.ok()?;
    let big = milk(&store, 9, cash(1_161)).await?;
    assert_eq!(big["total"], eur(1_161), "not before she reached it");
    assert_eq!(points(&store).await?.1, "silver");
    let offered = milk(&store, 2, cash(128)).await?;
    assert_eq!((&offered["total"], &offered["points_earned"]), (&eur(128), &eur(25)), "{offered}");
    let receipt = store
        .text(&format!("/api/v1/sales/{}/receipt", offered["id"].as_str().unwrap_or_default()))
        .await?;
    assert!(receipt.contains("Points earned") && receipt.contains("0.25"), "{receipt}");
    store.kill();
    let (sound, said) = verify(&store.data())?;
    assert!(sound, "{said}");
    Ok(())
}

/// What somebody owes on account is paid at the counter, on a receipt, and is no revenue.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_paid_at_the_counter() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut store = Store::start(folder.path(), StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    let item = json!({
        "sku": "ACCOUNT", "name": "Account payment", "price": "0.00", "unit": "each",
        "tax_rate": "0", "details": { "nature": "account_payment", "open_price": true },
    });
    let item = format!("{item}\n").into_bytes();
    let imported = store.post_raw("/items/import", "application/x-ndjson", item).await?.ok()?;
    assert_eq!(imported["accepted"], 1, "{imported}");
    store
        .post("/customers/C-1", &json!({ "name": "Ada", "credit_limit": eur(500) }))
        .await?
        .ok()?;
    let owing = json!([{ "method": "account", "amount": eur(387), "reference": "C-1" }]);
    milk(&store, 3, owing).await?;
    assert_eq!(store.get("/customers/C-1").await?.ok()?["owed"], eur(387));
    let pay = |whose: Value| {
        json!({
            "terminal": "T1", "payments": cash(400),
            "lines": [{ "sku": "ACCOUNT", "price": eur(300), "serials": whose }],
        })
    };
    let nobody = store.post("/sales", &pay(json!([]))).await?;
    assert_eq!((nobody.status, nobody.code()), (422, "invalid_request"), "{}", nobody.body);
    let paid = store.post("/sales", &pay(json!(["C-1"]))).await?.ok()?;
    assert_eq!((&paid["total"], &paid["change"]), (&eur(300), &eur(100)), "{paid}");
    let ada = store.get("/customers/C-1").await?.ok()?;
    assert_eq!((&ada["owed"], &ada["credit_left"]), (&eur(87), &eur(413)), "{ada}");
    assert_eq!(ada["spent"], eur(387), "paying what one owes is no spending");
    let day = store.get("/reports/sales?group_by=day").await?.ok()?;
    assert_eq!((&day["gross"], &day["reconciles"]), (&eur(687), &json!(true)), "{day}");
    store.kill();
    let (sound, said) = verify(&store.data())?;
    assert!(sound, "{said}");
    Ok(())
}

/// The north makes her silver; the south knows when it hears of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_tier_holds_in_every_shop() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let hq = Headquarters::start(&folder.path().join("hq"))?;
    let mut stores = Vec::new();
    for (id, name) in [
        ("01900000-0000-7000-8000-0000000000b1", "North"),
        ("01900000-0000-7000-8000-0000000000b2", "South"),
    ] {
        let setup = programme().hq(hq.enrol(id, name)?);
        let store = Store::start(&folder.path().join(name), setup)?;
        store.import(CATALOGUE).await?;
        stores.push(store);
    }
    stores[0].post("/customers/C-1", &json!({ "name": "Ada" })).await?.ok()?;
    milk(&stores[0], 9, cash(1_161)).await?;
    until("the south knows that she is silver", || async {
        let (_, tier) = points(&stores[1]).await.ok()?;
        (tier == "silver").then_some(())
    })
    .await?;
    let there = milk(&stores[1], 1, cash(129)).await?;
    assert_eq!(there["points_earned"], eur(25), "twice ten per cent: {there}");
    Ok(())
}
