//! Scanners on a serial line or USB-CDC.

use std::time::Duration;

use drivers_contract::SerialAddress;
use drivers_port::open_serial;

use crate::protocol::Framer;
use crate::reader::{Opened, PortScanner};

/// A scanner that claims its line at every run.
#[must_use]
pub fn scanner(address: SerialAddress, idle_gap: Option<Duration>) -> PortScanner {
    let identity = address.path.display().to_string();
    let open = move || -> Result<Opened, _> {
        Ok((Box::new(open_serial(&address)?), Box::new(Framer::new(idle_gap))))
    };
    PortScanner::new(identity, Box::new(open), idle_gap)
}
