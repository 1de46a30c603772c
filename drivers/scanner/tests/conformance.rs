//! The real driver against its twin, over both lines that it supports.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use drivers_contract::conformance::scanner::Rig;
use drivers_contract::{DeviceUri, Scanner, UriError, scanner_conformance};
use drivers_scanner::sim::SimScanner;

fn open(uri: &DeviceUri) -> Box<dyn Scanner> {
    drivers_scanner::open(uri).expect("a scanner's URI")
}

fn pty() -> Rig<SimScanner> {
    let dir = tempfile::tempdir().expect("a directory");
    let twin = SimScanner::pty(dir.path().join("scanner"), 115_200).expect("a line");
    Rig { open, twin, guard: Box::new(dir) }
}

fn tcp() -> Rig<SimScanner> {
    let twin = SimScanner::tcp((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
    Rig { open, twin, guard: Box::new(()) }
}

scanner_conformance!(over_pty, pty);
scanner_conformance!(over_tcp, tcp);

#[test]
fn a_printer_is_not_a_scanner() {
    let uri: DeviceUri = "escpos+tcp://127.0.0.1:9100".parse().unwrap();
    assert!(matches!(drivers_scanner::open(&uri), Err(UriError::WrongClass { .. })));
}

#[test]
fn the_twin_is_as_slow_as_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let twin = SimScanner::pty(dir.path().join("scanner"), 9_600).unwrap();
    let start = Instant::now();
    twin.scan("4006381333931").unwrap();
    assert!(start.elapsed() >= Duration::from_millis(14));
}
