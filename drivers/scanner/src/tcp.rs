//! Scanners in the network, or behind a serial server.

use std::time::Duration;

use drivers_contract::TcpAddress;
use drivers_port::connect_tcp;

use crate::protocol::Framer;
use crate::reader::{Opened, PortScanner};

/// A shop's network answers in milliseconds; the owner tries again anyway.
const CONNECT_WAIT: Duration = Duration::from_secs(2);

/// A scanner that connects at every run.
#[must_use]
pub fn scanner(address: TcpAddress, idle_gap: Option<Duration>) -> PortScanner {
    let identity = address.to_string();
    let open = move || -> Result<Opened, _> {
        let port = connect_tcp(&address, CONNECT_WAIT)?;
        Ok((Box::new(port), Box::new(Framer::new(idle_gap))))
    };
    PortScanner::new(identity, Box::new(open), idle_gap)
}
