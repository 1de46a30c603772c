//! The outlet that a simulated twin hangs on: a pseudo-terminal or a TCP listener, with a plug.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use drivers_contract::{Fault, FaultCode, SerialAddress, TcpAddress};

use crate::fd::FdPort;
use crate::{Port, Pty};

/// A twin's line. One session at a time, as real devices have it: further callers wait unanswered.
pub struct Line {
    outlet: Outlet,
    plugged: Option<Plugged>,
}

enum Outlet {
    Pty { link: PathBuf, baud: u32 },
    Tcp { address: SocketAddr },
}

enum Plugged {
    Pty(Pty),
    Tcp { listener: TcpListener, session: Option<FdPort<TcpStream>> },
}

/// Where a driver finds a line.
pub enum Place {
    /// Behind this device node.
    Serial(SerialAddress),
    /// Behind this endpoint.
    Tcp(TcpAddress),
}

impl Line {
    /// A serial line behind a link at this path, plugged in. The baud rate is what the place says;
    /// pacing is the twin's matter.
    ///
    /// # Errors
    /// If the line cannot be made.
    pub fn pty(link: impl Into<PathBuf>, baud: u32) -> io::Result<Self> {
        Self::plugged_in(Outlet::Pty { link: link.into(), baud })
    }

    /// A TCP listener, plugged in; port 0 takes a free one and keeps it across replugging.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub fn tcp(address: SocketAddr) -> io::Result<Self> {
        Self::plugged_in(Outlet::Tcp { address })
    }

    fn plugged_in(outlet: Outlet) -> io::Result<Self> {
        let mut line = Self { outlet, plugged: None };
        line.plug()?;
        Ok(line)
    }

    /// Where a driver finds it.
    #[must_use]
    pub fn place(&self) -> Place {
        match &self.outlet {
            Outlet::Pty { link, baud } => {
                Place::Serial(SerialAddress { path: link.clone(), baud: *baud })
            }
            Outlet::Tcp { address } => {
                Place::Tcp(TcpAddress { host: address.ip().to_string(), port: address.port() })
            }
        }
    }

    /// Pulls the plug.
    pub fn unplug(&mut self) {
        self.plugged = None;
    }

    /// Puts it back at the same place.
    ///
    /// # Errors
    /// If the system does not give the place back.
    pub fn plug(&mut self) -> io::Result<()> {
        if self.plugged.is_some() {
            return Ok(());
        }
        self.plugged = Some(match &mut self.outlet {
            Outlet::Pty { link, .. } => Plugged::Pty(Pty::create(link)?),
            Outlet::Tcp { address } => {
                let listener = TcpListener::bind(*address)?;
                listener.set_nonblocking(true)?;
                *address = listener.local_addr()?;
                Plugged::Tcp { listener, session: None }
            }
        });
        Ok(())
    }

    /// Ends the session with the present caller; the next one is answered.
    pub fn hang_up(&mut self) {
        if let Some(Plugged::Tcp { session, .. }) = &mut self.plugged {
            *session = None;
        }
    }

    /// Whether the driver has read all that was sent, as far as the system tells: a network's line
    /// does not, and counts as read.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        match &self.plugged {
            Some(Plugged::Pty(pty)) => pty.is_drained(),
            _ => true,
        }
    }

    /// The session, a waiting caller's if there was none.
    fn session(&mut self) -> Option<&mut dyn Port> {
        match self.plugged.as_mut()? {
            Plugged::Pty(pty) => Some(pty),
            Plugged::Tcp { listener, session } => {
                if session.is_none()
                    && let Ok((stream, caller)) = listener.accept()
                {
                    *session = FdPort::new(stream, caller.to_string(), ()).ok();
                }
                session.as_mut().map(|port| port as &mut dyn Port)
            }
        }
    }
}

impl Port for Line {
    /// Without a session there is nothing to read; a session that ended makes room for the next.
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, Fault> {
        let Some(session) = self.session() else { return Ok(0) };
        match session.read(buffer, timeout) {
            Err(fault) if fault.code == FaultCode::Offline => {
                self.hang_up();
                Ok(0)
            }
            other => other,
        }
    }

    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, Fault> {
        match self.session() {
            Some(session) => session.write(bytes, timeout),
            None => Err(Fault::new(FaultCode::Offline, "nobody is on the line")),
        }
    }
}
