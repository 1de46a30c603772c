//! What only a real kernel can show: nodes by identity, claims, a grab, uevents.

use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use drivers_contract::twin::Twin;
use drivers_contract::uri::KeyLayout;
use drivers_contract::{
    DeviceUri, Event, Fault, FaultCode, PowerState, Printer, Scanner, Stop, twin::ScannerTwin,
};
use drivers_plug::book::Sys;
use drivers_plug::found::candidates;

use crate::report::Report;
use crate::twin::CdcScanner;
use crate::{Bench, open_printer, open_scanner, twin};

mod empty;
mod grab;
mod permission;
mod replug;

pub(crate) use permission::{AS_NOBODY, as_nobody};

const PATIENCE: Duration = Duration::from_secs(10);
const EAN: &str = "4006381333931";

/// All of them.
pub(crate) fn run(report: &mut Report, bench: &Bench) {
    report.check("what is plugged in is listed with the URI to write", || listed(bench));
    report.check("each listed URI of a scanner reads a code", || by_every_name(bench));
    report.check("two scanners of a kind are told apart", || two_of_a_kind(bench));
    report.check("a device has one owner", || one_owner(bench));
    report.check("who may not is told the rule that lets him", || permission::told(bench));
    report.check("a grabbed scanner types for nobody else", || grab::keeps_to_itself(bench));
    report.check("an empty packet of a usblp printer is silence", || empty::is_silence(bench));
    report.check("unplugged and replugged, by uevents", || replug::all(bench));
}

/// A scanner at work.
struct Running {
    events: mpsc::Receiver<Event>,
    stop: Stop,
    thread: JoinHandle<Result<(), Fault>>,
}

impl Running {
    fn start(uri: &DeviceUri) -> Self {
        let mut scanner: Box<dyn Scanner> = open_scanner(uri);
        let (sink, events) = mpsc::channel();
        let stop = Stop::new();
        let flag = stop.clone();
        let thread = thread::spawn(move || scanner.run(&sink, &flag));
        let running = Self { events, stop, thread };
        assert_eq!(running.event(), Event::Power(PowerState::Online), "{uri}");
        running
    }

    fn event(&self) -> Event {
        self.events.recv_timeout(PATIENCE).expect("an event was due")
    }

    fn reads(&self, twin: &dyn ScannerTwin, code: &str) {
        twin.send(format!("{code}\r").as_bytes()).expect("the twin is plugged in");
        match self.event() {
            Event::Data(data) => assert_eq!(data.bytes, code.as_bytes()),
            other => panic!("a code was due, not {other:?}"),
        }
    }

    fn finish(self) {
        self.stop.stop();
        assert_eq!(self.thread.join().expect("no panic"), Ok(()));
    }
}

/// The URIs that `outpost device list` would show for a gadget's serial number, with this scheme.
fn uris(serial: &str, scheme: &str) -> Vec<String> {
    let mut uris: Vec<String> = candidates(&Sys::default())
        .into_iter()
        .filter(|c| c.found.usb.as_ref().is_some_and(|usb| usb.serial.as_deref() == Some(serial)))
        .flat_map(|candidate| candidate.uris)
        .collect();
    uris.retain(|uri| uri.starts_with(&format!("{scheme}://")));
    uris
}

fn listed(bench: &Bench) {
    let _plugged = (bench.cdc(), bench.keys(KeyLayout::Us), bench.hidpos(), bench.printer());
    for (model, scheme, node) in [
        (&twin::CDC, "serial", "/dev/ttyACM"),
        (&twin::KEYS, "evdev", "/dev/input/event"),
        (&twin::HIDPOS, "hid", "/dev/hidraw"),
        (&twin::PRINTER, "escpos+usb", "/dev/usb/lp"),
    ] {
        let uris = uris(model.serial, scheme);
        println!("      {}", uris.join("  "));
        let identity = format!("{scheme}://usb:1d6b:{}:{}", model.product, model.serial);
        assert!(uris.len() == 3 && uris[0].starts_with(&identity), "{identity}: {uris:?}");
        assert!(uris[1].starts_with(&format!("{scheme}://port:")), "{uris:?}");
        assert!(uris[2].starts_with(&format!("{scheme}://{node}")), "{uris:?}");
    }
    let said = candidates(&Sys::default()).into_iter().find_map(|c| c.found.ieee1284);
    assert_eq!(said.as_deref(), Some(twin::IEEE1284), "the printer's own words");
}

/// By identity, by port and by node: the same scanner.
fn by_every_name(bench: &Bench) {
    let (cdc, keys, hidpos) = (bench.cdc(), bench.keys(KeyLayout::Us), bench.hidpos());
    let scanners: [(&dyn ScannerTwin, &str, &str); 3] = [
        (&cdc, twin::CDC.serial, "serial"),
        (&keys, twin::KEYS.serial, "evdev"),
        (&hidpos, twin::HIDPOS.serial, "hid"),
    ];
    for (twin, serial, scheme) in scanners {
        for uri in uris(serial, scheme) {
            let uri: DeviceUri = uri.parse().expect("what is listed can be written");
            let running = Running::start(&uri);
            running.reads(twin, EAN);
            running.finish();
        }
    }
}

/// By serial number and by port each reads its own codes; by its kind alone neither is opened.
fn two_of_a_kind(bench: &Bench) {
    let twins = [bench.cdc(), CdcScanner::new(&bench.second_cdc).expect("plugged in")];
    let models = [&twin::CDC, &twin::SECOND_CDC];
    for named_by in 0..2 {
        let uri = |at: usize| -> DeviceUri {
            uris(models[at].serial, "serial")[named_by].parse().expect("a URI")
        };
        let running = [Running::start(&uri(0)), Running::start(&uri(1))];
        for (at, running) in running.iter().enumerate() {
            running.reads(&twins[at], &format!("4006381333931-{at}"));
        }
        running.into_iter().for_each(Running::finish);
    }
    let kind: DeviceUri =
        format!("serial://usb:1d6b:{}", twin::CDC.product).parse().expect("a URI");
    let fault = open_scanner(&kind).run(&mpsc::channel().0, &Stop::new()).expect_err("which one?");
    assert_eq!(fault.code, FaultCode::Ambiguous, "{fault}");
}

/// The kernel gives a serial line, a grabbed keyboard and a printer to one program at a time.
fn one_owner(bench: &Bench) {
    let (cdc, keys) = (bench.cdc(), bench.keys(KeyLayout::Us));
    for uri in [cdc.uri(), keys.uri()] {
        let first = Running::start(&uri);
        let second = open_scanner(&uri).run(&mpsc::channel().0, &Stop::new());
        assert_eq!(second.expect_err("it is taken").code, FaultCode::Claimed, "{uri}");
        first.finish();
        Running::start(&uri).finish();
    }
    let twin = bench.printer();
    let mut first: Box<dyn Printer> = open_printer(&twin.uri());
    first.status().expect("it answers");
    let second = open_printer(&twin.uri()).status();
    assert_eq!(second.expect_err("it is taken").code, FaultCode::Claimed);
    drop(first);
    open_printer(&twin.uri()).status().expect("the claim ends with its owner");
}
