//! RFID: what a read costs, against sllurp on the same bytes (that it allocates nothing is a test of
//! `drivers/rfid`); and how long a decision takes to the lamp's command on the wire.

use crate::peer;
use crate::report::{Budget, Row, median, percentile};
use anyhow::ensure;
use drivers_contract::twin::{RfidTwin, Sighting, Twin};
use drivers_contract::uri::GateSides;
use drivers_contract::{DeviceUri, TagRead};
use drivers_rfid::llrp::{Frames, report};
use drivers_rfid::sim::world::scenario::epc;
use drivers_rfid::sim::{SimConfig, SimReader, llrp};
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};
use tests_support::{Store, StoreSetup, until};

/// The version whose decoder runs from its wheel; its command line does not.
const SLLURP: &str = "sllurp==3.0.5";

/// Reports of as many different tags as a busy gate has.
fn reports(count: u16) -> Vec<Vec<u8>> {
    let sighting = |n: u16| Sighting {
        epc: epc(33_393, u64::from(n)).to_vec(),
        antenna: 1 + n % 4,
        rssi_cdbm: -5_250,
        phase: n * 13 % 4_096,
        channel: 1 + n % 4,
    };
    (0..count).map(|n| llrp::report(&sighting(n))).collect()
}

pub(crate) async fn measure(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    decode(rows)?;
    to_the_lamp(rows).await
}

fn decode(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let messages = reports(200);
    let stream = messages.concat();
    let now = Instant::now();
    let mut frames = Frames::default();
    let mut round = || -> anyhow::Result<u32> {
        let mut seen = 0;
        frames.push(black_box(&stream));
        while let Some(message) = frames.pop().map_err(|error| anyhow::anyhow!("{error}"))? {
            report::read(message.body, now, &mut |read: &TagRead<'_>| {
                black_box(read);
                seen += 1;
            });
        }
        Ok(seen)
    };
    ensure!(round()? == 200, "every report is a read");
    let mut costs = Vec::new();
    for _ in 0..60 {
        let begun = Instant::now();
        for _ in 0..20 {
            round()?;
        }
        costs.push(begun.elapsed().as_secs_f64() * 1e9 / (20.0 * 200.0));
    }
    let own = median(&mut costs);
    rows.push(Row::new("LLRP decode, Impinj report of one tag", own, "ns", Budget::AtMost(100.0)));
    let peer = sllurp(&messages)?;
    rows.push(Row::new("  sllurp on the same bytes", peer, "ns", Budget::None));
    rows.push(Row::new("  sllurp against it", peer / own, "x", Budget::AtLeast(200.0)));
    Ok(())
}

/// sllurp's own decoder on the same messages, in an environment of its own.
fn sllurp(messages: &[Vec<u8>]) -> anyhow::Result<f64> {
    let mut lines = String::new();
    for message in messages {
        message.iter().try_for_each(|byte| write!(lines, "{byte:02x}"))?;
        lines.push('\n');
    }
    peer::ask(SLLURP, include_str!("gate/sllurp_peer.py"), &lines)
}

/// How often a tag leaves.
const LEAVES: u64 = 100;
const COAT: &str = r#"{"sku":"COAT","gtin":"4006381333931","name":"Coat","price":"89.00","tax_rate":"19","details":{"serialised":true}}"#;

