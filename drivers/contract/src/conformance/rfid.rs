//! What every RFID reader with a line of its own promises.

use std::any::Any;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::event::Stop;
use crate::fault::{Fault, FaultCode};
use crate::rfid::{ReaderEvent, RfidReader, SILENCE_MAX, TagRead, TagSink};
use crate::twin::{RfidTwin, Sighting};
use crate::uri::DeviceUri;

/// A driver and the twin that it is tried on.
pub struct Rig<T: RfidTwin> {
    /// Makes the driver.
    pub open: fn(&DeviceUri) -> Box<dyn RfidReader>,
    /// The twin, plugged in.
    pub twin: T,
    /// Whatever must outlive the twin.
    pub guard: Box<dyn Any>,
}

/// Longer than any healthy machine needs, so that only a broken promise reaches it.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, PartialEq, Eq)]
enum Heard {
    Read(Sighting),
    Event(ReaderEvent),
}

struct Sink(mpsc::Sender<Heard>);

impl TagSink for Sink {
    fn read(&self, read: &TagRead<'_>) {
        let _ = self.0.send(Heard::Read(Sighting {
            epc: read.epc.to_vec(),
            antenna: read.antenna,
            rssi_cdbm: read.rssi_cdbm.unwrap_or_default(),
            phase: read.phase.unwrap_or_default(),
            channel: read.channel.unwrap_or_default(),
        }));
    }

    fn event(&self, event: &ReaderEvent) {
        let _ = self.0.send(Heard::Event(event.clone()));
    }

    fn tick(&self, _: Instant) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

struct Running {
    heard: mpsc::Receiver<Heard>,
    stop: Stop,
    thread: thread::JoinHandle<Result<(), Fault>>,
    pulse: Box<dyn Fn(u16, Duration) -> Result<(), Fault>>,
}

impl Running {
    fn start<T: RfidTwin>(rig: &Rig<T>) -> Self {
        let running = Self::try_start(rig);
        match running.next() {
            Heard::Event(ReaderEvent::Online(info)) => {
                assert!(!info.protocol.is_empty(), "it says what it speaks");
            }
            other => panic!("online is the first event, not {other:?}"),
        }
        running
    }

    fn try_start<T: RfidTwin>(rig: &Rig<T>) -> Self {
        let mut reader = (rig.open)(&rig.twin.uri());
        let outputs = reader.outputs();
        let (sender, heard) = mpsc::channel();
        let stop = Stop::new();
        let flag = stop.clone();
        Self {
            heard,
            stop,
            thread: thread::spawn(move || reader.run(&Sink(sender), &flag)),
            pulse: Box::new(move |port, time| {
                let none = || Fault::new(FaultCode::Failure, "no outputs");
                outputs.as_ref().ok_or_else(none)?.pulse(port, time)
            }),
        }
    }

    fn next(&self) -> Heard {
        self.heard.recv_timeout(PATIENCE).expect("something was due")
    }

    fn finish(self) {
        self.stop.stop();
        let (result, rest) = self.join();
        assert_eq!(result, Ok(()), "stopping is not a fault");
        assert_eq!(rest, [], "nothing more than what was seen");
    }

    fn join(self) -> (Result<(), Fault>, Vec<Heard>) {
        let result = self.thread.join().expect("the reader's thread does not panic");
        (result, self.heard.try_iter().collect())
    }
}

fn some(count: u16) -> Vec<Sighting> {
    let one = |n: u16| {
        // Every third tag has the longer memory of an SGTIN-198.
        let mut epc = vec![0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0, 0];
        epc.extend(n.to_be_bytes());
        if n.is_multiple_of(3) {
            epc.resize(26, 0x5A);
        }
        Sighting {
            epc,
            antenna: 1 + n % 4,
            rssi_cdbm: -4_000 - i16::try_from(n).unwrap_or_default() * 7,
            phase: n * 37 % 4_096,
            channel: 1 + n % 4,
        }
    };
    (0..count).map(one).collect()
}

fn expect(running: &Running, sightings: &[Sighting]) {
    for sighting in sightings {
        assert_eq!(running.next(), Heard::Read(sighting.clone()));
    }
}

/// What the antennas see arrives once, in order, with all that is known of it.
pub fn reads_arrive_as_they_were_seen<T: RfidTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    let sightings = some(40);
    rig.twin.sight(&sightings).expect("it reads");
    expect(&running, &sightings);
    running.finish();
}

