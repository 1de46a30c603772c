//! Serial lines and USB-CDC, claimed for this process alone.

use std::fs::File;

use drivers_contract::uri::Framing;
use drivers_contract::{Fault, FaultCode, SerialAddress};
use serialport::{DataBits, ErrorKind, Parity, TTYPort};

use crate::fd::FdPort;
use crate::node::open_node;
use crate::sys::{NodeKind, Sys};

/// Opens and claims a serial line: 8 data bits, no parity, one stop bit, raw.
///
/// The line is read and written through a descriptor of our own, which never blocks; serialport
/// sets the line up and holds the claim (TIOCEXCL and flock), because its own writes block without
/// a deadline when a printer stalls.
///
/// # Errors
/// `NoHardware` if there is no such device, or the path is not a character device; `NotPermitted`;
/// `Claimed` if another process has it; `Offline` if it went away while it was opened.
pub fn open_serial(address: &SerialAddress) -> Result<FdPort<File, TTYPort>, Fault> {
    open_serial_framed(address, Framing::EightNone)
}

/// As [`open_serial`], with the bits of a character as the device has them.
///
/// # Errors
/// As [`open_serial`].
pub fn open_serial_framed(
    address: &SerialAddress,
    framing: Framing,
) -> Result<FdPort<File, TTYPort>, Fault> {
    let path = Sys::default().resolve(&address.path, NodeKind::Serial)?;
    let name = path.display().to_string();
    let doing = format!("open {name}");
    let io = open_node(&path)?;
    let (bits, parity) = match framing {
        Framing::EightNone => (DataBits::Eight, Parity::None),
        Framing::SevenEven => (DataBits::Seven, Parity::Even),
        Framing::SevenOdd => (DataBits::Seven, Parity::Odd),
    };
    let line = serialport::new(name.as_str(), address.baud).data_bits(bits).parity(parity);
    let claim = TTYPort::open(&line).map_err(|error| claim_fault(&doing, &error))?;
    // Captures are asked for by the name in the settings, which may be an identity.
    FdPort::new(io, address.path.display().to_string(), claim)
}

fn claim_fault(doing: &str, error: &serialport::Error) -> Fault {
    match error.kind() {
        // What serialport makes of EBUSY and of a lock that another process holds.
        ErrorKind::NoDevice => Fault::new(FaultCode::Claimed, format!("{doing}: {error}")),
        ErrorKind::Io(kind) => Fault::from_io(doing, &kind.into()),
        ErrorKind::InvalidInput | ErrorKind::Unknown => {
            Fault::new(FaultCode::Failure, format!("{doing}: {error}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Port, Pty};
    use std::time::Duration;

    fn address(path: &std::path::Path) -> SerialAddress {
        SerialAddress { path: path.to_owned(), baud: 9_600 }
    }

    #[test]
    fn a_missing_device_is_not_created() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ttyUSB0");
        assert_eq!(open_serial(&address(&path)).err().unwrap().code, FaultCode::NoHardware);
        assert!(!path.exists());
    }

    #[test]
    fn a_plain_file_is_not_a_device() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(open_serial(&address(file.path())).err().unwrap().code, FaultCode::NoHardware);
    }

    #[test]
    fn a_line_has_one_owner() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("line");
        let _twin = Pty::create(&link).unwrap();
        let first = open_serial(&address(&link)).unwrap();
        assert_eq!(open_serial(&address(&link)).err().unwrap().code, FaultCode::Claimed);
        drop(first);
        assert!(open_serial(&address(&link)).is_ok(), "the claim ends with its owner");
    }

    #[test]
    fn a_full_line_blocks_nobody() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("line");
        let _twin = Pty::create(&link).unwrap();
        let mut port = open_serial(&address(&link)).unwrap();
        let mut taken = 0;
        loop {
            match port.write(&[b'x'; 4_096], Duration::from_millis(20)).unwrap() {
                0 => break,
                count => taken += count,
            }
            assert!(taken < 100_000_000, "the line never fills");
        }
    }
}
