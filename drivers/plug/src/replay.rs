//! A capture, played back as a device on a line of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use drivers_contract::{Fault, FaultCode};
use drivers_port::line::Line;
use drivers_port::{Port, play, read_capture};

/// How long a pause of the capture may last when it is played.
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// How long the line stays plugged in after the last byte was read, or handed to the network.
const LINGER: Duration = Duration::from_secs(2);

/// Where a capture is played.
pub enum Outlet {
    /// On a pseudo-terminal behind this link.
    Pty(PathBuf),
    /// At this address.
    Tcp(SocketAddr),
}

/// A capture that waits for somebody to open its line.
pub struct Replay {
    line: Line,
    lines: Vec<drivers_contract::capture::Line>,
}

impl Replay {
    /// Reads a capture and plugs a line in.
    ///
    /// # Errors
    /// If the capture cannot be read or the line not be made.
    pub fn open(file: &Path, outlet: Outlet) -> Result<Self, Fault> {
        let lines = read_capture(file)?;
        let line = match outlet {
            Outlet::Pty(link) => Line::pty(link, 9_600),
            Outlet::Tcp(address) => Line::tcp(address),
        };
        let line = line.map_err(|e| Fault::from_io("make a line", &e))?;
        Ok(Self { line, lines })
    }

    /// How many reads and writes it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Where a driver finds it: a path, or `host:port`.
    #[must_use]
    pub fn place(&self) -> String {
        match self.line.place() {
            drivers_port::line::Place::Serial(address) => address.path.display().to_string(),
            drivers_port::line::Place::Tcp(address) => address.to_string(),
        }
    }

    /// Plays it once; answers how many bytes the device said. The line stays plugged in until the
    /// replay is dropped.
    ///
    /// # Errors
    /// `Timeout` if nobody listens for `patience`, or says something shorter than then.
    pub fn play(&mut self, patience: Duration) -> Result<usize, Fault> {
        let Self { line, lines } = self;
        let mut waiting = Waiting { line, patience };
        play(lines, &mut waiting, PAUSE_MAX, patience)
    }

    /// Waits until the last byte was read, and a moment longer: what a driver has not read when
    /// the plug is pulled is lost.
    ///
    /// # Errors
    /// `Timeout` if nobody reads for `patience`.
    pub fn settle(&self, patience: Duration) -> Result<(), Fault> {
        let begun = std::time::Instant::now();
        while !self.line.is_drained() {
            if begun.elapsed() > patience {
                return Err(Fault::new(FaultCode::Timeout, "nobody reads what the device says"));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(LINGER);
        Ok(())
    }
}

/// A line on which writing waits until somebody is there.
struct Waiting<'a> {
    line: &'a mut Line,
    patience: Duration,
}

impl Port for Waiting<'_> {
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<usize, Fault> {
        self.line.read(buffer, timeout)
    }

    fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<usize, Fault> {
        let begun = std::time::Instant::now();
        loop {
            // A read notices a caller that has gone and makes room for the one that waits.
            match self.line.write(bytes, timeout) {
                Err(fault)
                    if fault.code == FaultCode::Offline && begun.elapsed() < self.patience =>
                {
                    std::thread::sleep(Duration::from_millis(10));
                }
                other => return other,
            }
        }
    }
}
