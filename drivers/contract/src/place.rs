//! Where a device that hangs on this machine is: a node, or what does not change when it is
//! plugged elsewhere.
//!
//! A URI's path is one of three: `/dev/...`; `usb:VVVV:PPPP` or `usb:VVVV:PPPP:SERIAL` for a USB
//! device by its identity; `port:1-2.3` for whatever is plugged into that USB port, as the kernel
//! names it. `serial://usb:0403:6001:FT1234` is a scanner that may be plugged anywhere. Nothing is
//! looked up here: `drivers/port` does that in `/sys` at every open.

use std::fmt;
use std::path::{Path, PathBuf};

/// What a URI says about where a device is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// At this device node, or a stable link to it.
    Node(PathBuf),
    /// A USB device, wherever it is plugged.
    Usb {
        /// The vendor's number.
        vendor: u16,
        /// The product's number.
        product: u16,
        /// The serial number, for those that have one of their own.
        serial: Option<String>,
    },
    /// Whatever hangs at this USB port, as `1-2.3`.
    Port(String),
}

/// What a place may look like, for a person.
pub const PLACE_FORMS: &str = "an absolute path as in serial:///dev/ttyUSB0, or \
    usb:VENDOR:PRODUCT[:SERIAL] with hexadecimal numbers, or port:1-2.3";

impl Place {
    /// Reads a place; `None` where it is none of the three.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let text = path.to_str()?;
        if text.starts_with('/') && text.len() > 1 {
            return Some(Self::Node(path.to_owned()));
        }
        if let Some(port) = text.strip_prefix("port:") {
            return is_port(port).then(|| Self::Port(port.to_owned()));
        }
        let mut parts = text.strip_prefix("usb:")?.splitn(3, ':');
        let mut number = || parts.next().filter(|part| part.len() == 4);
        let vendor = u16::from_str_radix(number()?, 16).ok()?;
        let product = u16::from_str_radix(number()?, 16).ok()?;
        let serial = parts.next().map(str::to_owned);
        let named = serial.as_ref().is_none_or(|serial| is_serial(serial));
        named.then_some(Self::Usb { vendor, product, serial })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(path) => path.display().fmt(f),
            Self::Port(port) => write!(f, "port:{port}"),
            Self::Usb { vendor, product, serial } => {
                write!(f, "usb:{vendor:04x}:{product:04x}")?;
                serial.iter().try_for_each(|serial| write!(f, ":{serial}"))
            }
        }
    }
}

/// A bus, a dash, and the ports of the hubs on the way (kernel: `usb.rst`, "device naming").
fn is_port(port: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    port.split_once('-').is_some_and(|(bus, way)| number(bus) && way.split('.').all(number))
}

fn is_serial(serial: &str) -> bool {
    (1..=126).contains(&serial.len())
        && serial.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'?' | b'&' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms_are_places_and_the_rest_is_not() {
        for text in [
            "/dev/ttyUSB0",
            "usb:0403:6001",
            "usb:0c2e:0b6a:S/N".trim_end_matches("/N"),
            "port:1-2.3",
        ] {
            assert_eq!(Place::of(Path::new(text)).unwrap().to_string(), text);
        }
        for text in
            ["ttyUSB0", "/", "usb:403:6001", "usb:0403", "port:1", "port:1-", "usb:0403:6001:", ""]
        {
            assert_eq!(Place::of(Path::new(text)), None, "{text}");
        }
    }
}