/// Wherever the line cuts, and however many come at once: the set-up and the reads are whole.
pub fn any_segmentation_reads_the_same<T: RfidTwin>(rig: &Rig<T>) {
    for bytes in [1, 3, 7, 11, 64] {
        rig.twin.set_segment(bytes);
        let running = Running::start(rig);
        rig.twin.sight(&some(9)).expect("it reads");
        expect(&running, &some(9));
        running.finish();
    }
}

/// Pulling the plug ends the driver with a fault; putting it back works.
pub fn unplugged_is_noticed_and_replugged_works<T: RfidTwin>(rig: &Rig<T>) {
    for _ in 0..2 {
        let running = Running::start(rig);
        rig.twin.sight(&some(1)).expect("it reads");
        expect(&running, &some(1));
        rig.twin.unplug();
        let (result, _) = running.join();
        assert_eq!(result.expect_err("unplugging is a fault").code, FaultCode::Offline);
        rig.twin.plug().expect("the twin can be plugged in again");
    }
}

/// A reader whose line stays open but says nothing is dead, and that is noticed in time.
pub fn silence_is_noticed_in_time<T: RfidTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    rig.twin.set_frozen(true);
    let frozen = Instant::now();
    let (result, _) = running.join();
    assert_eq!(result.expect_err("silence is a fault").code, FaultCode::Timeout);
    // The promise; a busy machine gets twice that before the test complains.
    assert!(frozen.elapsed() < SILENCE_MAX * 2, "took {:?}", frozen.elapsed());
    rig.twin.set_frozen(false);
}

/// A reader that is not there is a fault at once; it never claims to be on-line.
pub fn absent_is_a_fault_and_not_an_event<T: RfidTwin>(rig: &Rig<T>) {
    rig.twin.unplug();
    let (result, heard) = Running::try_start(rig).join();
    let fault = result.expect_err("there is nothing to connect to");
    assert!(matches!(fault.code, FaultCode::NoHardware | FaultCode::Offline), "{fault}");
    assert_eq!(heard, []);
}

/// A reader that another client holds says so, and is free again when that one goes.
pub fn another_client_is_its_own_fault<T: RfidTwin>(rig: &Rig<T>) {
    rig.twin.set_claimed(true);
    let (result, heard) = Running::try_start(rig).join();
    assert_eq!(result.expect_err("it is taken").code, FaultCode::Claimed);
    assert_eq!(heard, []);
    rig.twin.set_claimed(false);
    Running::start(rig).finish();
}

/// Reads that the reader lost are known to be lost.
pub fn lost_reads_are_told<T: RfidTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    rig.twin.overflow();
    assert!(matches!(running.next(), Heard::Event(ReaderEvent::BufferFilling(_))));
    assert_eq!(running.next(), Heard::Event(ReaderEvent::BufferOverflow));
    running.finish();
}

fn until_outputs<T: RfidTwin>(rig: &Rig<T>, expected: &[(u16, bool)]) {
    let begun = Instant::now();
    while rig.twin.outputs() != expected {
        let outputs = rig.twin.outputs();
        assert!(begun.elapsed() < PATIENCE, "outputs {outputs:?}, not {expected:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A pulse switches one output on, and off again by itself.
pub fn a_pulse_ends_by_itself<T: RfidTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    // It may be a moment before the outputs can be had.
    let begun = Instant::now();
    while let Err(fault) = (running.pulse)(2, Duration::from_millis(150)) {
        assert!(begun.elapsed() < PATIENCE, "{fault}");
        thread::sleep(Duration::from_millis(5));
    }
    until_outputs(rig, &[(2, true), (2, false)]);
    running.finish();
}

/// A lamp that a crash left on goes out when the next client connects.
pub fn a_lamp_that_stuck_goes_out<T: RfidTwin>(rig: &Rig<T>) {
    rig.twin.force_output(1, true);
    Running::start(rig).finish();
    until_outputs(rig, &[(1, true), (1, false)]);
}

/// A stopped driver gives the reader back, so that the next one can have it.
pub fn stop_is_obeyed<T: RfidTwin>(rig: &Rig<T>) {
    Running::start(rig).finish();
    let again = Running::start(rig);
    rig.twin.sight(&some(2)).expect("it reads");
    expect(&again, &some(2));
    again.finish();
}
