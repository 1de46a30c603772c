//! Invariants 4 and 5, over HTTP, with many who want the same at once.

use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tests_scenarios::{CATALOGUE, eur, milk_sale, verify};
use tests_support::{Answer, Client, Store, StoreSetup, until};
use tokio::task::JoinSet;

const CLIENTS: usize = 64;

/// How many rounds; an environment variable asks for more.
fn asked(name: &str, usual: i64) -> i64 {
    std::env::var(name).ok().and_then(|asked| asked.parse().ok()).unwrap_or(usual)
}

async fn shop(folder: &std::path::Path) -> anyhow::Result<Store> {
    let store = Store::start(folder, StoreSetup::default())?;
    store.import(CATALOGUE).await?;
    Ok(store)
}

async fn holds(mut store: Store) -> anyhow::Result<()> {
    let reconciled = store.get("/reconcile").await?.ok()?;
    assert_eq!(reconciled["ok"], true, "{reconciled}");
    store.stop()?;
    let (holds, said) = verify(&store.data())?;
    assert!(holds, "{said}");
    Ok(())
}

fn want(sku: &str, pieces: i64) -> Value {
    json!({ "lines": [{ "sku": sku, "quantity": pieces.to_string() }], "expires_in_seconds": 600 })
}

async fn receive(store: &Client, sku: &str, pieces: i64) -> anyhow::Result<()> {
    let lines = json!([{ "sku": sku, "quantity": pieces.to_string() }]);
    store.post("/stock/receipts", &json!({ "lines": lines })).await?.ok()?;
    Ok(())
}

async fn count_to(store: &Client, sku: &str, pieces: i64) -> anyhow::Result<()> {
    let lines = json!([{ "sku": sku, "quantity": pieces.to_string() }]);
    store.post("/stock/counts", &json!({ "lines": lines })).await?.ok()?;
    Ok(())
}

/// 3 units, 12 buyers at once: exactly 3 succeed, each round, and a lost answer asked for again is
/// the same answer. `OUTPOST_ROUNDS` asks for more rounds.
#[tokio::test(flavor = "multi_thread")]
async fn twelve_buyers_of_three_units() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    let rounds = asked("OUTPOST_ROUNDS", 40);
    let mut kept = Vec::new();
    for round in 0..rounds {
        count_to(&store, "MILK-1L", 3).await?;
        let mut buyers = JoinSet::new();
        for buyer in 0..12 {
            let store = Client::clone(&store);
            buyers.spawn(async move {
                let key = format!("round-{round}-buyer-{buyer}");
                let answer = store.post_as("/reservations", &key, &want("MILK-1L", 1)).await?;
                anyhow::Ok((key, answer))
            });
        }
        let mut won = Vec::new();
        while let Some(bought) = buyers.join_next().await {
            let (key, answer) = bought??;
            match (answer.status, answer.code()) {
                (202, _) => won.push((key, answer)),
                (409, "insufficient_stock") => {
                    let said =
                        (&answer.body["sku"], &answer.body["asked"], &answer.body["available"]);
                    assert_eq!(said, (&json!("MILK-1L"), &json!("1"), &json!("0")));
                }
                _ => anyhow::bail!("round {round}: {answer:?}"),
            }
        }
        assert_eq!(won.len(), 3, "round {round}");
        for (key, answer) in &won {
            let again = store.post_as("/reservations", key, &want("MILK-1L", 1)).await?;
            assert_eq!((again.status, &again.body), (202, &answer.body));
            let path = format!("/reservations/{}/commit", answer.body["id"].as_str().unwrap_or(""));
            store.post(&path, &json!({})).await?.ok()?;
        }
        let stock = store.get("/stock?sku=MILK-1L").await?.ok()?;
        assert_eq!((&stock["quantity"], &stock["reserved"]), (&json!("0"), &json!("0")));
        kept.extend(won.into_iter().take(1));
    }
    let store = store.restart()?;
    for (key, answer) in kept {
        let again = store.post_as("/reservations", &key, &want("MILK-1L", 1)).await?;
        assert_eq!((again.status, again.body), (202, answer.body), "after a restart");
    }
    println!("{rounds} rounds: 3 of 12 each");
    holds(store).await
}

