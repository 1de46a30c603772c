//! The real driver against its twin, in both languages.

use drivers_contract::conformance::scale::Rig;
use drivers_contract::twin::{ScaleTwin, Twin};
use drivers_contract::uri::ScaleProtocol;
use drivers_contract::{DeviceUri, FaultCode, Scale, UriError, scale_conformance};
use drivers_scale::sim::SimScale;

fn open(uri: &DeviceUri) -> Box<dyn Scale> {
    drivers_scale::open(uri).expect("a scale's URI")
}

fn rig(protocol: ScaleProtocol) -> Rig<SimScale> {
    let dir = tempfile::tempdir().expect("a directory");
    let twin = SimScale::pty(dir.path().join("scale"), protocol, 15_000).expect("a line");
    Rig { open, twin, capacity: 15_000, guard: Box::new(dir) }
}

scale_conformance!(toledo_8217, || rig(ScaleProtocol::Toledo8217));
scale_conformance!(dialog_06, || rig(ScaleProtocol::Dialog06));

#[test]
fn a_scale_of_the_other_language_is_a_fault_and_not_a_weight() {
    let rig = rig(ScaleProtocol::Toledo8217);
    rig.twin.put(500);
    let uri = rig.twin.uri().to_string().replace("toledo8217", "dialog06");
    let fault = open(&uri.parse().expect("a scale's URI")).weigh().expect_err("it is foreign");
    assert!(matches!(fault.code, FaultCode::Protocol | FaultCode::Timeout), "{fault}");
}

#[test]
fn a_scanner_is_not_a_scale() {
    let uri: DeviceUri = "tcp://127.0.0.1:1".parse().unwrap();
    assert!(matches!(drivers_scale::open(&uri), Err(UriError::WrongClass { .. })));
}
