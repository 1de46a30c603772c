//! A day with staff: who sells, who may, and what the drawer holds in the evening.

use drivers_contract::twin::{PrinterTwin, Twin};
use drivers_printer::sim::{SimConfig, SimPrinter};
use serde_json::{Value, json};
use std::time::Duration;
use tests_scenarios::{CATALOGUE, eur, verify};
use tests_support::{Client, Store, StoreSetup, until};

async fn hire(by: &Client, name: &str, role: &str, pin: &str) -> anyhow::Result<String> {
    let person = json!({ "name": name, "role": role, "pin": pin });
    let staff = by.post("/staff", &person).await?.ok()?;
    Ok(staff["id"].as_str().unwrap_or_default().to_owned())
}

async fn sign_in(till: &Client, staff: &str, pin: &str) -> anyhow::Result<Client> {
    let session = json!({ "staff": staff, "pin": pin, "terminal": "T1" });
    let session = till.post("/sessions", &session).await?.ok()?;
    let token = session["token"].as_str().unwrap_or_default().to_owned();
    anyhow::ensure!(token.len() == 64, "256 bits in hex");
    Ok(till.bearing("authorization", &format!("Bearer {token}")))
}

async fn soup(by: &Client, method: &str) -> anyhow::Result<Value> {
    let payment = match method {
        "cash" => json!({ "method": "cash", "tendered": eur(1_000) }),
        _ => json!({ "method": "card", "amount": eur(550) }),
    };
    let sale = json!({ "terminal": "T1", "lines": [{ "sku": "SOUP" }], "payments": [payment] });
    by.post("/sales", &sale).await?.ok()
}

/// Five wrong PINs lock Carl out; a restart does not let him in, a manager does.
async fn locked_out(store: Store, mia: &str, carl: &str) -> anyhow::Result<Store> {
    let wrong = json!({ "staff": carl, "pin": "0000", "terminal": "T1" });
    for _ in 0..4 {
        let answer = store.post("/sessions", &wrong).await?;
        assert_eq!((answer.status, answer.code()), (401, "wrong_pin"));
    }
    let answer = store.post("/sessions", &wrong).await?;
    assert_eq!((answer.status, answer.code()), (429, "locked_out"));
    let store = store.restart()?;
    let right = json!({ "staff": carl, "pin": "2222", "terminal": "T1" });
    let answer = store.post("/sessions", &right).await?;
    assert_eq!((answer.status, answer.code()), (429, "locked_out"));
    assert!(answer.body["detail"].as_str().is_some_and(|text| text.contains("1 min")));
    let mia = sign_in(&store, mia, "1111").await?;
    mia.post(&format!("/staff/{carl}/unlock"), &json!({})).await?.ok()?;
    store.post("/sessions", &right).await?.ok()?;
    Ok(store)
}

/// Half off is more than a cashier gives: refused, then allowed once by the manager.
async fn half_off(carl: &Client, mia: &str) -> anyhow::Result<()> {
    let open = json!({ "kind": "takeaway", "terminal": "T1" });
    let order = carl.post("/orders", &open).await?.ok()?;
    let path = format!("/orders/{}", order["id"].as_str().unwrap_or_default());
    carl.post(&format!("{path}/lines"), &json!({ "sku": "SOUP" })).await?.ok()?;
    let half = json!({ "percent": "50", "reason": "cold" });
    let refused = carl.post(&format!("{path}/discounts"), &half).await?;
    assert_eq!((refused.status, refused.code()), (403, "not_permitted"));
    let said = refused.body["detail"].as_str().unwrap_or_default();
    assert!(said.contains("discount") && said.contains("Mia"), "{said}");
    let asked = json!({ "staff": mia, "pin": "1111", "permission": "discount",
        "reason": "the kitchen was late" });
    let approval = carl.post("/overrides", &asked).await?.ok()?;
    let token = approval["token"].as_str().unwrap_or_default();
    let once = carl.bearing("outpost-override", token);
    once.post(&format!("{path}/discounts"), &half).await?.ok()?;
    let again = once.post(&format!("{path}/discounts"), &half).await?;
    assert_eq!((again.status, again.code()), (403, "not_approved"));
    let paid = json!({ "method": "cash", "tendered": eur(300) });
    let paid = carl.post(&format!("{path}/payments"), &paid).await?.ok()?;
    assert_eq!(paid["change"], eur(25));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_float_to_the_z_report() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let config = SimConfig { line_time: Duration::from_millis(1), ..SimConfig::default() };
    let paper = SimPrinter::tcp(([127, 0, 0, 1], 0).into(), config)?;
    let setup = StoreSetup::default().device("printer-1", &paper.uri().to_string(), "T1");
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let refused = json!({ "name": "Carl", "role": "cashier", "pin": "2222" });
    assert_eq!(store.post("/staff", &refused).await?.code(), "first_staff_leads");
    let mia = hire(&store, "Mia", "manager", "1111").await?;
    assert!(soup(&store, "cash").await.is_err(), "nobody is signed in");
    let boss = sign_in(&store, &mia, "1111").await?;
    let carl = hire(&boss, "Carl", "cashier", "2222").await?;
    let cora = hire(&boss, "Cora", "cashier", "3333").await?;
    let staff = store.get("/staff").await?.ok()?;
    assert!(!staff.to_string().contains("argon2"), "no hash is shown");
    let store = locked_out(store, &mia, &carl).await?;

    let (carl, cora) =
        (sign_in(&store, &carl, "2222").await?, sign_in(&store, &cora, "3333").await?);
    let shift = json!({ "terminal": "T1", "float": eur(10_000) });
    let shift = carl.post("/shifts", &shift).await?.ok()?;
    let path = format!("/shifts/{}", shift["id"].as_str().unwrap_or_default());
    soup(&carl, "cash").await?;
    soup(&cora, "cash").await?;
    soup(&cora, "card").await?;
    half_off(&carl, &mia).await?;
    let drop = json!({ "direction": "out", "amount": eur(5_000), "reason": "safe drop" });
    let refused = carl.post(&format!("{path}/cash"), &drop).await?;
    assert_eq!((refused.status, refused.code()), (403, "not_permitted"));
    let boss = sign_in(&store, &mia, "1111").await?;
    boss.post(&format!("{path}/cash"), &drop).await?.ok()?;

    // 100.00 + 2 x 5.50 + 2.75 - 50.00: Mia sees it, Carl counts blind.
    let expected = 10_000 + 2 * 550 + 275 - 5_000;
    let blind = carl.get(&format!("{path}/report")).await?.ok()?;
    assert_eq!(blind["blind"], true);
    assert!(!blind.to_string().contains(&expected.to_string()), "{blind}");
    assert_eq!((&blind["cash_expected"], &blind["totals"]), (&Value::Null, &Value::Null));
    let x = boss.get(&format!("{path}/report")).await?.ok()?;
    assert_eq!((&x["cash_expected"], &x["totals"]["gross"]), (&eur(expected), &eur(3 * 550 + 275)));
    assert_eq!((&x["totals"]["discounts"], &x["sales"]), (&eur(-275), &json!(4)));

    let counted = json!({ "counted": { "cash": [
        { "value": eur(5_000), "count": 1 }, { "value": eur(1_000), "count": 1 },
        { "value": eur(5), "count": 55 },
    ], "card": eur(550) } });
    let z = carl.post(&format!("{path}/close"), &counted).await?.ok()?;
    assert_eq!((&z["shift"]["z_number"], &z["counted"]["over_short"]), (&json!(1), &eur(-100)));
    assert_eq!((&z["counted"]["card_over_short"], &z["cash_expected"]), (&eur(0), &eur(expected)));
    let report = until("the Z report is on paper", || async {
        paper.receipts().into_iter().find(|paper| paper.contains("T1-0001"))
    });
    let report = report.await?;
    assert!(report.contains("Over / short") && report.contains("-1.00"), "{report}");
    evening(&store, &carl, &boss).await
}

