//! From the last byte of a scan to its event, while a printer is stalled in the middle of a receipt;
//! against the same hop without any of the house's code between.

use crate::report::{Budget, Row, percentile};
use anyhow::{Context, ensure};
use drivers_contract::print::{Document, Element};
use drivers_contract::twin::{PrinterTwin, ScannerTwin, Twin};
use drivers_contract::{DeviceUri, UriError};
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_scanner::sim::SimScanner;
use edge_devices::{DeviceConfig, Devices, Drivers, House, Page, State};
use edge_domain::StoreTime;
use edge_domain::ids::StoreId;
use edge_domain::time::{Clock, Entropy};
use edge_ledger::print::JobKind;
use edge_ledger::{Ledger, LedgerError, Settings};
use std::fs::File;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant, SystemTime};

const SCANS: usize = 2_000;
/// The noise of the machine comes in bursts: each burst spoils one block and not the figure.
const BLOCKS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(10);

struct Wall;

impl Clock for Wall {
    fn now(&self) -> StoreTime {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        StoreTime::from_millis(i64::try_from(since.as_millis()).unwrap_or(0))
    }
}

impl Entropy for Wall {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|byte| *byte = fastrand::u8(..));
    }
}

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
        clock: Arc::new(Wall),
        entropy: Arc::new(Wall),
    };
    let ledger = Ledger::open(&folder.path().join("ledger"), settings)?;
    let scanner = SimScanner::pty(folder.path().join("scanner"), 4_000_000)?;
    let printer = SimPrinter::tcp(([127, 0, 0, 1], 0).into(), SimConfig::default())?;
    let device =
        |id: &str, uri: DeviceUri| DeviceConfig { id: id.into(), uri, station: Some("T1".into()) };
    let (heard, events) = channel();
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
        on_bump: Arc::new(|_, _| {}),
        words: Arc::new(edge_app::ShopWords::new("en", "UTC")?),
        scratch: sled::Config::new().temporary(true).open().ok(),
        runtime: runtime.handle().clone(),
    };
    let drivers = Drivers {
        scanner: drivers_scanner::open,
        printer: drivers_printer::open,
        terminal: no,
        scale: no,
        display: no,
        bump_bar: no,
    };
    let configs = [device("scanner-1", scanner.uri()), device("printer-1", printer.uri())];
    let devices = Devices::start(&configs, drivers, &house)?;
    let online = |state: &edge_devices::DeviceState| state.state == State::Online;
    until("the devices are online", || devices.board().devices().iter().all(online))?;
    printer.set_stalled(true);
    let job = |tx: &mut edge_ledger::Tx<'_>| tx.enqueue(JobKind::Receipt, "T1", None, false);
    ledger.submit::<_, LedgerError>(None, move |tx| job(tx).map(drop)).wait()?;
    until("the printer is stalled in a receipt", || printer.buffered() > 0)?;

    let (times, raw) = interleaved(&scanner, &events)?;
    let median = percentile(&mut times.clone(), 0.5);
    rows.push(Row::new("scan's last byte to its event, median", median, "ms", Budget::None));
    let p99s = |times: &[f64]| -> Vec<f64> {
        times.chunks(SCANS / BLOCKS).map(|block| percentile(&mut block.to_vec(), 0.99)).collect()
    };
    let (mut own, bare) = (p99s(&times), p99s(&raw));
    let mut ratios: Vec<f64> = own.iter().zip(&bare).map(|(own, bare)| own / bare).collect();
    rows.push(Row::new(
        "scan's last byte to its event, p99, a printer stalled",
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
    printer.set_stalled(false);
    devices.stop();
    Ok(())
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

/// A pseudo-terminal with a thread at its end that waits for bytes.
fn bare_line() -> anyhow::Result<(File, Receiver<Instant>)> {
    let ends = nix::pty::openpty(None, None)?;
    let mut termios = nix::sys::termios::tcgetattr(&ends.slave)?;
    nix::sys::termios::cfmakeraw(&mut termios);
    nix::sys::termios::tcsetattr(&ends.slave, nix::sys::termios::SetArg::TCSANOW, &termios)?;
    let mut slave = File::from(ends.slave);
    let (heard, events) = channel();
    std::thread::spawn(move || {
        while slave.read(&mut [0; 1]).is_ok_and(|count| count == 1) {
            if heard.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    Ok((File::from(ends.master), events))
}
