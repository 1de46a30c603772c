//! Scales at the till, and their simulated twin.
//!
//! It asks a scale for the load, and says what the answer means, with the answer as it came. It
//! never makes a weight of what is none (a load that moves, too much, too little), never knows
//! prices, never writes to a line that was not configured as a scale's, and never restarts itself.
//!
//! **Where to start reading.** [`open`]; [`toledo`] and [`dialog06`] are the protocols without
//! I/O, [`driver`] the loop around them, [`sim`] the twin.

use checksum::Generator;
use drivers_contract::uri::ScaleProtocol;
use drivers_contract::{DeviceUri, Scale, UriError, Weight};

pub mod checksum;
pub mod dialog06;
pub mod driver;
pub mod sim;
pub mod toledo;

/// Makes the driver for a scale's URI. Nothing is opened before [`Scale::weigh`].
///
/// # Errors
/// If the URI names a device of another class, or a file with a checksum's number that cannot be
/// read or holds none.
pub fn open(uri: &DeviceUri) -> Result<Box<dyn Scale>, UriError> {
    match uri {
        DeviceUri::Scale { address, protocol, framing, checksums } => {
            let generator = checksums.as_deref().map(Generator::read).transpose()?;
            let dialogue: driver::Begin = match protocol {
                ScaleProtocol::Toledo8217 => Box::new(|| Box::new(toledo::Toledo)),
                ScaleProtocol::Dialog06 => {
                    Box::new(move || Box::new(dialog06::Dialog06::new(generator)))
                }
            };
            Ok(Box::new(driver::SerialScale::new(address.clone(), *framing, dialogue)))
        }
        other => Err(UriError::WrongClass { uri: other.to_string(), wanted: "scale" }),
    }
}

/// The most bytes of an answer: more come from a line at the wrong speed.
pub const ANSWER_BYTES_MAX: usize = 64;

/// What a dialogue with a scale wants next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Say this, and listen.
    Say(Vec<u8>),
    /// Listen on.
    Listen,
    /// That is what it weighs.
    Done(Weight),
    /// It does not speak this language, or it refuses: why.
    Foreign(String),
}

/// One question to a scale and its answers, without I/O.
pub trait Dialogue: Send {
    /// What to say first.
    fn begin(&mut self) -> Vec<u8>;

    /// Takes bytes as they came; what is left of them after a step is given again.
    fn on_bytes(&mut self, bytes: &mut Vec<u8>) -> Step;
}

/// A whole number of at most seven digits; spaces in front are none.
pub(crate) fn digits(bytes: &[u8]) -> Option<u32> {
    let bytes = bytes.trim_ascii_start();
    let number = (1..=7).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit);
    number.then(|| bytes.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
}
