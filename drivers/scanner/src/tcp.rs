//! Scanners in the network, or behind a serial server.

use std::time::Duration;

use drivers_contract::TcpAddress;
use drivers_port::{Port, connect_tcp};

use crate::reader::LineScanner;

/// A shop's network answers in milliseconds; the owner tries again anyway.
const CONNECT_WAIT: Duration = Duration::from_secs(2);

/// A scanner that connects at every run.
#[must_use]
pub fn scanner(address: TcpAddress, idle_gap: Option<Duration>) -> LineScanner {
    let identity = address.to_string();
    let open =
        move || connect_tcp(&address, CONNECT_WAIT).map(|port| Box::new(port) as Box<dyn Port>);
    LineScanner::new(identity, Box::new(open), idle_gap)
}
