//! The shop's devices at work.
//!
//! **What it is.** One thread a device, supervised: unplugged, claimed or not permitted is a
//! state with advice, never a crash. Scans become codes at a station, without double reads; print
//! jobs of the ledger's spool become paper, each once.
//!
//! **What it never does.** It names no driver (the daemon hands in how to open one) and decides
//! nothing about selling. A stalled printer never delays a scan: they share no thread and no lock.
//!
//! **Where to start reading.** [`Devices::start`]; then `scanning` and `printing`; [`gate`].

mod asking;
mod board;
mod bumping;
mod charging;
mod double_read;
pub mod gate;
mod printing;
mod scanning;
mod showing;
mod spool;
mod weighing;

pub use board::{AskError, Board, DeviceState, State};
pub use bumping::OnBump;
pub use charging::{OnCard, OnSettled};
pub use double_read::DoubleReads;
pub use gate::{GateDrivers, GateHouse, is_output, is_reader};
pub use printing::{Page, Render};
pub use scanning::OnScan;
pub use spool::Telemetry;

use drivers_contract::{
    BumpBar, CardTerminal, DeviceUri, LineDisplay, Printer, RfidReader, Scale, Scanner, Stop,
    UriError,
};
use edge_domain::receipt::Words;
use edge_ledger::Ledger;
use std::collections::HashMap;
use std::sync::Arc;
use std::thread::JoinHandle;

/// What is configured.
#[derive(Clone, Debug)]
pub struct DeviceConfig {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub uri: DeviceUri,
    /// The terminal or kitchen station that it serves.
    pub station: Option<String>,
}

/// How devices are opened: the daemon names the drivers.
#[derive(Clone, Copy)]
pub struct Drivers {
    /// Opens a scanner.
    pub scanner: fn(&DeviceUri) -> Result<Box<dyn Scanner>, UriError>,
    /// Opens a printer.
    pub printer: fn(&DeviceUri) -> Result<Box<dyn Printer>, UriError>,
    /// Opens a card terminal.
    pub terminal: fn(&DeviceUri) -> Result<Box<dyn CardTerminal>, UriError>,
    /// Opens a scale.
    pub scale: fn(&DeviceUri) -> Result<Box<dyn Scale>, UriError>,
    /// Opens a customer display.
    pub display: fn(&DeviceUri) -> Result<Box<dyn LineDisplay>, UriError>,
    /// Opens a bump bar.
    pub bump_bar: fn(&DeviceUri) -> Result<Box<dyn BumpBar>, UriError>,
    /// Opens RFID readers and outputs.
    pub gate: GateDrivers,
}

impl Drivers {
    /// Whether the driver of a device can be made as its URI says; no device is touched.
    ///
    /// # Errors
    /// What its driver refuses, as a file that cannot be read.
    pub fn can_make(&self, uri: &DeviceUri) -> Result<(), UriError> {
        match uri {
            DeviceUri::Scale { .. } => (self.scale)(uri).map(drop),
            DeviceUri::Display { .. } => (self.display)(uri).map(drop),
            DeviceUri::BumpBar { .. } => (self.bump_bar)(uri).map(drop),
            // An output of a reader is made with the reader; making one of the appliance may switch
            // it off, and a running store may have it lit.
            DeviceUri::OutputReader { .. } | DeviceUri::OutputGpio { .. } => Ok(()),
            _ if is_reader(uri) => (self.gate.reader)(uri).map(drop),
            _ if is_printer(uri) => (self.printer)(uri).map(drop),
            _ if is_terminal(uri) => (self.terminal)(uri).map(drop),
            _ => (self.scanner)(uri).map(drop),
        }
    }
}

/// What devices need of the rest of the house.
#[derive(Clone)]
pub struct House {
    /// The spool, and the feed that screens hear.
    pub ledger: Ledger,
    /// What goes on paper.
    pub render: Arc<Render>,
    /// Where scans go.
    pub on_scan: Arc<OnScan>,
    /// Where card verdicts go.
    pub on_card: Arc<OnCard>,
    /// Where the ends of card terminals' days go.
    pub on_settled: Arc<OnSettled>,
    /// Where a bump bar's keys go.
    pub on_bump: Arc<OnBump>,
    /// The shop's language, for customer displays.
    pub words: Arc<dyn Words + Send + Sync>,
    /// What may be lost: double-read windows, telemetry.
    pub scratch: Option<sled::Db>,
    /// What gates share.
    pub gate: Arc<GateHouse>,
    /// For waiting until the ledger moves.
    pub runtime: tokio::runtime::Handle,
}

