//! What a scanner types must not reach a till's screen, or whoever else reads keyboards.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use drivers_contract::twin::{ScannerTwin, Twin};
use drivers_contract::uri::KeyLayout;
use nix::fcntl::OFlag;

use super::{EAN, PATIENCE, Running};
use crate::Bench;

/// Another program on the same keyboard, as a desktop is one.
struct Eavesdropper(File);

impl Eavesdropper {
    fn on(node: &Path) -> Self {
        let mut options = File::options();
        options.read(true).custom_flags(OFlag::O_NONBLOCK.bits());
        Self(options.open(node).expect("input devices have many readers"))
    }

    /// The bytes that it heard since the last look.
    fn heard(&mut self) -> usize {
        let (mut buffer, mut count) = ([0; 4_096], 0);
        while let Ok(more @ 1..) = self.0.read(&mut buffer) {
            count += more;
        }
        count
    }

    fn hears_within(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        while Instant::now() < end {
            if self.heard() > 0 {
                return true;
            }
            thread::sleep(Duration::from_millis(5));
        }
        false
    }
}

/// Heard before the driver came and after it went, and not a key in between.
pub(super) fn keeps_to_itself(bench: &Bench) {
    let twin = bench.keys(KeyLayout::Us);
    let mut other = Eavesdropper::on(&bench.keys.node().expect("it is plugged in"));
    let typed = format!("{EAN}\r");
    twin.send(typed.as_bytes()).expect("plugged in");
    assert!(other.hears_within(PATIENCE), "without a driver everybody hears it: the lab is deaf");
    while other.hears_within(Duration::from_millis(300)) {}

    let running = Running::start(&twin.uri());
    for _ in 0..5 {
        running.reads(&twin, EAN);
    }
    assert!(!other.hears_within(Duration::from_millis(300)), "keys leaked past the grab");
    running.finish();

    twin.send(typed.as_bytes()).expect("plugged in");
    assert!(other.hears_within(PATIENCE), "the grab ends with the driver");
}
