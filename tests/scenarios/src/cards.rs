//! Paying an order by card, and waiting for what becomes of it.

use serde_json::{Value, json};
use tests_support::{Client, until};

/// An order of one soup.
///
/// # Errors
/// When the store refuses.
pub async fn soup(store: &Client) -> anyhow::Result<String> {
    let open = json!({ "kind": "dine_in", "terminal": "T1" });
    let order = store.post("/orders", &open).await?.ok()?;
    let id = order["id"].as_str().unwrap_or_default().to_owned();
    store.post(&format!("/orders/{id}/lines"), &json!({ "sku": "SOUP" })).await?.ok()?;
    Ok(id)
}

/// Asks the terminal for what is due; answers the charge.
///
/// # Errors
/// When the store refuses.
pub async fn charge(store: &Client, order: &str, body: Value) -> anyhow::Result<String> {
    let asked = store.post(&format!("/orders/{order}/card"), &body).await?.ok()?;
    Ok(asked["id"].as_str().unwrap_or_default().to_owned())
}

/// Waits until a charge is in a state.
///
/// # Errors
/// When it never is.
pub async fn ends(store: &Client, card: &str, state: &str) -> anyhow::Result<Value> {
    until(&format!("the charge is {state}"), || async {
        let card = store.get(&format!("/cards/{card}")).await.ok()?.body;
        (card["state"] == state).then_some(card)
    })
    .await
}
