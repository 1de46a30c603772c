//! The simulated HID-POS scanner: whole reports of the usual layout, on a pseudo-terminal.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use drivers_contract::DeviceUri;
use drivers_contract::twin::{ScannerTwin, Twin};
use drivers_port::line::Line;

use crate::hidpos::{Layout, encode_reports};

/// A simulated HID-POS scanner; clones are hands on the same one.
#[derive(Clone)]
pub struct SimHidScanner {
    inner: Arc<Mutex<Inner>>,
    path: PathBuf,
}

struct Inner {
    line: Line,
    aim: [u8; 3],
    code: Vec<u8>,
    begun: bool,
}

impl SimHidScanner {
    /// A scanner; a driver finds it behind `link`.
    ///
    /// # Errors
    /// If the line cannot be made.
    pub fn pty(link: impl Into<PathBuf>) -> io::Result<Self> {
        let path = link.into();
        let line = Line::pty(&path, 9_600)?;
        let inner = Inner { line, aim: [0; 3], code: Vec::new(), begun: false };
        Ok(Self { inner: Arc::new(Mutex::new(inner)), path })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Twin for SimHidScanner {
    fn uri(&self) -> DeviceUri {
        DeviceUri::ScannerHid { path: self.path.clone() }
    }

    fn unplug(&self) {
        let mut inner = self.inner();
        inner.line.unplug();
        (inner.begun, inner.aim) = (false, [0; 3]);
        inner.code.clear();
    }

    fn plug(&self) -> io::Result<()> {
        self.inner().line.plug()
    }
}

impl Inner {
    /// Sends what fills reports; the rest waits for more or for the code's end.
    fn flush(&mut self, ended: bool) -> io::Result<()> {
        let room = Layout::usual().data.byte_count;
        let sent = if ended { self.code.len() } else { self.code.len() / room * room };
        if !self.begun && sent == 0 {
            return Ok(());
        }
        let code: Vec<u8> = self.code.drain(..sent).collect();
        let reports = encode_reports(self.aim, &code, ended).concat();
        self.begun = !ended;
        super::write(&mut self.line, &reports, None)
    }
}

impl ScannerTwin for SimHidScanner {
    /// Scans: a code ends with CR or LF here, which are not sent; an AIM identifier at its front
    /// goes into its own fields.
    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut inner = self.inner();
        for byte in bytes {
            if matches!(byte, b'\r' | b'\n') {
                inner.flush(true)?;
                inner.aim = [0; 3];
                continue;
            }
            inner.code.push(*byte);
            if let [b']', letter, modifier] = inner.code[..]
                && !inner.begun
                && letter.is_ascii_alphabetic()
                && modifier.is_ascii_alphanumeric()
            {
                inner.aim = [b']', letter, modifier];
                inner.code.clear();
            }
        }
        inner.flush(false)
    }
}
