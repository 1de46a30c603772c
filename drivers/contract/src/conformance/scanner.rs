//! What every scanner promises.

use std::any::Any;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::event::{Event, PowerState, Stop};
use crate::fault::{Fault, FaultCode};
use crate::scanner::{ScanData, Scanner};
use crate::twin::ScannerTwin;
use crate::uri::DeviceUri;

/// A driver and the twin that it is tried on.
pub struct Rig<T: ScannerTwin> {
    /// Makes the driver.
    pub open: fn(&DeviceUri) -> Box<dyn Scanner>,
    /// The twin, plugged in.
    pub twin: T,
    /// Whatever must outlive the twin, as the temporary directory of its line.
    pub guard: Box<dyn Any>,
}

/// Longer than any healthy machine needs, so that only a broken promise reaches it.
const PATIENCE: Duration = Duration::from_secs(10);
const EAN: &[u8] = b"4006381333931";
const GS1: &[u8] = b"]d20104006381333931\x1d10LOT7";

struct Running {
    events: mpsc::Receiver<Event>,
    stop: Stop,
    thread: thread::JoinHandle<Result<(), Fault>>,
}

impl Running {
    fn start<T: ScannerTwin>(rig: &Rig<T>) -> Self {
        let mut scanner = (rig.open)(&rig.twin.uri());
        let (sink, events) = mpsc::channel();
        let stop = Stop::new();
        let flag = stop.clone();
        let running =
            Self { events, stop, thread: thread::spawn(move || scanner.run(&sink, &flag)) };
        assert_eq!(running.event(), Event::Power(PowerState::Online), "online is the first event");
        running
    }

    fn event(&self) -> Event {
        self.events.recv_timeout(PATIENCE).expect("an event was due")
    }

    fn code(&self) -> ScanData {
        match self.event() {
            Event::Data(data) => data,
            other => panic!("a code was due, not {other:?}"),
        }
    }

    fn finish(self) -> (Result<(), Fault>, Vec<Event>) {
        self.stop.stop();
        self.join()
    }

    fn join(self) -> (Result<(), Fault>, Vec<Event>) {
        let result = self.thread.join().expect("the scanner's thread does not panic");
        (result, self.events.try_iter().collect())
    }

    fn finish_quietly(self) {
        let (result, rest) = self.finish();
        assert_eq!(result, Ok(()), "stopping is not a fault");
        assert_eq!(rest, [], "nothing more than what was scanned");
    }
}

fn send<T: ScannerTwin>(rig: &Rig<T>, bytes: &[u8]) {
    rig.twin.send(bytes).expect("the twin is plugged in");
}

/// Wherever the line cuts a code in two, it arrives once and whole.
pub fn code_split_at_any_byte_arrives_once<T: ScannerTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    let line = [GS1, b"\r\n"].concat();
    for cut in 1..line.len() {
        send(rig, &line[..cut]);
        thread::sleep(Duration::from_millis(2));
        send(rig, &line[cut..]);
        let data = running.code();
        assert_eq!(data.bytes, GS1, "cut at {cut}");
        assert!(data.first_byte_at <= data.last_byte_at);
    }
    running.finish_quietly();
}

/// Two codes that come in one read are two.
pub fn two_codes_in_one_read_arrive_as_two<T: ScannerTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    send(rig, &[EAN, b"\r", GS1, b"\r"].concat());
    assert_eq!(running.code().bytes, EAN);
    assert_eq!(running.code().bytes, GS1);
    running.finish_quietly();
}

/// CR, LF and CR LF each end one code, and leave no empty one behind.
pub fn every_suffix_ends_a_code_once<T: ScannerTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    for suffix in [&b"\r"[..], b"\n", b"\r\n", b"\r\n\r\n"] {
        send(rig, &[EAN, suffix].concat());
        assert_eq!(running.code().bytes, EAN, "suffix {suffix:?}");
    }
    running.finish_quietly();
}

/// Separators, high bytes and the AIM identifier reach the owner untouched.
pub fn bytes_are_kept_as_sent<T: ScannerTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    let code: Vec<u8> = (0..=255u8).filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    send(rig, &[&code[..], b"\r"].concat());
    assert_eq!(running.code().bytes, code);
    send(rig, &[GS1, b"\r"].concat());
    let data = running.code();
    assert_eq!((data.symbology.upos(), data.payload()), (208, &GS1[3..]));
    running.finish_quietly();
}

/// What a keyboard can type reaches the owner untouched: printable ASCII, and separators.
pub fn text_is_kept_as_typed<T: ScannerTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    let code: Vec<u8> = (b' '..=b'~').chain([0x1c, 0x1d, 0x1e, 0x1f]).collect();
    send(rig, &[&code[..], b"\r"].concat());
    assert_eq!(running.code().bytes, code);
    send(rig, &[GS1, b"\r"].concat());
    let data = running.code();
    assert_eq!((data.symbology.upos(), data.payload()), (208, &GS1[3..]));
    running.finish_quietly();
}

/// Noise without an end is reported once, and the code behind it is read.
pub fn garbage_is_bounded_and_reported<T: ScannerTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    send(rig, &[b'x'; 10_000]);
    match running.event() {
        Event::Error { fault, .. } => assert_eq!(fault.code, FaultCode::Protocol),
        other => panic!("an error was due, not {other:?}"),
    }
    send(rig, &[b"\r", EAN, b"\r"].concat());
    assert_eq!(running.code().bytes, EAN, "the next code is whole");
    running.finish_quietly();
}

/// Pulling the plug ends the driver with a fault and `Power(Offline)`; putting it back works.
pub fn unplugged_is_noticed_and_replugged_works<T: ScannerTwin>(rig: &Rig<T>) {
    for round in 0..3 {
        let running = Running::start(rig);
        send(rig, &[EAN, b"\r"].concat());
        assert_eq!(running.code().bytes, EAN, "round {round}");
        let pulled = Instant::now();
        rig.twin.unplug();
        assert_eq!(running.event(), Event::Power(PowerState::Offline));
        // The promise is 100 ms; a busy machine gets ten times that before the test complains.
        assert!(pulled.elapsed() < Duration::from_secs(1), "took {:?}", pulled.elapsed());
        let (result, rest) = running.join();
        assert_eq!(result.expect_err("unplugging is a fault").code, FaultCode::Offline);
        assert_eq!(rest, []);
        rig.twin.plug().expect("the twin can be plugged in again");
    }
}

/// A scanner that is not there is a fault at once; it never claims to be on-line.
pub fn absent_is_a_fault_and_not_an_event<T: ScannerTwin>(rig: &Rig<T>) {
    rig.twin.unplug();
    let (sink, events) = mpsc::channel();
    let fault =
        (rig.open)(&rig.twin.uri()).run(&sink, &Stop::new()).expect_err("there is nothing to open");
    assert!(matches!(fault.code, FaultCode::NoHardware | FaultCode::Offline), "{fault}");
    assert_eq!(events.try_iter().count(), 0);
}

/// A stopped driver gives the device back, so that the next one can claim it.
pub fn stop_is_obeyed<T: ScannerTwin>(rig: &Rig<T>) {
    Running::start(rig).finish_quietly();
    let again = Running::start(rig);
    send(rig, &[EAN, b"\n"].concat());
    assert_eq!(again.code().bytes, EAN);
    again.finish_quietly();
}
