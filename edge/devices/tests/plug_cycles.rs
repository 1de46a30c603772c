//! A thousand times pulled and put back: nothing leaks. One test in a process of its own, since it
//! counts what the whole process holds.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use drivers_contract::twin::{ScannerTwin, Twin};
use drivers_contract::{DeviceUri, UriError};
use drivers_plug::Watch;
use drivers_scanner::sim::SimScanner;
use edge_devices::{DeviceConfig, Devices, Drivers, GateDrivers, House, State};
use edge_domain::receipt::{Phrase, Words};
use edge_domain::time::{Clock, Entropy};
use edge_domain::{Money, Quantity, StoreTime, ids::StoreId};
use edge_ledger::{Ledger, Settings};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const CYCLES: usize = 1_000;
/// Nothing rings for the network: a replug there takes a part of a second, so fewer of them.
/// `OUTPOST_TCP_CYCLES=1000` pulls that plug as often.
const TCP_CYCLES: usize = 100;
/// After so many everything that is made once has been made.
const WARM: usize = 50;
/// A ledger's cache and an allocator's arenas may still grow a little; a leak of a page a cycle
/// does not fit.
const GROWTH_KIB_MAX: u64 = 4_096;

struct Plain;

impl Clock for Plain {
    fn now(&self) -> StoreTime {
        StoreTime::from_millis(0)
    }
}

impl Entropy for Plain {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|byte| *byte = fastrand::u8(..));
    }
}

impl Words for Plain {
    fn money(&self, money: Money) -> String {
        money.written('.')
    }

    fn quantity(&self, quantity: Quantity) -> String {
        quantity.to_string()
    }

    fn time(&self, _: StoreTime) -> String {
        String::new()
    }

    fn phrase(&self, phrase: Phrase) -> String {
        format!("{phrase:?}")
    }
}

fn no<T>(uri: &DeviceUri) -> Result<T, UriError> {
    Err(UriError::WrongClass { uri: uri.to_string(), wanted: "scanner" })
}

fn until(what: &str, mut done: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
    begun.elapsed()
}

/// Descriptors, threads, and KiB of memory.
fn held() -> (usize, usize, u64) {
    let count = |path: &str| std::fs::read_dir(path).unwrap().count();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let memory = line.trim().trim_end_matches(" kB").trim().parse().unwrap();
    (count("/proc/self/fd"), count("/proc/self/task"), memory)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

struct Shop {
    twins: [SimScanner; 2],
    devices: Devices,
    watch: Watch,
    scans: Arc<AtomicUsize>,
    _runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

/// Two scanners at work: one on a line, one in the network.
fn shop() -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let settings = Settings {
        store: StoreId::new(uuid::Uuid::from_u128(7)),
        currency: "EUR".parse().unwrap(),
        clock: Arc::new(Plain),
        entropy: Arc::new(Plain),
    };
    let ledger = Ledger::open(&folder.path().join("ledger"), settings).unwrap();
    let twins = [
        SimScanner::pty(folder.path().join("scanner"), 115_200).unwrap(),
        SimScanner::tcp(([127, 0, 0, 1], 0).into()).unwrap(),
    ];
    let config = |(n, twin): (usize, &SimScanner)| DeviceConfig {
        id: format!("scanner-{n}"),
        uri: twin.uri(),
        station: Some("T1".into()),
    };
    let configs: Vec<DeviceConfig> = twins.iter().enumerate().map(config).collect();
    let scans = Arc::new(AtomicUsize::new(0));
    let heard = scans.clone();
    let house = House {
        ledger,
        render: Arc::new(|_, _| Ok(None)),
        on_scan: Arc::new(move |_, _| {
            heard.fetch_add(1, Ordering::SeqCst);
        }),
        on_card: Arc::new(|_, _| {}),
        on_bump: Arc::new(|_, _| {}),
        words: Arc::new(Plain),
        scratch: None,
        gate: Arc::default(),
        runtime: runtime.handle().clone(),
    };
    let drivers = Drivers {
        scanner: drivers_scanner::open,
        printer: no,
        terminal: no,
        scale: no,
        display: no,
        bump_bar: no,
        gate: GateDrivers { reader: no, output: no },
    };
    let devices = Devices::start(&configs, drivers, &house).unwrap();
    let board = devices.board().clone();
    let watch = Watch::start(&[folder.path().join("scanner")], move || board.plugged()).unwrap();
    Shop { twins, devices, watch, scans, _runtime: runtime, _folder: folder }
}

#[test]
fn a_thousand_plugs_leak_nothing() {
    let shop = shop();
    let state = |at: usize| shop.devices.board().devices()[at].state;
    until("both are online", || (0..2).all(|at| state(at) == State::Online));
    let mut before = held();
    let (mut gone, mut back) = ([vec![], vec![]], [vec![], vec![]]);
    let tcp_cycles =
        std::env::var("OUTPOST_TCP_CYCLES").ok().and_then(|cycles| cycles.parse().ok());
    let tcp_every = (CYCLES / tcp_cycles.unwrap_or(TCP_CYCLES).clamp(1, CYCLES)).max(1);
    for cycle in 0..CYCLES {
        if cycle == WARM {
            before = held();
        }
        for (at, twin) in shop.twins.iter().enumerate() {
            if at == 1 && cycle % tcp_every != 0 {
                continue;
            }
            twin.unplug();
            gone[at].push(until("offline", || state(at) == State::Offline));
            twin.plug().unwrap();
            back[at].push(until("online again", || state(at) == State::Online));
        }
    }
    let after = held();
    for (at, name) in ["pty", "TCP"].iter().enumerate() {
        let (gone, back) = (median(&mut gone[at]), median(&mut back[at]));
        println!("{name}: offline {gone:?}, enabled again {back:?} (medians)");
    }
    println!("descriptors, threads, KiB: {before:?} then {after:?}");
    assert!(after.0 <= before.0, "descriptors: {before:?}, then {after:?}");
    assert!(after.1 <= before.1, "threads: {before:?}, then {after:?}");
    assert!(after.2 <= before.2 + GROWTH_KIB_MAX, "memory: {before:?}, then {after:?}");

    for twin in &shop.twins {
        twin.send(b"4006381333931\r").unwrap();
    }
    until("both still scan", || shop.scans.load(Ordering::SeqCst) == 2);
    drop(shop.watch);
    shop.devices.stop();
}
