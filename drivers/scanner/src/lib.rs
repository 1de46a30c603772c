//! Barcode scanners on serial lines (USB-CDC among them), behind TCP, that type like a keyboard and
//! that speak HID-POS, and their simulated twins.
//!
//! It turns bytes into codes with their symbology and time of arrival. It never decodes what a
//! code means (`edge/domain` does), never filters double reads (`edge/devices` does), never writes
//! to a scanner and never restarts itself: the caller does, with back-off.
//!
//! **Where to start reading.** [`open`]; [`protocol`] is the framing without I/O, [`wedge`]
//! and [`hidpos`] are its siblings for keys and reports, [`reader`] the loop around all of them, [`sim`]
//! the twins.

use drivers_contract::{DeviceUri, Scanner, UriError};

pub mod hidpos;
mod local;
pub mod protocol;
pub mod reader;
pub mod serial;
pub mod sim;
pub mod tcp;
pub mod wedge;

/// Makes the driver for a scanner's URI. Nothing is opened before [`Scanner::run`].
///
/// # Errors
/// If the URI names a device of another class.
pub fn open(uri: &DeviceUri) -> Result<Box<dyn Scanner>, UriError> {
    match uri {
        DeviceUri::ScannerSerial { address, idle_gap } => {
            Ok(Box::new(serial::scanner(address.clone(), *idle_gap)))
        }
        DeviceUri::ScannerTcp { address, idle_gap } => {
            Ok(Box::new(tcp::scanner(address.clone(), *idle_gap)))
        }
        DeviceUri::ScannerKeys { keys } => Ok(Box::new(local::wedge(keys.clone()))),
        DeviceUri::ScannerHid { path } => Ok(Box::new(local::hid(path.clone()))),
        other => Err(UriError::WrongClass { uri: other.to_string(), wanted: "scanner" }),
    }
}
