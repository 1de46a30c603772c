//! What hangs on this machine, with the URI to write for it and what may be in the way.

use drivers_contract::Place;
use drivers_port::sys::{Found, NodeKind, Sys};
use nix::errno::Errno;
use nix::unistd::{AccessFlags, access};

/// A device that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What `/sys` says.
    pub found: Found,
    /// What to write into the settings, in order of preference: the first follows the device or
    /// the port, the last is its node.
    pub uris: Vec<String>,
    /// What a person should know: no permission, no serial number of its own, a twin beside it.
    pub notes: Vec<String>,
}

/// Everything that hangs here. Nothing is written to any of it, and nothing is opened.
#[must_use]
pub fn candidates(sys: &Sys) -> Vec<Candidate> {
    let found: Vec<Found> = NodeKind::ALL.iter().flat_map(|kind| sys.nodes(*kind)).collect();
    found.iter().map(|device| candidate(device, &found)).collect()
}

/// The schemes that a kind of node may be used with.
const fn schemes(kind: NodeKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        NodeKind::Serial => &[
            ("serial", "?baud=9600"),
            ("scale+serial", "?protocol=toledo8217"),
            ("display+serial", "?protocol=cd5220"),
            ("escpos+serial", "?baud=115200"),
        ],
        NodeKind::Keys => &[("evdev", ""), ("bumpbar+evdev", "")],
        NodeKind::HidRaw => &[("hid", "")],
        NodeKind::UsbPrinter => &[("escpos+usb", "")],
        NodeKind::GpioChip => &[("gpio", "/LINE")],
    }
}

fn candidate(device: &Found, all: &[Found]) -> Candidate {
    let mut notes = Vec::new();
    let mut places: Vec<String> = Vec::new();
    if let Some(usb) = &device.usb {
        let (vendor, product) = (usb.vendor, usb.product);
        let same = |other: &&Found| {
            other.kind == device.kind
                && other.usb.as_ref().is_some_and(|other| {
                    (other.vendor, other.product) == (vendor, product)
                        && other.serial == usb.serial
                        && other.port != usb.port
                })
        };
        let serial = usb.serial.clone();
        let own = Place::Usb { vendor, product, serial: serial.clone() }.to_string();
        let twins = all.iter().filter(same).count();
        let usable = Place::of(std::path::Path::new(&own)).is_some();
        match (serial, twins) {
            (Some(_), 0) if usable => places.push(own),
            (None, 0) => notes.push("It has no serial number: name it by its port.".into()),
            (Some(_), 0) => {}
            (_, more) => notes.push(format!(
                "{more} more of the same kind cannot be told apart from it: name each by its port."
            )),
        }
        places.push(Place::Port(usb.port.clone()).to_string());
    }
    let node = device.node.display().to_string();
    places.push(node.clone());
    // A chip is named, not opened by a path.
    let places = match device.kind {
        NodeKind::GpioChip => {
            vec![device.node.file_name().unwrap_or_default().to_string_lossy().into_owned()]
        }
        _ => places,
    };
    let uris = schemes(device.kind)
        .iter()
        .flat_map(|(scheme, rest)| places.iter().map(move |at| format!("{scheme}://{at}{rest}")))
        .collect();
    if device.kind != NodeKind::GpioChip
        && let Some(note) = permission(device)
    {
        notes.push(note);
    }
    Candidate { found: device.clone(), uris, notes }
}

/// What to do if this program may not open it.
fn permission(device: &Found) -> Option<String> {
    // Asked, not tried: opening a serial line raises its signals, and some devices start anew then.
    match access(&device.node, AccessFlags::R_OK) {
        Err(Errno::EACCES | Errno::EPERM) => {
            Some(format!("Found, but not permitted: {}", udev_line(device)))
        }
        _ => None,
    }
}

/// The line that lets the service in, for `/etc/udev/rules.d`.
#[must_use]
pub fn udev_line(device: &Found) -> String {
    let (subsystem, kernel) = match device.kind {
        NodeKind::Serial => ("tty", "tty*"),
        NodeKind::Keys => ("input", "event*"),
        NodeKind::HidRaw => ("hidraw", "hidraw*"),
        NodeKind::UsbPrinter => ("usbmisc", "lp*"),
        NodeKind::GpioChip => ("gpio", "gpiochip*"),
    };
    // Without an identity its own name has to do: the pattern would be every console's too.
    let own = device.node.file_name().unwrap_or_default().to_string_lossy();
    let kernel = if device.usb.is_some() { kernel } else { &*own };
    let id = device.usb.as_ref().map_or_else(String::new, |usb| {
        format!(
            "ATTRS{{idVendor}}==\"{:04x}\", ATTRS{{idProduct}}==\"{:04x}\", ",
            usb.vendor, usb.product
        )
    });
    format!(
        "add the udev rule SUBSYSTEM==\"{subsystem}\", KERNEL==\"{kernel}\", {id}GROUP=\"outpost\", \
         MODE=\"0660\" to /etc/udev/rules.d/71-outpost-local.rules, then: udevadm control --reload \
         && udevadm trigger"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_port::sys::UsbIdentity;

    #[test]
    fn the_udev_rule_names_the_device_and_nothing_wider() {
        let usb = UsbIdentity {
            vendor: 0x1eab,
            product: 0x1d10,
            serial: None,
            port: "1-2".into(),
            interface: None,
            name: None,
        };
        let node = "/dev/hidraw3".into();
        let kind = NodeKind::HidRaw;
        let found = Found { kind, node, usb: Some(usb), name: None, ieee1284: None };
        let line = udev_line(&found);
        for part in ["SUBSYSTEM==\"hidraw\"", "==\"1eab\"", "==\"1d10\"", "GROUP=\"outpost\""] {
            assert!(line.contains(part), "{part} is not in {line}");
        }
        let soldered =
            Found { kind: NodeKind::Serial, node: "/dev/ttyS0".into(), usb: None, ..found };
        assert!(udev_line(&soldered).contains("KERNEL==\"ttyS0\""), "not every console");
    }
}
