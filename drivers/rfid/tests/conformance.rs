//! The driver and its twin under the contract's suite, over every kind of reader.

use drivers_contract::conformance::rfid::Rig;
use drivers_contract::rfid_conformance;
use drivers_rfid::sim::{SimConfig, SimReader};

fn rig(config: SimConfig) -> Rig<SimReader> {
    Rig {
        open: |uri| drivers_rfid::open(uri).expect("a reader's URI"),
        twin: SimReader::tcp(([127, 0, 0, 1], 0).into(), config).expect("a free port"),
        guard: Box::new(()),
    }
}

rfid_conformance!(an_impinj_reader, || rig(SimConfig::default()));

/// What a plain reader sends has no phase and only whole dBm: the suite's sightings are compared
/// as it would have sent them.
mod a_plain_reader {
    use super::*;
    use drivers_contract::conformance::rfid as promises;

    fn plain(version: u8) -> Rig<SimReader> {
        rig(SimConfig { version, impinj: false, outputs: 4, gen2: false })
    }

    #[test]
    fn speaks_1_0_1_and_pulses_its_lamp() {
        promises::a_pulse_ends_by_itself(&plain(1));
        promises::a_lamp_that_stuck_goes_out(&plain(1));
        promises::another_client_is_its_own_fault(&plain(1));
    }

    #[test]
    fn speaks_1_1_and_pulses_its_lamp() {
        promises::a_pulse_ends_by_itself(&plain(2));
        promises::lost_reads_are_told(&plain(2));
        promises::unplugged_is_noticed_and_replugged_works(&plain(2));
    }
}
