//! The simulated display: it reads the real commands from a pseudo-terminal, and is looked at.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use drivers_contract::display::DISPLAY_COLUMNS;
use drivers_contract::twin::{DisplayTwin, Twin};
use drivers_contract::uri::DisplayProtocol;
use drivers_contract::{DeviceUri, SerialAddress};
use drivers_port::Port;
use drivers_port::line::Line;

use crate::text::shown;

/// A simulated display; clones are eyes on the same one.
#[derive(Clone)]
pub struct SimDisplay {
    glass: Arc<Mutex<Glass>>,
    address: SerialAddress,
    protocol: DisplayProtocol,
}

struct Glass {
    line: Line,
    screen: Screen,
}

/// What is on the glass, and what the display is being told.
#[derive(Debug)]
pub struct Screen {
    cells: [[char; DISPLAY_COLUMNS]; 2],
    at: (usize, usize),
    heard: Vec<u8>,
}

impl Default for Screen {
    fn default() -> Self {
        Self { cells: [[' '; DISPLAY_COLUMNS]; 2], at: (0, 0), heard: Vec::new() }
    }
}

impl Screen {
    /// Takes one byte.
    pub fn on_byte(&mut self, byte: u8) {
        self.heard.push(byte);
        if self.command() {
            self.heard.clear();
        }
    }

    /// Carries out what was heard; answers whether it was whole.
    fn command(&mut self) -> bool {
        match self.heard[..] {
            [0x0c] => *self = Self::default(),
            [0x1b | 0x1f] | [0x1b, b't' | b'_' | b'*' | b'Q'] | [0x1f, b'C'] => return false,
            [0x1b, b'@'] => *self = Self::default(),
            [0x1b, b't' | b'_' | b'*', _] | [0x1f, b'C', _] => {}
            [0x1f, b'$'] | [0x1f, b'$', _] => return false,
            [0x1f, b'$', x, y] => {
                let place = (usize::from(x).wrapping_sub(1), usize::from(y).wrapping_sub(1));
                if place.0 < DISPLAY_COLUMNS && place.1 < 2 {
                    self.at = place;
                }
            }
            [0x1b, b'Q', line @ (b'A' | b'B'), ref text @ ..] => {
                let Some((b'\r', text)) = text.split_last() else {
                    // A real one shows nothing either before the end has come.
                    return self.heard.len() > 3 + 2 * DISPLAY_COLUMNS;
                };
                let cells = &mut self.cells[usize::from(line - b'A')];
                *cells = [' '; DISPLAY_COLUMNS];
                for (cell, byte) in cells.iter_mut().zip(text) {
                    *cell = shown(*byte).unwrap_or('\u{fffd}');
                }
            }
            [byte] if shown(byte).is_some() => self.write(shown(byte).unwrap_or(' ')),
            _ => {}
        }
        true
    }

    /// Writes at the cursor, and wraps as real ones do.
    fn write(&mut self, char: char) {
        let (x, y) = self.at;
        self.cells[y][x] = char;
        self.at = if x + 1 < DISPLAY_COLUMNS { (x + 1, y) } else { (0, (y + 1) % 2) };
    }

    /// What the two lines show, without spaces at the end.
    #[must_use]
    pub fn lines(&self) -> [String; 2] {
        self.cells.map(|cells| cells.iter().collect::<String>().trim_end().to_owned())
    }
}

impl SimDisplay {
    /// A display; a driver finds it behind `link`.
    ///
    /// # Errors
    /// If the line cannot be made.
    pub fn pty(link: impl Into<PathBuf>, protocol: DisplayProtocol) -> io::Result<Self> {
        let path = link.into();
        let glass = Glass { line: Line::pty(&path, 9_600)?, screen: Screen::default() };
        let address = SerialAddress { path, baud: 9_600 };
        Ok(Self { glass: Arc::new(Mutex::new(glass)), address, protocol })
    }

    fn glass(&self) -> MutexGuard<'_, Glass> {
        self.glass.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Twin for SimDisplay {
    fn uri(&self) -> DeviceUri {
        DeviceUri::Display { address: self.address.clone(), protocol: self.protocol }
    }

    fn unplug(&self) {
        let mut glass = self.glass();
        glass.line.unplug();
        glass.screen = Screen::default();
    }

    fn plug(&self) -> io::Result<()> {
        self.glass().line.plug()
    }
}

impl DisplayTwin for SimDisplay {
    /// Reads what has come in until now, and looks.
    fn lines(&self) -> [String; 2] {
        let mut glass = self.glass();
        let mut buffer = [0; 256];
        while let Ok(count @ 1..) = glass.line.read(&mut buffer, Duration::ZERO) {
            buffer[..count].iter().for_each(|byte| glass.screen.on_byte(*byte));
        }
        glass.screen.lines()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(512)))]
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut screen = Screen::default();
            for byte in bytes {
                screen.on_byte(byte);
                prop_assert!(screen.heard.len() <= 3 + 2 * DISPLAY_COLUMNS);
            }
        }
    }
}
