//! Labels from the API to the printer's own language, and back through the scanner.

use drivers_contract::LabelMedia;
use drivers_contract::twin::Twin;
use drivers_printer::zpl::sim::SimZpl;
use serde_json::json;
use std::time::Duration;
use tests_scenarios::{CATALOGUE, eur};
use tests_support::{Store, StoreSetup, until};

/// A shelf label, a weighed piece whose code says its weight, two tagged pieces; a receipt never
/// goes to a label printer, and an uncertain label is asked for again by a person.
#[tokio::test(flavor = "multi_thread")]
async fn a_morning_at_the_label_printer() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let media = LabelMedia::default();
    let twin = SimZpl::tcp(([127, 0, 0, 1], 0).into(), media, Duration::from_millis(10))?;
    let setup = StoreSetup::default().device("labels-1", &twin.uri().to_string(), "T1");
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let cheese = "sku,gtin,name,price,unit,tax_rate\nGOUDA,09506000134352,Gouda,14.90,kg,7\n";
    store.import(cheese).await?;
    let shelf = json!({ "printer": "labels-1", "sku": "MILK-1L", "copies": 2 });
    let asked = store.post("/labels", &shelf).await?;
    assert_eq!(asked.status, 202, "{}", asked.body);
    let piece = json!({ "printer": "labels-1", "sku": "GOUDA", "quantity": "0.542" });
    store.post("/labels", &piece).await?.ok()?;
    let tags = json!({ "printer": "labels-1", "sku": "MILK-1L", "serials": ["6789", "6790"] });
    store.post("/labels", &tags).await?.ok()?;
    let labels = until("five labels are out", || async {
        Some(twin.labels()).filter(|labels| labels.len() == 5)
    })
    .await?;
    assert_eq!(labels[0].fields, ["Milk 1 l", "1.29 EUR", "400638133393"]);
    assert_eq!(labels[0], labels[1]);
    let code = "(01)09506000134352(3103)000542";
    assert_eq!(labels[2].fields, ["Gouda", "0.542 kg x 14.90 EUR", "8.08 EUR", code]);
    let found = store.get(&format!("/items?code={code}")).await?.ok()?;
    assert_eq!(
        found["items"][0]["sku"], "GOUDA",
        "what is printed is what the till reads: {found}"
    );
    let sold = json!({
        "terminal": "T1", "lines": [{ "code": code }],
        "payments": [{ "method": "cash", "tendered": eur(808) }],
    });
    let sold = store.post("/sales", &sold).await?.ok()?;
    assert_eq!(sold["total"], eur(808), "the till charges what the label says");
    let epcs: Vec<_> = labels[3..].iter().filter_map(|label| label.epc.clone()).collect();
    assert_eq!(epcs.len(), 2);
    let decoded = std::process::Command::new("sh")
        .args(["-c", &format!("echo {} | {} codes decode", epcs[0], outpost()?)])
        .output()?;
    let decoded = String::from_utf8(decoded.stdout)?;
    assert!(decoded.contains("urn:epc:id:sgtin:4006381.033393.6789"), "{decoded}");

    let jobs = store.get("/print-jobs").await?.ok()?;
    let kinds = |kind: &str| {
        jobs["print_jobs"]
            .as_array()
            .map_or(0, |all| all.iter().filter(|j| j["kind"] == kind).count())
    };
    assert_eq!((kinds("label"), kinds("receipt")), (5, 0), "{jobs}");
    twin.unplug_after(40);
    store.post("/labels", &piece).await?.ok()?;
    let job = until("the label is uncertain", || async {
        let jobs = store.get("/print-jobs?state=indeterminate").await.ok()?.body;
        jobs["print_jobs"].get(0).cloned()
    })
    .await?;
    twin.plug()?;
    store
        .post(&format!("/print-jobs/{}/retry", job["id"].as_str().unwrap_or_default()), &json!({}))
        .await?
        .ok()?;
    until("it is out", || async { (twin.labels().len() == 6).then_some(()) }).await?;
    for (wrong, status) in [
        (json!({ "printer": "nobody", "sku": "GOUDA" }), 404),
        (json!({ "printer": "labels-1", "sku": "NOTHING" }), 404),
        (json!({ "printer": "labels-1", "sku": "GOUDA", "copies": 0 }), 422),
        (json!({ "printer": "labels-1", "sku": "SOUP", "serials": ["1"] }), 422),
    ] {
        assert_eq!(store.post("/labels", &wrong).await?.status, status, "{wrong}");
    }
    Ok(())
}

fn outpost() -> anyhow::Result<String> {
    Ok(tests_support::binary("outpost")?.display().to_string())
}
