//! What hangs on this machine, by the kernel's own book: `/sys`. Read, never written; the folders
//! come in as arguments, so that tests bring a machine of their own.

use std::fs;
use std::path::{Path, PathBuf};

use drivers_contract::{Fault, FaultCode, Place};

mod traits;
pub use traits::{is_bar_code_scanner, is_keyboard};

/// Kinds of device nodes that Outpost uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeKind {
    /// Serial lines and USB-CDC.
    Serial,
    /// Keyboards, and what types like one.
    Keys,
    /// HID devices whose reports are read raw.
    HidRaw,
    /// Printers of the kernel's usblp.
    UsbPrinter,
    /// Chips with lines for lamps and relays.
    GpioChip,
}

impl NodeKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Serial, Self::Keys, Self::HidRaw, Self::UsbPrinter, Self::GpioChip];

    /// Where `/sys` lists them, how their names begin, and where their nodes are under `/dev`.
    const fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Serial => ("class/tty", "tty", ""),
            Self::Keys => ("class/input", "event", "input"),
            Self::HidRaw => ("class/hidraw", "hidraw", ""),
            Self::UsbPrinter => ("class/usbmisc", "lp", "usb"),
            Self::GpioChip => ("bus/gpio/devices", "gpiochip", ""),
        }
    }
}

/// Who a USB device says that it is, and where it is plugged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbIdentity {
    /// The vendor's number.
    pub vendor: u16,
    /// The product's number.
    pub product: u16,
    /// Its serial number, if it has one.
    pub serial: Option<String>,
    /// The port, as `1-2.3`.
    pub port: String,
    /// Which of its interfaces this node is.
    pub interface: Option<u8>,
    /// What it calls itself.
    pub name: Option<String>,
}

/// A device node that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which kind.
    pub kind: NodeKind,
    /// Its node.
    pub node: PathBuf,
    /// Who it is, if it hangs on USB.
    pub usb: Option<UsbIdentity>,
    /// What its driver calls it.
    pub name: Option<String>,
    /// What a printer says about itself (IEEE 1284).
    pub ieee1284: Option<String>,
}

/// The kernel's book of devices.
#[derive(Debug, Clone)]
pub struct Sys {
    sys: PathBuf,
    dev: PathBuf,
}

impl Default for Sys {
    fn default() -> Self {
        Self::at("/sys", "/dev")
    }
}

impl Sys {
    /// A book at these places instead of `/sys` and `/dev`.
    #[must_use]
    pub fn at(sys: impl Into<PathBuf>, dev: impl Into<PathBuf>) -> Self {
        Self { sys: sys.into(), dev: dev.into() }
    }

    /// Every node of a kind that a device stands behind, in the order of their names.
    #[must_use]
    pub fn nodes(&self, kind: NodeKind) -> Vec<Found> {
        let (class, prefix, folder) = kind.place();
        let names = fs::read_dir(self.sys.join(class)).into_iter().flatten().flatten();
        let mut names: Vec<String> = names
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.starts_with(prefix))
            .collect();
        // By number, not by letter: ttyUSB10 comes after ttyUSB9.
        names.sort_by_key(|name| (name.len(), name.clone()));
        names
            .into_iter()
            .filter_map(|name| {
                let entry = self.sys.join(class).join(&name);
                self.found(kind, &entry, self.dev.join(folder).join(&name))
            })
            .collect()
    }

    fn found(&self, kind: NodeKind, entry: &Path, node: PathBuf) -> Option<Found> {
        // A console or a pseudo-terminal has a name, but no device behind it; a chip is its own.
        let device = match kind {
            NodeKind::GpioChip => fs::canonicalize(entry).ok()?,
            _ => fs::canonicalize(entry.join("device")).ok()?,
        };
        let usable = match kind {
            NodeKind::Keys => is_keyboard(&text(&device.join("capabilities/key"))?),
            NodeKind::HidRaw => {
                fs::read(device.join("report_descriptor")).is_ok_and(|d| is_bar_code_scanner(&d))
            }
            // The kernel lists COM ports that no board has: their type is 0.
            NodeKind::Serial => text(&entry.join("type")).is_none_or(|kind| kind != "0"),
            _ => true,
        };
        let usb = self.usb(&device);
        let name = text(&device.join("name")).or_else(|| text(&entry.join("label")));
        let ieee1284 = text(&device.join("ieee1284_id"));
        usable.then_some(Found { kind, node, usb, name, ieee1284 })
    }

    /// The USB device above a device, if there is one.
    fn usb(&self, device: &Path) -> Option<UsbIdentity> {
        let root = fs::canonicalize(&self.sys).ok()?;
        let mut interface = None;
        let above = device.ancestors().take_while(|path| path.starts_with(&root));
        for path in above {
            if let Some(number) = text(&path.join("bInterfaceNumber")) {
                interface = u8::from_str_radix(&number, 16).ok();
            }
            let Some(vendor) = text(&path.join("idVendor")) else { continue };
            return Some(UsbIdentity {
                vendor: u16::from_str_radix(&vendor, 16).ok()?,
                product: u16::from_str_radix(&text(&path.join("idProduct"))?, 16).ok()?,
                serial: text(&path.join("serial")),
                port: path.file_name()?.to_str()?.to_owned(),
                interface,
                name: text(&path.join("product")),
            });
        }
        None
    }

    /// The node of a place, looked up anew: a device keeps its identity, not its name.
    ///
    /// # Errors
    /// `NoHardware` if nothing there is it, `Ambiguous` if more than one device is.
    pub fn resolve(&self, path: &Path, kind: NodeKind) -> Result<PathBuf, Fault> {
        let place = Place::of(path).ok_or_else(|| {
            Fault::new(FaultCode::NoHardware, format!("{} is no place", path.display()))
        })?;
        if let Place::Node(path) = place {
            return Ok(path);
        }
        let mut found = self.nodes(kind);
        found.retain(|found| found.usb.as_ref().is_some_and(|usb| is_at(usb, &place)));
        // A device with several interfaces has several nodes: the first one talks.
        found.sort_by_key(|found| found.usb.as_ref().and_then(|usb| usb.interface));
        let port = |found: &Found| found.usb.as_ref().map(|usb| usb.port.clone());
        let Some(first) = found.first() else {
            return Err(Fault::new(FaultCode::NoHardware, format!("{place} is not plugged in")));
        };
        let ports: Vec<String> = found.iter().filter_map(port).collect();
        if ports.iter().any(|other| Some(other) != ports.first()) {
            let detail = format!("{place} is plugged in more than once, at {}", ports.join(", "));
            return Err(Fault::new(FaultCode::Ambiguous, detail));
        }
        Ok(first.node.clone())
    }
}

fn is_at(usb: &UsbIdentity, place: &Place) -> bool {
    match place {
        Place::Node(_) => false,
        Place::Port(port) => usb.port == *port,
        Place::Usb { vendor, product, serial } => {
            let named = serial.as_ref().is_none_or(|serial| usb.serial.as_ref() == Some(serial));
            (usb.vendor, usb.product) == (*vendor, *product) && named
        }
    }
}

fn text(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

impl Sys {
    /// The report descriptor of a raw HID node.
    pub(crate) fn hid_descriptor(&self, node: &std::ffi::OsStr) -> std::io::Result<Vec<u8>> {
        fs::read(self.sys.join("class/hidraw").join(node).join("device/report_descriptor"))
    }
}
