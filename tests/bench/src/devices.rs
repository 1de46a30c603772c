//! From the last byte of a scan to its event, while a printer is stalled in the middle of a receipt
//! and four RFID readers stream; against the same hop without any of the house's code between.

use crate::report::{Budget, Row, percentile};
use crate::shop::System;
use anyhow::{Context, ensure};
use drivers_contract::print::{Document, Element};
use drivers_contract::twin::{PrinterTwin, RfidTwin, ScannerTwin, Sighting, Twin};
use drivers_contract::{DeviceUri, UriError};
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_rfid::sim::SimReader;
use drivers_rfid::sim::world::scenario::epc;
use drivers_scanner::sim::SimScanner;
use edge_devices::{DeviceConfig, Devices, Drivers, GateDrivers, House, Page, State};
use edge_domain::ids::StoreId;
use edge_ledger::print::JobKind;
use edge_ledger::{Ledger, LedgerError, Settings};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// How many readers stream, 1,100 reads a second each.
const READERS: usize = 4;
const SCANS: usize = 2_000;
/// The noise of the machine comes in bursts: each burst spoils one block and not the figure.
const BLOCKS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(10);

fn no<T>(uri: &DeviceUri) -> Result<T, UriError> {
    Err(UriError::WrongClass { uri: uri.to_string(), wanted: "scanner" })
}

