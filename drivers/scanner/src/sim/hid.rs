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
    codes: CodeReports,
}

impl SimHidScanner {
    /// A scanner; a driver finds it behind `link`.
    ///
    /// # Errors
    /// If the line cannot be made.
    pub fn pty(link: impl Into<PathBuf>) -> io::Result<Self> {
        let path = link.into();
        let line = Line::pty(&path, 9_600)?;
        let inner = Inner { line, codes: CodeReports::default() };
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
        inner.codes = CodeReports::default();
    }

    fn plug(&self) -> io::Result<()> {
        self.inner().line.plug()
    }
}

impl ScannerTwin for SimHidScanner {
    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut inner = self.inner();
        let reports = inner.codes.take(bytes).concat();
        super::write(&mut inner.line, &reports, None)
    }
}

/// What such a scanner makes of codes, on whatever line it hangs: reports, as they fill or end.
#[derive(Debug, Default)]
pub struct CodeReports {
    aim: [u8; 3],
    code: Vec<u8>,
    begun: bool,
}

impl CodeReports {
    /// Takes bytes and gives the reports that they complete; the rest waits for more or for the
    /// code's end. A code ends with CR or LF here, which are not sent; an AIM identifier at its
    /// front goes into its own fields.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut reports = Vec::new();
        for byte in bytes {
            if matches!(byte, b'\r' | b'\n') {
                reports.extend(self.flush(true));
                self.aim = [0; 3];
                continue;
            }
            self.code.push(*byte);
            if let [b']', letter, modifier] = self.code[..]
                && !self.begun
                && letter.is_ascii_alphabetic()
                && modifier.is_ascii_alphanumeric()
            {
                self.aim = [b']', letter, modifier];
                self.code.clear();
            }
        }
        reports.extend(self.flush(false));
        reports
    }

    fn flush(&mut self, ended: bool) -> Vec<Vec<u8>> {
        let room = Layout::usual().data.byte_count;
        let sent = if ended { self.code.len() } else { self.code.len() / room * room };
        if !self.begun && sent == 0 {
            return Vec::new();
        }
        let code: Vec<u8> = self.code.drain(..sent).collect();
        self.begun = !ended;
        encode_reports(self.aim, &code, ended)
    }
}
