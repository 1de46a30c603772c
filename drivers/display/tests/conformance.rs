//! The real driver against its twin, in both languages.

use drivers_contract::conformance::display::Rig;
use drivers_contract::uri::DisplayProtocol;
use drivers_contract::{DeviceUri, LineDisplay, display_conformance};
use drivers_display::sim::SimDisplay;

fn open(uri: &DeviceUri) -> Box<dyn LineDisplay> {
    drivers_display::open(uri).expect("a display's URI")
}

fn rig(protocol: DisplayProtocol) -> Rig<SimDisplay> {
    let dir = tempfile::tempdir().expect("a directory");
    let twin = SimDisplay::pty(dir.path().join("display"), protocol).expect("a line");
    Rig { open, twin, guard: Box::new(dir) }
}

display_conformance!(cd5220, || rig(DisplayProtocol::Cd5220));
display_conformance!(escpos, || rig(DisplayProtocol::EscPos));
