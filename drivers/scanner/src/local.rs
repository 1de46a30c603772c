//! Scanners behind the kernel's input layer and its raw HID devices.

use std::path::PathBuf;

use drivers_contract::{Fault, FaultCode, KeysAddress};
use drivers_port::sys::Sys;
use drivers_port::{open_hid, open_keys};

use crate::hidpos::{HidPosDecoder, Layout};
use crate::reader::{Opened, PortScanner};
use crate::wedge::WedgeDecoder;

/// A scanner that types; grabbed at every run, so that nobody else hears its keys.
pub(crate) fn wedge(keys: KeysAddress) -> PortScanner {
    let identity = keys.path.display().to_string();
    let open = move || -> Result<Opened, _> {
        let port = open_keys(&keys.path, &Sys::default())?;
        Ok((Box::new(port), Box::new(WedgeDecoder::new(keys.layout))))
    };
    PortScanner::new(identity, Box::new(open), None)
}

/// A scanner that speaks HID-POS; its report descriptor is read at every run.
pub(crate) fn hid(path: PathBuf) -> PortScanner {
    let identity = path.display().to_string();
    let open = move || -> Result<Opened, _> {
        let (port, descriptor) = open_hid(&path, &Sys::default())?;
        let layout = descriptor.map_or_else(|| Ok(Layout::usual()), |d| Layout::parse(&d));
        let layout = layout.map_err(|error| {
            Fault::new(FaultCode::Protocol, format!("{}: {error}", path.display()))
        })?;
        Ok((Box::new(port), Box::new(HidPosDecoder::new(layout))))
    };
    PortScanner::new(identity, Box::new(open), None)
}
