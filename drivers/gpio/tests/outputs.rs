//! Outputs under the contract's promises: bounded, never left on, honest about what is not there.

use drivers_contract::conformance::output as promises;
use drivers_contract::{DeviceUri, FaultCode};
use drivers_gpio::pulse::Pulsed;
use drivers_gpio::sim::SimLine;
use std::sync::Arc;

fn rig() -> promises::Rig {
    let line = SimLine::default();
    let (lit, refused, dead, output) = (line.clone(), line.clone(), line.clone(), line.clone());
    promises::Rig {
        output: Box::new(move || Arc::new(Pulsed::new("sim".into(), output.clone()))),
        pulses: Box::new(move || lit.pulses()),
        is_on: Box::new(move || line.is_on()),
        refuse: Box::new(move |code| refused.refuse(code)),
        abandon: Box::new(move || dead.abandon()),
    }
}

drivers_contract::output_conformance!(a_simulated_line, rig);

#[test]
fn a_chip_that_is_not_there_is_a_fault_with_advice() {
    for (uri, code) in [
        ("gpio://chip987/3", FaultCode::NoHardware),
        ("gpio://no-such-label/3?active=low", FaultCode::NoHardware),
    ] {
        let output = drivers_gpio::open(&uri.parse::<DeviceUri>().unwrap()).unwrap();
        let fault = output.pulse(std::time::Duration::from_millis(1)).unwrap_err();
        assert_eq!(drivers_gpio::look(&uri.parse().unwrap()), Err(fault.clone()));
        assert_eq!(fault.code, code, "{fault}");
        assert!(!fault.advice().is_empty());
    }
    assert!(drivers_gpio::open(&"tcp://h:1".parse().unwrap()).is_err());
}

#[test]
fn rppal_is_there_only_where_it_was_built() {
    let uri: DeviceUri = "gpio://chip0/17?driver=rppal".parse().unwrap();
    // Looking never makes a driver: the pin stays as it is.
    assert_eq!(drivers_gpio::look(&uri).is_ok(), cfg!(feature = "rppal"));
    let opened = drivers_gpio::open(&uri).map(|output| output.pulse(Default::default()));
    if cfg!(feature = "rppal") {
        // This machine is no Raspberry Pi, or does not let us: a fault, not a crash.
        opened.unwrap().unwrap_err();
    } else {
        assert!(opened.is_err());
    }
}