/// Sells out to 64 clients: exactly as many as there are. `OUTPOST_FLASH` asks for more units.
#[tokio::test(flavor = "multi_thread")]
async fn a_flash_sale_sells_what_there_is() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    let units = asked("OUTPOST_FLASH", 1_000);
    receive(&store, "SOUP", units).await?;
    let (begun, sold) = (Instant::now(), Arc::new(AtomicI64::new(0)));
    let mut clients = JoinSet::new();
    for n in 0..CLIENTS {
        let (store, sold) = (Client::clone(&store), sold.clone());
        clients.spawn(async move {
            // Each goes on a while after the first refusal: nothing may come free by itself.
            let mut refused = 0;
            for number in 0.. {
                let key = format!("client-{n}-{number}");
                let answer = store.post_as("/reservations", &key, &want("SOUP", 1)).await?;
                match (answer.status, answer.code()) {
                    (202, _) => {
                        let id = answer.body["id"].as_str().unwrap_or("").to_owned();
                        store
                            .post(&format!("/reservations/{id}/commit"), &json!({}))
                            .await?
                            .ok()?;
                        sold.fetch_add(1, Ordering::Relaxed);
                    }
                    (409, "insufficient_stock") => refused += 1,
                    (503, "ledger_busy") => tokio::time::sleep(Duration::from_millis(5)).await,
                    _ => anyhow::bail!("{answer:?}"),
                }
                if refused > 3 {
                    break;
                }
            }
            anyhow::Ok(())
        });
    }
    while let Some(client) = clients.join_next().await {
        client??;
    }
    assert_eq!(sold.load(Ordering::Relaxed), units);
    let stock = store.get("/stock?sku=SOUP").await?.ok()?;
    assert_eq!((&stock["quantity"], &stock["reserved"]), (&json!("0"), &json!("0")));
    println!("{units} sold to {CLIENTS} clients in {:?}", begun.elapsed());
    holds(store).await
}

/// What a client of the crowd does next.
async fn act(store: &Client, promised: &mut Vec<String>, step: u64) -> anyhow::Result<Answer> {
    let end = |id: &str, how: &str| format!("/reservations/{id}/{how}");
    match step {
        0..=3 => {
            let both = json!({ "lines": [{ "sku": "MILK-1L", "quantity": "1" },
                { "sku": "SOUP", "quantity": "2" }, { "sku": "MILK-1L", "quantity": "1" }] });
            let answer = store.post("/reservations", &both).await?;
            promised.extend(
                answer.body["id"].as_str().filter(|_| answer.status == 202).map(str::to_owned),
            );
            Ok(answer)
        }
        4 | 5 => match promised.pop() {
            Some(id) => store.post(&end(&id, "commit"), &json!({})).await,
            None => store.get("/stock?sku=SOUP").await,
        },
        6 | 7 => match promised.pop() {
            Some(id) => store.post(&end(&id, "release"), &json!({})).await,
            None => store.get("/reservations?sku=SOUP").await,
        },
        8 => store.post("/sales", &milk_sale(1)).await,
        _ => {
            let lines =
                json!([{ "sku": "SOUP", "quantity": "3" }, { "sku": "MILK-1L", "quantity": "2" }]);
            store.post("/stock/receipts", &json!({ "lines": lines })).await
        }
    }
}

