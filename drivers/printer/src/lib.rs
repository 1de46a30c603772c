//! ESC/POS receipt and kitchen printers in the network, on USB and on serial lines, the cash drawer
//! behind them, ZPL label printers, and their simulated twins.
//!
//! It turns a device-independent document into bytes, brings them to the printer and finds out
//! what became of them. It never knows what a receipt means, never queues jobs, never repeats one
//! by itself (both are `edge/devices`), and never takes a write that returned for a line on paper.
//!
//! **Where to start reading.** [`open`] and [`driver`]; below it [`escpos`] is the protocol without I/O, and
//! [`sim`] the twin.

use drivers_contract::{DeviceUri, Printer, UriError};

pub mod driver;
pub mod escpos;
pub mod logo;
pub mod script;
pub mod sim;
pub mod zpl;

pub use driver::{EscPosPrinter, Timing};

/// Makes the driver for a printer's URI, with the deadlines of a shop. Nothing is opened before it
/// is used.
///
/// # Errors
/// If the URI names a device of another class, or a code page that this driver does not carry.
pub fn open(uri: &DeviceUri) -> Result<Box<dyn Printer>, UriError> {
    if matches!(uri, DeviceUri::PrinterZpl { .. }) {
        return Ok(Box::new(zpl::ZplPrinter::new(uri, Timing::default())?));
    }
    Ok(Box::new(EscPosPrinter::new(uri, Timing::default())?))
}