/// The real daemon: a tag passes from the inner antennas to the outer ones; the time from the
/// deciding report on the wire until the reader has the command for the lamp.
async fn to_the_lamp(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let config = SimConfig { impinj: false, outputs: 1, ..SimConfig::default() };
    let reader = SimReader::tcp(([127, 0, 0, 1], 0).into(), config)?;
    let folder = tempfile::tempdir()?;
    let sides = GateSides { inner: vec![1], outer: vec![2] };
    let DeviceUri::ReaderLlrp { address, tls, .. } = reader.uri() else { return Ok(()) };
    let uri = DeviceUri::ReaderLlrp { address, tls, sides }.to_string();
    let mut setup = StoreSetup::default().device("gate-reader", &uri, "gate1").device(
        "gate-lamp",
        "llrp-gpo://gate-reader/1",
        "gate1",
    );
    setup.devices.push_str("[gate]\npulse_ms = 50\n");
    let store = Store::start(folder.path(), setup)?;
    store.post_raw("/items/import", "application/x-ndjson", COAT.into()).await?.ok()?;
    reader.wait_reading()?;
    let own = reader.clone();
    let walking = tokio::task::spawn_blocking(move || -> anyhow::Result<_> {
        let (mut delays, mut limits, mut line) = (Vec::new(), Vec::new(), echo()?);
        for serial in 0..LEAVES {
            delays.extend(leave(&own, serial)?);
            std::thread::sleep(Duration::from_millis(60));
            limits.push(round_trip(&mut line)?);
        }
        Ok((delays, limits))
    });
    let (mut delays, mut limits) = walking.await??;
    ensure!(delays.len() as u64 * 10 >= LEAVES * 9, "{} of {LEAVES} alarms", delays.len());
    let events = || async {
        let events = store.get("/gate/events?limit=500").await.ok()?.body;
        (events["events"].as_array()?.len() >= delays.len()).then_some(())
    };
    until("every alarm is written down", events).await?;
    let name = "gate: deciding read to lamp command, p99";
    let p50 = percentile(&mut delays, 0.5);
    rows.push(Row::new(name, percentile(&mut delays, 0.99), "ms", Budget::AtMost(5.0)));
    rows.push(Row::new("  p50", p50, "ms", Budget::None));
    let limit = percentile(&mut limits, 0.99);
    rows.push(Row::new("  limit: a bare round trip over TCP, p99", limit, "ms", Budget::None));
    Ok(())
}

/// Walks one tag out in some 1.2 s of reads; answers the delay in ms, by the last report before the
/// lamp: each report is sent alone, so the deciding one is the last that was sent.
fn leave(reader: &SimReader, serial: u64) -> anyhow::Result<Option<f64>> {
    let lit = |reader: &SimReader| reader.output_times().iter().filter(|(_, on, _)| *on).count();
    let before = lit(reader);
    for step in 0_i16..36 {
        // Strength rises and falls on the inner side, then on the outer one.
        let near = |middle: i16| -3_000 - (step - middle).abs() * 220;
        let (antenna, rssi_cdbm) = if step % 2 == 0 { (1, near(8)) } else { (2, near(21)) };
        let epc = epc(33_393, 1_000_000 + serial).to_vec();
        let sighting = Sighting { epc, antenna, rssi_cdbm, phase: 0, channel: 1 };
        let sent = Instant::now();
        reader.sight(&[sighting])?;
        std::thread::sleep(Duration::from_millis(40));
        let times = reader.output_times();
        if let Some((_, _, at)) = times.iter().filter(|(_, on, _)| *on).nth(before) {
            return Ok(Some(ms(at.saturating_duration_since(sent))));
        }
    }
    Ok(None)
}

/// The limit: what the same machine takes, at the same time, to bring a message of this size to
/// another thread over TCP and a short one back.
fn round_trip(line: &mut TcpStream) -> anyhow::Result<f64> {
    let begun = Instant::now();
    line.write_all(&[0; 100])?;
    line.read_exact(&mut [0; 20])?;
    Ok(ms(begun.elapsed()))
}

fn echo() -> anyhow::Result<TcpStream> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let line = TcpStream::connect(listener.local_addr()?)?;
    let (mut other, _) = listener.accept()?;
    line.set_nodelay(true)?;
    other.set_nodelay(true)?;
    std::thread::spawn(move || {
        while other.read_exact(&mut [0; 100]).is_ok() && other.write_all(&[0; 20]).is_ok() {}
    });
    Ok(line)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
