//! An R700 that publishes what it sees: the events of its IoT device interface, as JSON.

use base64::Engine;
use drivers_contract::twin::Sighting;

/// One `tagInventory` event. The channel is an index of the European plan: 865.7 MHz and up.
#[must_use]
pub fn event(sighting: &Sighting) -> String {
    let hex: String = sighting.epc.iter().map(|byte| format!("{byte:02X}")).collect();
    let base64 = base64::prelude::BASE64_URL_SAFE.encode(&sighting.epc);
    // Hundredths of a degree, written with the point that the reader writes.
    let angle = u32::from(sighting.phase) * 36_000 / 4_096;
    let khz = 865_700 + 600 * u32::from(sighting.channel.saturating_sub(1));
    format!(
        "{{\"timestamp\":\"2026-01-01T00:00:00.000000000Z\",\"hostname\":\"impinj-14-00-00\",\
         \"eventType\":\"tagInventory\",\"tagInventoryEvent\":{{\"epc\":\"{base64}\",\
         \"epcHex\":\"{hex}\",\"antennaPort\":{},\"peakRssiCdbm\":{},\"frequency\":{khz},\
         \"phaseAngle\":{}.{:02}}}}}",
        sighting.antenna,
        sighting.rssi_cdbm,
        angle / 100,
        angle % 100
    )
}
