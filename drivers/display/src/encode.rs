//! The commands of customer displays (CD5220 user manual, section 6.1; Epson DM-D command
//! reference: `ESC @`, `ESC t`, `US $`, `CLR`).

use drivers_contract::display::DISPLAY_COLUMNS;
use drivers_contract::uri::DisplayProtocol;

use crate::text;

const ESC: u8 = 0x1b;
const US: u8 = 0x1f;
const CLR: u8 = 0x0c;
const CR: u8 = 0x0d;

/// What a display is told first: forget everything, page 437, no cursor.
#[must_use]
pub fn begin(protocol: DisplayProtocol) -> Vec<u8> {
    match protocol {
        // Cleared first: a display in string mode obeys nothing else.
        DisplayProtocol::Cd5220 => vec![CLR, ESC, b'@', ESC, b'_', 0, CLR],
        DisplayProtocol::EscPos => vec![ESC, b'@', ESC, b't', 0, CLR, US, b'C', 0],
    }
}

/// Two lines in place of what is there. Both are always written whole, so that nothing of the old
/// lines stays and nothing flickers.
#[must_use]
pub fn show(protocol: DisplayProtocol, upper: &str, lower: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2 * DISPLAY_COLUMNS + 12);
    for (number, line) in [(1, upper), (2, lower)] {
        match protocol {
            DisplayProtocol::Cd5220 => bytes.extend([ESC, b'Q', b'A' + number - 1]),
            DisplayProtocol::EscPos => bytes.extend([US, b'$', 1, number]),
        }
        bytes.extend(text::line(line));
        if protocol == DisplayProtocol::Cd5220 {
            bytes.push(CR);
        }
    }
    bytes
}
