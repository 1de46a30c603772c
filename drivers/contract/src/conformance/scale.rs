//! What every scale promises.

use std::any::Any;
use std::time::{Duration, Instant};

use crate::fault::FaultCode;
use crate::scale::{Scale, Weight};
use crate::twin::ScaleTwin;
use crate::uri::DeviceUri;

/// A driver and the twin that it is tried on.
pub struct Rig<T: ScaleTwin> {
    /// Makes the driver.
    pub open: fn(&DeviceUri) -> Box<dyn Scale>,
    /// The twin, plugged in, with nothing on it.
    pub twin: T,
    /// The most grams that it can weigh.
    pub capacity: i32,
    /// Whatever must outlive the twin.
    pub guard: Box<dyn Any>,
}

fn weigh(scale: &mut dyn Scale) -> Weight {
    let weighing = scale.weigh().expect("the scale answers");
    assert!(!weighing.raw.is_empty(), "the raw answer is kept");
    weighing.weight
}

/// A weight is what lies there, in whole grams.
pub fn a_weight_that_stands_still_is_told_to_the_gram<T: ScaleTwin>(rig: &Rig<T>) {
    let mut scale = (rig.open)(&rig.twin.uri());
    for grams in [5, 1_086, 12_340, rig.capacity] {
        rig.twin.put(grams);
        let grams = u32::try_from(grams).expect("a load");
        assert_eq!(weigh(&mut *scale), Weight::Stable { grams });
    }
}

/// Moving, too heavy and below nothing are states of their own.
pub fn what_is_no_weight_is_never_zero_grams<T: ScaleTwin>(rig: &Rig<T>) {
    let mut scale = (rig.open)(&rig.twin.uri());
    rig.twin.put(0);
    assert_eq!(weigh(&mut *scale), Weight::Zero);
    rig.twin.put(500);
    rig.twin.set_moving(true);
    assert_eq!(weigh(&mut *scale), Weight::Unstable);
    rig.twin.set_moving(false);
    assert_eq!(weigh(&mut *scale), Weight::Stable { grams: 500 });
    rig.twin.put(rig.capacity + 1);
    assert_eq!(weigh(&mut *scale), Weight::Over);
    rig.twin.put(-20);
    assert_eq!(weigh(&mut *scale), Weight::Under);
}

/// An answer that came after its question had been given up is thrown away.
pub fn a_late_answer_never_answers_the_next_question<T: ScaleTwin>(rig: &Rig<T>) {
    let mut scale = (rig.open)(&rig.twin.uri());
    rig.twin.put(700);
    rig.twin.set_latency(Duration::from_millis(2_500));
    let fault = scale.weigh().expect_err("too late");
    assert_eq!(fault.code, FaultCode::Timeout);
    std::thread::sleep(Duration::from_millis(2_000));
    rig.twin.set_latency(Duration::ZERO);
    rig.twin.put(300);
    assert_eq!(weigh(&mut *scale), Weight::Stable { grams: 300 });
}

/// A scale that says nothing is a fault in time, not a wait for ever.
pub fn silence_is_a_fault<T: ScaleTwin>(rig: &Rig<T>) {
    let mut scale = (rig.open)(&rig.twin.uri());
    rig.twin.set_mute(true);
    let asked = Instant::now();
    assert_eq!(scale.weigh().expect_err("silence").code, FaultCode::Timeout);
    assert!(asked.elapsed() < Duration::from_secs(10));
    rig.twin.set_mute(false);
    rig.twin.put(250);
    assert_eq!(weigh(&mut *scale), Weight::Stable { grams: 250 });
}

/// Pulling the plug is a fault; putting it back works.
pub fn unplugged_is_noticed_and_replugged_works<T: ScaleTwin>(rig: &Rig<T>) {
    let mut scale = (rig.open)(&rig.twin.uri());
    rig.twin.put(100);
    for _ in 0..3 {
        assert_eq!(weigh(&mut *scale), Weight::Stable { grams: 100 });
        rig.twin.unplug();
        let fault = scale.weigh().expect_err("nobody is there");
        assert!(matches!(fault.code, FaultCode::Offline | FaultCode::NoHardware), "{fault}");
        assert_eq!(scale.weigh().expect_err("still not").code, FaultCode::NoHardware);
        rig.twin.plug().expect("the twin can be plugged in again");
    }
    assert_eq!(weigh(&mut *scale), Weight::Stable { grams: 100 });
}
