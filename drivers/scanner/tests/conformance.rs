//! The real driver against its twin, over both lines that it supports.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use drivers_contract::conformance::scanner::Rig;
use drivers_contract::uri::KeyLayout;
use drivers_contract::{
    DeviceUri, Event, FaultCode, Scanner, Stop, UriError, scanner_conformance, wedge_conformance,
};
use drivers_scanner::sim::{SimHidScanner, SimScanner, SimWedge};

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

fn wedge(layout: KeyLayout) -> Rig<SimWedge> {
    let dir = tempfile::tempdir().expect("a directory");
    let twin = SimWedge::pty(dir.path().join("keys"), layout).expect("a line");
    Rig { open, twin, guard: Box::new(dir) }
}

fn hid() -> Rig<SimHidScanner> {
    let dir = tempfile::tempdir().expect("a directory");
    let twin = SimHidScanner::pty(dir.path().join("hidraw")).expect("a line");
    Rig { open, twin, guard: Box::new(dir) }
}

wedge_conformance!(typing_us, || wedge(KeyLayout::Us));
wedge_conformance!(typing_de, || wedge(KeyLayout::De));
scanner_conformance!(over_hid, hid);

/// `/dev/null` is a device, but neither a keyboard nor a scanner; a plain file is not even that.
#[test]
fn what_is_no_input_device_is_not_opened_as_one() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().display();
    for uri in ["evdev:///dev/null".into(), "hid:///dev/null".into(), format!("evdev://{path}")] {
        let uri: DeviceUri = uri.parse().unwrap();
        let sink = std::sync::mpsc::channel::<Event>().0;
        let fault = open(&uri).run(&sink, &Stop::new()).unwrap_err();
        assert_eq!(fault.code, FaultCode::NoHardware, "{uri}: {fault}");
    }
}
