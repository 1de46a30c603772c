//! The drivers that ship, on the nodes of a real kernel.
//!
//! It is the first program of a virtual machine that `run` boots: it plugs USB gadgets in, lets the
//! conformance suites of `drivers/contract` loose on the kernel's nodes for them, and says what
//! held. It is no part of `make test`, and does nothing useful where dummy_hcd is missing.
//!
//! **Where to start reading.** [`main`]; a device's end of the cable is in [`twin`], what only a
//! real kernel can show in [`checks`].

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use drivers_contract::conformance::{printer, scanner};
use drivers_contract::twin::{PrinterTwin, ScannerTwin};
use drivers_contract::uri::KeyLayout;
use drivers_contract::{DeviceUri, Printer, Scanner, printer_promises, scanner_promises};
use drivers_printer::{EscPosPrinter, Timing};

mod checks;
mod gadget;
mod report;
mod twin;

use gadget::Gadget;
use report::Report;
use twin::{CdcScanner, HidPosScanner, TypingScanner, UsbPrinter};

/// The deadlines of a shop, shortened so that the suite does not wait for people; the answer's is
/// what the suite's slow printer is slower than.
const TIMING: Timing = Timing {
    answer: Duration::from_millis(500),
    line: Duration::from_millis(20),
    slack: Duration::from_millis(2_500),
    attention: Duration::from_millis(2_500),
    lease: Duration::from_millis(200),
};

fn open_scanner(uri: &DeviceUri) -> Box<dyn Scanner> {
    drivers_scanner::open(uri).expect("a scanner's URI")
}

fn open_printer(uri: &DeviceUri) -> Box<dyn Printer> {
    Box::new(EscPosPrinter::new(uri, TIMING).expect("a printer's URI"))
}

/// The devices, each on a controller of its own.
struct Bench {
    cdc: Arc<Gadget>,
    second_cdc: Arc<Gadget>,
    keys: Arc<Gadget>,
    hidpos: Arc<Gadget>,
    printer: Arc<Gadget>,
}

impl Bench {
    fn set_up() -> std::io::Result<Self> {
        let make = |model| Gadget::make(model).map(Arc::new);
        Ok(Self {
            cdc: make(&twin::CDC)?,
            second_cdc: make(&twin::SECOND_CDC)?,
            keys: make(&twin::KEYS)?,
            hidpos: make(&twin::HIDPOS)?,
            printer: make(&twin::PRINTER)?,
        })
    }

    fn cdc(&self) -> CdcScanner {
        CdcScanner::new(&self.cdc).expect("the serial scanner is plugged in")
    }

    fn keys(&self, layout: KeyLayout) -> TypingScanner {
        TypingScanner::new(&self.keys, layout).expect("the typing scanner is plugged in")
    }

    fn hidpos(&self) -> HidPosScanner {
        HidPosScanner::new(&self.hidpos).expect("the HID-POS scanner is plugged in")
    }

    fn printer(&self) -> UsbPrinter {
        UsbPrinter::new(&self.printer).expect("the printer is plugged in")
    }
}

fn scanner_rig<T: ScannerTwin>(twin: T) -> scanner::Rig<T> {
    scanner::Rig { open: open_scanner, twin, guard: Box::new(()) }
}

fn printer_rig<T: PrinterTwin>(twin: T) -> printer::Rig<T> {
    printer::Rig { open: open_printer, twin, guard: Box::new(()) }
}

/// Each promise of a suite, on a device that was plugged in for it.
macro_rules! promises {
    ($report:ident, $name:literal, $suite:ident, $rig:expr, [$($promise:ident),* $(,)?]) => {
        $( $report.check(concat!($name, ": ", stringify!($promise)), || {
            $suite::$promise(&$rig);
        }); )*
    };
}

fn scanners(report: &mut Report, bench: &Bench) {
    scanner_promises!([promises] report, "serial", scanner, scanner_rig(bench.cdc()));
    scanner_promises!([promises] report, "hid", scanner, scanner_rig(bench.hidpos()));
    // Not `garbage_is_bounded_and_reported`: its 20,000 reports take over a minute at the pace of
    // dummy_hcd, and what bounds them is the same code that the twins on pseudo-terminals try.
    promises!(
        report,
        "evdev us",
        scanner,
        scanner_rig(bench.keys(KeyLayout::Us)),
        [
            code_split_at_any_byte_arrives_once,
            two_codes_in_one_read_arrive_as_two,
            every_suffix_ends_a_code_once,
            text_is_kept_as_typed,
            unplugged_is_noticed_and_replugged_works,
            absent_is_a_fault_and_not_an_event,
            stop_is_obeyed,
        ]
    );
    promises!(
        report,
        "evdev de",
        scanner,
        scanner_rig(bench.keys(KeyLayout::De)),
        [two_codes_in_one_read_arrive_as_two, text_is_kept_as_typed,]
    );
}

fn printers(report: &mut Report, bench: &Bench) {
    printer_promises!([promises] report, "usblp", printer, printer_rig(bench.printer()));
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(checks::AS_NOBODY) {
        checks::as_nobody();
        return ExitCode::SUCCESS;
    }
    let mut report = Report::start();
    match Bench::set_up() {
        Ok(bench) => {
            checks::run(&mut report, &bench);
            scanners(&mut report, &bench);
            printers(&mut report, &bench);
        }
        Err(error) => report.fail("the gadgets are made", &error.to_string()),
    }
    report.close()
}
