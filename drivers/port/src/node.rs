//! Device nodes: opened without being made, and told apart by what the kernel says they are.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use drivers_contract::{Fault, FaultCode};
use evdev::raw_stream::RawDevice;
use nix::fcntl::OFlag;
use nix::sys::stat::major;

use crate::fd::FdPort;
use crate::sys::{NodeKind, Sys};

/// The kernel's number of input devices (`INPUT_MAJOR`).
const INPUT: u64 = 13;
/// Of pseudo-terminals, on which twins hang (`UNIX98_PTY_SLAVE_MAJOR` and the seven after it).
const PTY: std::ops::RangeInclusive<u64> = 136..=143;

/// Opens a device node for reading and, where it may be, writing.
///
/// # Errors
/// `NoHardware` if nothing is there, or something that is not a character device; `NotPermitted`.
pub(crate) fn open_node(path: &Path) -> Result<File, Fault> {
    let name = path.display();
    let doing = format!("open {name}");
    let kind = path.metadata().map_err(|e| Fault::from_io(&doing, &e))?.file_type();
    if !kind.is_char_device() {
        // A plain file here is what a writer without a device leaves behind; never touch it.
        return Err(Fault::new(FaultCode::NoHardware, format!("{name} is not a device")));
    }
    // No O_CREAT: a device that is unplugged in this instant must not become a file.
    let open = |write: bool| {
        OpenOptions::new()
            .read(true)
            .write(write)
            .custom_flags((OFlag::O_NONBLOCK | OFlag::O_NOCTTY).bits())
            .open(path)
    };
    open(true).or_else(|_| open(false)).map_err(|e| Fault::from_io(&doing, &e))
}

fn number(file: &File, name: &str) -> Result<u64, Fault> {
    let meta = file.metadata().map_err(|e| Fault::from_io(&format!("look at {name}"), &e))?;
    Ok(major(meta.rdev()))
}

/// A keyboard that nobody else hears any more: what it types is read as the kernel's records.
pub type KeysPort = FdPort<File, Option<RawDevice>>;

/// Opens a printer of the kernel's usblp, found by its node or by its identity. The kernel lets one
/// program have it.
///
/// # Errors
/// As for a serial line; `Claimed` if another program has it.
pub fn open_usb_printer(path: &Path, sys: &Sys) -> Result<FdPort<File>, Fault> {
    let node = sys.resolve(path, NodeKind::UsbPrinter)?;
    // A printer that was pulled is an error to read (ENODEV), never an end of file.
    Ok(FdPort::new(open_node(&node)?, path.display().to_string(), ())?.empty_is_silence())
}

/// Opens and grabs an input device, found by its path or by its identity. A pseudo-terminal is
/// read as it is: a twin sends the same records.
///
/// # Errors
/// As for a serial line; `NoHardware` also for a device that has no keys; `Claimed` if another
/// program has grabbed it.
pub fn open_keys(path: &Path, sys: &Sys) -> Result<KeysPort, Fault> {
    let node = sys.resolve(path, NodeKind::Keys)?;
    let name = node.display().to_string();
    let file = open_node(&node)?;
    let grab = match number(&file, &name)? {
        number if PTY.contains(&number) => None,
        INPUT => {
            let doing = format!("grab {name}");
            let fault = |e: std::io::Error| Fault::from_io(&doing, &e);
            let twin = file.try_clone().map_err(fault)?;
            let mut device = RawDevice::from_fd(twin.into()).map_err(fault)?;
            // A grab belongs to the open file, which both descriptors share.
            device.grab().map_err(fault)?;
            Some(device)
        }
        _ => {
            let detail = format!("{name} is a device, but not a keyboard");
            return Err(Fault::new(FaultCode::NoHardware, detail));
        }
    };
    FdPort::new(file, path.display().to_string(), grab)
}

/// Opens a raw HID device, found by its path or by its identity, with its report descriptor if the
/// kernel has one. A pseudo-terminal has none: a twin's reports are those of the usual layout.
///
/// # Errors
/// As for a serial line.
pub fn open_hid(path: &Path, sys: &Sys) -> Result<(FdPort<File>, Option<Vec<u8>>), Fault> {
    let node = sys.resolve(path, NodeKind::HidRaw)?;
    let name = node.display().to_string();
    let file = open_node(&node)?;
    let own = node.canonicalize().unwrap_or_else(|_| node.clone());
    let descriptor = match number(&file, &name)? {
        number if PTY.contains(&number) => None,
        _ => {
            let book = own.file_name().map(|name| sys.hid_descriptor(name)).transpose();
            let missing = || Fault::new(FaultCode::NoHardware, format!("{name} is no HID device"));
            Some(book.ok().flatten().ok_or_else(missing)?)
        }
    };
    Ok((FdPort::new(file, path.display().to_string(), ())?, descriptor))
}
