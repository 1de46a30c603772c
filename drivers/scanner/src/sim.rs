//! The simulated scanner: real bytes on a real pseudo-terminal or TCP port, at the line's speed.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use drivers_contract::twin::{ScannerTwin, Twin};
use drivers_contract::{DeviceUri, FaultCode};
use drivers_port::line::{Line, Place};
use drivers_port::{Port, pace::write_paced};

mod hid;
mod wedge;
pub use hid::{CodeReports, SimHidScanner};
pub use wedge::SimWedge;

/// A simulated scanner; clones are hands on the same one. The last clone unplugs it.
#[derive(Clone)]
pub struct SimScanner {
    line: Arc<Mutex<Line>>,
    baud: Option<u32>,
}

/// How long a full line may stay full before the scanner gives up, as a real one does.
const PATIENCE: Duration = Duration::from_secs(2);

impl SimScanner {
    /// A scanner on a serial line; a driver finds it behind `link`.
    ///
    /// # Errors
    /// If the line cannot be made.
    pub fn pty(link: impl Into<PathBuf>, baud: u32) -> io::Result<Self> {
        Ok(Self { line: Arc::new(Mutex::new(Line::pty(link, baud)?)), baud: Some(baud) })
    }

    /// A scanner in the network, at this address; port 0 takes a free one.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub fn tcp(address: SocketAddr) -> io::Result<Self> {
        Ok(Self { line: Arc::new(Mutex::new(Line::tcp(address)?)), baud: None })
    }

    /// Scans a code: its bytes and CR, as scanners leave the factory.
    ///
    /// # Errors
    /// If it is unplugged.
    pub fn scan(&self, code: &str) -> io::Result<()> {
        self.send(&[code.as_bytes(), b"\r"].concat())
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Twin for SimScanner {
    fn uri(&self) -> DeviceUri {
        match self.line().place() {
            Place::Serial(address) => DeviceUri::ScannerSerial { address, idle_gap: None },
            Place::Tcp(address) => DeviceUri::ScannerTcp { address, idle_gap: None },
        }
    }

    fn unplug(&self) {
        self.line().unplug();
    }

    fn plug(&self) -> io::Result<()> {
        self.line().plug()
    }
}

impl ScannerTwin for SimScanner {
    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        write(&mut self.line(), bytes, self.baud)
    }
}

fn write(line: &mut Line, bytes: &[u8], baud: Option<u32>) -> io::Result<()> {
    // A read notices a caller that has gone and makes room for the one that waits.
    let _ = line.read(&mut [0; 64], Duration::ZERO);
    write_paced(line, bytes, baud, PATIENCE).map_err(|fault| {
        let kind = match fault.code {
            FaultCode::Offline => io::ErrorKind::NotConnected,
            _ => io::ErrorKind::TimedOut,
        };
        io::Error::new(kind, fault)
    })
}
