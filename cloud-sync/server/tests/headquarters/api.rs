//! What people's programs meet.

use crate::world::{PATIENCE, World};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread")]
async fn the_description_names_every_shape_and_path() {
    let world = World::new().await;
    let (status, api) = world.get("/api/v1/openapi.json").await;
    assert_eq!(status, 200);
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"), "{}", api["openapi"]);
    for name in
        ["Money", "Problem", "StoreStatus", "SalesRow", "CatalogueItem", "Conflict", "Order"]
    {
        assert!(api["components"]["schemas"].get(name).is_some(), "{name}");
    }
    for path in ["stores", "reports/sales", "catalogue/items", "catalogue/prices", "conflicts"] {
        assert!(api["paths"].get(format!("/api/v1/{path}")).is_some(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_has_a_code() {
    let world = World::new().await;
    let prices = "/api/v1/catalogue/prices";
    let body =
        |amount: Value| json!({"sku": "NO-SUCH", "price": {"amount": amount, "currency": "EUR"}});
    let good = body(1.into()).to_string();
    let post = async |headers: &[(&str, &str)], body: String| {
        let mut request = world.http.post(world.url(prices)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        assert_eq!(kind, "application/problem+json");
        let problem: Value = response.json().await.unwrap();
        format!("{} {}", problem["status"], problem["code"].as_str().unwrap())
    };
    let (json, key) = (("content-type", "application/json"), ("idempotency-key", "k"));
    assert_eq!(post(&[json], good.clone()).await, "400 idempotency_key_missing");
    assert_eq!(
        post(&[json, ("idempotency-key", "")], good.clone()).await,
        "400 idempotency_key_invalid"
    );
    assert_eq!(post(&[key], good.clone()).await, "415 unsupported_media_type");
    assert_eq!(post(&[json, key], "{".into()).await, "400 malformed_json");
    assert_eq!(post(&[json, key], "{}".into()).await, "422 bad_body");
    assert_eq!(post(&[json, key], body(json!(1.5)).to_string()).await, "422 bad_body");
    assert_eq!(post(&[json, key], good.replace("EUR", "euro")).await, "422 bad_money");
    assert_eq!(post(&[json, key], good).await, "404 unknown_item");
    assert_eq!(post(&[json, key], "x".repeat(300 << 10)).await, "413 body_too_large");
    for (path, status, code) in [
        ("/api/v1/nothing", 404, "not_found"),
        (prices, 405, "method_not_allowed"),
        ("/api/v1/reports/sales?group_by=moon", 400, "bad_query"),
        ("/api/v1/reports/sales?from=yesterday", 400, "bad_query"),
        ("/api/v1/catalogue/items?limit=x", 400, "bad_query"),
        ("/api/v1/orders/x", 404, "unknown_order"),
    ] {
        let (got, problem) = world.get(path).await;
        assert_eq!((got, problem["code"].as_str()), (status, Some(code)), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_elsewhere_gets_nothing() {
    let world = World::new().await;
    for (name, value) in [("origin", "https://evil.example"), ("host", "evil.example:8090")] {
        let request = world.http.get(world.url("/api/v1/stores")).header(name, value);
        assert_eq!(request.send().await.unwrap().status(), 403, "{name}");
    }
    let own = world.http.get(world.url("/api/v1/stores")).header("origin", "http://localhost:5173");
    assert_eq!(own.send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_good_for_one_body_even_after_a_restart() {
    let world = World::new().await;
    put_milk(&world);
    let body = |amount: i64| json!({"sku": "MILK", "price": {"amount": amount, "currency": "EUR"}});
    let prices = "/api/v1/catalogue/prices";
    let first = world.post(prices, "k", &body(150)).await;
    assert_eq!(first.0, 200, "{first:?}");
    assert_eq!(world.post(prices, "other", &body(160)).await.0, 200);
    let world = world.restarted().await;
    assert_eq!(world.post(prices, "k", &body(150)).await, first);
    let (status, problem) = world.post(prices, "k", &body(170)).await;
    assert_eq!((status, &problem["code"]), (409, &"idempotency_key_reused".into()));
    let (_, items) = world.get("/api/v1/catalogue/items").await;
    assert_eq!(items["items"][0]["price"]["amount"], 160, "the repeat changed nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_is_poked() {
    let world = World::new().await;
    put_milk(&world);
    let stream = tokio::net::TcpStream::connect(world.server.http).await.unwrap();
    let url = format!("ws://{}/api/v1/events", world.server.http);
    let (mut socket, _) = client_async(url, stream).await.unwrap();
    let mut next = async || {
        let frame = tokio::time::timeout(PATIENCE, socket.next()).await.unwrap().unwrap().unwrap();
        let Message::Text(text) = frame else { panic!("{frame:?}") };
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let hello = next().await;
    assert_eq!((&hello["type"], &hello["reset"]), (&"hello".into(), &false.into()));
    let body = json!({"sku": "MILK", "price": {"amount": 150, "currency": "EUR"}});
    world.post("/api/v1/catalogue/prices", "k", &body).await;
    let poke = loop {
        let frame = next().await;
        if frame["data"]["skus"] == json!(["MILK"]) {
            break frame;
        }
    };
    assert_eq!(poke["topic"], "catalogue");
    assert!(poke["seq"].as_u64() > hello["seq"].as_u64() && poke["at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_figures_and_pages_answer() {
    let world = World::new().await;
    world.enrol(1);
    let get = async |path: &str| world.http.get(world.url(path)).send().await.unwrap();
    assert_eq!(get("/health/live").await.status(), 200);
    assert_eq!(get("/health/ready").await.status(), 200);
    let page = get("/dashboard/").await;
    let csp = page.headers()["content-security-policy"].to_str().unwrap();
    assert_eq!(csp, "default-src 'self'; frame-ancestors 'none'; base-uri 'none'");
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(get("/dashboard/stores").await.status(), page.status(), "a view of the page");
    if page.status() == 200 {
        assert_eq!(get("/assets/no-such.js").await.status(), 404);
    }
    world
        .store()
        .seen(
            crate::world::store_id(1),
            &Default::default(),
            edge_domain::StoreTime::from_millis(5_000),
        )
        .unwrap();
    let text = get("/metrics").await.text().await.unwrap();
    let store = crate::world::store_id(1);
    for line in [
        format!("outpost_sync_behind_entries{{store=\"{store}\"}} 0"),
        format!("outpost_sync_last_success_timestamp_seconds{{store=\"{store}\"}} 5"),
        "outpost_http_request_duration_seconds_count".into(),
        "# EOF".into(),
    ] {
        assert!(text.contains(&line), "{line} in {text}");
    }
}

fn put_milk(world: &World) {
    use cloud_sync_store::Changed;
    use edge_domain::item::{Item, Sku};
    let item = Item {
        sku: Sku::new("MILK").unwrap(),
        gtin: None,
        name: "Milk".into(),
        unit: edge_domain::quantity::Unit::Each,
        price: edge_domain::Money::new(129, "EUR".parse().unwrap()).unwrap(),
        tax_rate: "7".parse().unwrap(),
        category: None,
        station: None,
        modifiers: vec![],
        details: edge_domain::item::Details::default(),
    };
    let app = &world.server.app;
    let now = app.now();
    app.with_documents(|documents| {
        documents.put_items(&[item], now).map(|changed| ((), Changed { ..changed }))
    })
    .unwrap();
}
