//! What is sold in a day: a café's breakfast, a weekly shop, goods that come back.

use serde_json::{Value, json};
use tests_scenarios::{eur, verify};
use tests_support::{Store, StoreSetup, binary};

/// A catalogue that says more than name and price.
const GOODS: &str = r#"
{"sku":"LATTE","name":"Latte","price":"3.80","tax_rate":"19","station":"bar","category":"Coffee","modifiers":"Milk[1-1]: Whole, Oat +0.40 | Size[0-1]: Small -0.50"}
{"sku":"EGGS","name":"Scrambled eggs","price":"8.90","tax_rate":"19","station":"kitchen","category":"Breakfast","details":{"kind_rates":{"takeaway":7000}}}
{"sku":"COLA","gtin":"4006381333931","name":"Cola 1 l","price":"1.19","tax_rate":"19","category":"Drinks","stock":"100","details":{"deposit":"PFAND-25","barcodes":[{"code":"CRATE-COLA","quantity":12000}],"tags":["soft"],"prices":[{"price":99,"min_quantity":12000}]}}
{"sku":"PFAND-25","name":"Deposit","price":"0.25","tax_rate":"19"}
{"sku":"APPLES","name":"Äpfel","price":"2.49","unit":"kg","tax_rate":"7","category":"Fruit"}
{"sku":"GIN","name":"Gin","price":"19.90","tax_rate":"19","details":{"min_age":18}}
{"sku":"SHIRT-M","name":"Shirt M","price":"29.00","tax_rate":"19","details":{"serialised":true,"variant":{"of":"SHIRT","attributes":{"size":"M"}}}}
{"sku":"CARD","name":"Gift card","price":"0.00","tax_rate":"0","details":{"nature":"gift_card","open_price":true}}
"#;

async fn shop(folder: &std::path::Path) -> anyhow::Result<Store> {
    shop_with(folder, StoreSetup::default()).await
}

async fn shop_with(folder: &std::path::Path, setup: StoreSetup) -> anyhow::Result<Store> {
    let store = Store::start(folder, setup)?;
    let imported = store.post_raw("/items/import", "application/x-ndjson", GOODS.into()).await?;
    let imported = imported.ok()?;
    assert_eq!((&imported["accepted"], &imported["quarantined"]), (&json!(8), &json!([])));
    Ok(store)
}

async fn order(store: &Store, body: Value) -> anyhow::Result<String> {
    let order = store.post("/orders", &body).await?.ok()?;
    Ok(order["id"].as_str().unwrap_or_default().to_owned())
}