/// Waits until something is so.
fn until(what: &str, mut done: impl FnMut() -> bool) -> anyhow::Result<()> {
    let begun = Instant::now();
    while !done() {
        ensure!(begun.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

pub(crate) fn measure(rows: &mut Vec<Row>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let settings = Settings {
        store: StoreId::new(uuid::Uuid::from_u128(7)),
        currency: "EUR".parse()?,
        clock: Arc::new(System),
        entropy: Arc::new(System),
    };
    let ledger = Ledger::open(&folder.path().join("ledger"), settings)?;
    let scanner = SimScanner::pty(folder.path().join("scanner"), 4_000_000)?;
    let printer = SimPrinter::tcp(([127, 0, 0, 1], 0).into(), SimConfig::default())?;
    let device =
        |id: &str, uri: DeviceUri| DeviceConfig { id: id.into(), uri, station: Some("T1".into()) };
    let (heard, events) = channel();
    let (house, drivers) = house(&ledger, heard, &runtime)?;
    let readers = (0..READERS)
        .map(|_| {
            SimReader::tcp(([127, 0, 0, 1], 0).into(), drivers_rfid::sim::SimConfig::default())
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut configs = vec![device("scanner-1", scanner.uri()), device("printer-1", printer.uri())];
    configs.extend(readers.iter().zip(1..).map(|(reader, n)| DeviceConfig {
        id: format!("reader-{n}"),
        uri: reader.uri(),
        station: Some(format!("gate{n}")),
    }));
    let devices = Devices::start(&configs, drivers, &house)?;
    let online = |state: &edge_devices::DeviceState| state.state == State::Online;
    until("the devices are online", || devices.board().devices().iter().all(online))?;
    printer.set_stalled(true);
    let job = |tx: &mut edge_ledger::Tx<'_>| tx.enqueue(JobKind::Receipt, "T1", None, false);
    ledger.submit::<_, LedgerError>(None, move |tx| job(tx).map(drop)).wait()?;
    until("the printer is stalled in a receipt", || printer.buffered() > 0)?;

    let over = Arc::new(AtomicBool::new(false));
    let streams: Vec<_> = readers
        .into_iter()
        .map(|reader| {
            let over = over.clone();
            std::thread::spawn(move || stream(&reader, &over))
        })
        .collect();
    let (times, raw) = interleaved(&scanner, &events)?;
    over.store(true, Ordering::Relaxed);
    let mut reads = 0.0;
    for stream in streams {
        reads += stream.join().map_err(|_| anyhow::anyhow!("a reader's stream panicked"))??;
    }
    rows.push(Row::new("  reads a second of four readers meanwhile", reads, "1/s", Budget::None));
    tell(rows, &times, &raw);
    printer.set_stalled(false);
    devices.stop();
    Ok(())
}

fn house(
    ledger: &Ledger,
    heard: Sender<Instant>,
    runtime: &tokio::runtime::Runtime,
) -> anyhow::Result<(House, Drivers)> {
    let house = House {
        ledger: ledger.clone(),
        render: Arc::new(|_, _| {
            let line = |doc: Document, n: i32| doc.row(format!("Line {n}"), "1.29".to_owned());
            let document = (0..400).fold(Document::new(), line).with(Element::Cut);
            Ok(Some(Page { document, opens_drawer: false }))
        }),
        on_scan: Arc::new(move |_, _| {
            let _ = heard.send(Instant::now());
        }),
        on_card: Arc::new(|_, _| {}),
        on_settled: Arc::new(|_, _| {}),
        on_bump: Arc::new(|_, _| {}),
        words: Arc::new(edge_app::ShopWords::new("en", "UTC")?),
        scratch: sled::Config::new().temporary(true).open().ok(),
        gate: Arc::default(),
        runtime: runtime.handle().clone(),
    };
    let drivers = Drivers {
        scanner: drivers_scanner::open,
        printer: drivers_printer::open,
        terminal: no,
        scale: no,
        display: no,
        bump_bar: no,
        gate: GateDrivers { reader: drivers_rfid::open, output: no },
    };
    Ok((house, drivers))
}

fn tell(rows: &mut Vec<Row>, times: &[f64], raw: &[f64]) {
    let median = percentile(&mut times.to_vec(), 0.5);
    rows.push(Row::new("scan's last byte to its event, median", median, "ms", Budget::None));
    let p99s = |times: &[f64]| -> Vec<f64> {
        times.chunks(SCANS / BLOCKS).map(|block| percentile(&mut block.to_vec(), 0.99)).collect()
    };
    let (mut own, bare) = (p99s(times), p99s(raw));
    let mut ratios: Vec<f64> = own.iter().zip(&bare).map(|(own, bare)| own / bare).collect();
    rows.push(Row::new(
        "scan's last byte to its event, p99, a printer stalled, 4 readers",
        percentile(&mut own, 0.5),
        "ms",
        Budget::AtMost(2.0),
    ));
    rows.push(Row::new(
        "... against a bare pseudo-terminal hop in turns, p99 by p99",
        percentile(&mut ratios, 0.5),
        "x",
        Budget::AtMost(4.0),
    ));
}

/// Streams reads of many tags as a busy reader does; answers how many a second.
fn stream(reader: &SimReader, over: &AtomicBool) -> anyhow::Result<f64> {
    reader.wait_reading()?;
    let (begun, mut sent) = (Instant::now(), 0_u32);
    while !over.load(Ordering::Relaxed) {
        let sightings: Vec<Sighting> = (0..11)
            .map(|n| Sighting {
                epc: epc(33_393, u64::from((sent + n) % 200)).to_vec(),
                antenna: 1 + u16::try_from(n % 4).unwrap_or(0),
                rssi_cdbm: -5_250,
                phase: 1_234,
                channel: 1,
            })
            .collect();
        reader.sight(&sightings)?;
        sent += 11;
        std::thread::sleep((begun + Duration::from_millis(10) * (sent / 11)) - Instant::now());
    }
    Ok(f64::from(sent) / begun.elapsed().as_secs_f64())
}

/// Scans and bare hops in turns, so that the machine's moods meet both. Each code is another one:
/// the filter of double reads is part of the way.
fn interleaved(
    scanner: &SimScanner,
    events: &Receiver<Instant>,
) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let (mut bare, hops) = bare_line()?;
    let (mut times, mut raw) = (Vec::with_capacity(SCANS), Vec::with_capacity(SCANS));
    let ms = |sent: Instant, heard: Instant| {
        heard.saturating_duration_since(sent).as_secs_f64() * 1_000.0
    };
    for n in 0..SCANS {
        scanner.send(format!("{n:013}").as_bytes())?;
        std::thread::sleep(Duration::from_millis(1));
        let sent = Instant::now();
        scanner.send(b"\r")?;
        times.push(ms(sent, events.recv_timeout(PATIENCE).context("a scan was lost")?));
        std::thread::sleep(Duration::from_millis(1));
        let sent = Instant::now();
        bare.write_all(b"x")?;
        raw.push(ms(sent, hops.recv_timeout(PATIENCE).context("a byte was lost")?));
    }
    Ok((times, raw))
}

/// A pseudo-terminal with a thread at its end that waits for bytes, and looks again by itself: on a
/// loaded machine a blocked read slept on with its byte before it (seen).
fn bare_line() -> anyhow::Result<(File, Receiver<Instant>)> {
    let ends = nix::pty::openpty(None, None)?;
    let mut termios = nix::sys::termios::tcgetattr(&ends.slave)?;
    nix::sys::termios::cfmakeraw(&mut termios);
    nix::sys::termios::tcsetattr(&ends.slave, nix::sys::termios::SetArg::TCSANOW, &termios)?;
    let mut slave = File::from(ends.slave);
    let (heard, events) = channel();
    std::thread::spawn(move || {
        loop {
            let mut ready = [PollFd::new(slave.as_fd(), PollFlags::POLLIN)];
            match poll(&mut ready, PollTimeout::from(100_u8)) {
                Ok(0) | Err(Errno::EINTR) => continue,
                Ok(_) => {}
                Err(_) => return,
            }
            let read = slave.read(&mut [0; 1]);
            if !read.is_ok_and(|count| count == 1) || heard.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    Ok((File::from(ends.master), events))
}
