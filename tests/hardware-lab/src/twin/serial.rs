//! A scanner that is a serial line on USB (CDC-ACM).

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use drivers_contract::twin::{ScannerTwin, Twin};
use drivers_contract::{DeviceUri, SerialAddress};
use drivers_port::sys::NodeKind;
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

use super::{open_end, unplugged, write_all};
use crate::gadget::{Gadget, Model};

/// What it is.
pub(crate) const MODEL: Model = Model {
    slot: 0,
    product: "0a01",
    serial: "LAB-CDC",
    function: "acm.usb0",
    attributes: &[],
    kind: NodeKind::Serial,
};

/// Another of the same kind, for the till beside.
pub(crate) const SECOND: Model =
    Model { slot: 4, serial: "LAB-CDC-2", function: "acm.usb1", ..MODEL };

/// The scanner; the last one that is dropped pulls the plug.
pub(crate) struct CdcScanner {
    gadget: Arc<Gadget>,
    end: Mutex<Option<File>>,
}

impl CdcScanner {
    /// Plugged in.
    pub(crate) fn new(gadget: &Arc<Gadget>) -> io::Result<Self> {
        let twin = Self { gadget: Arc::clone(gadget), end: Mutex::new(None) };
        twin.plug()?;
        Ok(twin)
    }
}

impl Twin for CdcScanner {
    fn uri(&self) -> DeviceUri {
        let address = SerialAddress { path: self.gadget.place(), baud: 115_200 };
        DeviceUri::ScannerSerial { address, idle_gap: None }
    }

    fn unplug(&self) {
        self.gadget.unplug();
        // The kernel hung this end up: the next cable needs a new one.
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn plug(&self) -> io::Result<()> {
        let number = self.gadget.attribute("port_num")?;
        let end = open_end(Path::new(&format!("/dev/ttyGS{number}")))?;
        // Without this the gadget's own terminal echoes and rewrites line ends.
        let mut settings = tcgetattr(&end)?;
        cfmakeraw(&mut settings);
        tcsetattr(&end, SetArg::TCSANOW, &settings)?;
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
        self.gadget.plug()
    }
}

impl ScannerTwin for CdcScanner {
    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        write_all(end.as_ref().ok_or_else(unplugged)?, bytes)
    }
}

impl Drop for CdcScanner {
    fn drop(&mut self) {
        self.unplug();
    }
}
