//! The simulated bump bar: the kernel's own records of keys, on a pseudo-terminal.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use drivers_contract::twin::{BumpBarTwin, Twin};
use drivers_contract::uri::KeyLayout;
use drivers_contract::{BumpKey, DeviceUri, KeysAddress};
use drivers_port::keys::{KeyRecord, encode};
use drivers_port::line::Line;
use drivers_port::pace::write_paced;

/// A simulated bump bar; clones are hands on the same one.
#[derive(Clone)]
pub struct SimBumpBar {
    line: Arc<Mutex<Line>>,
    path: PathBuf,
}

impl SimBumpBar {
    /// A bar; a driver finds it behind `link`.
    ///
    /// # Errors
    /// If the line cannot be made.
    pub fn pty(link: impl Into<PathBuf>) -> io::Result<Self> {
        let path = link.into();
        Ok(Self { line: Arc::new(Mutex::new(Line::pty(&path, 9_600)?)), path })
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Twin for SimBumpBar {
    fn uri(&self) -> DeviceUri {
        let keys = KeysAddress { path: self.path.clone(), layout: KeyLayout::Us };
        DeviceUri::BumpBar { keys }
    }

    fn unplug(&self) {
        self.line().unplug();
    }

    fn plug(&self) -> io::Result<()> {
        self.line().plug()
    }
}

impl BumpBarTwin for SimBumpBar {
    fn press(&self, key: BumpKey) -> io::Result<()> {
        let code = match key {
            BumpKey::Recall => 14,
            BumpKey::Bump(place) => u16::from(place.clamp(1, 10)) + 1,
        };
        let records = [encode(KeyRecord::Down(code)), encode(KeyRecord::Up(code))].concat();
        write_paced(&mut *self.line(), &records, None, Duration::from_secs(2))
            .map_err(io::Error::other)
    }
}
