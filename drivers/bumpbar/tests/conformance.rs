//! The real driver against its twin.

use drivers_bumpbar::sim::SimBumpBar;
use drivers_contract::conformance::bumpbar::Rig;
use drivers_contract::{BumpBar, DeviceUri, bumpbar_conformance};

fn open(uri: &DeviceUri) -> Box<dyn BumpBar> {
    drivers_bumpbar::open(uri).expect("a bump bar's URI")
}

fn keys() -> Rig<SimBumpBar> {
    let dir = tempfile::tempdir().expect("a directory");
    let twin = SimBumpBar::pty(dir.path().join("keys")).expect("a line");
    Rig { open, twin, guard: Box::new(dir) }
}

bumpbar_conformance!(by_keys, keys);
