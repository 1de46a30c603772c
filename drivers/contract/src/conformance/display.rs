//! What every customer display promises.

use std::any::Any;
use std::time::{Duration, Instant};

use crate::display::{DISPLAY_COLUMNS, LineDisplay};
use crate::fault::FaultCode;
use crate::twin::DisplayTwin;
use crate::uri::DeviceUri;

/// A driver and the twin that it is tried on.
pub struct Rig<T: DisplayTwin> {
    /// Makes the driver.
    pub open: fn(&DeviceUri) -> Box<dyn LineDisplay>,
    /// The twin, plugged in.
    pub twin: T,
    /// Whatever must outlive the twin.
    pub guard: Box<dyn Any>,
}

fn shows<T: DisplayTwin>(rig: &Rig<T>, upper: &str, lower: &str) {
    let begun = Instant::now();
    while rig.twin.lines() != [upper, lower] {
        let lines = rig.twin.lines();
        assert!(begun.elapsed() < Duration::from_secs(10), "it shows {lines:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What is shown is what was asked for, and nothing of what was there before.
pub fn two_lines_are_shown_and_replaced<T: DisplayTwin>(rig: &Rig<T>) {
    let mut display = (rig.open)(&rig.twin.uri());
    display.show("Wholemeal bread", "               3.49").expect("it is there");
    shows(rig, "Wholemeal bread", "               3.49");
    display.show("Bun", "0.45").expect("it is there");
    shows(rig, "Bun", "0.45");
    display.show("", "").expect("it is there");
    shows(rig, "", "");
}

/// The twenty-first character is not shown, and does not run into the other line.
pub fn what_is_too_long_is_cut_and_never_wraps<T: DisplayTwin>(rig: &Rig<T>) {
    let mut display = (rig.open)(&rig.twin.uri());
    let long = "abcdefghijklmnopqrstuvwxyz";
    display.show(long, "9.99").expect("it is there");
    shows(rig, &long[..DISPLAY_COLUMNS], "9.99");
    display.show("x", long).expect("it is there");
    shows(rig, "x", &long[..DISPLAY_COLUMNS]);
}

/// No character of a name is a command: neither controls nor letters without a sign.
pub fn no_text_leaves_its_line<T: DisplayTwin>(rig: &Rig<T>) {
    let mut display = (rig.open)(&rig.twin.uri());
    display.show("Br\u{f6}tchen \u{1b}@\r\n\u{c}x", "2 \u{d7} 0.45 \u{20ac}").expect("there");
    shows(rig, "Br\u{f6}tchen ?@???x", "2 x 0.45 EUR");
    display.show("Cr\u{e8}me br\u{fb}l\u{e9}e", "\u{65e5}\u{672c} 1.00").expect("there");
    shows(rig, "Cr\u{e8}me br\u{fb}l\u{e9}e", "?? 1.00");
}

/// Pulling the plug is a fault; putting it back works.
pub fn unplugged_is_noticed_and_replugged_works<T: DisplayTwin>(rig: &Rig<T>) {
    let mut display = (rig.open)(&rig.twin.uri());
    for _ in 0..3 {
        display.show("Total", "12.34").expect("it is there");
        shows(rig, "Total", "12.34");
        display.check().expect("it is there");
        rig.twin.unplug();
        let fault = display.check().expect_err("nobody is there");
        assert!(matches!(fault.code, FaultCode::Offline | FaultCode::NoHardware), "{fault}");
        assert!(display.show("x", "y").is_err());
        rig.twin.plug().expect("the twin can be plugged in again");
    }
}
