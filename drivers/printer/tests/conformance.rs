//! The real driver against its twin, over both lines that it supports.

use std::net::Ipv4Addr;
use std::time::Duration;

use drivers_contract::conformance::printer::Rig;
use drivers_contract::{DeviceUri, Printer, UriError, printer_conformance};
use drivers_printer::sim::{SimConfig, SimPrinter};
use drivers_printer::{EscPosPrinter, Timing};

/// The deadlines of a shop, shortened so that the suite does not wait for people.
const TIMING: Timing = Timing {
    answer: Duration::from_millis(500),
    line: Duration::from_millis(10),
    slack: Duration::from_millis(1_500),
    attention: Duration::from_millis(1_500),
    lease: Duration::from_millis(200),
};

fn open(uri: &DeviceUri) -> Box<dyn Printer> {
    Box::new(EscPosPrinter::new(uri, TIMING).expect("a printer's URI"))
}

fn config() -> SimConfig {
    SimConfig { line_time: Duration::from_millis(2), ..SimConfig::default() }
}

fn pty() -> Rig<SimPrinter> {
    let dir = tempfile::tempdir().expect("a directory");
    // The fastest that serial printers have: a flush of 8 KiB takes 0.1 s.
    let twin = SimPrinter::pty(dir.path().join("printer"), 921_600, config()).expect("a line");
    Rig { open, twin, guard: Box::new(dir) }
}

fn tcp() -> Rig<SimPrinter> {
    let twin = SimPrinter::tcp((Ipv4Addr::LOCALHOST, 0).into(), config()).expect("a free port");
    Rig { open, twin, guard: Box::new(()) }
}

/// A printer as cheap as they come: the job does not fit its buffer, the line is full most of the
/// time.
fn tiny_buffer() -> Rig<SimPrinter> {
    let config = SimConfig { buffer_bytes: 64, ..config() };
    let twin = SimPrinter::tcp((Ipv4Addr::LOCALHOST, 0).into(), config).expect("a free port");
    Rig { open, twin, guard: Box::new(()) }
}

/// The way of USB: a node that is read and written as it is, at no speed of its own.
fn open_node(uri: &DeviceUri) -> Box<dyn Printer> {
    let DeviceUri::PrinterSerial { address, options } = uri.clone() else { return open(uri) };
    open(&DeviceUri::PrinterUsb { path: address.path, options })
}

fn usb() -> Rig<SimPrinter> {
    Rig { open: open_node, ..pty() }
}

printer_conformance!(over_pty, pty);
printer_conformance!(over_usb, usb);
printer_conformance!(over_tcp, tcp);

mod with_a_tiny_buffer {
    use drivers_contract::conformance::printer;

    #[test]
    fn printed_means_that_the_paper_has_it() {
        printer::printed_means_that_the_paper_has_it(&super::tiny_buffer());
    }
}

#[test]
fn a_scanner_is_not_a_printer_and_unknown_pages_are_refused() {
    let scanner: DeviceUri = "tcp://127.0.0.1:9100".parse().unwrap();
    assert!(matches!(drivers_printer::open(&scanner), Err(UriError::WrongClass { .. })));
    let page: DeviceUri = "escpos+tcp://127.0.0.1:9100?codepage=klingon".parse().unwrap();
    assert!(matches!(drivers_printer::open(&page), Err(UriError::BadOption { .. })));
}
