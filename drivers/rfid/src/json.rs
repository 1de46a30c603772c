//! The JSON of MQTT readers: Impinj's R700 (`tagInventory` events of its IoT device interface) and
//! Zebra's fixed readers (tag data events of the IoT Connector).
//!
//! A payload is one event, an array of them, or several one behind the other. What is no tag is
//! passed over; what is no JSON counts as broken.
#![expect(clippy::float_arithmetic, reason = "angles and megahertz come as decimal numbers")]

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use drivers_contract::rfid::{EPC_BYTES_MAX, PHASE_TURN};
use drivers_contract::{ReadFormat, TagRead};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::time::Instant;

/// The most events of one payload that are looked at.
pub const EVENTS_MAX: usize = 4_096;

/// Either reader's event; the names are theirs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow, default)]
    tag_inventory_event: Option<Tag<'a>>,
    #[serde(borrow, default)]
    data: Option<Data<'a>>,
}

/// Zebra nests one tag, or a list in batches.
#[derive(Deserialize)]
#[serde(untagged)]
enum Data<'a> {
    One(#[serde(borrow)] Tag<'a>),
    Other(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tag<'a> {
    // Impinj
    #[serde(borrow, default)]
    epc: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    epc_hex: Option<Cow<'a, str>>,
    #[serde(default)]
    antenna_port: Option<u16>,
    #[serde(default)]
    peak_rssi_cdbm: Option<i16>,
    /// Kilohertz.
    #[serde(default)]
    frequency: Option<u32>,
    /// Degrees.
    #[serde(default)]
    phase_angle: Option<f64>,
    // Zebra
    #[serde(borrow, default)]
    id_hex: Option<Cow<'a, str>>,
    #[serde(default)]
    antenna: Option<u16>,
    /// dBm.
    #[serde(default)]
    peak_rssi: Option<f64>,
    /// Megahertz.
    #[serde(default)]
    channel: Option<f64>,
    /// Degrees.
    #[serde(default)]
    phase: Option<f64>,
    #[serde(default)]
    reads: Option<u16>,
}

/// Reads every tag of a payload. Answers how many events could not be read.
pub fn read(
    format: ReadFormat,
    payload: &[u8],
    at: Instant,
    tag: &mut impl FnMut(&TagRead<'_>),
) -> u32 {
    let mut broken = 0;
    let mut one = |event: Event<'_>| {
        let found = match format {
            ReadFormat::Impinj => event.tag_inventory_event,
            ReadFormat::Zebra => match event.data {
                Some(Data::One(tag)) => Some(tag),
                Some(Data::Other(IgnoredAny)) | None => None,
            },
        };
        if let Some(found) = found
            && !report(format, &found, at, tag)
        {
            broken += 1;
        }
    };
    let array = payload.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if array {
        match serde_json::from_slice::<Vec<Event<'_>>>(payload) {
            Ok(events) => events.into_iter().take(EVENTS_MAX).for_each(&mut one),
            Err(_) => return 1,
        }
        return broken;
    }
    let events = serde_json::Deserializer::from_slice(payload).into_iter::<Event<'_>>();
    let mut lost = 0;
    for event in events.take(EVENTS_MAX) {
        match event {
            Ok(event) => one(event),
            Err(_) => lost = 1, // the stream ends here
        }
    }
    broken + lost
}

fn report(
    format: ReadFormat,
    found: &Tag<'_>,
    at: Instant,
    tag: &mut impl FnMut(&TagRead<'_>),
) -> bool {
    let mut bytes = [0; EPC_BYTES_MAX];
    let Some(length) = epc(format, found, &mut bytes) else { return false };
    let (antenna, rssi, phase, channel) = match format {
        ReadFormat::Impinj => (
            found.antenna_port,
            found.peak_rssi_cdbm,
            found.phase_angle,
            found.frequency.and_then(|khz| u16::try_from(khz / 100).ok()),
        ),
        ReadFormat::Zebra => (
            found.antenna,
            found.peak_rssi.map(|dbm| whole(dbm * 100.0)),
            found.phase,
            found.channel.map(|mhz| whole(mhz * 10.0).cast_unsigned()),
        ),
    };
    tag(&TagRead {
        epc: &bytes[..length],
        antenna: antenna.unwrap_or_default(),
        rssi_cdbm: rssi,
        phase: phase.map(turn),
        channel,
        reader_us: None,
        count: found.reads.unwrap_or(1).max(1),
        at,
    });
    true
}

fn epc(format: ReadFormat, found: &Tag<'_>, bytes: &mut [u8; EPC_BYTES_MAX]) -> Option<usize> {
    let digits = match format {
        ReadFormat::Impinj => found.epc_hex.as_deref(),
        ReadFormat::Zebra => found.id_hex.as_deref(),
    };
    if let Some(digits) = digits {
        return hex(digits, bytes);
    }
    let text = found.epc.as_deref()?.as_bytes();
    // Both alphabets are in the field; the decoder refuses what does not fit.
    let decoded = BASE64_STANDARD
        .decode_slice(text, bytes)
        .or_else(|_| BASE64_URL_SAFE.decode_slice(text, bytes))
        .ok()?;
    (decoded > 0).then_some(decoded)
}

fn hex(text: &str, bytes: &mut [u8; EPC_BYTES_MAX]) -> Option<usize> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    if !odd.is_empty() || pairs.is_empty() || pairs.len() > bytes.len() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(pairs.len())
}

