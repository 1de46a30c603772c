//! Devices in the network.

use std::io::ErrorKind;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use drivers_contract::{Fault, FaultCode, TcpAddress};

use nix::sys::socket::{setsockopt, sockopt};

use crate::fd::FdPort;

/// Connects within `timeout` per address of the host. A name is looked up by the system first,
/// which has a deadline of its own: shops should configure addresses.
///
/// # Errors
/// `NoHardware` if the name is unknown, `Offline` if nobody answers or the port is refused.
pub fn connect_tcp(address: &TcpAddress, timeout: Duration) -> Result<FdPort<TcpStream>, Fault> {
    let name = address.to_string();
    let doing = format!("connect to {name}");
    let places = (address.host.as_str(), address.port)
        .to_socket_addrs()
        .map_err(|e| Fault::new(FaultCode::NoHardware, format!("{doing}: {e}")))?;
    let mut fault = Fault::new(FaultCode::NoHardware, format!("{doing}: the name has no address"));
    for place in places {
        match TcpStream::connect_timeout(&place, timeout) {
            Ok(stream) => {
                // Status questions are three bytes long; Nagle would hold them back.
                stream.set_nodelay(true).map_err(|e| Fault::from_io(&doing, &e))?;
                keep_alive(&stream).map_err(|e| Fault::from_io(&doing, &e.into()))?;
                return FdPort::new(stream, name, ());
            }
            Err(e) if e.kind() == ErrorKind::TimedOut => {
                fault = Fault::new(FaultCode::Offline, format!("{doing}: nobody answers"));
            }
            Err(e) => fault = Fault::from_io(&doing, &e),
        }
    }
    Err(fault)
}

/// A device whose cable was cut says nothing for ever: the system asks after five seconds of
/// silence, and gives it up after three unanswered questions, eleven seconds in all. A device that
/// is only busy answers, since its system does.
fn keep_alive(stream: &TcpStream) -> nix::Result<()> {
    setsockopt(stream, sockopt::KeepAlive, &true)?;
    setsockopt(stream, sockopt::TcpKeepIdle, &5)?;
    setsockopt(stream, sockopt::TcpKeepInterval, &2)?;
    setsockopt(stream, sockopt::TcpKeepCount, &3)
}
