//! Pulled and put back, with the driver brought back as the store does: it runs, ends with a fault,
//! and runs again when `drivers/plug` rings.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use drivers_contract::twin::{ScannerTwin, Twin};
use drivers_contract::uri::KeyLayout;
use drivers_contract::{DeviceUri, Event, FaultCode, PowerState, Stop};
use drivers_plug::Watch;

use super::{EAN, PATIENCE};
use crate::gadget::Gadget;
use crate::{Bench, open_printer, open_scanner};

const ROUNDS: usize = 5;

/// An event and when it came.
type Seen = (Instant, Event);

pub(super) fn all(bench: &Bench) {
    let before = descriptors();
    scanner("serial", &bench.cdc, &bench.cdc());
    scanner("evdev", &bench.keys, &bench.keys(KeyLayout::Us));
    scanner("hid", &bench.hidpos, &bench.hidpos());
    printer(bench);
    assert_eq!(descriptors(), before, "descriptors are open that were not before");
}

/// How many descriptors this program holds.
fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// Watches by uevents alone: no link is named.
fn bell() -> (Watch, mpsc::Receiver<()>) {
    let (ring, rings) = mpsc::channel();
    let watch = Watch::start(&[] as &[PathBuf], move || {
        let _ = ring.send(());
    });
    (watch.expect("the kernel's uevents can be heard"), rings)
}

fn scanner(name: &str, gadget: &Gadget, twin: &dyn ScannerTwin) {
    let (sink, events) = mpsc::channel::<Event>();
    let (seen_by, seen) = mpsc::channel::<Seen>();
    let stop = Stop::new();
    thread::scope(|scope| {
        scope.spawn(move || {
            for event in events {
                let _ = seen_by.send((Instant::now(), event));
            }
        });
        let (uri, flag) = (twin.uri(), stop.clone());
        scope.spawn(move || keep_running(&uri, sink, &flag));
        let stop_at_the_end = StopAtTheEnd(&stop);
        assert_eq!(next(&seen).1, Event::Power(PowerState::Online));
        let mut times = Times::default();
        for round in 0..ROUNDS {
            let node = gadget.node().expect("it is plugged in");
            let pulled = Instant::now();
            gadget.disconnect();
            times.gone.push(gone(&node) - pulled);
            let (at, event) = next(&seen);
            assert_eq!(event, Event::Power(PowerState::Offline), "round {round}");
            times.offline.push(at - pulled);
            twin.unplug();
            twin.plug().expect("it is plugged in again");
            let there = Instant::now();
            let (at, event) = next(&seen);
            assert_eq!(event, Event::Power(PowerState::Online), "round {round}");
            times.online.push(at.saturating_duration_since(there));
            twin.send(format!("{EAN}\r").as_bytes()).expect("plugged in");
            match next(&seen).1 {
                Event::Data(data) => assert_eq!(data.bytes, EAN.as_bytes(), "round {round}"),
                other => panic!("round {round}: a code was due, not {other:?}"),
            }
        }
        times.say(name);
        drop(stop_at_the_end);
    });
}

/// A broken promise must not leave the others waiting for a driver that nobody stops.
struct StopAtTheEnd<'a>(&'a Stop);

impl Drop for StopAtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Runs a scanner again and again, each time that something was plugged.
fn keep_running(uri: &DeviceUri, sink: mpsc::Sender<Event>, stop: &Stop) {
    let (_watch, rings) = bell();
    let mut scanner = open_scanner(uri);
    while !stop.is_stopped() {
        // Rings from before the attempt are answered by it.
        while rings.try_recv().is_ok() {}
        match scanner.run(&sink, stop) {
            Ok(()) => return,
            Err(fault) => assert!(
                matches!(fault.code, FaultCode::NoHardware | FaultCode::Offline),
                "only the plug is missing: {fault}"
            ),
        }
        while !stop.is_stopped() && rings.recv_timeout(Stop::LATENCY).is_err() {}
    }
}

/// When the kernel took a node away.
fn gone(node: &Path) -> Instant {
    let end = Instant::now() + PATIENCE;
    while node.exists() && Instant::now() < end {
        thread::sleep(Duration::from_millis(1));
    }
    Instant::now()
}

fn next(seen: &mpsc::Receiver<Seen>) -> Seen {
    seen.recv_timeout(PATIENCE).expect("an event was due")
}

/// An idle printer looks at its line when something was plugged, and not before.
fn printer(bench: &Bench) {
    let twin = bench.printer();
    let (_watch, rings) = bell();
    let mut printer = open_printer(&twin.uri());
    let (sink, events) = mpsc::channel::<Event>();
    let mut poll_until = |wanted: PowerState| {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let _ = printer.poll(&sink);
            if events.try_iter().any(|event| event == Event::Power(wanted)) {
                return Instant::now();
            }
            let _ = rings.recv_timeout(PATIENCE);
        }
        panic!("{wanted:?} was due");
    };
    poll_until(PowerState::Online);
    let mut times = Times::default();
    for _ in 0..ROUNDS {
        let node = bench.printer.node().expect("it is plugged in");
        let pulled = Instant::now();
        thread::scope(|scope| {
            let kernel = scope.spawn(|| {
                bench.printer.disconnect();
                gone(&node) - pulled
            });
            times.offline.push(poll_until(PowerState::Offline) - pulled);
            times.gone.push(kernel.join().expect("no panic"));
        });
        twin.unplug();
        twin.plug().expect("it is plugged in again");
        let there = Instant::now();
        times.online.push(poll_until(PowerState::Online).saturating_duration_since(there));
    }
    times.say("usblp");
}

/// How long it took: the kernel to take the node away, the driver to say so (both from the hand),
/// and the driver to be back (from the node's return).
#[derive(Default)]
struct Times {
    gone: Vec<Duration>,
    offline: Vec<Duration>,
    online: Vec<Duration>,
}

impl Times {
    fn say(&self, name: &str) {
        let span = |times: &[Duration]| {
            let ms = |time: Option<&Duration>| time.map_or(0, Duration::as_millis);
            format!("{}..{} ms", ms(times.iter().min()), ms(times.iter().max()))
        };
        println!(
            "      {name}: pulled to node gone {}, to offline {}; node back to online {}; \
             {ROUNDS} rounds",
            span(&self.gone),
            span(&self.offline),
            span(&self.online),
        );
    }
}