/// Degrees as parts of a turn.
fn turn(degrees: f64) -> u16 {
    let parts = degrees.rem_euclid(360.0) / 360.0 * f64::from(PHASE_TURN);
    whole(parts).cast_unsigned() % PHASE_TURN
}

/// The nearest whole number that fits; what is no number is nothing.
#[expect(clippy::cast_possible_truncation, reason = "the conversion saturates")]
fn whole(value: f64) -> i16 {
    value.round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Seen = (Vec<u8>, u16, Option<i16>, Option<u16>, Option<u16>, u16);

    fn seen(format: ReadFormat, payload: &str) -> (Vec<Seen>, u32) {
        let mut seen = Vec::new();
        let broken = read(format, payload.as_bytes(), Instant::now(), &mut |r| {
            seen.push((r.epc.to_vec(), r.antenna, r.rssi_cdbm, r.phase, r.channel, r.count));
        });
        (seen, broken)
    }

    const EPC: [u8; 12] = [0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0, 0, 0x1A, 0x85];

    #[test]
    fn an_r700_event_is_a_read() {
        let text = r#"{"timestamp":"2024-08-06T12:00:00.123Z","hostname":"impinj-14-01-02",
            "eventType":"tagInventory","tagInventoryEvent":{"epc":"MHQle_cZTkAAABqF",
            "epcHex":"3074257BF7194E4000001A85","antennaPort":2,"antennaName":"Out",
            "peakRssiCdbm":-5250,"frequency":866300,"phaseAngle":90.0,"transmitPowerCdbm":3000}}"#;
        let read = (EPC.to_vec(), 2, Some(-5250), Some(1024), Some(8663), 1);
        assert_eq!(seen(ReadFormat::Impinj, text), (vec![read.clone()], 0));
        let base64 = text.replace(r#""epcHex":"3074257BF7194E4000001A85","#, "");
        assert_eq!(seen(ReadFormat::Impinj, &base64).0, vec![read.clone()]);
        let many = format!("[{text},{{\"eventType\":\"inventoryStatus\"}},{text}]");
        assert_eq!(seen(ReadFormat::Impinj, &many), (vec![read.clone(), read.clone()], 0));
        let lines = format!("{text}\n{text}\r\n");
        assert_eq!(seen(ReadFormat::Impinj, &lines), (vec![read.clone(), read], 0));
    }

    #[test]
    fn a_zebra_event_is_a_read() {
        let text = r#"{"data":{"CRC":"3e5a","PC":"3000","antenna":3,"channel":911.75,
            "eventNum":7,"format":"epc","idHex":"3074257bf7194e4000001a85","peakRssi":-39,
            "phase":180.0,"reads":4},"timestamp":"2021-05-01T10:00:00.000+0000","type":"CUSTOM"}"#;
        let read = (EPC.to_vec(), 3, Some(-3900), Some(2048), Some(9118), 4);
        assert_eq!(seen(ReadFormat::Zebra, text), (vec![read], 0));
        assert_eq!(seen(ReadFormat::Zebra, r#"{"data":{"radio_control":"running"}}"#).0, []);
        assert_eq!(seen(ReadFormat::Zebra, r#"{"data":[1,2],"type":"heartbeat"}"#), (vec![], 0));
    }

    #[test]
    fn what_is_broken_is_counted_and_not_believed() {
        assert_eq!(seen(ReadFormat::Impinj, "{\"tagInventoryEvent\":").1, 1);
        let odd = r#"{"tagInventoryEvent":{"epcHex":"307","antennaPort":1}}"#;
        assert_eq!(seen(ReadFormat::Impinj, odd), (vec![], 1));
        assert_eq!(seen(ReadFormat::Impinj, "[[[[").1, 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(crate::sim::cases()))]
        #[test]
        fn no_payload_panics(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            text in r#"[\[{]"?(data|tagInventoryEvent)"?:\{"(epcHex|idHex|epc|phase)":"?[-0-9A-Fe.]{0,30}"?\}*\]?"#,
        ) {
            for format in [ReadFormat::Impinj, ReadFormat::Zebra] {
                let now = Instant::now();
                read(format, &bytes, now, &mut |r| assert!(r.epc.len() <= EPC_BYTES_MAX));
                read(format, text.as_bytes(), now, &mut |r| assert!(r.epc.len() <= EPC_BYTES_MAX));
            }
        }
    }
}
