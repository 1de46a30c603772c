//! The simulated scanner that types: the kernel's own records of keys, on a pseudo-terminal, since
//! a machine without uinput has no other way to be a keyboard.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use drivers_contract::twin::{ScannerTwin, Twin};
use drivers_contract::uri::KeyLayout;
use drivers_contract::{DeviceUri, KeysAddress};
use drivers_port::keys::{KeyRecord, encode};
use drivers_port::line::Line;

use crate::wedge::keymap::presses;

/// A simulated scanner that types; clones are hands on the same one.
#[derive(Clone)]
pub struct SimWedge {
    line: Arc<Mutex<Line>>,
    keys: KeysAddress,
}

impl SimWedge {
    /// A scanner that believes to be this keyboard; a driver finds it behind `link`.
    ///
    /// # Errors
    /// If the line cannot be made.
    pub fn pty(link: impl Into<PathBuf>, layout: KeyLayout) -> io::Result<Self> {
        let path = link.into();
        let line = Arc::new(Mutex::new(Line::pty(&path, 9_600)?));
        Ok(Self { line, keys: KeysAddress { path, layout } })
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Twin for SimWedge {
    fn uri(&self) -> DeviceUri {
        DeviceUri::ScannerKeys { keys: self.keys.clone() }
    }

    fn unplug(&self) {
        self.line().unplug();
    }

    fn plug(&self) -> io::Result<()> {
        self.line().plug()
    }
}

impl ScannerTwin for SimWedge {
    /// Types the bytes; one that is on no key is not typed, as with a real one.
    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut records = Vec::new();
        for byte in bytes {
            // A line feed is Ctrl-J; a carriage return is Enter.
            for codes in presses(self.keys.layout, char::from(*byte)).unwrap_or_default() {
                let down = codes.iter().map(|code| KeyRecord::Down(*code));
                let up = codes.iter().rev().map(|code| KeyRecord::Up(*code));
                records.extend(down.chain(up).flat_map(encode));
            }
        }
        super::write(&mut self.line(), &records, None)
    }
}
