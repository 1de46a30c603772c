//! The in-store bus: heard by automations while its broker is there, missed by nobody at the
//! counter while it is not (invariant 7).

use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use std::time::Duration;
use tests_scenarios::broker::Broker;
use tests_scenarios::{CATALOGUE, milk_sale};
use tests_support::{Store, StoreSetup};

#[tokio::test(flavor = "multi_thread")]
async fn the_bus_hears_a_sale_and_its_absence_stops_none() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mqtt_url = Some(format!("mqtt://127.0.0.1:{port}"));
    let setup = StoreSetup { mqtt_url, ..StoreSetup::default() };
    let store = Store::start(folder.path(), setup)?;
    store.import(CATALOGUE).await?;
    store.post("/sales", &milk_sale(1)).await?.ok()?; // no broker yet
    let broker = Broker::start(port)?;
    let (client, mut events) = AsyncClient::new(MqttOptions::new("lamp", "127.0.0.1", port), 16);
    let (heard, mut hear) = tokio::sync::mpsc::channel(64);
    tokio::spawn(async move {
        loop {
            match events.poll().await {
                Ok(Event::Incoming(Packet::ConnAck(_))) => {
                    let _ = client.try_subscribe("outpost/#", QoS::AtLeastOnce);
                }
                Ok(Event::Incoming(Packet::Publish(message))) => {
                    let _ = heard.send((message.topic, message.payload)).await;
                }
                Ok(_) => {}
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    });
    let sale = milk_sale(1);
    let mut sold = None;
    for _ in 0..100 {
        store.post("/sales", &sale).await?.ok()?;
        tokio::time::sleep(Duration::from_millis(200)).await;
        while let Ok((topic, payload)) = hear.try_recv() {
            sold = topic.ends_with("/orders/sale_completed").then_some(payload).or(sold);
        }
        if sold.is_some() {
            break;
        }
    }
    let sold = sold.ok_or_else(|| anyhow::anyhow!("the bus never told of a sale"))?;
    assert!(String::from_utf8_lossy(&sold).contains("\"id\":\""), "ids, not the sale itself");
    drop(broker);
    store.post("/sales", &milk_sale(1)).await?.ok()?;
    Ok(())
}
