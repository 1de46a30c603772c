//! What every bump bar promises.

use std::any::Any;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::bumpbar::{BumpBar, BumpKey};
use crate::event::{Event, PowerState, Stop};
use crate::fault::{Fault, FaultCode};
use crate::twin::BumpBarTwin;
use crate::uri::DeviceUri;

/// A driver and the twin that it is tried on.
pub struct Rig<T: BumpBarTwin> {
    /// Makes the driver.
    pub open: fn(&DeviceUri) -> Box<dyn BumpBar>,
    /// The twin, plugged in.
    pub twin: T,
    /// Whatever must outlive the twin.
    pub guard: Box<dyn Any>,
}

struct Running {
    events: mpsc::Receiver<Event>,
    stop: Stop,
    thread: thread::JoinHandle<Result<(), Fault>>,
}

impl Running {
    fn start<T: BumpBarTwin>(rig: &Rig<T>) -> Self {
        let mut bar = (rig.open)(&rig.twin.uri());
        let (sink, events) = mpsc::channel();
        let stop = Stop::new();
        let flag = stop.clone();
        let running = Self { events, stop, thread: thread::spawn(move || bar.run(&sink, &flag)) };
        assert_eq!(running.event(), Event::Power(PowerState::Online), "online is the first event");
        running
    }

    fn event(&self) -> Event {
        self.events.recv_timeout(Duration::from_secs(10)).expect("an event was due")
    }
}

/// A key that is pressed and let go is one wish.
pub fn each_press_is_one_key<T: BumpBarTwin>(rig: &Rig<T>) {
    let running = Running::start(rig);
    let keys = [1, 2, 9, 10].map(BumpKey::Bump).into_iter().chain([BumpKey::Recall]);
    for key in keys.cycle().take(15) {
        rig.twin.press(key).expect("the twin is plugged in");
        assert_eq!(running.event(), Event::Key(key));
    }
    running.stop.stop();
    assert_eq!(running.thread.join().expect("no panic"), Ok(()));
    assert_eq!(running.events.try_iter().count(), 0);
}

/// Pulling the plug ends the driver with a fault and `Power(Offline)`; putting it back works.
pub fn unplugged_is_noticed_and_replugged_works<T: BumpBarTwin>(rig: &Rig<T>) {
    for _ in 0..3 {
        let running = Running::start(rig);
        rig.twin.unplug();
        assert_eq!(running.event(), Event::Power(PowerState::Offline));
        let result = running.thread.join().expect("no panic");
        assert_eq!(result.expect_err("unplugging is a fault").code, FaultCode::Offline);
        rig.twin.plug().expect("the twin can be plugged in again");
    }
}

/// A bar that is not there is a fault at once; it never claims to be on-line.
pub fn absent_is_a_fault_and_not_an_event<T: BumpBarTwin>(rig: &Rig<T>) {
    rig.twin.unplug();
    let (sink, events) = mpsc::channel();
    let fault =
        (rig.open)(&rig.twin.uri()).run(&sink, &Stop::new()).expect_err("there is nothing to open");
    assert_eq!(fault.code, FaultCode::NoHardware, "{fault}");
    assert_eq!(events.try_iter().count(), 0);
}