async fn ring(store: &Store, order: &str, body: Value) -> anyhow::Result<Value> {
    store.post(&format!("/orders/{order}/lines"), &body).await?.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn breakfast_with_modifiers_and_a_split_bill() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    let table = json!({ "kind": "dine_in", "terminal": "T1", "table": "4", "covers": 3 });
    let id = order(&store, table).await?;
    for seat in [1, 2, 3] {
        let latte = json!({ "sku": "LATTE", "modifiers": ["milk-oat"], "seat": seat });
        ring(&store, &id, latte).await?;
    }
    ring(&store, &id, json!({ "sku": "EGGS", "seat": 1, "course": 2 })).await?;
    let fired = store.post(&format!("/orders/{id}/fire"), &json!({ "course": 1 })).await?.ok()?;
    let held: Vec<bool> = (fired["lines"].as_array().into_iter().flatten())
        .map(|line| line["fired"] == true)
        .collect();
    assert_eq!(held, [true, true, true, false], "the second course waits");
    let parts = store.post(&format!("/orders/{id}/split"), &json!({ "parts": 3 })).await?.ok()?;
    assert_eq!(parts["parts"], json!([eur(717), eur(717), eur(716)]), "sums to 21.50");
    let split = json!({ "seats": [2] });
    let split = store.post(&format!("/orders/{id}/split"), &split).await?.ok()?;
    assert_eq!((&split["orders"][0]["due"], &split["orders"][1]["due"]), (&eur(1_730), &eur(420)));
    let other = split["orders"][1]["id"].as_str().unwrap_or_default();
    let tip = json!({ "method": "card", "amount": eur(500), "tip": eur(80), "reference": "a1" });
    let paid = store.post(&format!("/orders/{other}/payments"), &tip).await?.ok()?;
    assert_eq!((&paid["due"], &paid["sale"]["payments"][0]["tip"]), (&eur(0), &eur(80)));
    let eggs = fired["lines"][3]["id"].as_str().unwrap_or_default();
    let void = json!({ "reason": "burnt" });
    store.post(&format!("/orders/{id}/fire"), &json!({})).await?.ok()?;
    let left = store.post(&format!("/orders/{id}/lines/{eggs}/void"), &void).await?.ok()?;
    assert_eq!(left["due"], eur(840));
    let tickets = store.get("/kitchen/tickets").await?.ok()?.to_string();
    assert!(tickets.contains("--- Scrambled eggs ---"), "the kitchen is told: {tickets}");
    let moved = json!({ "kind": "takeaway", "table": null, "note": "Ada" });
    let moved = store.post(&format!("/orders/{id}/change"), &moved).await?.ok()?;
    assert_eq!((&moved["kind"], &moved["note"]), (&json!("takeaway"), &json!("Ada")));
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weekly_shop_with_deposits_an_offer_and_a_coupon() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    let offer = json!({ "label": "3 for 2", "effect": { "kind": "cheapest_free",
        "on": { "tags": ["soft"] }, "of": 3, "free": 1 } });
    store.post("/promotions/3F2", &offer).await?.ok()?;
    let coupon = json!({ "label": "Fruit week", "when": { "coupon": "FRUIT" }, "per_customer": 1,
        "effect": { "kind": "percent", "on": { "categories": ["Fruit"] }, "percent": 50000 } });
    store.post("/promotions/FRUIT", &coupon).await?.ok()?;
    let id = order(&store, json!({ "kind": "retail", "terminal": "T1", "customer": "c1" })).await?;
    ring(&store, &id, json!({ "code": "4006381333931", "quantity": "2" })).await?;
    let three = ring(&store, &id, json!({ "code": "4006381333931" })).await?;
    assert_eq!(three["total"], eur(2 * 119 + 3 * 25), "the third cola is free, its deposit not");
    assert_eq!(three["lines"][0]["adjustments"][0]["label"], "3 for 2");
    let fruit = ring(&store, &id, json!({ "sku": "APPLES", "quantity": "1.234" })).await?;
    assert_eq!(fruit["total"], eur(313 + 307));
    let shown = json!({ "coupon": "FRUIT" });
    let shown = store.post(&format!("/orders/{id}/change"), &shown).await?.ok()?;
    assert_eq!(shown["total"], eur(313 + 153), "half of 3.07 off");
    let cash = json!({ "method": "cash", "tendered": eur(1_000) });
    let paid = store.post(&format!("/orders/{id}/payments"), &cash).await?.ok()?;
    let sale = paid["sale"]["id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(paid["change"], eur(1_000 - 466));
    let again = json!({ "terminal": "T1", "customer": "c1", "coupons": ["FRUIT"],
        "lines": [{ "sku": "APPLES", "quantity": "1" }],
        "payments": [{ "method": "cash", "tendered": eur(249) }] });
    let again = store.post("/sales", &again).await?.ok()?;
    assert_eq!(again["total"], eur(249), "the coupon counts once for each customer");
    let crate_price = json!({ "terminal": "T1", "lines": [{ "code": "CRATE-COLA" }],
        "payments": [{ "method": "cash", "tendered": eur(2_000) }] });
    let crates = store.post("/sales", &crate_price).await?.ok()?;
    assert_eq!(crates["total"], eur(8 * 99 + 12 * 25), "by the dozen, and every third is free");

    // Next week, at another till: two of the colas come back, with what was paid for them.
    let cola = paid["sale"]["lines"][0]["id"].as_str().unwrap_or_default();
    let receipt = paid["sale"]["receipt_number"].as_str().unwrap_or_default();
    let back = |quantity: &str| {
        json!({ "terminal": "T2", "receipt_number": receipt, "reason": "too sweet",
            "lines": [{ "line_id": cola, "quantity": quantity }] })
    };
    let first = store.post("/returns", &back("1")).await?.ok()?;
    assert_eq!((&first["total"], &first["receipt_number"]), (&eur(-79), &json!("T2-000001")));
    let second = store.post("/returns", &back("2")).await?.ok()?;
    assert_eq!(second["total"], eur(-(238 - 79)), "to the cent what was paid for three");
    let third = store.post("/returns", &back("1")).await?;
    assert_eq!((third.status, third.code()), (409, "more_than_sold"));
    let exchange = json!({ "terminal": "T2", "sale_id": sale, "reason": "wrong fruit",
        "lines": [{ "sku": "APPLES" }], "exchange": [{ "sku": "COLA" }] });
    let exchange = store.post("/returns", &exchange).await?.ok()?;
    assert_eq!(exchange["total"], eur(-153 + 119 + 25), "apples back, a cola out");
    assert_eq!(exchange["payments"][0]["amount"], eur(-9));
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_till_must_ask_before_it_sells() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    let id = order(&store, json!({ "kind": "retail", "terminal": "T1" })).await?;
    ring(&store, &id, json!({ "sku": "GIN" })).await?;
    let cash = json!({ "method": "cash", "tendered": eur(1_990) });
    let asked = store.post(&format!("/orders/{id}/payments"), &cash).await?;
    assert_eq!((asked.status, asked.code()), (409, "age_check_needed"));
    let seen = json!({ "age_checked": 18 });
    store.post(&format!("/orders/{id}/change"), &seen).await?.ok()?;
    store.post(&format!("/orders/{id}/payments"), &cash).await?.ok()?;
    let open = json!({ "kind": "retail", "terminal": "T1" });
    let id = order(&store, open).await?;
    let card = json!({ "sku": "CARD", "serials": ["GC-1"] });
    let price = store.post(&format!("/orders/{id}/lines"), &card).await?;
    assert_eq!(price.code(), "price_needed");
    let card = json!({ "sku": "CARD", "serials": ["GC-1"], "price": eur(2_500) });
    ring(&store, &id, card).await?;
    let shirt = json!({ "sku": "SHIRT-M", "serials": ["urn:epc:id:sgtin:4006381.033393.7"] });
    ring(&store, &id, shirt.clone()).await?;
    let twice = store.post(&format!("/orders/{id}/lines"), &shirt).await?;
    assert_eq!(twice.code(), "serial_on_order");
    let dented = json!({ "percent": "10", "reason": "dented" });
    let cheaper = store.post(&format!("/orders/{id}/discounts"), &dented).await?.ok()?;
    assert_eq!(cheaper["total"], eur(2_500 + 2_610), "money on a card is never cheaper");
    let export = store.text("/api/v1/items/export").await?;
    let before = store.get("/sync/status").await?.ok()?["last_seq"].clone();
    let same = store.post_raw("/items/import", "text/csv", export.into_bytes()).await?.ok()?;
    assert_eq!((&same["accepted"], &same["changed"]), (&json!(8), &json!(0)), "{same}");
    assert_eq!(store.get("/sync/status").await?.ok()?["last_seq"], before);
    let found = store.get("/items?q=xqfel").await?.ok()?;
    assert_eq!(found["items"], json!([]), "two errors in five letters are too many");
    let found = store.get("/items?q=apfle").await?.ok()?;
    assert_eq!(found["items"][0]["sku"], "APPLES", "one error is forgiven: {found}");
    Ok(())
}

/// A box that has never seen the sale: the code on the paper proves it.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_proved_by_its_code_and_taken_back_elsewhere() -> anyhow::Result<()> {
    let (one, two) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let first = shop(one.path()).await?;
    let sale = json!({ "terminal": "T1", "lines": [{ "sku": "COLA", "quantity": "3" }],
        "payments": [{ "method": "card", "amount": eur(432), "reference": "a1" }] });
    let sale = first.post("/sales", &sale).await?.ok()?;
    let sale = sale["id"].as_str().unwrap_or_default();
    let paper = first.get(&format!("/sales/{sale}/receipt")).await?.ok()?;
    let code = paper["code"].as_str().unwrap_or_default().to_owned();
    assert!(code.len() < 500, "it fits narrow paper: {}", code.len());
    let proved = first.post("/receipts/verify", &json!({ "code": code })).await?.ok()?;
    assert_eq!((&proved["known_here"], &proved["total"]), (&json!(true), &eur(432)));
    let forged = code.replacen('A', "B", 1);
    let forged = first.post("/receipts/verify", &json!({ "code": forged })).await?;
    assert!(["receipt_forged", "invalid_receipt_code"].contains(&forged.code()));
    let key = std::process::Command::new(binary("outpost")?)
        .args(["ledger", "public-key", "--data"])
        .arg(first.data())
        .output()?;
    let key = String::from_utf8(key.stdout)?.trim().to_owned();
    let stranger = shop(two.path()).await?;
    let back = json!({ "terminal": "T1", "receipt_code": code, "reason": "flat",
        "lines": [{ "sku": "COLA", "quantity": "2" }] });
    assert_eq!(stranger.post("/returns", &back).await?.code(), "receipt_forged");
    drop(stranger);
    let three = tempfile::tempdir()?;
    let trusting =
        StoreSetup::default().key("id", "second").key("trusted_receipts", &format!("[\"{key}\"]"));
    let trusting = shop_with(three.path(), trusting).await?;
    let taken = trusting.post("/returns", &back).await?.ok()?;
    assert_eq!(taken["total"], eur(-238), "what was paid for two of three");
    let again = trusting.post("/returns", &back).await?;
    assert_eq!(again.code(), "more_than_sold", "only one is left");
    let (holds, said) = verify(&trusting.data())?;
    assert!(holds, "{said}");
    Ok(())
}
