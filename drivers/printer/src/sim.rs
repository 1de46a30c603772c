//! The simulated ESC/POS printer: it reads real bytes from a real line, at the line's speed and
//! into a small buffer, prints them as slowly as it is told to, answers as a printer does, and
//! keeps every receipt that it cuts as text and as a picture.
//!
//! [`interpreter`] is what it does with bytes, [`paper`] what the result looks like.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use drivers_contract::twin::{PrinterTwin, Twin};
use drivers_contract::{DeviceUri, PaperState, PrinterOptions};
use drivers_port::line::{Line as Outlet, Place};

pub mod engine;
pub mod interpreter;
pub mod paper;

use engine::Engine;

/// What kind of printer is simulated.
#[derive(Debug, Clone)]
pub struct SimConfig {
    /// Characters on a line.
    pub columns: u8,
    /// The receive buffer; real ones have 4 KiB, cheap ones 64 bytes.
    pub buffer_bytes: usize,
    /// How long a line of paper takes.
    pub line_time: Duration,
    /// Where receipts are kept as `receipt-0001.txt` and `.png`; only in memory if absent.
    pub directory: Option<PathBuf>,
    /// How many receipts are kept in memory, at least one; a picture takes some 20 kB.
    pub receipts_kept: usize,
}

impl Default for SimConfig {
    /// An 80 mm printer with 50 lines a second, as a middling one has.
    fn default() -> Self {
        Self {
            columns: 42,
            buffer_bytes: 4_096,
            line_time: Duration::from_millis(20),
            directory: None,
            receipts_kept: 20_000,
        }
    }
}

/// A receipt that was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Counted from 1.
    pub number: usize,
    /// Its text, one line a line.
    pub text: String,
    /// Its picture, a PNG file.
    pub png: Vec<u8>,
}

/// A simulated printer; clones are hands on the same one. It ends with the last clone.
#[derive(Clone)]
pub struct SimPrinter {
    state: Arc<Mutex<State>>,
}

pub(crate) struct State {
    pub(crate) line: Outlet,
    pub(crate) baud: Option<u32>,
    pub(crate) config: SimConfig,
    pub(crate) engine: Engine,
    pub(crate) hands: Hands,
}

/// What people do to the printer.
#[derive(Debug, Default)]
pub(crate) struct Hands {
    pub(crate) paper: PaperState,
    pub(crate) lines_left: Option<u32>,
    pub(crate) cover_open: bool,
    pub(crate) offline: bool,
    pub(crate) drawer_open: bool,
    pub(crate) latency: Duration,
    pub(crate) stalled: bool,
    pub(crate) unplug_after: Option<usize>,
}

impl SimPrinter {
    /// A printer in the network, at this address; port 0 takes a free one.
    ///
    /// # Errors
    /// If the address cannot be bound, or the directory not be made.
    pub fn tcp(address: SocketAddr, config: SimConfig) -> io::Result<Self> {
        Self::start(Outlet::tcp(address)?, None, config)
    }

    /// A printer on a serial line; a driver finds it behind `link`.
    ///
    /// # Errors
    /// If the line or the directory cannot be made.
    pub fn pty(link: impl Into<PathBuf>, baud: u32, config: SimConfig) -> io::Result<Self> {
        Self::start(Outlet::pty(link, baud)?, Some(baud), config)
    }

    /// Every receipt that was cut, oldest first, with its picture.
    #[must_use]
    pub fn cut_receipts(&self) -> Vec<Receipt> {
        self.lock().engine.receipts.clone()
    }

    /// The receipts that were cut after the one of this number and are still kept.
    #[must_use]
    pub fn receipts_after(&self, number: usize) -> Vec<Receipt> {
        let state = self.lock();
        let newer = state.engine.receipts.iter().filter(|receipt| receipt.number > number);
        newer.cloned().collect()
    }

    /// Text bytes that the selected code page did not have, and commands that the printer did not
    /// know: both are a driver's fault.
    #[must_use]
    pub fn misunderstandings(&self) -> usize {
        let state = self.lock();
        state.engine.interpreter.unmapped + state.engine.interpreter.unknown
    }

    fn start(line: Outlet, baud: Option<u32>, config: SimConfig) -> io::Result<Self> {
        if let Some(directory) = &config.directory {
            std::fs::create_dir_all(directory)?;
        }
        let engine = Engine::new(usize::from(config.columns), VecDeque::new());
        let hands = Hands::default();
        let state = Arc::new(Mutex::new(State { line, baud, config, engine, hands }));
        let weak = Arc::downgrade(&state);
        thread::Builder::new().name("sim-printer".to_owned()).spawn(move || run(&weak))?;
        Ok(Self { state })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Polls rather than waits, so that hands take effect at once whatever the line does.
fn run(state: &Weak<Mutex<State>>) {
    while let Some(state) = state.upgrade() {
        let busy = state.lock().unwrap_or_else(PoisonError::into_inner).step(Instant::now());
        drop(state);
        thread::sleep(Duration::from_millis(if busy { 1 } else { 4 }));
    }
}

impl Twin for SimPrinter {
    fn uri(&self) -> DeviceUri {
        let state = self.lock();
        let options =
            PrinterOptions { columns: Some(state.config.columns), ..PrinterOptions::default() };
        match state.line.place() {
            Place::Serial(address) => DeviceUri::PrinterSerial { address, options },
            Place::Tcp(address) => DeviceUri::PrinterTcp { address, options },
        }
    }

    fn unplug(&self) {
        self.lock().line.unplug();
    }

    fn plug(&self) -> io::Result<()> {
        self.lock().line.plug()
    }
}

impl PrinterTwin for SimPrinter {
    fn set_paper(&self, paper: PaperState) {
        let hands = &mut self.lock().hands;
        hands.paper = paper;
        hands.lines_left = None;
    }

    fn set_paper_lines_left(&self, lines: u32) {
        self.lock().hands.lines_left = Some(lines);
    }

    fn set_cover_open(&self, open: bool) {
        self.lock().hands.cover_open = open;
    }

    fn set_offline(&self, offline: bool) {
        self.lock().hands.offline = offline;
    }

    fn set_drawer_open(&self, open: bool) {
        self.lock().hands.drawer_open = open;
    }

    fn set_latency(&self, latency: Duration) {
        self.lock().hands.latency = latency;
    }

    fn set_stalled(&self, stalled: bool) {
        self.lock().hands.stalled = stalled;
    }

    fn unplug_after(&self, bytes: usize) {
        self.lock().hands.unplug_after = Some(bytes);
    }

    fn receipts(&self) -> Vec<String> {
        self.lock().engine.receipts.iter().map(|receipt| receipt.text.clone()).collect()
    }

    fn uncut(&self) -> String {
        let state = self.lock();
        paper::text(&state.engine.paper, usize::from(state.config.columns))
    }

    fn buffered(&self) -> usize {
        self.lock().engine.buffer.len()
    }

    fn drawer_pulses(&self) -> Vec<u8> {
        self.lock().engine.pulses.clone()
    }
}
