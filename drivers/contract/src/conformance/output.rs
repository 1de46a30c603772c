//! What every output promises.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::fault::FaultCode;
use crate::output::{Output, PULSE_MAX};

/// Makes an output anew.
pub type Make = Box<dyn Fn() -> Arc<dyn Output>>;

/// An output and the line that it is tried on.
pub struct Rig {
    /// Makes the output.
    pub output: Make,
    /// How long each pulse was that is over.
    pub pulses: Box<dyn Fn() -> Vec<Duration>>,
    /// Whether the line is on.
    pub is_on: Box<dyn Fn() -> bool>,
    /// Lets the line refuse.
    pub refuse: Box<dyn Fn(Option<FaultCode>)>,
    /// Leaves the line on, as a process that was killed may.
    pub abandon: Box<dyn Fn()>,
}

/// Longer than any healthy machine needs beyond the pulse itself.
const PATIENCE: Duration = Duration::from_secs(20);

fn until_over(rig: &Rig, count: usize) -> Vec<Duration> {
    let begun = Instant::now();
    while (rig.pulses)().len() < count {
        assert!(begun.elapsed() < PULSE_MAX + PATIENCE, "the output stays on");
        thread::sleep(Duration::from_millis(2));
    }
    (rig.pulses)()
}

/// It is on when the call comes back, and off by itself after its time.
pub fn a_pulse_ends_by_itself(rig: &Rig) {
    let output = (rig.output)();
    let time = Duration::from_millis(400);
    output.pulse(time).expect("the line is there");
    assert!((rig.is_on)(), "it came on");
    assert!(until_over(rig, 1)[0] >= time - Duration::from_millis(1));
    assert!(!(rig.is_on)());
}

/// A pulse within a pulse makes it longer, and a shorter one does not cut it.
pub fn pulses_join(rig: &Rig) {
    let output = (rig.output)();
    for ms in [200, 500, 10] {
        output.pulse(Duration::from_millis(ms)).expect("the line is there");
    }
    let pulses = until_over(rig, 1);
    assert_eq!(pulses.len(), 1);
    assert!(pulses[0] >= Duration::from_millis(490), "{pulses:?}");
}

/// Whoever goes away takes the light with him.
pub fn nobody_leaves_it_on(rig: &Rig) {
    let output = (rig.output)();
    output.pulse(Duration::from_secs(3_600)).expect("the line is there");
    assert!((rig.is_on)());
    drop(output);
    assert!(!(rig.is_on)());
}

/// What a process that was killed left on goes off when the next one starts.
pub fn what_the_dead_left_on_goes_off(rig: &Rig) {
    (rig.abandon)();
    assert!((rig.is_on)());
    let output = (rig.output)();
    let begun = Instant::now();
    while (rig.is_on)() {
        assert!(begun.elapsed() < PATIENCE, "it stays on");
        thread::sleep(Duration::from_millis(2));
    }
    output.pulse(Duration::from_millis(5)).expect("and it works as ever");
}

/// A line that cannot be had is a fault at once, and can be had later.
pub fn a_line_in_other_hands_is_a_fault(rig: &Rig) {
    let output = (rig.output)();
    for code in [FaultCode::NoHardware, FaultCode::NotPermitted, FaultCode::Claimed] {
        (rig.refuse)(Some(code));
        let fault = output.pulse(Duration::from_millis(5)).expect_err("it refuses");
        assert_eq!(fault.code, code);
    }
    (rig.refuse)(None);
    output.pulse(Duration::from_millis(5)).expect("it is free again");
    assert_eq!(until_over(rig, 1).len(), 1);
}
