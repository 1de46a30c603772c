//! Card terminals: ZVT, and the simulated one.
//!
//! It asks a terminal to charge, and says what became of it. It never decides whether a sale is
//! paid, never repeats a charge, never sees a card number, and never restarts itself.
//!
//! **Where to start reading.** [`open`]; [`zvt`] is the protocol of real terminals with its twin;
//! [`line`] is the simulated terminal's protocol on the store's end, [`sim`] the terminal itself.

use drivers_contract::{CardTerminal, DeviceUri, UriError};

pub mod line;
pub mod message;
mod paper;
pub mod sim;
pub mod zvt;

/// Makes the driver for a card terminal's URI. Nothing is opened before it is used.
///
/// # Errors
/// If the URI names a device of another class.
pub fn open(uri: &DeviceUri) -> Result<Box<dyn CardTerminal>, UriError> {
    match uri {
        DeviceUri::TerminalSim { address } => {
            Ok(Box::new(line::LineTerminal::new(address.clone())))
        }
        DeviceUri::TerminalZvt { address, password, memory } => {
            let (address, password, memory) = (address.clone(), password.clone(), memory.clone());
            Ok(Box::new(zvt::driver::ZvtTerminal::new(address, password, memory)))
        }
        other => Err(UriError::WrongClass { uri: other.to_string(), wanted: "card terminal" }),
    }
}
