//! A shop of nothing but `sim://` devices: the daemon plays them, hands reach them by sockets, the
//! drivers are the real ones, and everybody is told.

use anyhow::Context;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tests_scenarios::broker::Broker;
use tests_scenarios::eur;
use tests_support::{Feed, Hands, Store, StoreSetup, until};

const GOODS: &str = concat!(
    r#"{"sku":"COAT","gtin":"4006381333931","name":"Coat","price":"89.00","tax_rate":"19","details":{"serialised":true}}"#,
    "\n",
    r#"{"sku":"APPLES","name":"Apples","price":"2.99","unit":"kg","tax_rate":"7"}"#,
    "\n",
);
/// A coat's tag: SGTIN-96 of the GTIN above.
const TAG: &str = "3034F487B4209C4000000001";

async fn device(store: &Store, id: &str, state: &str) -> anyhow::Result<Value> {
    until(&format!("{id} is {state}"), || async {
        let devices = store.get("/devices").await.ok()?.body;
        let devices = devices["devices"].as_array()?.clone();
        devices.into_iter().find(|device| device["id"] == id && device["state"] == state)
    })
    .await
}

fn outpost(arguments: &[&str]) -> anyhow::Result<(bool, String)> {
    let mut command = std::process::Command::new(tests_support::binary("outpost")?);
    let done = command.args(arguments).output()?;
    let said = [done.stdout, done.stderr].concat();
    Ok((done.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

fn shop(folder: &Path) -> StoreSetup {
    let hands = |name: &str| format!("hands={}", folder.join(name).display());
    StoreSetup::default()
        .device("scanner-1", &format!("sim://scanner?{}", hands("scanner")), "T1")
        .device("printer-1", &format!("sim://printer?{}", hands("printer")), "T1")
        .device("scale-1", &format!("sim://scale?protocol=dialog06&{}", hands("scale")), "T1")
        .device("display-1", &format!("sim://display?{}", hands("display")), "T1")
        .device("card-1", "sim://zvt", "T1")
        .device("labels-1", &format!("sim://label-printer?{}", hands("labels")), "office")
        .device("gate-1", &format!("sim://rfid?{}", hands("gate")), "gate1")
        .device("lamp-1", &format!("gpio://sim/17?{}", hands("lamp")), "gate1")
        .device("lamp-2", "llrp-gpo://gate-1/2", "gate1")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_shop_is_played() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name);
    let store = Store::start(&at("store"), shop(folder.path()))?;
    store.post_raw("/items/import", "application/x-ndjson", GOODS.into()).await?.ok()?;
    for id in ["scanner-1", "printer-1", "scale-1", "display-1", "card-1", "gate-1"] {
        let device = device(&store, id, "online").await?;
        assert_eq!(device["simulated"], true, "{device}");
        assert!(device["uri"].as_str().is_some_and(|uri| uri.starts_with("sim://")), "{device}");
    }
    let card = device(&store, "card-1", "online").await?;
    assert!(card["twin_uri"].as_str().is_some_and(|uri| uri.starts_with("zvt://127.")), "{card}");

    // Loudly: in the log, and by the doctor, who is not content with such a shop.
    let log = store.log();
    assert_eq!(log.matches("SIMULATED, NOT A DEVICE").count(), 8, "{log}");
    assert!(log.contains("no card is charged, whatever the till says"), "{log}");
    let config = at("store").join("edge.toml").display().to_string();
    let (well, said) = outpost(&["doctor", "--config", &config])?;
    assert!(!well && said.contains("card-1: It is simulated and no device: no card"), "{said}");

    // Scan, weigh, sell: what passes the scanner and lies on the scale is on paper in the end.
    let mut feed = Feed::open(&store.url, "scans,gate", None).await?;
    let mut display = Hands::on(&at("display"))?;
    let mut printer = Hands::on(&at("printer"))?;
    Hands::on(&at("scanner"))?.say(TAG)?;
    let rung = feed.next("scan_rung_up").await?;
    assert_eq!(rung["data"]["name"], "Coat");
    display.until("|Coat")?;
    Hands::on(&at("scale"))?.say("1250")?;
    let reading = store.get("/scales/T1").await?.ok()?;
    assert_eq!((&reading["status"], &reading["grams"]), (&json!("stable"), &json!(1_250)));
    let order = rung["data"]["order_id"].as_str().unwrap_or_default().to_owned();
    let line = json!({ "sku": "APPLES", "quantity": reading["quantity"] });
    store.post(&format!("/orders/{order}/lines"), &line).await?.ok()?;
    let paid = json!({ "method": "cash", "tendered": eur(10_000) });
    store.post(&format!("/orders/{order}/payments"), &paid).await?.ok()?;
    let receipt = printer.until("--- cut ---")?.join("\n");
    assert!(receipt.contains("Coat") && receipt.contains("1.25 kg"), "{receipt}");
    assert!(!receipt.to_lowercase().contains("simul"), "the receipt is like any other: {receipt}");
    display.until("|Change")?;

    // A label comes out of the twin of the label printer as text.
    let mut labels = Hands::on(&at("labels"))?;
    let wanted = json!({ "printer": "labels-1", "sku": "COAT" });
    let printed = store.post("/labels", &wanted).await?;
    assert!(printed.status < 300, "{:?}", printed.body);
    let label = labels.until("--- label ---")?.join("\n");
    assert!(label.contains("Coat"), "{label}");

    // What was paid for leaves in silence; its neighbour does not, and the lamps are seen.
    let (mut gate, mut lamp) = (Hands::on(&at("gate"))?, Hands::on(&at("lamp"))?);
    gate.say(&format!("shelf {}9", &TAG[..23]))?;
    gate.say(&format!("exit {TAG}"))?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let unpaid = format!("{}2", &TAG[..23]);
    gate.say(&format!("exit {unpaid}"))?;
    let alarm = feed.next("gate_alarm").await?;
    assert_eq!(alarm["topic"], "gate");
    let lit = tokio::task::spawn_blocking(move || -> anyhow::Result<Vec<String>> {
        let mut said = gate.until("lamp 2 on")?;
        said.extend(gate.until("lamp 2 off")?);
        said.extend(lamp.until("lamp on")?);
        said.extend(lamp.until("lamp off")?);
        Ok(said)
    })
    .await??;
    assert_eq!(lit, ["lamp 2 on", "lamp 2 off", "lamp on", "lamp off"], "and nothing before");
    let events = store.get("/gate/events").await?.ok()?;
    let alarms: Vec<_> = events["events"].as_array().into_iter().flatten().collect();
    assert_eq!(alarms.len(), 1, "{alarms:?}");
    assert_eq!(alarms[0]["epc"], unpaid, "{alarms:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn hands_unplug_and_the_shop_is_told() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let setup = StoreSetup::default()
        .device("scanner-1", "sim://scanner", "T1")
        .device("gate-1", "sim://rfid", "gate1")
        .device("odd", &format!("sim://hid?hands={}", folder.path().join("store").display()), "T2");
    let mut store = Store::start(&folder.path().join("store"), setup)?;
    device(&store, "scanner-1", "online").await?;
    let own = |place: &str| store.data().join("sim").join(place);
    let mut hands = Hands::on(&own("0-scanner-1.hands"))?;
    hands.say("unplug")?;
    let away = device(&store, "scanner-1", "offline").await?;
    assert!(away["advice"].as_str().is_some_and(|advice| !advice.is_empty()), "{away}");
    hands.say("plug")?;
    device(&store, "scanner-1", "online").await?;
    device(&store, "gate-1", "online").await?;
    let mut gate = Hands::on(&own("1-gate-1.hands"))?;
    gate.say("silent")?;
    device(&store, "gate-1", "offline").await?;
    gate.say("awake")?;
    device(&store, "gate-1", "online").await?;

    // No socket for hands costs the hands, never the device, and what lies there stays.
    device(&store, "odd", "online").await?;
    assert!(store.log().contains("no hands reach the simulated device"), "{}", store.log());
    assert!(folder.path().join("store").is_dir());
    let socket = own("0-scanner-1.hands");
    store.stop()?;
    assert!(!socket.exists(), "the socket goes with the store");
    Ok(())
}

/// Devices that are captured: id, the scheme that plays them, the class, options.
const CAPTURED: [(&str, &str, &str, &str); 11] = [
    ("serial", "serial", "scanner", ""),
    ("net", "tcp", "scanner-tcp", ""),
    ("keys", "evdev", "wedge", ""),
    ("hid", "hid", "hid", ""),
    ("scale", "scale+serial", "scale", "&protocol=toledo8217"),
    ("display", "display+serial", "display", "&protocol=cd5220"),
    ("bar", "bumpbar+evdev", "bumpbar", ""),
    ("paper", "escpos+tcp", "printer", "&columns=42"),
    ("labels", "zpl+tcp", "label-printer", ""),
    ("card", "sim-terminal", "terminal", ""),
    ("gate", "llrp", "rfid", ""),
];

/// Whether a store's readers read more often than that.
async fn reads(store: &Store, least: u64) -> Option<()> {
    let text = store.text("/metrics").await.ok()?;
    let reads = text.lines().find_map(|line| line.strip_prefix("outpost_rfid_reads_total "));
    (reads?.parse::<u64>().ok()? > least).then_some(())
}

fn capture(folder: &Path, id: &str) -> String {
    folder.join(format!("{id}.capture")).display().to_string()
}

/// A store whose every line is captured while something happens on it. Answers the last of its
/// scans that was heard.
async fn captured(folder: &Path) -> anyhow::Result<u64> {
    let station = |at: usize| format!("T{}", at + 1);
    let mut setup = StoreSetup::default();
    for (at, (id, _, class, _)) in CAPTURED.iter().enumerate() {
        let uri = format!("sim://{class}?capture={}", capture(folder, id));
        setup = setup.device(id, &uri, &station(at));
    }
    let mut store = Store::start(&folder.join("store"), setup)?;
    store.post_raw("/items/import", "application/x-ndjson", GOODS.into()).await?.ok()?;
    for (id, ..) in CAPTURED {
        device(&store, id, "online").await?;
    }
    let sim = store.data().join("sim");
    let hands = |at: usize, id: &str| Hands::on(&sim.join(format!("{at}-{id}.hands")));
    let mut feed = Feed::open(&store.url, "scans", None).await?;
    for (at, (id, ..)) in CAPTURED.iter().enumerate().take(4) {
        hands(at, id)?.say("4006381333931")?;
        assert_eq!(feed.next("scan_rung_up").await?["data"]["terminal"], station(at));
    }
    hands(4, "scale")?.say("750")?;
    assert_eq!(store.get("/scales/T5").await?.ok()?["grams"], 750);
    hands(6, "bar")?.say("1")?;
    store.post("/devices/paper/test", &json!({})).await?.ok()?;
    store.post("/labels", &json!({ "printer": "labels", "sku": "COAT" })).await?.ok()?;
    hands(10, "gate")?.say(&format!("shelf {TAG}"))?;
    until("the tag is read", || reads(&store, 50)).await?;
    // What was asked for last is on paper meanwhile.
    tokio::time::sleep(Duration::from_secs(1)).await;
    store.stop()?;
    Ok(feed.seq)
}

/// Captures are made by a store that is played, and played again when it opens next: the same
/// drivers hear the same bytes.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_captured_is_played_again() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let heard = captured(folder.path()).await?;
    let mut setup = StoreSetup::default();
    for ((id, scheme, _, options), at) in CAPTURED.iter().zip(1..) {
        let file = capture(folder.path(), id);
        let text = std::fs::read_to_string(&file).with_context(|| (*id).to_owned())?;
        assert!(text.contains(" in ") || *id == "display", "{id} said nothing");
        setup =
            setup.device(id, &format!("replay://{file}?as={scheme}{options}"), &format!("T{at}"));
    }
    // What a printer said over the network, it says on any other line.
    for scheme in ["escpos+serial", "escpos+usb"] {
        let uri = format!("replay://{}?as={scheme}", capture(folder.path(), "paper"));
        setup = setup.device(scheme, &uri, "office");
    }
    let store = Store::start(&folder.path().join("store"), setup)?;
    let mut feed = Feed::open(&store.url, "scans", Some(heard)).await?;
    let mut rung = Vec::new();
    for _ in 0..4 {
        let scan = feed.next("scan_rung_up").await?;
        assert_eq!(scan["data"]["name"], "Coat", "{scan}");
        rung.push(scan["data"]["terminal"].as_str().unwrap_or_default().to_owned());
    }
    rung.sort();
    assert_eq!(rung, ["T1", "T2", "T3", "T4"], "every kind of scanner was heard again");
    until("what lay on the scale lies there again", || async {
        let reading = store.get("/scales/T5").await.ok()?.body;
        (reading["grams"] == 750).then_some(())
    })
    .await?;
    until("the reader reads the tag again", || reads(&store, 10)).await?;
    // At its end a device goes, and says that there was no more.
    for id in ["serial", "net", "keys", "hid", "bar"] {
        let gone = device(&store, id, "offline").await?;
        let said = gone["last_error"].as_str().unwrap_or_default();
        assert!(said.contains("was played to its end"), "{gone}");
        assert_eq!(gone["simulated"], true);
    }
    for id in ["paper", "labels", "card", "display", "escpos+serial", "escpos+usb"] {
        let opened = format!("\"device\":\"{id}\",\"state\":\"online\"");
        until(&format!("{id} was there"), || async { store.log().contains(&opened).then_some(()) })
            .await?;
    }
    Ok(())
}

/// A reader on a broker: hands, JSON, and the gate.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_on_a_broker_is_played() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let _broker = Broker::start(port)?;
    let reader =
        |format: &str| format!("sim://rfid-mqtt/127.0.0.1:{port}/{format}?format={format}");
    let setup = StoreSetup::default().device("impinj", &reader("impinj"), "gate1").device(
        "zebra",
        &reader("zebra"),
        "gate2",
    );
    let store = Store::start(&folder.path().join("store"), setup)?;
    store.post_raw("/items/import", "application/x-ndjson", GOODS.into()).await?.ok()?;
    let mut feed = Feed::open(&store.url, "gate", None).await?;
    for (at, id) in ["impinj", "zebra"].into_iter().enumerate() {
        device(&store, id, "online").await?;
        let mut gate = Hands::on(&store.data().join("sim").join(format!("{at}-{id}.hands")))?;
        gate.say(&format!("exit {}{at}", &TAG[..23]))?;
        feed.next("gate_alarm").await?;
    }
    let events = store.get("/gate/events").await?.ok()?;
    let devices: Vec<_> =
        events["events"].as_array().into_iter().flatten().map(|event| &event["device"]).collect();
    assert_eq!(devices, ["zebra", "impinj"], "the latest first: {events}");
    Ok(())
}
