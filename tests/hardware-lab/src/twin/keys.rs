//! A scanner that types: a boot keyboard (HID 1.11, appendix B.1).

use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use drivers_contract::twin::{ScannerTwin, Twin};
use drivers_contract::uri::KeyLayout;
use drivers_contract::{DeviceUri, KeysAddress};
use drivers_port::sys::NodeKind;
use drivers_scanner::wedge::keymap::presses;

use super::{open_end, unplugged, write_all};
use crate::gadget::{Gadget, Model};

const DESCRIPTOR: [u8; 63] = [
    0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01,
    0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x03, 0x95, 0x05, 0x75, 0x01,
    0x05, 0x08, 0x19, 0x01, 0x29, 0x05, 0x91, 0x02, 0x95, 0x01, 0x75, 0x03, 0x91, 0x03, 0x95, 0x06,
    0x75, 0x08, 0x15, 0x00, 0x25, 0x65, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xc0,
];

/// What it is.
pub(crate) const MODEL: Model = Model {
    slot: 1,
    product: "0a02",
    serial: "LAB-KEYS",
    function: "hid.keys",
    attributes: &[
        ("protocol", b"1"),
        ("subclass", b"1"),
        ("report_length", b"8"),
        ("report_desc", &DESCRIPTOR),
    ],
    kind: NodeKind::Keys,
};

/// The scanner; the last one that is dropped pulls the plug.
pub(crate) struct TypingScanner {
    gadget: Arc<Gadget>,
    layout: KeyLayout,
    end: Mutex<Option<File>>,
}

impl TypingScanner {
    /// Plugged in, and believing to be this keyboard.
    pub(crate) fn new(gadget: &Arc<Gadget>, layout: KeyLayout) -> io::Result<Self> {
        let twin = Self { gadget: Arc::clone(gadget), layout, end: Mutex::new(None) };
        twin.plug()?;
        Ok(twin)
    }
}

impl Twin for TypingScanner {
    fn uri(&self) -> DeviceUri {
        let keys = KeysAddress { path: self.gadget.place(), layout: self.layout };
        DeviceUri::ScannerKeys { keys }
    }

    fn unplug(&self) {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.gadget.unplug();
    }

    fn plug(&self) -> io::Result<()> {
        self.gadget.plug()?;
        let end = open_end(&end_of(&self.gadget)?)?;
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
        Ok(())
    }
}

/// The gadget's end of a HID function: its node has the number that the function says.
pub(super) fn end_of(gadget: &Gadget) -> io::Result<std::path::PathBuf> {
    let number = gadget.attribute("dev")?;
    let minor = number.split_once(':').map_or("0", |(_, minor)| minor);
    Ok(format!("/dev/hidg{minor}").into())
}

impl ScannerTwin for TypingScanner {
    /// One report for the keys of a character, one for letting go.
    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let end = end.as_ref().ok_or_else(unplugged)?;
        for byte in bytes {
            for codes in presses(self.layout, char::from(*byte)).unwrap_or_default() {
                write_all(end, &report(&codes))?;
                write_all(end, &[0; 8])?;
            }
        }
        Ok(())
    }
}

impl Drop for TypingScanner {
    fn drop(&mut self) {
        self.unplug();
    }
}

fn report(codes: &[u16]) -> [u8; 8] {
    let mut report = [0; 8];
    let mut keys = 2..8;
    for code in codes {
        if let Some((_, bit)) = MODIFIERS.iter().find(|(known, _)| known == code) {
            report[0] |= bit;
        } else if let (Some(usage), Some(at)) = (usage(*code), keys.next()) {
            report[at] = usage;
        }
    }
    report
}

/// The modifiers' bits, by the kernel's code of each.
const MODIFIERS: [(u16, u8); 6] =
    [(29, 0x01), (42, 0x02), (56, 0x04), (97, 0x10), (54, 0x20), (100, 0x40)];

/// Keys as they lie in rows: the kernel's code of the first, and the usages of all (HID Usage
/// Tables 1.12, section 10). Written anew, not taken from the driver: what the kernel makes of a
/// usage is what is being tried.
const ROWS: [(u16, &[u8]); 8] = [
    (2, &[0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2d, 0x2e]),
    (15, &[0x2b, 0x14, 0x1a, 0x08, 0x15, 0x17, 0x1c, 0x18, 0x0c, 0x12, 0x13, 0x2f, 0x30, 0x28]),
    (30, &[0x04, 0x16, 0x07, 0x09, 0x0a, 0x0b, 0x0d, 0x0e, 0x0f, 0x33, 0x34, 0x35]),
    (43, &[0x31, 0x1d, 0x1b, 0x06, 0x19, 0x05, 0x11, 0x10, 0x36, 0x37, 0x38]),
    (55, &[0x55, 0x00, 0x2c]),
    (71, &[0x5f, 0x60, 0x61, 0x56, 0x5c, 0x5d, 0x5e, 0x57, 0x59, 0x5a, 0x5b, 0x62, 0x63]),
    (86, &[0x64]),
    (96, &[0x58, 0x00, 0x54]),
];

fn usage(code: u16) -> Option<u8> {
    ROWS.iter().find_map(|(first, usages)| {
        let at = usize::from(code.checked_sub(*first)?);
        usages.get(at).copied().filter(|usage| *usage != 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_printable_character_has_its_keys_on_both_keyboards() {
        for layout in [KeyLayout::Us, KeyLayout::De] {
            for byte in (b' '..=b'~').chain([b'\r', b'\n', 0x1d]) {
                let pressed = presses(layout, char::from(byte)).expect("a key");
                for codes in pressed {
                    let report = report(&codes);
                    let keys = codes.iter().filter(|c| !MODIFIERS.iter().any(|(m, _)| m == *c));
                    let typed = report[2..].iter().filter(|usage| **usage != 0).count();
                    assert_eq!(typed, keys.count(), "{layout:?} {byte:#x} {codes:?}");
                }
            }
        }
        assert_eq!(report(&[42, 30]), [0x02, 0, 0x04, 0, 0, 0, 0, 0], "shift and a");
    }
}
