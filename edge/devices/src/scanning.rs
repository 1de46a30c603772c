//! Scanners: one thread each, opened again with patience when they go.

use crate::board::Board;
use crate::double_read::DoubleReads;
use crate::{DeviceConfig, House};
use drivers_contract::{DeviceUri, Event, EventSink, Fault, PowerState, Scanner, Stop, UriError};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// Where scans go: the station, and what was read there. Must not block for long.
pub type OnScan = dyn Fn(&str, &str) + Send + Sync;

/// The first and the longest wait before a device is opened again.
pub(crate) const BACKOFF: (Duration, Duration) =
    (Duration::from_millis(100), Duration::from_secs(2));

/// The longest wait for a device that is only opened, not asked: a failed `open` costs
/// microseconds and a refused connection a packet, and a cashier who plugs a scanner in again
/// expects it to work at once. For network devices nothing rings a bell, so this is what they wait.
pub(crate) const REPLUG: Duration = Duration::from_millis(250);

struct Sink<'a> {
    config: &'a DeviceConfig,
    index: usize,
    board: &'a Board,
    house: &'a House,
    reads: &'a DoubleReads,
    begun: Instant,
}

impl EventSink for Sink<'_> {
    fn emit(&self, event: Event) -> ControlFlow<()> {
        match event {
            Event::Power(PowerState::Online) => self.board.online(self.index),
            Event::Data(scan) => self.scanned(&scan.bytes),
            Event::Error { fault, .. } => {
                tracing::warn!(device = %self.config.id, %fault, "a scan could not be read");
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl Sink<'_> {
    fn scanned(&self, bytes: &[u8]) {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        if self.reads.is_echo(&self.config.id, bytes, now) {
            tracing::debug!(device = %self.config.id, "the same code again: one piece");
            return;
        }
        let station = self.config.station.as_deref().unwrap_or("T1");
        (self.house.on_scan)(station, &String::from_utf8_lossy(bytes));
    }
}

pub(crate) fn run(
    config: &DeviceConfig,
    index: usize,
    open: fn(&DeviceUri) -> Result<Box<dyn Scanner>, UriError>,
    board: &Board,
    house: &House,
    stop: &Stop,
) {
    let reads = DoubleReads::new(house.scratch.as_ref());
    reads.clear();
    let mut scanner = match open(&config.uri) {
        Ok(scanner) => scanner,
        Err(error) => {
            board.unusable(index, &error);
            return;
        }
    };
    let begun = Instant::now();
    let sink = Sink { config, index, board, house, reads: &reads, begun };
    supervise(index, board, stop, || scanner.run(&sink, stop));
}

/// Opens a device that reports by itself again and again: at once when something was plugged, and
/// otherwise with patience.
pub(crate) fn supervise(
    index: usize,
    board: &Board,
    stop: &Stop,
    mut run: impl FnMut() -> Result<(), Fault>,
) {
    let mut backoff = BACKOFF.0;
    while !stop.is_stopped() {
        // Before it runs: what is plugged while it ends must not be missed.
        let seen = board.asking.rings(index);
        let opened = Instant::now();
        if let Err(fault) = run() {
            board.fault(index, fault);
        }
        backoff = next(backoff, opened.elapsed()).min(REPLUG);
        board.asking.wait(index, seen, jittered(backoff), stop);
    }
}

/// The next wait: twice the last, up to the bound; from the start again after a good while.
pub(crate) fn next(last: Duration, worked: Duration) -> Duration {
    if worked > Duration::from_secs(5) { BACKOFF.0 } else { (last * 2).min(BACKOFF.1) }
}

/// Between half and all of a wait, so that devices behind one hub do not all knock at once.
pub(crate) fn jittered(wait: Duration) -> Duration {
    let ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(fastrand::u64(ms / 2..=ms))
}