/// The next day's Z report has the next number; the owner reads what was sold and who allowed
/// what; the books hold.
async fn evening(store: &Store, carl: &Client, boss: &Client) -> anyhow::Result<()> {
    let shift = json!({ "terminal": "T1", "float": eur(10_000) });
    let next = carl.post("/shifts", &shift).await?.ok()?;
    assert_eq!(carl.post("/shifts", &shift).await?.code(), "shift_open");
    let close = format!("/shifts/{}/close", next["id"].as_str().unwrap_or_default());
    let counted = json!({ "counted": { "cash": eur(10_000) } });
    let z = carl.post(&close, &counted).await?.ok()?;
    assert_eq!((&z["shift"]["z_number"], &z["counted"]["over_short"]), (&json!(2), &eur(0)));
    assert_eq!(carl.post(&close, &counted).await?.code(), "shift_closed");

    assert_eq!(carl.get("/reports/sales").await?.code(), "not_permitted");
    assert_eq!(store.get("/reports/sales").await?.code(), "sign_in_needed");
    for (group, rows) in [
        ("staff", vec![("Carl", 825), ("Cora", 1_100)]),
        ("tender", vec![("card", 550), ("cash", 1_375)]),
        ("item", vec![("SOUP", 1_925)]),
        ("category", vec![("Kitchen", 1_925)]),
        ("tax", vec![("19", 1_925)]),
        ("terminal", vec![("T1", 1_925)]),
    ] {
        let report = boss.get(&format!("/reports/sales?group_by={group}")).await?.ok()?;
        let told = report["rows"].as_array().cloned().unwrap_or_default();
        let told: Vec<_> = told
            .iter()
            .map(|row| (row["key"].as_str().unwrap_or_default(), row["amount"].as_i64()))
            .collect();
        let rows: Vec<_> = rows.into_iter().map(|(key, amount)| (key, Some(amount))).collect();
        assert_eq!(told, rows, "{group}");
        assert_eq!((&report["reconciles"], &report["gross"]), (&json!(true), &eur(1_925)));
    }
    let csv = boss.bearing("accept", "text/csv").get("/reports/sales?group_by=day").await?;
    assert_eq!((csv.status, csv.body), (200, Value::Null), "CSV is no JSON");
    let audits = boss.get("/reports/journal?action=discount").await?.ok()?;
    let audit = &audits["entries"][0];
    assert_eq!((&audit["by"], &audit["approved_by"]), (&json!("Carl"), &json!("Mia")));
    assert_eq!(audit["reason"], "cold; the kitchen was late");
    let slip = boss.post("/terminals/T1/drawer", &json!({ "reason": "change" })).await?.ok()?;
    assert_eq!(slip["print_job"]["kind"], "drawer");
    carl.post("/sessions/end", &json!({})).await?;
    assert!(soup(carl, "cash").await.is_err(), "Carl went home");
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}
