//! A receipt printer on USB: the works of `drivers_printer::sim` behind the kernel's printer
//! gadget.
//!
//! The works hang on a pseudo-terminal as they always do, and a thread carries bytes between that
//! and the gadget's end: what is tried is the way from the driver through usblp, and the works are
//! those that the other suites know.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use drivers_contract::twin::{PrinterTwin, Twin};
use drivers_contract::{DeviceUri, Fault, PaperState, PrinterOptions, Stop};
use drivers_port::sys::{NodeKind, Sys};
use drivers_port::{Port, open_usb_printer};
use drivers_printer::sim::{SimConfig, SimPrinter};

use tempfile::TempDir;

use super::open_end;
use crate::gadget::{Gadget, Model};

/// What it is.
pub(crate) const MODEL: Model = Model {
    slot: 3,
    product: "0a04",
    serial: "LAB-PRINTER",
    function: "printer.usb0",
    attributes: &[("pnp_string", PNP_STRING)],
    kind: NodeKind::UsbPrinter,
};
/// What it says about itself. The gadget does not count the length's own two bytes, as IEEE 1284
/// wants it, so that the host believes its last two characters not to be there.
const PNP_STRING: &[u8] = b"MFG:Outpost;MDL:Lab receipt printer;CMD:ESC/POS;CLS:PRINTER;..";
/// What the host hears of it.
pub(crate) const IEEE1284: &str = "MFG:Outpost;MDL:Lab receipt printer;CMD:ESC/POS;CLS:PRINTER;";

pub(crate) const END: &str = "/dev/g_printer0";
/// Full-speed USB; the works read their line no faster.
const BITS_PER_SECOND: u32 = 12_000_000;
const WAIT: Duration = Duration::from_millis(2);

/// The printer; the last one that is dropped pulls the plug.
pub(crate) struct UsbPrinter {
    gadget: Arc<Gadget>,
    works: SimPrinter,
    /// In which the works' line is a link.
    folder: TempDir,
    pump: Mutex<Option<Pump>>,
}

struct Pump {
    stop: Stop,
    thread: JoinHandle<()>,
}

impl UsbPrinter {
    /// Plugged in.
    pub(crate) fn new(gadget: &Arc<Gadget>) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let link = folder.path().join("works");
        let config = SimConfig { line_time: WAIT, ..SimConfig::default() };
        let works = SimPrinter::pty(&link, BITS_PER_SECOND, config)?;
        let gadget = Arc::clone(gadget);
        let twin = Self { gadget, works, folder, pump: Mutex::new(None) };
        twin.plug()?;
        Ok(twin)
    }

    fn stop_pump(&self) {
        let pump = self.pump.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Pump { stop, thread }) = pump {
            stop.stop();
            let _ = thread.join();
        }
    }
}

impl Twin for UsbPrinter {
    fn uri(&self) -> DeviceUri {
        DeviceUri::PrinterUsb { path: self.gadget.place(), options: PrinterOptions::default() }
    }

    fn unplug(&self) {
        self.stop_pump();
        self.gadget.unplug();
        self.works.unplug();
    }

    fn plug(&self) -> io::Result<()> {
        // A plug that the works pulled by themselves has left its pump behind.
        self.stop_pump();
        self.works.plug()?;
        self.gadget.plug()?;
        drop(open_end(Path::new(END))?);
        let open = |path: &Path| open_usb_printer(path, &Sys::default()).map_err(io::Error::other);
        let (end, line) = (open(Path::new(END))?, open(&self.folder.path().join("works"))?);
        let stop = Stop::new();
        let (flag, gadget) = (stop.clone(), Arc::clone(&self.gadget));
        let thread = thread::Builder::new().name("pump".into()).spawn(move || {
            let (mut end, mut line) = (end, line);
            if carry(&mut end, &mut line, &flag).is_err() {
                // The works pulled their plug in the middle of a job: so does the cable.
                drop((end, line));
                gadget.disconnect();
            }
        })?;
        let pump = Some(Pump { stop, thread });
        *self.pump.lock().unwrap_or_else(PoisonError::into_inner) = pump;
        Ok(())
    }
}

/// Carries bytes both ways until told to stop; fails when the works are gone.
fn carry(end: &mut dyn Port, line: &mut dyn Port, stop: &Stop) -> Result<(), Fault> {
    let (mut buffer, mut down, mut up) = ([0; 512], Vec::new(), Vec::new());
    while !stop.is_stopped() {
        // Only what was passed on makes room: a printer that stalls must fill the host's queue.
        if down.is_empty() {
            // Until the host has chosen a configuration the gadget answers with an error.
            let count = end.read(&mut buffer, WAIT).unwrap_or_else(|_| {
                thread::sleep(WAIT);
                0
            });
            down.extend_from_slice(&buffer[..count]);
        }
        if !down.is_empty() {
            let count = line.write(&down, WAIT)?;
            down.drain(..count);
        }
        if up.is_empty() {
            let count = line.read(&mut buffer, Duration::ZERO)?;
            up.extend_from_slice(&buffer[..count]);
        }
        if !up.is_empty() {
            let count = end.write(&up, WAIT).unwrap_or(0);
            up.drain(..count);
        }
    }
    Ok(())
}

impl PrinterTwin for UsbPrinter {
    fn set_paper(&self, paper: PaperState) {
        self.works.set_paper(paper);
    }

    fn set_paper_lines_left(&self, lines: u32) {
        self.works.set_paper_lines_left(lines);
    }

    fn set_cover_open(&self, open: bool) {
        self.works.set_cover_open(open);
    }

    fn set_offline(&self, offline: bool) {
        self.works.set_offline(offline);
    }

    fn set_drawer_open(&self, open: bool) {
        self.works.set_drawer_open(open);
    }

    fn set_latency(&self, latency: Duration) {
        self.works.set_latency(latency);
    }

    fn set_stalled(&self, stalled: bool) {
        self.works.set_stalled(stalled);
    }

    fn unplug_after(&self, bytes: usize) {
        self.works.unplug_after(bytes);
    }

    fn receipts(&self) -> Vec<String> {
        self.works.receipts()
    }

    fn uncut(&self) -> String {
        self.works.uncut()
    }

    fn buffered(&self) -> usize {
        self.works.buffered()
    }

    fn drawer_pulses(&self) -> Vec<u8> {
        self.works.drawer_pulses()
    }
}

impl Drop for UsbPrinter {
    fn drop(&mut self) {
        self.unplug();
    }
}
