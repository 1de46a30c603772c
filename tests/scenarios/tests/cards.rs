//! Cards: whatever the terminal does, a customer is charged once, and the books know it.

use drivers_terminal::sim::{Card, SimTerminal};
use serde_json::json;
use std::time::Duration;
use tests_scenarios::cards::{charge, ends, soup};
use tests_scenarios::{CATALOGUE, eur, verify};
use tests_support::{Store, StoreSetup};

#[tokio::test(flavor = "multi_thread")]
async fn a_card_pays_is_refused_and_is_given_up() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let terminal = SimTerminal::listen(([127, 0, 0, 1], 0).into())?;
    terminal.plan([Card::Decline, Card::Dawdle, Card::Approve]);
    let setup = StoreSetup::default().device("card-1", &terminal.uri().to_string(), "T1");
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let order = soup(&store).await?;
    let refused = charge(&store, &order, json!({})).await?;
    let refused = ends(&store, &refused, "declined").await?;
    assert_eq!(refused["reason"], "declined by the bank");
    let slow = charge(&store, &order, json!({})).await?;
    ends(&store, &slow, "collecting").await?;
    let busy = store.post(&format!("/orders/{order}/card"), &json!({})).await?;
    assert_eq!((busy.status, busy.code()), (409, "card_busy"));
    store.post(&format!("/cards/{slow}/cancel"), &json!({})).await?.ok()?;
    ends(&store, &slow, "cancelled").await?;
    let tipped = charge(&store, &order, json!({ "tip": eur(50) })).await?;
    let booked = ends(&store, &tipped, "booked").await?;
    assert_eq!((&booked["amount"], &booked["approval"]), (&eur(600), &json!("SIM000001")));
    let order = store.get(&format!("/orders/{order}")).await?.ok()?;
    assert_eq!((&order["state"], terminal.charged()), (&json!("closed"), 600));
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

/// The answer is lost, the daemon is killed, the terminal comes late: one charge, one payment.
#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_knows_is_asked_for_and_never_charged_again() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let terminal = SimTerminal::listen(([127, 0, 0, 1], 0).into())?;
    let late = Duration::from_millis(900);
    terminal.plan([Card::ApproveSilently, Card::HangUp, Card::ApproveLate(late)]);
    let setup = StoreSetup::default().device("card-1", &terminal.uri().to_string(), "T1");
    let mut store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let order = soup(&store).await?;
    let card = charge(&store, &order, json!({})).await?;
    ends(&store, &card, "booked").await?;
    let order = soup(&store).await?;
    let card = charge(&store, &order, json!({})).await?;
    ends(&store, &card, "cancelled").await?;
    let card = charge(&store, &order, json!({})).await?;
    ends(&store, &card, "unknown").await?;
    store.kill();
    let store = store.restart()?;
    ends(&store, &card, "booked").await?;
    assert_eq!((terminal.charges(), terminal.charged()), (2, 1_100));
    let sales = store.get("/sales").await?.ok()?;
    assert_eq!(sales["sales"].as_array().map(Vec::len), Some(2));
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

/// A cash sale waits for no terminal; a card that pays too late is given back by a person.
#[tokio::test(flavor = "multi_thread")]
async fn cash_goes_on_while_the_terminal_is_silent() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let terminal = SimTerminal::listen(([127, 0, 0, 1], 0).into())?;
    terminal.plan([Card::ApproveLate(Duration::from_millis(600))]);
    let setup = StoreSetup::default().device("card-1", &terminal.uri().to_string(), "T1");
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    let order = soup(&store).await?;
    let card = charge(&store, &order, json!({})).await?;
    ends(&store, &card, "unknown").await?;
    let cash = json!({ "method": "cash", "tendered": eur(550) });
    store.post(&format!("/orders/{order}/payments"), &cash).await?.ok()?;
    let owed = ends(&store, &card, "unbooked").await?;
    assert_eq!(owed["approval"], "SIM000001");
    let open = store.get("/cards").await?.ok()?;
    assert_eq!(open["charges"][0]["id"], json!(card), "somebody has to give it back");
    let given = json!({ "reason": "given back on the terminal" });
    let given = store.post(&format!("/cards/{card}/resolve"), &given).await?.ok()?;
    assert_eq!(given["state"], "cancelled");
    Ok(())
}
