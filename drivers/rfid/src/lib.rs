//! RFID readers: LLRP 1.0.1 and 1.1 over TCP and TLS, and readers that publish JSON over MQTT.
//!
//! It turns bytes into sightings of tags and commands into pulses of a reader's outputs. It never
//! decodes what an EPC means (`edge/domain` does), never decides who leaves the shop
//! (`edge/devices` does) and never restarts itself: the caller does, with back-off.
//!
//! **Where to start reading.** [`open`]; [`session`] is the dialogue without I/O, [`llrp`] its bytes,
//! [`reader`] the loop around it, [`mqtt`] the other kind; [`sim`] is the simulated reader, and
//! [`sim::world`] what passes in front of its antennas.

use drivers_contract::{DeviceUri, RfidReader, UriError};
use std::time::Duration;

pub mod json;
pub mod llrp;
pub mod mqtt;
pub mod reader;
pub mod session;
pub mod sim;
pub mod tls;

/// Makes the driver for a reader's URI. Nothing is opened before [`RfidReader::run`].
///
/// # Errors
/// If the URI names a device of another class.
pub fn open(uri: &DeviceUri) -> Result<Box<dyn RfidReader>, UriError> {
    match uri {
        DeviceUri::ReaderLlrp { address, tls, .. } => {
            Ok(Box::new(reader::LlrpReader::new(address.clone(), tls.clone())))
        }
        DeviceUri::ReaderMqtt { address, topic, format, heartbeat_s, .. } => {
            let heartbeat = heartbeat_s.map(|seconds| Duration::from_secs(seconds.into()));
            let (address, topic) = (address.clone(), topic.clone());
            Ok(Box::new(mqtt::MqttReader::new(address, topic, *format, heartbeat)))
        }
        other => Err(UriError::WrongClass { uri: other.to_string(), wanted: "RFID reader" }),
    }
}
