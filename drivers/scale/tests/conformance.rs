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

/// A scale that knows its till by checksums, with the number in a file as a shop has it.
fn certified() -> Rig<SimScale> {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("generator");
    std::fs::write(&file, "18005\n").expect("a file");
    let twin = SimScale::certified(dir.path().join("scale"), 15_000, file).expect("a line");
    Rig { open, twin, capacity: 15_000, guard: Box::new(dir) }
}

scale_conformance!(dialog_06_with_checksums, certified);

#[test]
fn a_certified_scale_asks_again_and_takes_no_other_number() {
    let rig = certified();
    let mut scale = open(&rig.twin.uri());
    // Moved and put back a hundred times: it asks at the first, and after each fifty.
    for grams in (1..=100).map(|n| n * 10) {
        rig.twin.put(grams);
        let weighing = scale.weigh().expect("it knows this till");
        assert_eq!(weighing.weight.grams(), u32::try_from(grams).ok());
    }
    drop(scale);
    let DeviceUri::Scale { checksums: Some(file), .. } = rig.twin.uri() else { panic!("a scale") };
    std::fs::write(&file, "1021").expect("a file");
    rig.twin.unplug();
    rig.twin.plug().expect("a line");
    let fault = open(&rig.twin.uri()).weigh().expect_err("it is another maker's number");
    assert_eq!(fault.code, FaultCode::Protocol);
    assert!(fault.to_string().contains("does not accept the checksums"), "{fault}");
    let uri = rig.twin.uri().to_string();
    let (without, _) = uri.split_once("&checksums").expect("the URI names the file");
    let fault = open(&without.parse().expect("a URI")).weigh().expect_err("it asks for them");
    assert!(fault.to_string().contains("checksums=/path"), "{fault}");
}

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