/// The devices at work.
pub struct Devices {
    board: Arc<Board>,
    stop: Stop,
    threads: Vec<JoinHandle<()>>,
}

/// Whether a URI is a card terminal's.
#[must_use]
pub const fn is_terminal(uri: &DeviceUri) -> bool {
    matches!(uri, DeviceUri::TerminalSim { .. } | DeviceUri::TerminalZvt { .. })
}

/// Whether a URI is a printer's.
#[must_use]
pub const fn is_printer(uri: &DeviceUri) -> bool {
    matches!(
        uri,
        DeviceUri::PrinterTcp { .. }
            | DeviceUri::PrinterSerial { .. }
            | DeviceUri::PrinterUsb { .. }
            | DeviceUri::PrinterZpl { .. }
    )
}

fn run_by_class(
    (config, index): (&DeviceConfig, usize),
    drivers: Drivers,
    board: &Board,
    house: &House,
    stop: &Stop,
) {
    match config.uri {
        DeviceUri::Scale { .. } => weighing::run(config, index, drivers.scale, board, house, stop),
        DeviceUri::Display { .. } => {
            showing::run(config, index, drivers.display, board, house, stop);
        }
        DeviceUri::BumpBar { .. } => {
            bumping::run(config, index, drivers.bump_bar, board, house, stop);
        }
        _ => scanning::run(config, index, drivers.scanner, board, house, stop),
    }
}

impl Devices {
    /// Starts every device; those that are absent come when they are plugged in.
    ///
    /// # Errors
    /// A thread that does not start.
    pub fn start(
        configs: &[DeviceConfig],
        drivers: Drivers,
        house: &House,
    ) -> std::io::Result<Self> {
        let board = Arc::new(Board::new(configs, house));
        let stop = Stop::new();
        let mut threads = Vec::new();
        let (mut readers, lamps) = gates(configs, drivers, &board);
        let _ = board.lamps.set(lamps.clone());
        for (index, config) in configs.iter().cloned().enumerate() {
            let (board, stop, house) = (board.clone(), stop.clone(), house.clone());
            let name = format!("device-{}", config.id);
            let thread = std::thread::Builder::new().name(name);
            threads.push(if is_printer(&config.uri) {
                thread.spawn(move || {
                    printing::run(&config, index, drivers.printer, &board, &house, &stop);
                })?
            } else if is_terminal(&config.uri) {
                thread.spawn(move || {
                    charging::run(&config, index, drivers.terminal, &board, &house, &stop);
                })?
            } else if is_output(&config.uri) {
                continue; // a gate's thread lights it
            } else if is_reader(&config.uri) {
                let Some(reader) = readers.remove(&config.id) else { continue };
                let lamps = lamps.clone();
                thread.spawn(move || {
                    let (config, board, house, lamps) = (&config, &board, &house, &lamps);
                    let watch = gate::watch::Watch { config, index, board, house, lamps };
                    gate::watch::run(reader, &watch, &stop);
                })?
            } else {
                thread.spawn(move || {
                    let device = (&config, index);
                    run_by_class(device, drivers, &board, &house, &stop);
                })?
            });
        }
        Ok(Self { board, stop, threads })
    }

    /// How the devices are.
    #[must_use]
    pub fn board(&self) -> &Arc<Board> {
        &self.board
    }

    /// Lets every device finish what it must, and waits for it.
    pub fn stop(self) {
        self.stop.stop();
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

/// Readers by their id, and the lamps that hang on them: made before any thread starts, since a
/// lamp may hang on another gate's reader.
fn gates(
    configs: &[DeviceConfig],
    drivers: Drivers,
    board: &Board,
) -> (HashMap<String, Box<dyn RfidReader>>, Arc<gate::lamps::Lamps>) {
    let (mut readers, mut wired) = (HashMap::new(), gate::lamps::Wired::new());
    for (index, config) in configs.iter().enumerate().filter(|(_, c)| is_reader(&c.uri)) {
        match (drivers.gate.reader)(&config.uri) {
            Ok(reader) => {
                wired.extend(reader.outputs().map(|outputs| (config.id.clone(), outputs)));
                readers.insert(config.id.clone(), reader);
            }
            Err(error) => board.unusable(index, &error),
        }
    }
    (readers, Arc::new(gate::lamps::Lamps::new(configs, drivers, &wired, board)))
}

#[cfg(test)]
mod tests;
