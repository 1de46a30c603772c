//! Customer displays of two lines of twenty characters, and their simulated twin.
//!
//! It shows two lines. It never knows prices or orders, never lets a character of a name become a
//! command, and never restarts itself. A display says nothing: that it shows is not known, only
//! that its line is there.
//!
//! **Where to start reading.** [`open`]; [`text`] is what a display has signs for, [`encode`] its
//! commands, [`sim`] the twin.

use std::time::Duration;

use drivers_contract::uri::DisplayProtocol;
use drivers_contract::{DeviceUri, Fault, FaultCode, LineDisplay, SerialAddress, UriError};
use drivers_port::{Port, open_serial};

pub mod encode;
pub mod sim;
pub mod text;

/// Makes the driver for a display's URI. Nothing is opened before [`LineDisplay::show`].
///
/// # Errors
/// If the URI names a device of another class.
pub fn open(uri: &DeviceUri) -> Result<Box<dyn LineDisplay>, UriError> {
    match uri {
        DeviceUri::Display { address, protocol } => {
            let (address, protocol) = (address.clone(), *protocol);
            Ok(Box::new(SerialDisplay { address, protocol, port: None }))
        }
        other => Err(UriError::WrongClass { uri: other.to_string(), wanted: "customer display" }),
    }
}

/// How long a display may take no bytes: its whole buffer is on the line in a tenth of it.
const PATIENCE: Duration = Duration::from_secs(1);

struct SerialDisplay {
    address: SerialAddress,
    protocol: DisplayProtocol,
    port: Option<Box<dyn Port>>,
}

impl SerialDisplay {
    fn write(&self, port: &mut dyn Port, mut bytes: &[u8]) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let count = port.write(bytes, PATIENCE)?;
            if count == 0 {
                let detail = format!("{}: it takes no bytes", self.address.path.display());
                return Err(Fault::new(FaultCode::Timeout, detail));
            }
            bytes = &bytes[count..];
        }
        Ok(())
    }

    /// The line, set up; a display that was switched on anew has to be told its character set.
    fn port(&mut self) -> Result<Box<dyn Port>, Fault> {
        if let Some(port) = self.port.take() {
            return Ok(port);
        }
        let mut port: Box<dyn Port> = Box::new(open_serial(&self.address)?);
        self.write(&mut *port, &encode::begin(self.protocol))?;
        Ok(port)
    }
}

impl LineDisplay for SerialDisplay {
    fn identity(&self) -> String {
        self.address.path.display().to_string()
    }

    fn show(&mut self, upper: &str, lower: &str) -> Result<(), Fault> {
        let mut port = self.port()?;
        self.write(&mut *port, &encode::show(self.protocol, upper, lower))?;
        self.port = Some(port);
        Ok(())
    }

    fn check(&mut self) -> Result<(), Fault> {
        let mut port = self.port()?;
        // What a display may send (it does not) is nobody's; a line that is gone says so here.
        let mut buffer = [0; 64];
        while port.read(&mut buffer, Duration::ZERO)? > 0 {}
        self.port = Some(port);
        Ok(())
    }
}
