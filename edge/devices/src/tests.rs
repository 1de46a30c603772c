use super::*;
use drivers_contract::twin::{PrinterTwin, ScannerTwin, Twin};
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_scanner::sim::SimScanner;
use edge_domain::StoreTime;
use edge_domain::ids::StoreId;
use edge_domain::time::{Clock, Entropy};
use edge_ledger::print::{JobKind, JobRow, JobState};
use edge_ledger::{LedgerError, Settings, View};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};
use uuid::Uuid;

struct Wall;

impl Clock for Wall {
    fn now(&self) -> StoreTime {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        StoreTime::from_millis(i64::try_from(since.as_millis()).unwrap())
    }
}

impl Entropy for Wall {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|byte| *byte = fastrand::u8(..));
    }
}

struct Plain;

impl Words for Plain {
    fn money(&self, money: edge_domain::Money) -> String {
        money.written('.')
    }

    fn quantity(&self, quantity: edge_domain::Quantity) -> String {
        quantity.to_string()
    }

    fn time(&self, at: StoreTime) -> String {
        at.as_millis().to_string()
    }

    fn phrase(&self, phrase: edge_domain::receipt::Phrase) -> String {
        format!("{phrase:?}")
    }
}

struct Shop {
    devices: Devices,
    ledger: Ledger,
    scans: Arc<Mutex<Vec<(String, String)>>>,
    scanner: SimScanner,
    printer: SimPrinter,
    _runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

fn page(_: View<'_>, job: &JobRow) -> Result<Option<Page>, LedgerError> {
    let document = (0..40).fold(drivers_contract::print::Document::new(), |doc, n| {
        doc.row(format!("{} line {n}", job.target), "1.29".to_owned())
    });
    let document = document.with(drivers_contract::print::Element::Cut);
    Ok(Some(Page { document, opens_drawer: true }))
}

fn shop() -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let settings = Settings {
        store: StoreId::new(Uuid::from_u128(7)),
        currency: "EUR".parse().unwrap(),
        clock: Arc::new(Wall),
        entropy: Arc::new(Wall),
    };
    let ledger = Ledger::open(&folder.path().join("ledger"), settings).unwrap();
    let scanner = SimScanner::pty(folder.path().join("scanner"), 9_600).unwrap();
    let config = SimConfig { line_time: Duration::from_millis(2), ..SimConfig::default() };
    let printer = SimPrinter::tcp(([127, 0, 0, 1], 0).into(), config).unwrap();
    let device =
        |id: &str, uri: DeviceUri| DeviceConfig { id: id.into(), uri, station: Some("T1".into()) };
    let configs = [device("scanner-1", scanner.uri()), device("printer-1", printer.uri())];
    let scans = Arc::new(Mutex::new(Vec::new()));
    let heard = scans.clone();
    let house = House {
        ledger: ledger.clone(),
        render: Arc::new(page),
        on_scan: Arc::new(move |station, code| {
            heard.lock().unwrap().push((station.to_owned(), code.to_owned()));
        }),
        on_card: Arc::new(|_, _| {}),
        on_settled: Arc::new(|_, _| {}),
        on_bump: Arc::new(|_, _| {}),
        words: Arc::new(Plain),
        scratch: sled::Config::new().temporary(true).open().ok(),
        gate: Arc::default(),
        runtime: runtime.handle().clone(),
    };
    let drivers = Drivers {
        scanner: drivers_scanner::open,
        printer: drivers_printer::open,
        terminal: |uri| Err(UriError::WrongClass { uri: uri.to_string(), wanted: "terminal" }),
        scale: drivers_scale::open,
        display: drivers_display::open,
        bump_bar: drivers_bumpbar::open,
        gate: GateDrivers {
            reader: drivers_rfid::open,
            output: |uri| Err(UriError::WrongClass { uri: uri.to_string(), wanted: "output" }),
        },
    };
    let devices = Devices::start(&configs, drivers, &house).unwrap();
    Shop { devices, ledger, scans, scanner, printer, _runtime: runtime, _folder: folder }
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

impl Shop {
    fn state(&self, index: usize) -> State {
        self.devices.board().devices()[index].state
    }

    fn print(&self) -> edge_domain::ids::JobId {
        let job = self.ledger.submit::<Uuid, LedgerError>(None, |tx| {
            tx.enqueue(JobKind::Receipt, "T1", None, false).map(edge_domain::ids::JobId::uuid)
        });
        edge_domain::ids::JobId::new(job_uuid(job.wait()))
    }

    fn job(&self, id: edge_domain::ids::JobId) -> JobRow {
        self.ledger.read(|view| view.job(id)).unwrap().unwrap()
    }
}

fn job_uuid(outcome: Result<edge_ledger::Outcome<Uuid>, LedgerError>) -> Uuid {
    outcome.unwrap().answer
}

#[test]
fn unplugged_and_replugged_are_states() {
    let shop = shop();
    until("the scanner is online", || shop.state(0) == State::Online);
    shop.scanner.scan("4006381333931").unwrap();
    until("the scan arrives", || shop.scans.lock().unwrap().len() == 1);
    shop.scanner.unplug();
    until("the scanner is offline", || shop.state(0) == State::Offline);
    let device = shop.devices.board().devices().remove(0);
    assert!(!device.fault.unwrap().advice().is_empty());
    shop.scanner.plug().unwrap();
    until("the scanner is back", || shop.state(0) == State::Online);
    shop.scanner.send(b"96385074\r").unwrap();
    until("the next scan arrives", || shop.scans.lock().unwrap().len() == 2);
    let last = ("T1".to_owned(), "96385074".to_owned());
    assert_eq!(shop.scans.lock().unwrap().last(), Some(&last));
    shop.devices.stop();
}

#[test]
fn a_job_is_printed_once_and_the_drawer_opens() {
    let shop = shop();
    let job = shop.print();
    until("it is printed", || shop.job(job).state == JobState::Printed);
    assert_eq!(shop.printer.receipts().len(), 1);
    assert_eq!(shop.printer.drawer_pulses().len(), 1);
    assert_eq!(shop.job(job).device.as_deref(), Some("printer-1"));
    shop.devices.stop();
}

/// Invariant 8: what is uncertain is shown as uncertain and never repeated by itself.
#[test]
fn printer_unplugged_mid_receipt() {
    let shop = shop();
    until("the printer is online", || shop.state(1) == State::Online);
    shop.printer.unplug_after(600);
    let job = shop.print();
    until("nobody knows", || shop.job(job).state == JobState::Indeterminate);
    assert!(shop.job(job).reason.is_some());
    shop.printer.plug().unwrap();
    until("the printer is back", || shop.state(1) == State::Online);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(shop.job(job).state, JobState::Indeterminate, "never repeated by itself");
    let next = shop.print();
    until("the next job prints", || shop.job(next).state == JobState::Printed);
    shop.devices.stop();
}
