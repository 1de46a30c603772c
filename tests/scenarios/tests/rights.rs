//! Two stores and headquarters, together and apart: nobody promises or spends what another has.

use serde_json::{Value, json};
use tests_scenarios::{CATALOGUE, eur, milk_sale, verify};
use tests_support::{Client, Headquarters, Store, StoreSetup, until};

const NORTH: &str = "01900000-0000-7000-8000-0000000000a1";
const SOUTH: &str = "01900000-0000-7000-8000-0000000000a2";
const CARD: &str = r#"{"sku":"CARD","name":"Gift card","price":"0.00","tax_rate":"0","details":{"nature":"gift_card","open_price":true}}"#;

async fn fleet(folder: &std::path::Path) -> anyhow::Result<(Headquarters, Store, Store)> {
    let hq = Headquarters::start(&folder.join("hq"))?;
    let mut stores = Vec::new();
    for (id, name) in [(NORTH, "North"), (SOUTH, "South")] {
        let setup = StoreSetup::default().hq(hq.enrol(id, name)?);
        let store = Store::start(&folder.join(name), setup)?;
        store.import(CATALOGUE).await?;
        let card = CARD.as_bytes().to_vec();
        store.post_raw("/items/import", "application/x-ndjson", card).await?.ok()?;
        stores.push(store);
    }
    let south = stores.remove(1);
    Ok((hq, stores.remove(0), south))
}

async fn holds(store: &Client, resource: &str, held: u64) -> anyhow::Result<()> {
    let path = format!("/rights?resource={resource}");
    until("the rights are there", || async {
        let rights = store.get(&path).await.ok()?.body;
        (rights["rights"][0]["held"] == held).then_some(())
    })
    .await
}

/// Journal, documents and table agree on every right; an edit behind their back is found.
async fn reconciled(store: &Store) -> anyhow::Result<()> {
    let agreed = store.get("/reconcile").await?.ok()?;
    assert_eq!((&agreed["ok"], &agreed["rights"][0]["status"]), (&json!(true), &json!("OK")));
    let ledger = rusqlite::Connection::open(store.data().join("ledger.sqlite"))?;
    ledger.execute("UPDATE rights SET held = held + 1000", [])?;
    let differs = store.get("/reconcile?differences=1").await?.ok()?;
    assert_eq!(differs["ok"], false, "{differs}");
    let said = differs["rights"][0]["status"].as_str().unwrap_or_default();
    assert!(said.contains("the table is not what the document says"), "{said}");
    ledger.execute("UPDATE rights SET held = held - 1000", [])?;
    Ok(())
}

async fn promise(store: &Client) -> anyhow::Result<tests_support::Answer> {
    let one = json!({ "lines": [{ "sku": "MILK-1L", "quantity": "1" }] });
    store.post("/reservations", &one).await
}

/// Ten rights, six and four, and no line: the store with four refuses the fifth promise though
/// milk stands on its shelf, sells a fifth that a customer holds in the hand, and shows it.
#[tokio::test(flavor = "multi_thread")]
async fn ten_rights_and_no_line() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut hq, north, south) = fleet(folder.path()).await?;
    for (store, quantity) in [(NORTH, 6_000), (SOUTH, 4_000)] {
        let give = json!({ "resource": "item/MILK-1L", "store": store, "quantity": quantity });
        let short = hq.post("/rights", &give).await?;
        assert_eq!((short.status, short.code()), (409, "not_enough_rights"));
        let mut make = give.clone();
        make["mint"] = true.into();
        hq.post("/rights", &make).await?.ok()?;
    }
    holds(&north, "item/MILK-1L", 6_000).await?;
    holds(&south, "item/MILK-1L", 4_000).await?;
    hq.kill();
    for (store, promised) in [(&north, 6), (&south, 4)] {
        for _ in 0..promised {
            let made = promise(store).await?;
            assert_eq!(made.status, 202, "{}", made.body);
            let id = made.body["id"].as_str().unwrap_or_default().to_owned();
            store.post(&format!("/reservations/{id}/commit"), &json!({})).await?.ok()?;
        }
        let refused = promise(store).await?;
        assert_eq!((refused.status, refused.code()), (409, "insufficient_stock"));
    }
    let sold = south.post("/sales", &milk_sale(1)).await?;
    assert_eq!(sold.status, 201, "a sale at the till is never refused: {}", sold.body);
    let over = south.get("/rights?state=overdrawn").await?.ok()?;
    assert_eq!(over["rights"][0]["overdrawn"], 1_000, "{over}");
    let hq = hq.restart()?;
    let shown = until("headquarters shows the overdraft", || async {
        let shown = hq.get("/rights?state=overdrawn").await.ok()?.body;
        let all = shown["rights"][0]["spent"] == 11_000;
        all.then(|| shown["rights"][0].clone())
    })
    .await?;
    assert_eq!(shown["minted"], 10_000);
    let places = shown["places"].as_array().cloned().unwrap_or_default();
    let over: Vec<&Value> = places.iter().filter(|place| place["overdrawn"] != 0).collect();
    assert_eq!((over.len(), &over[0]["place"]), (1, &json!(SOUTH)));
    for (mut store, name) in [(north, "North"), (south, "South")] {
        reconciled(&store).await?;
        store.kill();
        let (sound, said) = verify(&store.data())?;
        assert!(sound, "{name}: {said}");
    }
    Ok(())
}

