//! Scanners on a serial line or USB-CDC.

use std::time::Duration;

use drivers_contract::SerialAddress;
use drivers_port::{Port, open_serial};

use crate::reader::LineScanner;

/// A scanner that claims its line at every run.
#[must_use]
pub fn scanner(address: SerialAddress, idle_gap: Option<Duration>) -> LineScanner {
    let identity = address.path.display().to_string();
    let open = move || open_serial(&address).map(|port| Box::new(port) as Box<dyn Port>);
    LineScanner::new(identity, Box::new(open), idle_gap)
}
