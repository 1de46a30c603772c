//! Customers: known by their number, buying at their group's prices, owing up to their limit.

use serde_json::{Value, json};
use tests_scenarios::{CATALOGUE, eur, verify};
use tests_support::{Answer, Client, Headquarters, Store, StoreSetup, until};

async fn on_account(
    store: &Client,
    customer: &str,
    reference: &str,
    pieces: u8,
) -> anyhow::Result<Answer> {
    let retail = json!({ "kind": "retail", "terminal": "T1", "customer": customer });
    let order = store.post("/orders", &retail).await?.ok()?;
    let id = order["id"].as_str().unwrap_or_default().to_owned();
    let milk = json!({ "sku": "MILK-1L", "quantity": pieces.to_string() });
    let order = store.post(&format!("/orders/{id}/lines"), &milk).await?.ok()?;
    let due = order["order"]["total"]["amount"].as_i64();
    let due = due.or(order["total"]["amount"].as_i64()).unwrap_or(129 * i64::from(pieces));
    let account = json!({ "method": "account", "amount": eur(due), "reference": reference });
    store.post(&format!("/orders/{id}/payments"), &account).await
}

/// Ada buys on account up to her limit and not a cent more; Bob has none; a builder whom nobody
/// wrote down owes as ever. What comes back frees the account again.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_owes_up_to_its_limit() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut store = Store::start(folder.path(), StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    let ada = json!({ "name": "Ada Lovelace", "code": "2900001", "credit_limit": eur(300) });
    let made = store.post("/customers/C-1", &ada).await?.ok()?;
    assert_eq!((&made["owed"], &made["credit_left"]), (&eur(0), &eur(300)), "{made}");
    store.post("/customers/C-2", &json!({ "name": "Bob" })).await?.ok()?;
    let paid = on_account(&store, "C-1", "C-1", 2).await?.ok()?;
    let refused = on_account(&store, "C-1", "C-1", 1).await?;
    assert_eq!((refused.status, refused.code()), (409, "credit_exceeded"), "{}", refused.body);
    assert!(refused.body.to_string().contains("0.42"), "what is left: {}", refused.body);
    let none = on_account(&store, "C-2", "C-2", 1).await?;
    assert_eq!((none.status, none.code()), (409, "no_credit"), "{}", none.body);
    on_account(&store, "builder", "builder", 9).await?.ok()?;
    let ada = store.get("/customers/C-1").await?.ok()?;
    assert_eq!((&ada["owed"], &ada["credit_left"]), (&eur(258), &eur(42)));
    let sale = paid["sale"]["id"].as_str().unwrap_or_default();
    let back = json!({
        "terminal": "T1", "sale_id": sale, "reason": "sour",
        "lines": [{ "sku": "MILK-1L", "quantity": "1" }],
    });
    store.post("/returns", &back).await?.ok()?;
    let ada = store.get("/customers/C-1").await?.ok()?;
    assert_eq!((&ada["owed"], &ada["credit_left"]), (&eur(129), &eur(171)));
    on_account(&store, "C-1", "C-1", 1).await?.ok()?;
    store.kill();
    let (sound, said) = verify(&store.data())?;
    assert!(sound, "{said}");
    Ok(())
}

/// An order takes the group of a customer who shows the card, and gives it up with them; a
/// number belongs to one customer; a change says only what changes.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_brings_its_customer_and_their_group() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::start(folder.path(), StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    let ada = json!({ "name": "Ada Lovelace", "group": "club", "code": "2900001" });
    store.post("/customers/C-1", &ada).await?.ok()?;
    store.post("/customers/C-2", &json!({ "name": "Äda Byron" })).await?.ok()?;
    let twice = store.post("/customers/C-2", &json!({ "code": "2900001" })).await?;
    assert_eq!((twice.status, twice.code()), (409, "loyalty_number_taken"));
    let order = json!({ "kind": "retail", "terminal": "T1", "customer": "2900001" });
    let order = store.post("/orders", &order).await?.ok()?;
    assert_eq!((&order["customer"], &order["group"]), (&json!("C-1"), &json!("club")), "{order}");
    let path = format!("/orders/{}/change", order["id"].as_str().unwrap_or_default());
    let other = store.post(&path, &json!({ "customer": "C-2" })).await?.ok()?;
    assert_eq!((&other["customer"], &other["group"]), (&json!("C-2"), &Value::Null), "{other}");
    let said = store.post(&path, &json!({ "customer": "C-1", "group": "staff" })).await?.ok()?;
    assert_eq!(said["group"], "staff", "{said}");
    let names = |found: &Value| -> Vec<String> {
        let rows = found["customers"].as_array().cloned().unwrap_or_default();
        rows.iter().map(|row| row["name"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names(&store.get("/customers?q=LOVE%20ada").await?.ok()?), ["Ada Lovelace"]);
    assert_eq!(names(&store.get("/customers?q=29000").await?.ok()?), ["Ada Lovelace"]);
    assert_eq!(names(&store.get("/customers?q=%C3%84DA").await?.ok()?), ["Äda Byron"]);
    let left =
        store.post("/customers/C-1", &json!({ "active": false, "group": null })).await?.ok()?;
    assert_eq!((&left["code"], &left["group"]), (&json!("2900001"), &Value::Null), "{left}");
    let gone = store.get("/customers/C-9").await?;
    assert_eq!((gone.status, gone.code()), (404, "unknown_customer"));
    let nameless = store.post("/customers/C-9", &json!({ "group": "club" })).await?;
    assert_eq!((nameless.status, nameless.code()), (422, "invalid_request"), "{}", nameless.body);
    Ok(())
}

/// Who was added in the north is known in the south.
#[tokio::test(flavor = "multi_thread")]
async fn another_store_hears_of_a_customer() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let hq = Headquarters::start(&folder.path().join("hq"))?;
    let mut stores = Vec::new();
    for (id, name) in [
        ("01900000-0000-7000-8000-0000000000a1", "North"),
        ("01900000-0000-7000-8000-0000000000a2", "South"),
    ] {
        let setup = StoreSetup::default().hq(hq.enrol(id, name)?);
        stores.push(Store::start(&folder.path().join(name), setup)?);
    }
    let ada = json!({ "name": "Ada", "group": "club", "credit_limit": eur(300) });
    stores[0].post("/customers/C-1", &ada).await?.ok()?;
    let known = until("the south has heard of her", || async {
        let known = stores[1].get("/customers/C-1").await.ok()?;
        (known.status == 200).then_some(known.body)
    })
    .await?;
    assert_eq!((&known["group"], &known["credit_limit"]), (&json!("club"), &eur(300)), "{known}");
    Ok(())
}
