//! A card terminal that speaks ZVT: whatever becomes of the line, the customer is charged once.

use drivers_contract::twin::{Card, TerminalTwin};
use drivers_terminal::zvt::sim::SimZvt;
use serde_json::json;
use std::time::Duration;
use tests_scenarios::cards::{charge, ends, soup};
use tests_scenarios::{CATALOGUE, eur, verify};
use tests_support::{Store, StoreSetup};

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
    let card = charge(&store, &order, json!({})).await?;
    let booked = ends(&store, &card, "booked").await?;
    assert_eq!((&booked["amount"], &booked["approval"]), (&eur(550), &json!("750001/000001")));

    let order = soup(&store).await?;
    let refused = charge(&store, &order, json!({})).await?;
    let refused = ends(&store, &refused, "declined").await?;
    assert_eq!(refused["reason"], "The bank declined the card.");
    let silent = charge(&store, &order, json!({})).await?;
    ends(&store, &silent, "booked").await?;

    let order = soup(&store).await?;
    let dead = charge(&store, &order, json!({})).await?;
    ends(&store, &dead, "cancelled").await?;
    // The terminal is still at it when the power goes; the next life finds what it did.
    let slow = charge(&store, &order, json!({})).await?;
    ends(&store, &slow, "unknown").await?;
    store.kill();
    let store = store.restart()?;
    ends(&store, &slow, "booked").await?;
    assert_eq!((terminal.charges(), terminal.charged()), (3, 3 * 550));
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}