async fn pay(store: &Client, minor: i64) -> anyhow::Result<tests_support::Answer> {
    let retail = json!({ "kind": "retail", "terminal": "T1" });
    let order = store.post("/orders", &retail).await?.ok()?;
    let id = order["id"].as_str().unwrap_or_default().to_owned();
    let price = json!({ "sku": "MILK-1L", "unit_price": eur(129) });
    store.post(&format!("/orders/{id}/lines"), &price).await?.ok()?;
    let card = json!({ "method": "gift_card", "amount": eur(minor), "reference": "GC-1" });
    store.post(&format!("/orders/{id}/payments"), &card).await
}

/// A card that was sold in the north pays there at once, and in the south after it was fetched.
/// Never is more spent than was loaded.
#[tokio::test(flavor = "multi_thread")]
async fn a_gift_card_goes_to_another_store() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut hq, north, south) = fleet(folder.path()).await?;
    hq.kill();
    let retail = json!({ "kind": "retail", "terminal": "T1" });
    let order = north.post("/orders", &retail).await?.ok()?;
    let id = order["id"].as_str().unwrap_or_default().to_owned();
    let card = json!({ "sku": "CARD", "serials": ["GC-1"], "price": eur(300) });
    north.post(&format!("/orders/{id}/lines"), &card).await?.ok()?;
    let cash = json!({ "method": "cash", "tendered": eur(300) });
    north.post(&format!("/orders/{id}/payments"), &cash).await?.ok()?;
    pay(&north, 129).await?.ok()?;
    let apart = pay(&south, 129).await?;
    assert_eq!((apart.status, apart.code()), (409, "not_enough_value"), "{}", apart.body);
    let hq = hq.restart()?;
    until("the south has heard of the card", || async {
        let value = south.get("/stored-value/gift_card/GC-1").await.ok()?.body;
        (value["balance"] == eur(171)).then_some(())
    })
    .await?;
    let asked = south.post("/stored-value/gift_card/GC-1/fetch", &json!({})).await?;
    assert_eq!(asked.status, 202, "{}", asked.body);
    until("its value was fetched", || async {
        let value = south.get("/stored-value/gift_card/GC-1").await.ok()?.body;
        (value["available"] == eur(171)).then_some(())
    })
    .await?;
    pay(&south, 129).await?.ok()?;
    let gone = pay(&north, 1).await?;
    assert_eq!((gone.status, gone.code()), (409, "not_enough_value"), "{}", gone.body);
    let rest = pay(&south, 43).await?;
    assert_eq!((rest.status, rest.code()), (409, "not_enough_value"), "{}", rest.body);
    let rights = hq.get("/rights?resource=gift_card/GC-1").await?.ok()?;
    assert_eq!(rights["rights"][0]["minted"], 300, "{rights}");
    for (mut store, name) in [(north, "North"), (south, "South")] {
        reconciled(&store).await?;
        store.kill();
        let (sound, said) = verify(&store.data())?;
        assert!(sound, "{name}: {said}");
    }
    Ok(())
}