/// 64 clients promise, keep, give back, sell and receive, all at once: the books hold.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_at_the_stock_room() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    receive(&store, "SOUP", 40).await?;
    let mut clients = JoinSet::new();
    for n in 0..CLIENTS {
        let store = Client::clone(&store);
        clients.spawn(async move {
            let (mut promised, mut chance) = (Vec::new(), fastrand::Rng::with_seed(n as u64));
            for _ in 0..12 {
                let answer = act(&store, &mut promised, chance.u64(0..10)).await?;
                let fine = answer.status < 300 || answer.code() == "insufficient_stock";
                anyhow::ensure!(fine, "{answer:?}");
            }
            anyhow::Ok(promised)
        });
    }
    let mut held = 0;
    while let Some(client) = clients.join_next().await {
        held += client??.len();
    }
    let soup = store.get("/stock?sku=SOUP").await?.ok()?;
    assert_eq!(soup["reserved"], (2 * held).to_string());
    // Promises never exceeded what was there; only the till may sell into them.
    let available: i64 = soup["available"].as_str().unwrap_or("").parse()?;
    assert!(available >= 0, "{soup}");
    let listed = store.get("/reservations?sku=SOUP&limit=1000").await?.ok()?;
    assert_eq!(listed["reservations"].as_array().map(Vec::len), Some(held));
    holds(store).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_through_its_life() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = shop(folder.path()).await?;
    // All or nothing: there is milk, but no soup.
    let both = json!({ "lines": [{ "sku": "MILK-1L", "quantity": "1" }, { "sku": "SOUP", "quantity": "1" }] });
    let none = store.post("/reservations", &both).await?;
    assert_eq!(
        (none.status, none.code(), &none.body["sku"]),
        (409, "insufficient_stock", &json!("SOUP"))
    );
    // What stands twice adds up.
    let twice = json!({ "lines": [{ "sku": "MILK-1L", "quantity": "30" }, { "sku": "MILK-1L", "quantity": "21" }] });
    let twice = store.post("/reservations", &twice).await?;
    assert_eq!((twice.code(), &twice.body["asked"]), ("insufficient_stock", &json!("51")));
    let held = store.post("/reservations", &want("MILK-1L", 49)).await?.ok()?;
    let path = format!("/reservations/{}", held["id"].as_str().unwrap_or_default());
    assert_eq!(store.get(&path).await?.ok()?["state"], "held");
    // The till sells what the customer holds in the hand, into the promise, and says so.
    store.post("/sales", &milk_sale(3)).await?.ok()?;
    let over = store.get("/stock/attention").await?.ok()?["overdrafts"][0].clone();
    assert_eq!(over, json!({ "sku": "MILK-1L", "reserved": "49", "on_hand": "47" }));
    let sale = store.post("/sales", &milk_sale(1)).await?.ok()?;
    store.post(&format!("{path}/commit"), &json!({ "sale": sale["id"] })).await?.ok()?;
    let milk = store.get("/stock?sku=MILK-1L").await?.ok()?;
    assert_eq!((&milk["quantity"], &milk["reserved"]), (&json!("46"), &json!("0")));
    let again = store.post(&format!("{path}/release"), &json!({})).await?;
    assert_eq!((again.status, again.code()), (409, "reservation_ended"));
    let unknown =
        store.post("/reservations/01900000-0000-7000-8000-000000000001/commit", &json!({})).await?;
    assert_eq!((unknown.status, unknown.code()), (404, "unknown_reservation"));
    // Its time is over: it counts no more at once, and cannot be kept although the goods are there.
    let brief =
        json!({ "lines": [{ "sku": "MILK-1L", "quantity": "46" }], "expires_in_seconds": 1 });
    let brief = store.post("/reservations", &brief).await?.ok()?;
    let path = format!("/reservations/{}", brief["id"].as_str().unwrap_or_default());
    until("its time is over", || async {
        let milk = store.get("/stock?sku=MILK-1L").await.ok()?.body;
        (milk["reserved"] == "0").then_some(())
    })
    .await?;
    let late = store.post(&format!("{path}/commit"), &json!({})).await?;
    assert_eq!((late.status, late.code()), (409, "reservation_ended"));
    assert_eq!(store.get(&path).await?.ok()?["state"], "expired");
    // And the journal tells it, too.
    let entries = || async { store.get("/sync/status").await.ok()?.body["last_seq"].as_u64() };
    let before = entries().await.unwrap_or_default();
    until("the journal tells it", || async {
        let held = store.get("/reconcile?sku=MILK-1L").await.ok()?.body;
        (held["items"][0]["promises"] == "0").then_some(())
    })
    .await?;
    assert!(entries().await.unwrap_or_default() <= before + 1);
    store
        .post(
            "/sales",
            &json!({ "terminal": "T1", "lines": [{ "sku": "MILK-1L" }],
        "payments": [{ "method": "cash", "tendered": eur(129) }] }),
        )
        .await?
        .ok()?;
    holds(store).await
}
