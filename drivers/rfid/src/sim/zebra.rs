//! A fixed reader of Zebra's that publishes what it sees: tag data events of its IoT Connector.

use drivers_contract::twin::Sighting;

/// One tag data event. Strength is in whole dBm and the channel in megahertz, as it writes them;
/// the plan is the European one, 865.7 MHz and up.
#[must_use]
pub fn event(sighting: &Sighting) -> String {
    let hex: String = sighting.epc.iter().map(|byte| format!("{byte:02x}")).collect();
    let angle = u32::from(sighting.phase) * 36_000 / 4_096;
    let khz = 865_700 + 600 * u32::from(sighting.channel.saturating_sub(1));
    format!(
        "{{\"data\":{{\"eventNum\":1,\"format\":\"epc\",\"idHex\":\"{hex}\",\"antenna\":{},\
         \"peakRssi\":{},\"channel\":{}.{:02},\"phase\":{}.{:02},\"reads\":1}},\
         \"timestamp\":\"2026-01-01T00:00:00.000+0000\",\"type\":\"SIMPLE\"}}",
        sighting.antenna,
        sighting.rssi_cdbm / 100,
        khz / 1_000,
        khz % 1_000 / 10,
        angle / 100,
        angle % 100
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use drivers_contract::ReadFormat;
    use std::time::Instant;

    #[test]
    fn what_it_writes_is_read_as_what_it_saw() {
        let sighting = Sighting {
            epc: vec![0x30; 12],
            antenna: 3,
            rssi_cdbm: -5_400,
            phase: 1_024,
            channel: 2,
        };
        let mut seen = Vec::new();
        let payload = event(&sighting);
        let broken =
            json::read(ReadFormat::Zebra, payload.as_bytes(), Instant::now(), &mut |read| {
                seen.push((read.epc.to_vec(), read.antenna, read.rssi_cdbm, read.phase));
            });
        assert_eq!(broken, 0);
        assert_eq!(seen, [(vec![0x30; 12], 3, Some(-5_400), Some(1_024))]);
    }
}
