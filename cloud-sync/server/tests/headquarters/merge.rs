//! Documents, both ways.

use crate::world::{Line, PATIENCE, World, store_id};
use cloud_sync_documents::catalogue::{self, Author};
use cloud_sync_documents::{Actor, Document, SyncState, order};
use cloud_sync_protocol::message::{ToHq, ToStore};
use edge_domain::hlc::Hlc;
use edge_domain::item::{Item, Sku, TerminalId};
use edge_domain::money::Money;
use edge_domain::order::{Head, OrderKind};
use edge_domain::quantity::Unit;
use edge_domain::tax::{PriceMode, TaxPolicy, TaxRounding};
use edge_domain::{OrderId, StoreTime};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap()).unwrap()
}

fn milk() -> Item {
    Item {
        sku: Sku::new("MILK-1L").unwrap(),
        gtin: None,
        name: "Milk 1 l".into(),
        unit: Unit::Each,
        price: eur(129),
        tax_rate: "7".parse().unwrap(),
        category: None,
        station: None,
        modifiers: vec![],
        details: edge_domain::item::Details::default(),
    }
}

/// A store's copy of one document.
struct Replica {
    name: String,
    document: Document,
    state: SyncState,
}

impl Replica {
    fn new(name: String, n: u8) -> Self {
        let document = Document::create(&name, Actor([n; 16])).unwrap();
        Self { name, document, state: SyncState::default() }
    }

    async fn speak(&mut self, line: &mut Line) {
        if let Some(bytes) = self.document.sync_message(&mut self.state) {
            line.say(&ToHq::Doc { doc: self.name.clone(), bytes }).await;
        }
    }

    /// Talks until the document is as it should be.
    async fn talk_until(&mut self, line: &mut Line, done: impl Fn(&Document) -> bool) {
        let talk = async {
            self.speak(line).await;
            while !done(&self.document) {
                let Some(ToStore::Doc { doc, bytes }) = line.hear().await else { continue };
                if doc == self.name {
                    self.document.receive(&mut self.state, &bytes).unwrap();
                    self.speak(line).await;
                }
            }
        };
        tokio::time::timeout(PATIENCE, talk).await.expect("the replica agrees in time");
    }

    /// Talks until headquarters is as it should be.
    async fn talk_while(&mut self, line: &mut Line, lacks: impl AsyncFn() -> bool) {
        let talk = async {
            self.speak(line).await;
            while lacks().await {
                let soon = Duration::from_millis(20);
                let Ok(heard) = tokio::time::timeout(soon, line.hear()).await else { continue };
                if let Some(ToStore::Doc { doc, bytes }) = heard
                    && doc == self.name
                {
                    self.document.receive(&mut self.state, &bytes).unwrap();
                    self.speak(line).await;
                }
            }
        };
        tokio::time::timeout(PATIENCE, talk).await.expect("headquarters agrees in time");
    }
}

fn price(document: &Document) -> Option<i64> {
    let entry = catalogue::entry(document, &milk().sku).unwrap()?;
    Some(entry.item.price.minor())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_of_headquarters_reaches_every_store_and_conflicts_are_settled() {
    let world = World::new().await;
    let (one, two) = (world.enrol(1), world.enrol(2));
    let (mut line, _) = world.welcomed(1, &one).await;
    let (mut other, _) = world.welcomed(2, &two).await;
    let shard = catalogue::shard_of(&milk().sku);
    let (mut a, mut b) = (Replica::new(shard.clone(), 1), Replica::new(shard, 2));
    let by = Author::Store("Shop 1".into());
    let at = |ms| Hlc::default().next(StoreTime::from_millis(ms));
    catalogue::put_item(&mut a.document, &milk(), &by, at(1)).unwrap();
    let lacks_milk = async || {
        world.get("/api/v1/catalogue/items").await.1["items"].as_array().unwrap().is_empty()
    };
    a.talk_while(&mut line, lacks_milk).await;
    b.talk_until(&mut other, |document| price(document) == Some(129)).await;

    let body = json!({"sku": "MILK-1L", "price": {"amount": 149, "currency": "EUR"}});
    let (status, item) = world.post("/api/v1/catalogue/prices", "k1", &body).await;
    assert_eq!((status, &item["price"]["amount"]), (200, &149.into()), "{item}");
    let later = at(9_000_000_000_000);
    catalogue::set_price(&mut a.document, &milk().sku, eur(99), &by, later).unwrap();
    a.talk_until(&mut line, |document| price(document) == Some(149)).await;
    b.talk_until(&mut other, |document| price(document) == Some(149)).await;
    let conflicts = async || world.get("/api/v1/conflicts").await.1["conflicts"].clone();
    a.talk_while(&mut line, async || conflicts().await == json!([])).await;
    let conflict = conflicts().await[0].clone();
    let values = &conflict["values"];
    assert_eq!((&values[0]["by"], &values[0]["holds"]), (&"headquarters".into(), &true.into()));
    assert_eq!(
        (&values[1]["by"], &values[1]["value"]["amount"]),
        (&"store Shop 1".into(), &99.into())
    );

    let path = format!("/api/v1/conflicts/{}/resolve", conflict["id"].as_str().unwrap());
    let value = json!({"value": {"amount": 119, "currency": "EUR"}});
    let (status, settled) = world.post(&path, "k2", &value).await;
    assert_eq!((status, settled["values"].as_array().unwrap().len()), (200, 1), "{settled}");
    a.talk_until(&mut line, |document| price(document) == Some(119)).await;
    b.talk_until(&mut other, |document| price(document) == Some(119)).await;
    let (_, conflicts) = world.get("/api/v1/conflicts").await;
    assert_eq!(conflicts["conflicts"], json!([]));
    let (status, problem) = world.post(&path, "k3", &value).await;
    assert_eq!((status, &problem["code"]), (404, &"unknown_conflict".into()));
    let (status, again) = world.post(&path, "k2", &value).await;
    assert_eq!((status, again), (200, settled), "the same key, the same answer");

    let world = world.restarted().await;
    let (_, items) = world.get("/api/v1/catalogue/items?q=milk").await;
    assert_eq!(items["items"][0]["price"]["amount"], 119);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_order_is_seen_at_headquarters() {
    let world = World::new().await;
    let one = world.enrol(1);
    let (mut line, _) = world.welcomed(1, &one).await;
    let id = OrderId::new(Uuid::from_u128(5));
    let head = Head {
        id,
        number: 3,
        kind: OrderKind::DineIn,
        terminal: TerminalId::new("T1").unwrap(),
        table: Some("4".into()),
        opened_at: StoreTime::from_millis(1_700_000_000_000),
        currency: "EUR".parse().unwrap(),
        policy: TaxPolicy::new(PriceMode::Inclusive, TaxRounding::PerLine),
        tab: edge_domain::order::Tab::default(),
    };
    let mut replica = Replica::new(order::name_of(id), 1);
    order::open(&mut replica.document, &head).unwrap();
    let path = format!("/api/v1/orders/{id}");
    replica.talk_while(&mut line, async || world.get(&path).await.0 != 200).await;
    let (_, order) = world.get(&path).await;
    assert_eq!((&order["number"], &order["table"]), (&3.into(), &"4".into()));
    assert_eq!(
        (&order["state"], &order["store"]),
        (&"open".into(), &store_id(1).to_string().into())
    );
    assert_eq!(order["opened_at"], "2023-11-14T22:13:20Z");
}
