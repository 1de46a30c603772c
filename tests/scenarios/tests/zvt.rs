//! A card terminal that speaks ZVT: whatever becomes of the line, the customer is charged once.

use drivers_contract::twin::{Card, TerminalTwin};
use drivers_terminal::zvt::sim::SimZvt;
use serde_json::{Value, json};
use std::time::Duration;
use tests_scenarios::{CATALOGUE, eur, verify};
use tests_support::{Store, StoreSetup, until};

async fn soup(store: &Store) -> anyhow::Result<String> {
    let open = json!({ "kind": "dine_in", "terminal": "T1" });
    let order = store.post("/orders", &open).await?.ok()?;
    let id = order["id"].as_str().unwrap_or_default().to_owned();
    store.post(&format!("/orders/{id}/lines"), &json!({ "sku": "SOUP" })).await?.ok()?;
    Ok(id)
}

async fn charge(store: &Store, order: &str) -> anyhow::Result<String> {
    let asked = store.post(&format!("/orders/{order}/card"), &json!({})).await?.ok()?;
    Ok(asked["id"].as_str().unwrap_or_default().to_owned())
}

async fn ends(store: &Store, card: &str, state: &str) -> anyhow::Result<Value> {
    until(&format!("the charge is {state}"), || async {
        let card = store.get(&format!("/cards/{card}")).await.ok()?.body;
        (card["state"] == state).then_some(card)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zvt_terminal_is_asked_for_what_nobody_heard() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let terminal = SimZvt::listen(([127, 0, 0, 1], 0).into())?;
    let late = Duration::from_millis(1_500);
    terminal.plan(&[
        Card::Approve,
        Card::Decline,
        Card::ApproveSilently,
        Card::HangUp,
        Card::ApproveLate(late),
    ]);
    let setup = StoreSetup::default().device("card-1", &terminal.uri().to_string(), "T1");
    let mut store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;

    let order = soup(&store).await?;
    let card = charge(&store, &order).await?;
    let booked = ends(&store, &card, "booked").await?;
    assert_eq!((&booked["amount"], &booked["approval"]), (&eur(550), &json!("750001/000001")));

    let order = soup(&store).await?;
    let refused = charge(&store, &order).await?;
    let refused = ends(&store, &refused, "declined").await?;
    assert_eq!(refused["reason"], "The bank declined the card.");
    let silent = charge(&store, &order).await?;
    ends(&store, &silent, "booked").await?;

    let order = soup(&store).await?;
    let dead = charge(&store, &order).await?;
    ends(&store, &dead, "cancelled").await?;
    // The terminal is still at it when the power goes; the next life finds what it did.
    let slow = charge(&store, &order).await?;
    ends(&store, &slow, "unknown").await?;
    store.kill();
    let store = store.restart()?;
    ends(&store, &slow, "booked").await?;
    assert_eq!((terminal.charges(), terminal.charged()), (3, 3 * 550));
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}
